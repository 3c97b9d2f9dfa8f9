"""The log is the outbox and the stream's own tail is the cursor: no table, no bookmark that can drift.

On start, on any odd acknowledgement, and after the broker lost its disk, the relay reads the last message of its stream,
compares it with the log and goes on from there. An empty stream means: publish everything again, in order.
"""

import asyncio
import logging
from contextlib import suppress

import nats.errors
import nats.js.errors
from eventsourcing.persistence import Notification, PersistenceError
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.bus.streams import Misconfigured, connect, origin_of, provision, stream_name, subject_of, subjects_of
from shared.metrics import RELAY_LAG, RELAY_RESYNCS, RELAYED
from shared.store import Log
from shared.store.draft import is_own

logger = logging.getLogger(__name__)

WINDOW = 256
"""Facts on their way at once."""
ANSWER_SECONDS = 5.0
"""How long a window may take to be acknowledged; nats-py itself would wait for ever."""
IDLE_SECONDS = 0.2
"""How long to sleep when nobody has said that the log grew: another process may have."""


class Fork(Exception):
    """The stream holds what the log does not: the log was restored from a backup, or another log spoke here."""


class Odd(Exception):
    """An acknowledgement that does not fit: go back to the tail."""


class Relay:
    """Publishes one log to one stream, in order, each fact once. One relay runs per log."""

    def __init__(self, region: str, service: str, log: Log, url: str, max_bytes: int = -1) -> None:
        self.region, self.service, self._log, self._url, self._max_bytes = region, service, log, url, max_bytes
        self._loop = asyncio.get_running_loop()
        self._grew = asyncio.Event()
        self.position = 0
        """The position of the last event that is on the bus."""
        self.trouble: str | None = "not started"
        """Why nothing flows, for people; None when all is well."""

    def wake(self) -> None:
        """Say, from any thread, that the log has grown."""
        with suppress(RuntimeError):  # the loop is closed: nobody is left to wake
            self._loop.call_soon_threadsafe(self._grew.set)

    async def lag(self) -> int:
        """How many events of the log have not been passed yet."""
        return max(0, await asyncio.to_thread(self._log.last_position) - self.position)

    async def run(self) -> None:
        """Relay until cancelled, through every failure of the broker."""
        client: Client | None = None
        while True:
            try:
                if not await asyncio.to_thread(self._log.lease):
                    self.trouble = None  # another process relays this log
                    await asyncio.sleep(1)
                    continue
                client = client or await connect(self._url, f"{self.service}-relay")
                await self._relay(client)
            except Fork as fork:
                self.trouble = f"fork: {fork}"
                logger.critical("%s relay stopped: %s", self.service, fork)
                await asyncio.sleep(10)
            except Misconfigured as found:
                self.trouble = str(found)
                logger.critical("%s relay stopped: %s", self.service, found)
                await asyncio.sleep(10)
            except (OSError, TimeoutError, Odd, nats.errors.Error, nats.js.errors.Error, PersistenceError) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                RELAY_RESYNCS.labels(self.service).inc()
                await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                if client is not None:
                    with suppress(Exception):
                        await asyncio.wait_for(client.close(), 2)
                raise

    async def _relay(self, client: Client) -> None:
        js = client.jetstream(timeout=ANSWER_SECONDS, publish_async_max_pending=2 * WINDOW)
        await provision(js, self.region, self.service, self._max_bytes)
        epoch = await asyncio.to_thread(self._log.epoch)
        origin = f"{origin_of(self.region, self.service)}.{epoch}"
        self.position, sequence = await self._tail(js, origin)
        previous, self.trouble = self.position, None
        while True:
            self._grew.clear()
            events = await asyncio.to_thread(self._log.since, self.position, WINDOW)
            own = [event for event in events if is_own(event.topic)]
            if own:
                sequence = await self._publish(js, origin, epoch, own, previous, sequence)
                previous = own[-1].id
                RELAYED.labels(self.service).inc(len(own))
            if events:
                self.position = events[-1].id
                continue
            RELAY_LAG.labels(self.service).set(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._grew.wait(), IDLE_SECONDS)
            if not client.is_connected:
                raise Odd("the broker is away")
            if not await asyncio.to_thread(self._log.lease):
                raise Odd("another process relays this log now")

    async def _tail(self, js: nats.js.JetStreamContext, origin: str) -> tuple[int, int]:
        """The position in the log and the sequence in the stream of the last fact on the bus; zeros for an empty stream."""
        try:
            last = await js.get_last_msg(stream_name(self.service), subjects_of(self.region, self.service))
        except NotFoundError:
            return 0, 0
        said, _, position = (last.headers or {}).get("Nats-Msg-Id", "").rpartition(":")
        event = await asyncio.to_thread(self._log.at, int(position)) if position.isdigit() else None
        if said != origin or event is None or event.state != last.data:
            raise Fork(f"the stream ends with {said}:{position}, which is not what the log {origin} holds there")
        return int(position), last.seq or 0

    async def _publish(
        self,
        js: nats.js.JetStreamContext,
        origin: str,
        epoch: str,
        events: list[Notification],
        previous: int,
        sequence: int,
    ) -> int:
        pending = []
        for event in events:
            headers = {
                "Nats-Msg-Id": f"{origin}:{event.id}",
                "Huajie-Origin": origin_of(self.region, self.service),
                "Huajie-Epoch": epoch,
                "Huajie-Position": str(event.id),
                "Huajie-Previous": str(previous),
                "content-type": "application/cloudevents+json",
            }
            subject = subject_of(self.region, self.service, event.topic.partition(":")[0])
            pending.append(await js.publish_async(subject, event.state, wait_stall=ANSWER_SECONDS, headers=headers))
            previous = event.id
        acks = await asyncio.wait_for(asyncio.gather(*pending), ANSWER_SECONDS)
        if any(ack.duplicate for ack in acks) or [ack.seq for ack in acks] != list(
            range(sequence + 1, sequence + 1 + len(acks))
        ):
            raise Odd("acknowledgements out of line")
        return sequence + len(acks)
