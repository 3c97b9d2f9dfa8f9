"""The one way to change a log: commands and foreign facts are decided in groups, and each group is committed once.

A command is answered after its facts are on disk. A race lost to another process is decided again on the newer truth.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError, PersistenceError

from shared.decider import Command, Decider
from shared.events import read, recorded_at
from shared.events.histories import kind_of
from shared.metrics import UNKNOWN
from shared.store import adoption, ahead, beside
from shared.store.draft import Books, Draft, Due, Entry, advance
from shared.store.inbox import Delivery
from shared.store.log import Log
from shared.store.obeying import Answer, Request, answer
from shared.store.refusals import Conflict, Unavailable, Uncertain
from shared.store.standing import Standing, available
from shared.store.writer import Job, Writer

logger = logging.getLogger(__name__)
S = TypeVar("S")
Clock = Callable[[], datetime]

CACHED = 4096
"""How many recently touched cases are kept folded."""
AT_ONCE = 200
"""How many cases are entered in books in one commit."""
RACES = 5
"""How often a command is decided again when other processes keep winning."""


class Store(Standing, Generic[S]):
    """A service's log with its decider: `handle` obeys commands, `adopt` takes in foreign facts, `history` reads.

    All that reads or writes raises Unavailable when the log cannot be used.
    """

    def __init__(
        self,
        service: str,
        region: str,
        log: Log,
        decider: Decider[S],
        clock: Clock,
        due: Due[S] | None = None,
        books: Books[S] | None = None,
    ) -> None:
        self.service, self.region, self.log, self.decider = service, region, log, decider
        self._clock, self._due, self._books = clock, due, books
        newest = log.at(log.last_position())
        self._latest = (newest and recorded_at(newest.state)) or datetime.min.replace(tzinfo=UTC)
        self._cache: OrderedDict[str, Entry[S]] = OrderedDict()
        self._listeners: list[Callable[[], None]] = []
        self._writer = Writer(f"{service}-writer", self._commit)

    def now(self) -> datetime:
        """The present, in UTC, and never before what was last recorded: whoever sets a clock back dates nothing back."""
        return max(self._latest, self._clock().astimezone(UTC))

    @property
    def behind(self) -> timedelta:
        """By how much the clock is behind what was last recorded; nothing when all is well."""
        return self.now() - self._clock()

    def on_append(self, listener: Callable[[], None]) -> None:
        """Call this, on the writer's thread, after each commit."""
        self._listeners.append(listener)

    async def handle(self, case_id: str, command: Command, request: Request) -> Answer:
        """Obey a command. Raises Rejected, or one of the Refused; then nothing has changed."""

        def work(draft: Draft[S], now: datetime) -> tuple[Answer, beside.Rows]:
            return self._obey(draft, case_id, command, request, now)

        said: Answer = await self._submit(Job(work))
        return said

    async def handle_each(self, commands: Mapping[str, Command], request: Request) -> dict[str, Exception]:
        """Obey a command to each of several histories: read together, and committed together. Answers what was refused, and
        why; nothing of that has changed, and the others have been obeyed.

        Raises what the log refuses: then nothing has changed, and given one by one each would have its own answer.
        """

        def work(draft: Draft[S], now: datetime) -> tuple[dict[str, Exception], beside.Rows]:
            refused: dict[str, Exception] = {}
            rows: list[tuple[str, tuple[Any, ...]]] = []
            self._read_ahead(draft, commands)
            for history, command in commands.items():
                before = len(draft.events)
                try:
                    rows += self._obey(draft, history, command, request, now)[1]
                except Unavailable:
                    raise
                except Exception as refusal:
                    refused[history] = refusal
                    draft.undo(before)
            return refused, rows

        refused: dict[str, Exception] = await self._submit(Job(work))
        return refused

    async def adopt(self, deliveries: Sequence[Delivery]) -> None:
        """Take foreign facts into our history, each once, in one transaction with how far we have heard.

        A case whose fact cannot be taken in is parked, with what follows of it; the others go on. A case that got a
        new fact falls due at once. Raises Gap when something is missing before these.
        """

        def work(draft: Draft[S], now: datetime) -> tuple[adoption.Adoption, beside.Rows]:
            before, waiting = len(draft.events), frozenset(case_id for case_id, _ in self.parked())
            taken = adoption.adopt(draft, deliveries, self.heard(), waiting, self._events)
            return taken, [*taken.rows, *self._due_now(draft, before, now)]

        taken: adoption.Adoption = await self._submit(Job(work, reads_inbox=True))
        UNKNOWN.labels(self.service).inc(taken.unknown)

    async def redrive(self) -> list[str]:
        """Try what is parked once more, in order. Answers the cases that went through."""

        def work(draft: Draft[S], now: datetime) -> tuple[adoption.Adoption, beside.Rows]:
            before = len(draft.events)
            parked = self._query(
                "SELECT origin, epoch, position, previous, document FROM parked ORDER BY origin, epoch, position"
            )
            waiting = [Delivery(o, e, at, previous, bytes(raw)) for o, e, at, previous, raw in parked]
            taken = adoption.redrive(draft, waiting, self._events)
            return taken, [*taken.rows, *self._due_now(draft, before, now)]

        taken: adoption.Adoption = await self._submit(Job(work, reads_inbox=True))
        return taken.through

    async def ask_again(self, among: beside.Among, *, books: bool) -> None:
        """Let cases, and the books of the units, fall due now: what they are asked by has changed."""

        def work(_: Draft[S], now: datetime) -> tuple[None, beside.Rows]:
            return None, [*beside.fall_due(among, now), *(beside.all_books_due(now) if books else ())]

        await self._submit(Job(work, reads_inbox=True))

    async def say(
        self, foreseen: Sequence[beside.Foreseen], request: Request, holds: Callable[[], bool]
    ) -> Collection[str]:
        """Say what was foreseen by somebody who only reads, of the histories that still are due as they were. Answers which.

        `holds` tells whether what it was foreseen by is still so; else nothing of it is said.
        """

        def work(draft: Draft[S], now: datetime) -> tuple[Collection[str], beside.Rows]:
            if not holds():
                return (), ()
            return ahead.say(draft, foreseen, self._still_due(foreseen), request.asked(now))

        said: Collection[str] = await self._submit(Job(work, reads_inbox=True))
        return said

    async def lay_books(self, kind: str) -> None:
        """See that every case of this log stands in the books of its units: once, for a log that ran without them, or with
        books of another kind. Killed on the way, it begins anew.
        """
        if self._query("SELECT value FROM meta WHERE name = ?", f"books {kind}"):
            return
        after = ""
        while ids := await asyncio.to_thread(self.case_ids, after, AT_ONCE):

            def work(draft: Draft[S], now: datetime, ids: list[str] = ids) -> tuple[None, beside.Rows]:
                cases = [history for history in ids if kind_of(history) == "case"]
                return None, () if self._books is None else adoption.booked(draft, cases, self._books, now)

            await self._submit(Job(work, reads_inbox=True))
            after = ids[-1]
        await self._submit(Job(lambda *_: (None, [(beside.NAME, (f"books {kind}", "laid"))])))

    def close(self) -> None:
        """Finish what is queued, then close the log."""
        self._writer.close()
        self.log.close()

    async def _submit(self, job: Job[S]) -> Any:
        return await self._writer.submit(job)

    # Everything below runs on the writer's thread.

    def _obey(
        self, draft: Draft[S], case_id: str, command: Command, request: Request, now: datetime
    ) -> tuple[Answer, beside.Rows]:
        before, seen = len(draft.events), self._written(case_id)
        said = answer(draft, self.decider, self._events, case_id, command, request, now)
        rows: list[tuple[str, tuple[Any, ...]]] = []
        for history in dict.fromkeys((case_id, *(str(e.originator_id) for e in draft.events[before:]))):
            entry = draft.entry(history)
            if self._due is not None and entry.version:
                version = entry.version if seen is None else seen
                rows += beside.due(history, version, self._due(entry.state, now))
        return said, rows

    def _commit(self, group: list[Job[S]], races: int = RACES) -> None:
        self._latest = now = self.now()
        draft = Draft(self.service, self.region, self.decider, self._load)
        rows: list[tuple[str, tuple[Any, ...]]] = []
        for job in group:
            before = len(draft.events)
            try:
                job.result, more = job.work(draft, now)
                job.error = None
                rows += more
            except Exception as refusal:
                job.error = refusal
                draft.undo(before)
        if not draft.events and not rows:
            return
        try:
            self.log.append(draft.events, rows)
        except PersistenceError as error:
            self._not_appended(group, draft, error, races)
        else:
            for case_id, entry in draft.entries.items():
                self._keep(case_id, entry)
            for case_id in draft.unfolded:
                self._cache.pop(case_id, None)
            self._tell()

    def _not_appended(self, group: list[Job[S]], draft: Draft[S], error: PersistenceError, races: int) -> None:
        """The log refused, or seemed to: see whether it holds what we meant to append, and decide the rest again."""
        for case_id in draft.entries:
            self._cache.pop(case_id, None)
        away = isinstance(error, OperationalError | InterfaceError)
        obeyed = [job for job in group if job.error is None]
        try:
            stored = self._holds(draft)
        except PersistenceError:
            for job in obeyed:
                job.error = Uncertain(error)
            return
        if stored:
            self._tell()
        elif away or (len(group) == 1 and not isinstance(error, IntegrityError)):
            for job in obeyed:
                job.error = Unavailable(error)
        elif len(group) > 1:  # one of them lost a race, or is what the database refuses: none may harm the others
            for job in group:
                self._commit([job])
        elif races:
            self._commit(group, races - 1)
        else:
            group[0].error = Conflict()

    def _holds(self, draft: Draft[S]) -> bool:
        """Whether the log holds exactly what we meant to append: our own commit, whose answer was lost on the way."""
        stored = {
            str(event.originator_id): {e.originator_version: e.state for e in self.log.events(str(event.originator_id))}
            for event in draft.events
        }
        return bool(draft.events) and all(
            stored[str(event.originator_id)].get(event.originator_version) == event.state for event in draft.events
        )

    def _tell(self) -> None:
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                logger.exception("%s: a listener failed after a commit", self.service)

    def _still_due(self, foreseen: Sequence[beside.Foreseen]) -> set[beside.Owed]:
        names = [one.owed.history for one in foreseen]
        due = f"SELECT case_id, at, version FROM due WHERE case_id IN ({', '.join('?' for _ in names)})"
        return {beside.Owed(str(c), str(at), int(v)) for c, at, v in (self._query(due, *names) if names else ())}

    def _due_now(self, draft: Draft[S], before: int, now: datetime) -> beside.Rows:
        due = () if self._due is None else adoption.due_now(draft, before, now)
        cases = adoption.touched(draft, before)
        return due if self._books is None else [*due, *adoption.booked(draft, cases, self._books, now)]

    def _written(self, history: str) -> int | None:
        """How much had been written in a book before it is read; None for what is no book: it has a version of its own."""
        if kind_of(history) != "book":
            return None
        rows = self._query("SELECT version FROM due WHERE case_id = ?", history)
        return int(rows[0][0]) if rows else 0

    def _load(self, case_id: str) -> Entry[S]:
        entry = self._cache.get(case_id) or Entry(self.decider.initial)
        if not entry.version:
            with available():
                return self._folded(entry, self.log.histories([case_id]).get(case_id, ()))
        if not self.log.shared_writers:
            return entry
        return self._folded(
            entry, ((e.originator_version, e.state) for e in self._events(case_id, after=entry.version))
        )

    def _read_ahead(self, draft: Draft[S], histories: Iterable[str]) -> None:
        """Have at hand in a draft what is not folded yet: in one reading, where each would take its own."""
        cold = [history for history in histories if history not in self._cache and history not in draft.entries]
        with available():
            found = self.log.histories(cold)
        for history, events in found.items():
            draft.entries[history] = self._folded(Entry(self.decider.initial), events)

    def _folded(self, entry: Entry[S], events: Iterable[tuple[int, bytes]]) -> Entry[S]:
        return advance(self.decider, self.service, entry, ((version, read(raw)) for version, raw in events))

    def _keep(self, case_id: str, entry: Entry[S]) -> None:
        self._cache[case_id] = entry
        self._cache.move_to_end(case_id)
        if len(self._cache) > CACHED:
            self._cache.popitem(last=False)
