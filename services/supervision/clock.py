"""What supervision does as time passes: it asks what has fallen due, and judges that. Nothing scans all cases.

Nothing is judged while facts still wait to be heard: before that, silence proves nothing. Once a business day the pass is
recorded, with how many cases it read, up to which position, and what it skipped and why.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from services.supervision.domain import SWEEPS, Assess, RecordSweep
from shared.bus import Ears
from shared.decider import Rejected
from shared.events.supervision import SweepCompleted, SweepSkipped
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Refused, Request, Store, Unavailable
from shared.workdays import business_date

logger = logging.getLogger(__name__)

CHUNK = 200
"""Cases judged in one go."""
PATIENCE_SECONDS = 10.0
"""How long hearing everything may take before it is called a trouble."""


class Watch:
    """督查时钟: judges each case when its answer may have changed."""

    def __init__(
        self,
        store: Store[Any],
        ears: Ears,
        standard: Standard,
        clock: Callable[[], datetime],
        system: Actor,
        pause: float,
    ) -> None:
        self._store, self._ears, self._standard, self._clock, self._system = store, ears, standard, clock, system
        self._pause = pause
        self._loop = asyncio.get_running_loop()
        self._stirred = asyncio.Event()
        self.swept_on: date | None = None
        self.trouble: str | None = None

    def stir(self) -> None:
        """Say, from any thread, that something was heard."""
        with suppress(RuntimeError):  # the loop is closed: nobody is left to stir
            self._loop.call_soon_threadsafe(self._stirred.set)

    async def run(self) -> None:
        """Judge what is due, at once on a fact and as days pass, until cancelled."""
        self.swept_on = await asyncio.to_thread(self._last_sweep)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), self._pause)
            self._stirred.clear()
            now = self._clock()
            hearing = asyncio.ensure_future(self._ears.catch_up())
            while not (await asyncio.wait({hearing}, timeout=PATIENCE_SECONDS))[0]:
                self.trouble = "not judging: facts on the bus have not all been heard"
            self.trouble = None
            try:
                await self.pass_over(now)
            except Unavailable as error:
                self.trouble = f"not judging: {error.en}"
                await asyncio.sleep(1)

    async def pass_over(self, now: datetime) -> tuple[int, list[SweepSkipped]]:
        """Judge everything that is due at this moment. Answers how many cases were decided, and those skipped."""
        decided, skipped = 0, dict[str, str]()
        while due := [
            case_id
            for case_id in await asyncio.to_thread(self._store.due, now, CHUNK + len(skipped))
            if case_id not in skipped
        ]:
            answers = await asyncio.gather(*(self._judge(case_id, now) for case_id in due))
            decided += answers.count(None)
            skipped |= {case_id: why for case_id, why in zip(due, answers, strict=True) if why is not None}
        left_out = [SweepSkipped(case_id=case_id, reason=why) for case_id, why in skipped.items()]
        if self.swept_on != business_date(now):
            await self._record(now, decided, left_out)
        return decided, left_out

    async def _judge(self, case_id: str, now: datetime) -> str | None:
        """Judge one case. Answers why it could not be judged, so that one bad case never holds up the others."""
        try:
            await self._store.handle(case_id, Assess(as_of=now), Request(self._system))
        except Unavailable:
            raise
        except (Rejected, Refused) as refusal:
            return str(refusal)
        except Exception as error:
            logger.exception("a case could not be judged")
            return f"{type(error).__name__}: {error}"[:500]
        return None

    async def _record(self, now: datetime, decided: int, skipped: list[SweepSkipped]) -> None:
        cases, heard = await asyncio.to_thread(lambda: (self._store.cases(), self._store.heard()))
        sweep = RecordSweep(
            as_of=now,
            policy=self._standard.policy_on(business_date(now)).version,
            cases=cases - (self.swept_on is not None),
            due=decided + len(skipped),
            decided=decided,
            skipped=tuple(skipped),
            positions={f"{origin}.{epoch}": position for (origin, epoch), position in heard.items()},
        )
        await self._store.handle(SWEEPS, sweep, Request(self._system))
        self.swept_on = business_date(now)

    def _last_sweep(self) -> date | None:
        sweeps = [r.fact for r in self._store.history(SWEEPS) if isinstance(r.fact, SweepCompleted)]
        return business_date(sweeps[-1].as_of) if sweeps else None
