"""情境: what surrounds a case in supervision's log: what verdicts went by, which units were known, when the watch passed. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from services.supervision.domain.judging import CLOCK
from services.supervision.former_names import names_anew
from services.supervision.unitbook import Entry
from shared.directory import Directory
from shared.events import Recorded
from shared.events.supervision import (
    CaseStalled,
    FindingRaised,
    FindingResolved,
    LimitApproached,
    NoticeClosed,
    NoticeEscalated,
    NoticeIssued,
    NoticeSupplemented,
    PhaseStarted,
    PolicyPublished,
    ReportMissed,
    ReverseInquiryOpened,
    StallCleared,
    StandardAdopted,
    SweepCompleted,
)
from shared.standard import HOLIDAYS, Standard
from shared.workdays import business_date

OF_THE_CLOCK = (
    FindingRaised,
    FindingResolved,
    CaseStalled,
    StallCleared,
    NoticeIssued,
    NoticeClosed,
    NoticeEscalated,
    NoticeSupplemented,
    LimitApproached,
    ReverseInquiryOpened,
    PhaseStarted,
    ReportMissed,
)
"""What nobody says but the clock when it asks; everything else is given: heard from others, or said by people."""
DIRECTORIES = 16
"""How many states of the directory are kept folded."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with its place in supervision's log: the order of the places is the order in which it became known."""

    position: int
    recorded: Recorded

    @property
    def of_the_clock(self) -> bool:
        """Whether it follows from a verdict."""
        return isinstance(self.recorded.fact, OF_THE_CLOCK)

    @property
    def own(self) -> bool:
        """Whether supervision said it: then its time is that of its place."""
        return self.recorded.service == "supervision"

    @property
    def as_of(self) -> datetime:
        """As of which moment the clock asked. Where the document does not name its cause: what the fact says, else its time."""
        cause = self.recorded.cause or ""
        if cause.startswith(CLOCK):
            return datetime.fromisoformat(cause.removeprefix(CLOCK))
        said: datetime = getattr(self.recorded.fact, "as_of", self.recorded.time)
        return said


class Written(NamedTuple):
    """A line in a unit's book, with its place in supervision's log, and the moment since when it can have been known."""

    position: int
    known: datetime
    entry: Entry


@dataclass(frozen=True)
class Window:
    """From one moment, included, to another, not included."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class Sweep:
    """A pass of the watch that is on record: all that was due as of it was asked, but what it skipped."""

    position: int
    as_of: datetime
    skipped: frozenset[str] = frozenset()


@dataclass
class Scene:
    """What surrounds every case. Positions are those of supervision's log."""

    standards: Sequence[tuple[int, Standard]]
    """What verdicts went by, each from a position on; the first also before."""
    sweeps: Sequence[Sweep] = ()
    units: Sequence[Placed] = ()
    """The facts of all units, in the order in which they were heard."""
    _directories: dict[int, Directory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._from = [position for position, _ in self.standards]
        self._heard = [placed.position for placed in self.units]
        self._swept = [sweep.as_of for sweep in self.sweeps]
        self._recorded = [sweep.position for sweep in self.sweeps]

    def standard_at(self, position: int) -> Standard:
        """What a verdict at this position went by."""
        return self.standards[max(0, bisect_right(self._from, position) - 1)][1]

    def directory_at(self, position: int | None) -> Directory:
        """The units as they had been heard of before a position; None for all."""
        heard = len(self.units) if position is None else self.heard_of_units(position)
        if heard not in self._directories:
            if len(self._directories) == DIRECTORIES:
                self._directories.clear()
            self._directories[heard] = Directory().plus(placed.recorded for placed in self.units[:heard])
        return self._directories[heard]

    def all_units(self) -> Directory:
        """The units as they have been heard of to this day."""
        return self.directory_at(None)

    @cached_property
    def named_anew(self) -> Sequence[datetime]:
        """When a name of a unit may have come to mean another, as far as is on record: then every case was asked again."""
        heard = accumulate((placed.recorded.time for placed in self.units), max)
        pairs = zip(self.units, heard, strict=True)
        asked = {self.asked_by(at) for placed, at in pairs if names_anew(placed.recorded.raw, self.all_units)}
        return sorted(moment for moment in asked if moment is not None)

    def asked_by(self, moment: datetime) -> datetime | None:
        """When what is due at a moment was asked: then, if the watch had passed on that day before; else at the next pass on
        record. None when the watch never came again.
        """
        if not self.sweeps:
            return moment
        at = bisect_left(self._swept, moment)
        if at and business_date(self._swept[at - 1]) == business_date(moment):
            return moment
        return self._swept[at] if at < len(self._swept) else None

    def heard_of_units(self, position: int) -> int:
        """How many facts of units had been heard before a position."""
        return bisect_left(self._heard, position)

    def pass_before(self, sweep: Sweep) -> Sweep | None:
        """The pass on record before this one."""
        at = bisect_left(self._recorded, sweep.position)
        return self.sweeps[at - 1] if at else None

    def passes(self, before: Placed, after: Placed | None) -> Sequence[Sweep]:
        """The passes that certainly saw a history as it stood between two neighbours of its facts.

        What was heard during a pass may have been seen by it or not: then only the next one proves something.
        """
        first = bisect_right(self._recorded, before.position) + (not before.own)
        if after is None:
            return self.sweeps[first:]
        last = bisect_left(self._recorded, after.position) - (not after.of_the_clock)
        return self.sweeps[first : max(first, last)]


def adopted(shelf: Iterable[Placed]) -> Iterable[tuple[int, dict[str, str]]]:
    """What verdicts went by, as the files of a policy folder, each since a position, by the history of the policies."""
    texts: dict[str, str] = {}
    for placed in shelf:
        match placed.recorded.fact:
            case PolicyPublished() as fact:
                texts[fact.version] = fact.text
            case StandardAdopted() as fact:
                files = {f"{version}.toml": texts[version] for version in fact.versions}
                yield placed.position, files | ({HOLIDAYS: fact.holidays} if fact.holidays else {})
            case _:
                pass


def editions(shelf: Iterable[Placed]) -> list[str]:
    """The editions of huajie that judged, in their order; empty stands for those from before they were on record."""
    facts = (placed.recorded.fact for placed in shelf)
    return list(dict.fromkeys(fact.edition for fact in facts if isinstance(fact, StandardAdopted)))


def sweeps(history: Iterable[Placed]) -> list[Sweep]:
    """The passes on record."""
    return [
        Sweep(placed.position, fact.as_of, frozenset(skip.case_id for skip in fact.skipped))
        for placed in history
        if isinstance(fact := placed.recorded.fact, SweepCompleted)
    ]
