"""读事件日志: from a file and its mapping to cases with their steps, one after the other, and a reason for all that is none."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from services.intake.eventlog.cases import Faults, case_of
from services.intake.eventlog.csv_log import csv_events
from services.intake.eventlog.errors_file import ErrorsFile
from services.intake.eventlog.files import LogFile, lacking, look_at, readable
from services.intake.eventlog.mapping import Mapping as LogMapping
from services.intake.eventlog.moments import Fault, Moment, activity_of, moment_of
from services.intake.eventlog.spool import Spool
from services.intake.eventlog.xes_log import xes_events
from services.intake.ledger.entries import LedgerRow, LedgerUnreadable
from services.intake.ledger.places import Places

MOST_EVENTS = 5_000
"""Events of one case: what has more is hardly one case, but a wrong column."""
MOST_BYTES = 2 * 1024 * 1024
"""What a case may be as JSON, so that its history fits into one request."""
SHOWN, KINDS = 100, 1_000
"""How many refusals, and how many different unknown activities, are remembered to be shown."""

Progress = Callable[[int], None]
"""Told how many events have been read."""


@dataclass
class Tally:
    """What a log came to. `ignored` and `unknown` count events by activity."""

    events: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    """Cases that were not taken in, and events that name no case."""
    shown: list[tuple[int, Fault]] = field(default_factory=list)
    """The first of the reasons, each with the place of its event."""


class EventLog:
    """A log that has been read and sorted. `cases` may be asked once; what it refuses goes to the errors file."""

    def __init__(self, file: LogFile, mapping: LogMapping, places: Places, spool: Spool, tally: Tally) -> None:
        self.file, self.mapping, self.tally = file, mapping, tally
        self._places, self._spool = places, spool
        self.errors = ErrorsFile(file.path, mapping.columns.all)

    @property
    def source(self) -> str:
        """What the facts of its cases are marked with: the digest of the file."""
        return self.file.digest[:16]

    def count(self) -> int:
        """How many cases there are to be gone through."""
        return self._spool.count()

    def cases(self) -> Iterator[LedgerRow]:
        """The cases that can be taken in, in the order of their ids."""
        for case_id, events in self._spool.cases():
            if not case_id:
                self._refuse_homeless()
                continue
            row = self._too_long(case_id, events) if events > MOST_EVENTS else self._case(case_id)
            if isinstance(row, LedgerRow):
                yield row
            else:
                self._refuse(case_id, row)

    def refuse(self, row: LedgerRow, zh: str, en: str) -> None:
        """A case was refused after all, by a service."""
        self._refuse(f"{row.original_number}", {row.row: Fault("", zh, en)})

    def _case(self, case_id: str) -> LedgerRow | Faults:
        moments = list(self._spool.of(case_id))
        row = case_of(self.file.path.name, self.mapping, self._places, moments)
        if isinstance(row, LedgerRow) and len(row.model_dump_json().encode()) > MOST_BYTES:
            return {row.row: Fault("", "案件内容过长，请缩短说明", "the case is too long: shorten its notes")}
        return row

    def _too_long(self, case_id: str, events: int) -> Faults:
        first = next(self._spool.of(case_id))
        zh, en = (
            f"一个案件有 {events} 条记录，多于 {MOST_EVENTS} 条",
            f"{events} events of one case, more than {MOST_EVENTS}",
        )
        return {
            first.place: Fault(
                self.mapping.columns.case, f"{zh}；请核对案件编号的列", f"{en}: is this the column of the case id?"
            )
        }

    def _refuse(self, case_id: str, faults: Faults) -> None:
        self.errors.tell(self._spool.of(case_id), faults)
        self.tally.refused += 1
        self._show(faults)

    def _refuse_homeless(self) -> None:
        for moment in self._spool.of(""):
            faults = {moment.place: moment.fault} if moment.fault else {}
            self.errors.tell([moment], faults)
            self.tally.refused += 1
            self._show(faults)

    def _show(self, faults: Faults) -> None:
        room = SHOWN - len(self.tally.shown)
        self.tally.shown += sorted(faults.items())[:room]


@contextmanager
def open_log(
    path: Path,
    mapping: LogMapping,
    *,
    regions: Mapping[str, str],
    default_region: str | None,
    today: date,
    progress: Progress = lambda _events: None,
) -> Iterator[EventLog]:
    """Read the log to its end and sort it on disk; afterwards its cases can be asked for.

    `regions` are the node's (code to name); no date may lie after `today` (Asia/Shanghai). What was kept for sorting is
    gone when the block ends, and so is an errors file that was not finished. Raises LedgerUnreadable when the file as a
    whole cannot be read, or has not the columns of the mapping.
    """
    file, places = look_at(path), Places(regions, default_region)
    spool, tally = Spool(), Tally()
    try:
        with readable(path):
            spool.fill(_moments(file, mapping, today, tally, progress))
        log = EventLog(file, mapping, places, spool, tally)
        try:
            yield log
        finally:
            log.errors.drop()
    finally:
        spool.close()


def _moments(file: LogFile, mapping: LogMapping, today: date, tally: Tally, progress: Progress) -> Iterator[Moment]:
    columns, seen = mapping.columns, set[str]()
    read = xes_events if file.kind == "xes" else csv_events
    for event in read(file, columns.all):
        tally.events += 1
        seen |= event.values.keys()
        moment = moment_of(mapping, event, today)
        if moment is None:
            tally.ignored[activity_of(mapping, event)] += 1
        else:
            if moment.unknown and (moment.activity in tally.unknown or len(tally.unknown) < KINDS):
                tally.unknown[moment.activity] += 1
            yield moment
        if tally.events % 1000 == 0:
            progress(tally.events)
    if not tally.events:
        raise LedgerUnreadable(
            f"{file.path.name} 里没有一条记录。请重新导出，或核对是不是这个文件。",
            f"{file.path.name} holds no event: export it again, or check whether it is the right file.",
        )
    if missing := [name for name in (columns.case, columns.activity[0], columns.time) if name not in seen]:
        raise lacking(file.path, missing, "、".join(sorted(seen)) or "—")
