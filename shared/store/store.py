"""The one way to change a log: jobs are queued, one writer thread decides them in groups and commits each group once.

A command is answered after its facts are on disk. A race lost to another process is decided again on the newer truth.
"""

import asyncio
import hashlib
import queue
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from eventsourcing.persistence import IntegrityError, PersistenceError

from shared.decider import Command, Decider, ImportedCommand, obey
from shared.events import Asked, Recorded, case_of, read
from shared.identity import Actor
from shared.store.draft import Draft, Due, Entry, advance
from shared.store.inbox import Delivery, fresh
from shared.store.log import Log
from shared.store.refusals import Conflict, Forbidden, KeyReused, Stale, Unavailable

S = TypeVar("S")
Clock = Callable[[], datetime]
Rows = list[tuple[str, tuple[Any, ...]]]

GROUP = 256
"""Most jobs in one commit."""
CACHED = 4096
"""How many recently touched cases are kept folded."""
RACES = 5
"""How often a command is decided again when other processes keep winning."""

UPSERT_DUE = "INSERT INTO due VALUES (?, ?) ON CONFLICT (case_id) DO UPDATE SET at = excluded.at"
CLEAR_DUE = "DELETE FROM due WHERE case_id = ?"
UPSERT_HEARD = (
    "INSERT INTO heard VALUES (?, ?, ?) ON CONFLICT (origin, epoch) DO UPDATE SET position = excluded.position"
)
PARK = "INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin, epoch, position) DO NOTHING"
UNPARK = "DELETE FROM parked WHERE origin = ? AND epoch = ? AND position = ?"


@dataclass(frozen=True, slots=True)
class Request:
    """What surrounds a command: who gives it, and the conditions and traces that came with it."""

    actor: Actor
    key: str | None = None
    expected: int | None = None
    """The version of the case that the caller has seen."""
    cause: str | None = None
    correlation: str | None = None
    traceparent: str | None = None
    imported_from: str | None = None
    """The file that this was read from: its digest and sheet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts that a command led to (none: it was already so), and the version of the case after it."""

    facts: tuple[Recorded, ...]
    version: int


@dataclass(slots=True)
class _Job:
    work: Callable[[Draft[Any], datetime], tuple[Any, Rows]]
    """Adds to the draft; answers the result and the rows to write beside the events."""
    done: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.error is None:
            self.done.set_result(self.result)
        else:
            self.done.set_exception(self.error)


class Store(Generic[S]):
    """A service's log with its decider: `handle` obeys commands, `adopt` takes in foreign facts, `history` reads."""

    def __init__(
        self, service: str, region: str, log: Log, decider: Decider[S], clock: Clock, due: Due[S] | None = None
    ) -> None:
        self.service, self.region, self.log, self.decider = service, region, log, decider
        self._clock, self._due = clock, due
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._cache: OrderedDict[str, Entry[S]] = OrderedDict()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._listeners: list[Callable[[], None]] = []
        self._writer = threading.Thread(target=self._write, name=f"{service}-writer", daemon=True)
        self._writer.start()

    def on_append(self, listener: Callable[[], None]) -> None:
        """Call this, on the writer's thread, after each commit."""
        self._listeners.append(listener)

    async def handle(self, case_id: str, command: Command, request: Request) -> Answer:
        """Obey a command. Raises Rejected, or one of the Refused; then nothing has changed."""
        answer: Answer = await self._submit(lambda draft, now: self._obey(draft, case_id, command, request, now))
        return answer

    async def adopt(self, deliveries: Sequence[Delivery]) -> None:
        """Take foreign facts into our history, each once, in one transaction with how far we have heard.

        A case whose fact cannot be taken in is parked, with what follows of it; the others go on. A case that got a
        new fact falls due at once. Raises Gap when something is missing before these, Unavailable when the log cannot
        be written.
        """
        await self._submit(lambda draft, now: self._adopt(draft, deliveries, now))

    async def redrive(self) -> list[str]:
        """Try what is parked once more, in order. Answers the cases that went through."""
        through: list[str] = await self._submit(self._redrive)
        return through

    def history(self, case_id: str) -> list[Recorded]:
        """All that this log holds about a case, in order."""
        return [read(event.state) for event in self.log.events(case_id)]

    def due(self, moment: datetime, limit: int) -> list[str]:
        """Cases whose answer may have changed by this moment, longest due first."""
        rows = self.log.query("SELECT case_id FROM due WHERE at <= ? ORDER BY at LIMIT ?", (_sortable(moment), limit))
        return [str(row[0]) for row in rows]

    def cases(self) -> int:
        """How many cases this log knows."""
        return int(self.log.query("SELECT COUNT(DISTINCT originator_id) FROM stored_events")[0][0])

    def heard(self) -> dict[tuple[str, str], int]:
        """How far we have listened to each log, by (origin, epoch)."""
        return {(str(o), str(e)): int(p) for o, e, p in self.log.query("SELECT origin, epoch, position FROM heard")}

    def parked(self) -> list[tuple[str, str]]:
        """The facts that wait, as (case, why)."""
        return [(str(c), str(e)) for c, e in self.log.query("SELECT case_id, error FROM parked ORDER BY position")]

    def close(self) -> None:
        """Finish what is queued, then close the log."""
        self._jobs.put(None)
        self._writer.join()
        self.log.close()

    async def _submit(self, work: Callable[[Draft[S], datetime], tuple[Any, Rows]]) -> Any:
        job = _Job(work)
        self._jobs.put(job)
        return await asyncio.wrap_future(job.done)

    # Everything below runs on the writer's thread.

    def _write(self) -> None:
        while (job := self._jobs.get()) is not None:
            group = [job]
            while len(group) < GROUP and not self._jobs.empty():
                more = self._jobs.get()
                if more is None:
                    self._jobs.put(None)
                    break
                group.append(more)
            self._commit(group)

    def _commit(self, group: list[_Job], races: int = RACES) -> None:
        self._latest = now = max(self._latest, self._clock().astimezone(UTC))
        draft = Draft(self.service, self.region, self.decider, self._load)
        beside: Rows = []
        for job in group:
            job.result, job.error = None, None
            try:
                job.result, rows = job.work(draft, now)
                beside += rows
            except PersistenceError as error:
                job.error = Unavailable(error)
            except Exception as refusal:
                job.error = refusal
        try:
            if draft.events or beside:
                self.log.append(draft.events, beside)
        except IntegrityError:
            self._forget(draft)
            if not self._was_ours(draft):
                self._race_again(group, races)
                return
        except PersistenceError as error:
            self._forget(draft)
            for job in group:
                job.error = job.error or Unavailable(error)
        else:
            for case_id, entry in draft.entries.items():
                self._keep(case_id, entry)
            if draft.events or beside:
                for listener in self._listeners:
                    listener()
        for job in group:
            job.settle()

    def _was_ours(self, draft: Draft[S]) -> bool:
        """Whether the log holds exactly what we meant to append: our own commit, whose answer was lost on the way."""
        stored = {
            str(e.originator_id): {s.originator_version: s.state for s in self.log.events(str(e.originator_id))}
            for e in draft.events
        }
        return bool(draft.events) and all(
            stored[str(event.originator_id)].get(event.originator_version) == event.state for event in draft.events
        )

    def _race_again(self, group: list[_Job], races: int) -> None:
        """Somebody was faster on one of these cases: decide each job alone, on the newer truth."""
        if len(group) > 1:
            for job in group:
                self._commit([job])
        elif races:
            self._commit(group, races - 1)
        else:
            group[0].done.set_exception(Conflict())

    def _obey(
        self, draft: Draft[S], case_id: str, command: Command, request: Request, now: datetime
    ) -> tuple[Answer, Rows]:
        entry, actor = draft.entry(case_id), request.actor
        scope = self.decider.scope(entry.state)
        _permit(actor, command)
        if scope is not None:
            _reach(actor.covers(scope))
        digest = hashlib.sha256(f"{type(command).__name__}{command.model_dump_json()}".encode()).hexdigest()[:16]
        if request.key is not None and request.key in entry.obeyed:
            before, versions = entry.obeyed[request.key]
            if before != digest:
                raise KeyReused
            return Answer(self._again(draft, case_id, versions), entry.version), []
        if request.expected is not None and request.expected != entry.version:
            raise Stale(request.expected, entry.version)
        asked = Asked(
            actor=actor.id,
            role=actor.role,
            unit=actor.unit,
            now=now,
            cause=request.key or request.cause,
            correlation=request.correlation,
            traceparent=request.traceparent,
            command_hash=digest if request.key else None,
            imported_from=command.imported_from if isinstance(command, ImportedCommand) else request.imported_from,
        )
        mark = draft.mark(case_id)
        try:
            said = tuple(draft.say(case_id, fact, asked) for fact in obey(self.decider, entry.state, command, asked))
            after = draft.entry(case_id)
            if scope is None and (opened := self.decider.scope(after.state)) is not None:
                _reach(actor.covers(opened))
        except Exception:
            draft.undo(case_id, mark)
            raise
        return Answer(said, after.version), self._due_row(case_id, after, now)

    def _again(self, draft: Draft[S], case_id: str, versions: Sequence[int]) -> tuple[Recorded, ...]:
        known = [*self.log.events(case_id), *(event for event in draft.events if event.originator_id == case_id)]
        return tuple(read(event.state) for event in known if event.originator_version in versions)

    def _adopt(self, draft: Draft[S], deliveries: Sequence[Delivery], now: datetime) -> tuple[None, Rows]:
        heard = self.heard()
        new, positions = fresh(deliveries, heard)
        waiting = {case_id for case_id, _ in self.parked()}
        rows: Rows = [(UPSERT_HEARD, (*log, at)) for log, at in positions.items() if heard.get(log) != at]
        for case_id, its in _by_case(new).items():
            rest, why = (its, "behind another of its case") if case_id in waiting else self._take_in(draft, its)
            if len(rest) < len(its) and self._due is not None:
                rows.append((UPSERT_DUE, (case_id, _sortable(now))))
            rows += [(PARK, (d.origin, d.epoch, d.position, d.previous, case_id, why, d.document)) for d in rest]
        return None, rows

    def _redrive(self, draft: Draft[S], now: datetime) -> tuple[list[str], Rows]:
        parked = self.log.query(
            "SELECT origin, epoch, position, previous, document FROM parked ORDER BY origin, epoch, position"
        )
        through: list[str] = []
        rows: Rows = []
        waiting = [Delivery(o, e, position, previous, bytes(raw)) for o, e, position, previous, raw in parked]
        for case_id, its in _by_case(waiting).items():
            rest, _ = self._take_in(draft, its)
            rows += [(UNPARK, (d.origin, d.epoch, d.position)) for d in its[: len(its) - len(rest)]]
            if not rest:
                through.append(case_id)
            if len(rest) < len(its) and self._due is not None:
                rows.append((UPSERT_DUE, (case_id, _sortable(now))))
        return through, rows

    @staticmethod
    def _take_in(draft: Draft[S], deliveries: list[Delivery]) -> tuple[list[Delivery], str]:
        """Adopt deliveries in order, up to the first that fails. Answers the rest, and why."""
        for done, delivery in enumerate(deliveries):
            try:
                draft.adopt(read(delivery.document))
            except PersistenceError:
                raise
            except Exception as error:
                return deliveries[done:], f"{type(error).__name__}: {error}"[:500]
        return [], ""

    def _due_row(self, case_id: str, entry: Entry[S], now: datetime) -> Rows:
        if self._due is None or not entry.version:
            return []
        at = self._due(entry.state, now)
        return [(UPSERT_DUE, (case_id, _sortable(at)))] if at else [(CLEAR_DUE, (case_id,))]

    def _load(self, case_id: str) -> Entry[S]:
        entry = self._cache.get(case_id) or Entry(self.decider.initial)
        if entry.version and not self.log.shared_writers:
            return entry
        for event in self.log.events(case_id, after=entry.version):
            entry = advance(self.decider, self.service, entry, read(event.state), event.originator_version)
        return entry

    def _keep(self, case_id: str, entry: Entry[S]) -> None:
        self._cache[case_id] = entry
        self._cache.move_to_end(case_id)
        if len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    def _forget(self, draft: Draft[S]) -> None:
        for case_id in draft.entries:
            self._cache.pop(case_id, None)


def _permit(actor: Actor, command: Command) -> None:
    if actor.role not in command.roles:
        allowed = sorted(command.roles)
        raise Forbidden(
            f"{actor.role.label}不能执行此操作；可由{'、'.join(role.label for role in allowed)}执行。",
            f"A {actor.role} may not do this; it takes one of: {', '.join(allowed)}.",
        )


def _reach(covered: bool) -> None:
    if not covered:
        raise Forbidden("该案件不在您的单位或地区范围内。", "This case lies outside your unit or region.")


def _by_case(deliveries: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    cases: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        cases[case_of(delivery.document)].append(delivery)
    return cases


def _sortable(moment: datetime) -> str:
    """UTC to the second, so that the order of the text is the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
