"""What supervision does as time passes: it asks what has fallen due, and judges that. Nothing scans all cases.

Nothing is judged while facts still wait to be heard: before that, silence proves nothing. Once a business day the pass is
recorded, with how many cases it read, up to which position, and what it skipped and why.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing, suppress
from datetime import date, datetime
from typing import Any

from services.supervision.domain.campaigns import FollowCampaign
from services.supervision.domain.judging import Assess, asked_at, next_moment
from services.supervision.domain.sweeps import SWEEPS, RecordSweep
from services.supervision.domain.units import AssessBook
from services.supervision.library import KIND
from services.supervision.preview import Preview
from services.supervision.queries import dossier_of
from shared.bus import Ears
from shared.decider import Command, NoSuchCase, Rejected
from shared.directory import Directory
from shared.events.casework import CaseClosed, CaseRelapsed
from shared.events.histories import kind_of
from shared.events.intake import CaseMerged, CaseRegistered, CaseUnmerged
from shared.events.supervision import SweepCompleted, SweepSkipped
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Life, Refused, Request, Stale, Store, Unavailable
from shared.workdays import UnknownYear, business_date

logger = logging.getLogger(__name__)

LIFE = Life(
    CaseRegistered.__name__, (CaseClosed.__name__, CaseRelapsed.__name__), (CaseMerged.__name__, CaseUnmerged.__name__)
)
"""Which facts tell that a case is open."""
CHUNK = 200
"""Cases judged in one go."""
ROUND = 100_000
"""Most cases that are judged ahead before it is asked again what is due."""
TRIES = 3
"""How often a case is judged in one pass: new facts may make it due again, but not for ever."""
PATIENCE_SECONDS = 10.0
"""How long hearing everything may take before it is called a trouble."""


class Watch:
    """督查时钟: judges each case, and each unit by its book, when its answer may have changed."""

    def __init__(
        self,
        store: Store[Any],
        ears: Ears,
        standard: Standard,
        clock: Callable[[], datetime],
        system: Actor,
        pause: float,
        directory: Callable[[], Directory] = Directory,
        preview: Preview | None = None,
        leads_to: Callable[[str], Sequence[str]] = lambda _: (),
        units: Callable[[Sequence[str]], int] = len,
    ) -> None:
        self._store, self._ears, self._standard, self._clock, self._system = store, ears, standard, clock, system
        self._pause, self._directory, self._preview, self._leads_to = pause, directory, preview, leads_to
        self._units = units
        self._loop = asyncio.get_running_loop()
        self._stirred = asyncio.Event()
        self.swept_on: date | None = None
        """The last business day whose pass is on record."""
        self.last_sweep: SweepCompleted | None = None
        """The last pass on record, when it was looked for."""
        self.since = clock()
        """Since when this watch has been running."""
        self.waiting: str | None = None
        """Why nothing is judged at present, for people; None when all is well."""
        self.failing: dict[str, str] = {}
        """The cases that could not be judged in the last pass though they should have been, and why."""

    @property
    def trouble(self) -> str | None:
        """What is wrong, for people; None when all is well."""
        if self.waiting or not self.failing:
            return self.waiting
        case_id, why = next(iter(self.failing.items()))
        return f"{len(self.failing)} cases cannot be judged; first: {case_id}: {why}"

    def stir(self) -> None:
        """Say, from any thread, that something was heard."""
        with suppress(RuntimeError):  # the loop is closed: nobody is left to stir
            self._loop.call_soon_threadsafe(self._stirred.set)

    async def run(self) -> None:
        """Judge what is due, at once on a fact and as days pass, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), self._pause)
            self._stirred.clear()
            try:
                if not await asyncio.to_thread(self._ears.lease):
                    continue  # another process listens, and judges
                await self._store.lay_books(KIND)
                now = self._clock()
                await self._hear_everything()
                await self.pass_over(now)
                self.waiting = None
            except Unavailable as error:
                self.waiting = f"not judging: {error.en}"
                await asyncio.sleep(1)

    async def _hear_everything(self) -> None:
        """Wait until all that is on the bus has been heard, however long it takes."""
        hearing = asyncio.create_task(self._ears.catch_up())
        try:
            while not (await asyncio.wait({hearing}, timeout=PATIENCE_SECONDS))[0]:
                self.waiting = "not judging: facts on the bus have not all been heard"
        finally:
            hearing.cancel()
        await hearing

    async def pass_over(self, now: datetime) -> tuple[int, list[SweepSkipped]]:
        """Judge everything that is due at this moment. Answers how many cases were decided, and those skipped."""
        judged, skipped, failing = Counter[str](), dict[str, str](), dict[str, str]()

        async def take(due: Sequence[str]) -> None:
            refused = await self._judge(due, now)
            for case_id in due:
                error = refused.get(case_id)
                if error is None and judged[case_id] < TRIES:
                    judged[case_id] += 1
                    continue
                skipped[case_id] = why = _reason(error) if error else "still due though judged again and again"
                if not isinstance(error, NoSuchCase):  # one whose registration has not arrived will be judged then
                    failing[case_id] = why

        async with aclosing(self._previewed(now)) as previewed:
            async for said, rest in previewed:
                judged.update(said)
                await take(rest)
        while due := [
            case_id
            for case_id in await asyncio.to_thread(self._store.due, now, CHUNK + len(skipped))
            if case_id not in skipped
        ]:
            await take(due)
        for case_id in failing.keys() - self.failing.keys():
            logger.warning("case %s cannot be judged: %s", case_id, failing[case_id])
        self.failing = failing
        left_out = [SweepSkipped(case_id=case_id, reason=why) for case_id, why in skipped.items()]
        decided = len(judged.keys() - skipped.keys())
        if self.swept_on != business_date(now):
            await self._record(now, decided, left_out)
        return decided, left_out

    async def _previewed(self, now: datetime) -> AsyncGenerator[tuple[Collection[str], Sequence[str]], None]:
        """While very much is due, some of it at a time: what was judged elsewhere and said, and what is to be judged here."""
        seen, request = set[str](), Request(self._system, cause=asked_at(now))
        while self._preview is not None:
            owed = [one for one in await asyncio.to_thread(self._store.owed, now, ROUND) if one.history not in seen]
            if len(owed) < self._preview.many:
                return
            seen.update(one.history for one in owed)
            known = await asyncio.to_thread(self._directory)

            def holds(known: Directory = known) -> bool:
                return self._directory() == known

            try:
                with self._preview.of(owed, now, known) as previewed:
                    for chunk, answer in previewed:
                        said = frozenset(await self._store.say(await asyncio.wrap_future(answer), request, holds))
                        yield said, [one.history for one in chunk if one.history not in said]
            except Unavailable:
                raise
            except Exception as error:  # a process was killed, or could not be started, or could not read
                logger.warning("nobody judges ahead, all is judged here: %s", type(error).__name__)
                return

    async def _judge(self, due: Sequence[str], now: datetime) -> dict[str, Exception]:
        """Judge these. Answers which could not be judged, and why: one bad case never holds up the others.

        What is written under one name of a unit is judged in the book of the unit, before it is due no more under that name.
        """
        homes = {
            history: await asyncio.to_thread(self._leads_to, history) for history in due if kind_of(history) == "book"
        }
        refused = await self._ask([book for books in homes.values() for book in books], now)
        held_up = {
            history: refused[book]
            for history, books in homes.items()
            for book in books
            if book in refused
            and not isinstance(refused[book], NoSuchCase)  # nothing written under this name stands there
        }
        return held_up | await self._ask([history for history in due if history not in held_up], now)

    async def _ask(self, due: Sequence[str], now: datetime) -> dict[str, Exception]:
        if not due:
            return {}
        questions = {history: _question(history, now) for history in due}
        try:
            refused = await self._store.handle_each(questions, Request(self._system, cause=asked_at(now)))
        except Unavailable:
            raise
        except Exception as refusal:
            if len(due) > 1:  # the log does not take what follows from one of them: it is told from the others
                one_by_one = [await self._ask([history], now) for history in due]
                return {history: why for told in one_by_one for history, why in told.items()}
            refused = {due[0]: refusal}
        for history, error in refused.items():
            if history not in self.failing and not isinstance(error, Rejected | Refused | UnknownYear):
                logger.error("case %s could not be judged", history, exc_info=error)
        return refused

    async def _record(self, now: datetime, decided: int, skipped: list[SweepSkipped]) -> None:
        """Put the day's pass on record, once, whoever else may be passing over the same log."""
        today = business_date(now)
        history = await asyncio.to_thread(self._store.history, SWEEPS)
        sweeps = [recorded.fact for recorded in history if isinstance(recorded.fact, SweepCompleted)]
        if not sweeps or business_date(sweeps[-1].as_of) < today:
            cases, heard = await asyncio.to_thread(lambda: (self._store.cases(), self._store.heard()))
            books, unplaced = await asyncio.to_thread(self._store.books)
            open_cases, unwatched = await asyncio.to_thread(self._lost, now, {skip.case_id for skip in skipped})
            sweep = RecordSweep(
                as_of=now,
                policy=self._standard.policy_on(today).version,
                cases=cases,
                open_cases=open_cases,
                unwatched=unwatched,
                units=await asyncio.to_thread(self._units, books),
                unplaced=unplaced,
                due=decided + len(skipped),
                decided=decided,
                skipped=tuple(skipped),
                positions={f"{origin}.{epoch}": position for (origin, epoch), position in heard.items()},
            )
            with suppress(Stale):  # another process has recorded it just now
                await self._store.handle(SWEEPS, sweep, Request(self._system, expected=len(history)))
            history = await asyncio.to_thread(self._store.history, SWEEPS)
            sweeps = [recorded.fact for recorded in history if isinstance(recorded.fact, SweepCompleted)]
        self.last_sweep = sweeps[-1] if sweeps else None
        self.swept_on = today

    def _lost(self, now: datetime, skipped: set[str]) -> tuple[int, int]:
        """How many cases are open by the log, and how many cases nobody would ask again though their answer can change.

        Of those that time will not ask, the first open ones are looked at, and each day others, the closed ones too. A case that
        was skipped, and one that waits for its registration, is accounted for already.
        """
        counted, idle = self._store.open_cases(LIFE)
        resting = self._store.resting(LIFE.opened, business_date(now).toordinal())
        lost = [
            case_id
            for case_id in dict.fromkeys((*idle, *resting))
            if case_id not in skipped
            and next_moment(self._standard, dossier_of(self._store.history(case_id)), now, self._directory) is not None
        ]
        for case_id in lost:
            logger.error("case %s would never be asked again", case_id)
        return counted, len(lost)


def _question(history: str, now: datetime) -> Command:
    """What the clock asks of a history, by what that is about."""
    match kind_of(history):
        case "campaign":
            return FollowCampaign(as_of=now)
        case "book":
            return AssessBook(as_of=now, book=history)
        case _:
            return Assess(as_of=now)


def _reason(error: Exception) -> str:
    """Why a case was not judged, in words that may be published: what else an exception says may be somebody's data."""
    return str(error) if isinstance(error, Rejected | Refused | UnknownYear) else type(error).__name__
