"""What runs behind a service's app: log, store, relay and ears; and how it says that all is well, or what is not."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ParamSpec, TypeVar

from shared.bearers import called
from shared.bus import Ears, Relay
from shared.decider import Decider
from shared.delegates import delegates
from shared.directory import Directory
from shared.events import Called
from shared.identity import UNIT_BOUND, Actor, Verifier
from shared.metrics import PARKED, RELAY_LAG
from shared.settings import Settings
from shared.store import Roster, Store, open_log
from shared.store.draft import Books, Due
from shared.workdays import business_date

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

Bearing = tuple[tuple[Called, ...], Mapping[str, frozenset[str]]]
"""What the directory knows of a unit for whoever asks: its names, and who acts for its head, for which commands."""
Check = Callable[[], Awaitable[dict[str, Any]]]
MOMENT = 0.5
"""Seconds that a trouble of the bus must last to be told: a reconnection is none."""
READERS = 4
"""Readings at once."""
SET_BACK = timedelta(minutes=1)
"""From where on a clock that is behind the log is a trouble: machines are corrected by seconds all the time."""
NAMES_SECONDS = 1.0
"""How long a unit that is renamed may still be taken for what it was."""
PATIENCE = 1.0
"""Seconds that the broker has to say how much waits for us."""


def real_clock() -> datetime:
    """The real time, in UTC. Everything else is given a clock."""
    return datetime.now(UTC)


@dataclass
class Runtime:
    """What runs behind a service's app. Made anew each time the app starts."""

    service: str
    settings: Settings
    clock: Callable[[], datetime] = real_clock
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    store: Store[Any] = field(init=False)
    roster: Callable[[], Directory] = Directory
    """The directory of units as it is known here now."""
    relay: Relay | None = None
    ears: Ears = field(init=False)
    verifier: Verifier = field(init=False)
    readers: ThreadPoolExecutor = field(init=False)
    """Where reading waits for the disk, or for an issuer's keys: neither must keep the relay waiting for a thread."""
    parts: dict[str, Any] = field(default_factory=dict)
    """What a service adds of its own, by name."""
    redrive: Callable[[], Awaitable[list[str]]] | None = None
    """Tries once more what is parked; answers the cases that went through."""
    checks: list[Check] = field(default_factory=list)
    """More to report under `/health/ready`: each answers words and numbers, and `trouble` when something is wrong."""
    _names: dict[tuple[str, str], Bearing] = field(default_factory=dict)
    _names_until: float = 0.0

    def __post_init__(self) -> None:
        self.readers = ThreadPoolExecutor(READERS, f"{self.service}-reader")
        self.ears = Ears(self.settings.nats_url, self.service)
        keys = self.settings.data / "identity.key"
        issuer, jwks = self.settings.oidc_issuer, self.settings.oidc_jwks_url
        self.verifier = (
            Verifier.oidc(issuer, jwks, clock=self.clock) if issuer and jwks else Verifier.local(keys, clock=self.clock)
        )

    def keep_log(
        self,
        decide: Callable[[Roster], Decider[Any]],
        due: Due[Any] | None = None,
        books: Books[Any] | None = None,
    ) -> None:
        """Open the service's log, with its writer and its relay. `decide` is given the directory that the log holds.

        From then on it is never earlier here than what was last recorded.
        """
        log = open_log(self.service, self.settings.data, self.settings.dsn)
        self.roster = Roster(log)
        decider = decide(self.roster)
        self.store = Store(self.service, self.settings.region, log, decider, self.clock, due, books)
        self.clock, self.redrive = self.store.now, self.store.redrive
        self.stack.callback(self.store.close)
        self.relay = Relay(
            self.settings.region, self.service, log, self.settings.nats_url, self.settings.max_stream_bytes
        )
        self.store.on_append(self.relay.wake)
        self.ears.lease = log.lease
        self.background(self.relay.run())

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the app until it stops. Work that ends with an error ends the process: silence would be worse."""
        task = asyncio.create_task(work)

        def ended(done: asyncio.Task[None]) -> None:
            if not done.cancelled() and done.exception() is not None:
                logger.critical("%s: background work ended", self.service, exc_info=done.exception())
                raise SystemExit(70)

        async def stop() -> None:
            while not task.done():  # more than once: nats-py takes a cancellation for a full window, and goes on
                task.cancel()
                await asyncio.wait({task}, timeout=MOMENT)

        task.add_done_callback(ended)
        self.stack.push_async_callback(stop)

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run blocking work, such as a read of the log, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, partial(work, *args, **kwargs))

    async def identify(self, token: str | None) -> Actor:
        """Who holds this token, with all names that their unit has borne, and what its head has delegated to them. Raises
        Unauthenticated, Unavailable.
        """
        actor = self.verifier.recall(token) if token else None
        if actor is None:
            actor = await self.in_thread(self.verifier.verify, token)
        if actor.role not in UNIT_BOUND or actor.unit is None:
            return actor
        names, acting = await self._bearing(actor.unit, actor.region)
        return replace(actor, called=names, delegated=acting.get(actor.id, frozenset()))

    async def _bearing(self, unit: str, region: str) -> Bearing:
        """Asked of the directory once in a while: a reading of the disk with each request would cost more than the request."""
        if time.monotonic() > self._names_until:
            self._names, self._names_until = {}, time.monotonic() + NAMES_SECONDS
        names = self._names
        if (unit, region) not in names:
            today = business_date(self.clock())

            def known() -> Bearing:
                directory = self.roster()
                return called(directory, unit, region, today), delegates(directory, unit, region, today)

            names[unit, region] = await self.in_thread(known)
        return names[unit, region]

    async def health(self) -> dict[str, Any]:
        """How the service does: lags as counts of facts, and every trouble in a sentence."""
        said: dict[str, Any] = {"service": self.service, "region": self.settings.region, "pid": os.getpid()}
        lags, troubles = await self._bus()
        if troubles:
            await asyncio.sleep(MOMENT)
            lags, troubles = await self._bus()
        if lags:
            said["listen_lag"] = lags
        kept: list[Check] = [] if self.relay is None else [partial(self._log, self.relay), self._time]
        checks = [*kept, *self.checks]
        for more in await asyncio.gather(*(check() for check in checks), return_exceptions=True):
            if isinstance(more, BaseException):  # what cannot be asked is a trouble, and hides no other
                troubles.append(f"{type(more).__name__}: {getattr(more, 'orig', None) or more}")
                continue
            if trouble := more.pop("trouble", None):
                troubles.append(trouble)
            said |= more
        return said | {"troubles": troubles}

    async def _log(self, relay: Relay) -> dict[str, Any]:
        """How many events of the log are not on the bus yet, and how many facts wait because they could not be taken in."""
        lag, parked = await relay.lag(), await asyncio.to_thread(self.store.parked)
        RELAY_LAG.labels(self.service).set(lag)
        PARKED.labels(self.service).set(len(parked))
        trouble = f"{len(parked)} facts are parked; first: {parked[0][1]}" if parked else None
        return {"relay_lag": lag, "parked": len(parked), "trouble": trouble}

    async def _time(self) -> dict[str, Any]:
        """Whether the clock goes: what is recorded meanwhile is recorded as of the last moment on record."""
        if self.store.behind <= SET_BACK:
            return {}
        last = f"{self.store.now():%Y-%m-%d %H:%M} UTC"
        return {
            "trouble": f"the clock is behind what was last recorded, at {last}; until it is set right, time stands still"
        }

    async def _bus(self) -> tuple[dict[str, int], list[str]]:
        """How much waits for us on the bus, by speaker, and what is wrong with the bus."""
        ears = self.ears.listeners
        answers = await asyncio.gather(*(asyncio.wait_for(ear.lag(), PATIENCE) for ear in ears), return_exceptions=True)
        lags = {ear.speaker: lag for ear, lag in zip(ears, answers, strict=True) if isinstance(lag, int)}
        troubles = [f"relay: {self.relay.trouble}"] if self.relay is not None and self.relay.trouble else []
        troubles += [
            f"listening to {ear.speaker}: {ear.trouble or 'the broker does not answer'}"
            for ear in ears
            if ear.trouble or ear.speaker not in lags
        ]
        return lags, troubles
