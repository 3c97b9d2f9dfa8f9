"""单位台账: what supervision notes of each unit from every fact, so that signs across cases need no scan of cases. Pure.

An entry follows from one document alone, and is kept by its id: entries are a set, so that neither the order in which facts
come nor how often changes anything (docs/adr/0010). It names no petitioner.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.supervision.noted import written_by
from services.supervision.words import Words
from shared.events import REGISTRY, Fact, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    DocumentFiled,
    DocumentWithdrawn,
    EvaluationReceived,
    LateEntryExplained,
    LeaderAssigned,
    LeaderReplaced,
    OpinionIssued,
    VisitLogged,
)
from shared.events.intake import (
    AcceptanceRefused,
    BacklogExcluded,
    CaseMerged,
    CaseUnmerged,
    RepeatPetitionUnlinked,
    RouteDetermined,
)
from shared.events.supervision import UnitInspected
from shared.terms import DocumentKind, Evaluated, Route, Satisfaction
from shared.workdays import DAY, business_date

BOOKS = "book-"
"""How the id of a unit's book begins: the history of what supervision says of the unit."""
COUNTY = 6
"""Digits of the region that a unit is known by: a town's cases may name its villages."""

Work = (
    CaseworkFact
    | BacklogExcluded
    | CaseMerged
    | CaseUnmerged
    | AcceptanceRefused
    | RepeatPetitionUnlinked
    | RouteDetermined
)
"""A unit's work, and what takes something out of its count: what stands in a book."""
TYPES = tuple(sorted(name for name, kind in REGISTRY.items() if issubclass(kind, Work)))
NAMING = (CaseAccepted, LeaderAssigned, LeaderReplaced)
"""What names the unit itself, whoever writes it."""
STATING = tuple(
    kind.__name__
    for kind in (CaseAccepted, LeaderAssigned, LeaderReplaced, CaseClosed, CaseRelapsed, CaseMerged, CaseUnmerged)
)
"""What says whose a case is, who owns it, and whether it is open, also when others say it."""


def book_id(region: str, unit: str) -> str:
    """The id of the book of a unit in a region, by the county that the region lies in."""
    return BOOKS + hashlib.sha256(f"{region[:COUNTY]}/{unit}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Entry:
    """One line of the book: which fact of which case says what about whose work."""

    id: str
    type: str
    case_id: str
    version: int
    unit: str
    """Whose work it is; empty where only the case tells."""
    by: str
    on: date
    recorded: datetime
    imported: bool
    about: str = ""
    """What sets it apart: a leader's id, a digest, which paper was withdrawn, whether the person was content, whether it left the
    petition procedure.
    """
    text: str = ""
    """Words to compare: of an opinion, and the note of a visit."""
    made: tuple[str, str, str] | None = None
    """Of a visit of which the hour was noted: the official's id, when it began (HH:MM), and the code of the place, if noted."""
    paper: tuple[str, DocumentKind] | None = None
    """Of a paper that was filed: its number in the case, and what it is."""
    explains: LateEntryExplained | None = None
    """Of a reason why entries are late: what it was given for."""
    own: bool = False
    """Whether the unit's own clerk wrote it: then it is the unit that was late."""

    @property
    def place(self) -> tuple[date, int]:
        """Its place in the casework of its case: by day, and in the order in which it was said."""
        return self.on, self.version

    @property
    def lag(self) -> int:
        """Days from when it happened, as claimed, to when it was written down; never below 0."""
        return max(0, (business_date(self.recorded) - self.on).days)


def entry(recorded: Recorded) -> Entry | None:
    """What a document adds to the book; None for facts that are not a unit's work, nor the person's word on it."""
    fact = recorded.fact
    if not isinstance(fact, Work) or (isinstance(fact, EvaluationReceived) and fact.of is Evaluated.PETITION_OFFICE):
        return None
    hand = written_by(recorded)
    unit, about, text, made, paper, explains = unit_of(fact, hand), "", "", None, None, None
    match fact:
        case LeaderAssigned() | LeaderReplaced():
            about = fact.leader.id
        case DocumentFiled():
            about, paper = fact.sha256, (fact.document_id, fact.kind)
        case DocumentWithdrawn():
            about = fact.document_id
        case EvaluationReceived():
            about = "" if fact.satisfaction is Satisfaction.DISSATISFIED else "content"
        case RouteDetermined():
            about = "" if fact.demands or fact.route is Route.PETITION else "another road"
        case VisitLogged(note=text):
            made = (fact.official.id, fact.begun, fact.where or "") if fact.begun else None
        case LateEntryExplained():
            explains = fact
        case OpinionIssued():
            text = "".join((fact.facts, *(answer.reasons for answer in fact.answers)))
        case _:
            pass
    return Entry(
        recorded.id,
        recorded.type,
        recorded.case_id,
        recorded.version,
        unit,
        recorded.actor,
        recorded.occurred_on,
        recorded.time,
        recorded.imported_from is not None,
        about,
        text,
        made,
        paper,
        explains,
        own=unit != "" and unit == hand,
    )


def unit_of(fact: Fact, hand: str) -> str:
    """Whose work a fact is: of the unit that it names, else of the one whose clerk wrote it; empty where only the case tells."""
    return fact.unit if isinstance(fact, NAMING) else hand


@dataclass(frozen=True)
class UnitBook:
    """单位台账: the entries of a unit, or of the whole node, as far as they had been recorded by a day."""

    unit: str
    """Whose book it is, as its entries name it: a unit that is known by its id, so that it is one under all its names."""
    entries: tuple[Entry, ...]
    """In the order of their days, then of their ids: the order in which they came is forgotten."""
    beside: tuple[Entry, ...] = ()
    """What others say of whose its cases are, who owns them, and whether they are open."""
    region: str = ""
    called: str = ""
    """How people call it on the day; empty where that is how its entries name it."""
    goes_on_in: str = ""
    """The book in which all that is written under this name stands, when that is another one."""
    written: date | None = None
    """The last day on which something was written under one of its names."""
    inspections: tuple[tuple[str, UnitInspected], ...] = ()
    """The groups that went there, each by the id of the fact, in the order of their days."""

    @property
    def name(self) -> str:
        """How people call the unit."""
        return self.called or self.unit

    @staticmethod
    def of(unit: str, entries: Iterable[Entry], region: str = "") -> "UnitBook":
        """The book of a unit, by all entries of its cases; of the node, when the unit is empty.

        An entry that names no unit belongs to the one that had last taken the case on by its day.
        """
        kept = sorted({one.id: one for one in entries}.values(), key=lambda one: (one.on, one.id))
        taken: dict[str, list[Entry]] = defaultdict(list)
        for one in sorted(kept, key=lambda one: one.place):
            if one.type == CaseAccepted.__name__:
                taken[one.case_id].append(one)
        placed = [one if one.unit else replace(one, unit=_holder(taken[one.case_id], one.on)) for one in kept]
        its = tuple(one for one in placed if unit in ("", one.unit))
        cases = {one.case_id for one in its}
        others = (one for one in placed if one.unit != unit and one.case_id in cases and one.type in STATING)
        return UnitBook(unit, its, tuple(others) if unit else (), region)

    def all(self, *types: type[Fact]) -> Iterator[Entry]:
        """The entries of these types."""
        names = {kind.__name__ for kind in types}
        return (one for one in self.entries if one.type in names)

    def during(self, year: int) -> "UnitBook":
        """What happened in a year: assessments are yearly (Art 39)."""
        return replace(self, entries=tuple(one for one in self.entries if one.on.year == year))

    def written_in(self, year: int) -> "UnitBook":
        """What was written down in a year: what was done at the end of one and entered in the next, is looked at in the next."""
        return replace(self, entries=tuple(one for one in self.entries if business_date(one.recorded).year == year))

    def known(self, today: date) -> "UnitBook":
        """What had happened, and had been written down, by the end of a day."""

        def there(entries: Iterable[Entry]) -> tuple[Entry, ...]:
            return tuple(one for one in entries if one.on <= today and business_date(one.recorded) <= today)

        held = tuple((its, fact) for its, fact in self.inspections if fact.held_on <= today)
        return replace(self, entries=there(self.entries), beside=there(self.beside), inspections=held)

    def inspected(self, words: Words) -> "UnitBook":
        """With the inspections of the unit of which supervision has said something."""
        held = sorted(words.all(UnitInspected), key=lambda fact: (fact.held_on, fact.inspection_id))
        return replace(self, inspections=tuple((words.id_of(fact), fact) for fact in held)) if held else self

    def owners(self) -> dict[str, Entry]:
        """Which leader of the unit owns each case that is open, by case. What was merged goes on elsewhere."""
        owners: dict[str, Entry] = {}
        closed: dict[str, bool] = {}
        merged: set[str] = set()
        for one in sorted((*self.entries, *self.beside), key=lambda one: one.place):
            if one.type in (LeaderAssigned.__name__, LeaderReplaced.__name__):
                owners[one.case_id] = one
            elif one.type in (CaseClosed.__name__, CaseRelapsed.__name__):
                closed[one.case_id] = one.type == CaseClosed.__name__
            elif one.type == CaseMerged.__name__:
                merged.add(one.case_id)
            elif one.type == CaseUnmerged.__name__:
                merged.discard(one.case_id)
        still = {case: one for case, one in owners.items() if case not in merged and not closed.get(case, False)}
        return {case: one for case, one in still.items() if self.unit in ("", one.unit)}

    def taken_over(self) -> list[Entry]:
        """The entries by which another unit took on what this one had taken on, and so had on its books until then."""
        mine = self.cases(CaseAccepted)
        others = (one for one in self.beside if one.type == CaseAccepted.__name__ and one.case_id in mine)
        return [one for one in others if mine[one.case_id].place < one.place]

    def on_the_books(self, year: int) -> set[str]:
        """在册: the cases that the unit had to settle in a year: taken on by then, and not settled before it began, or back in it.
        What has been pending for years is among them: to count only what was taken on this year would leave the backlog out. What
        goes on under another number, or with another unit, is not its to settle, unless it had.
        """
        settled: dict[str, bool] = {}
        gone: set[str] = set()
        done: set[str] = set()
        for one in sorted((*self.entries, *self.beside), key=lambda one: one.place):
            if one.on.year > year:
                break
            if one.type == CaseAccepted.__name__ and one.unit != self.unit and self.unit:
                gone.add(one.case_id)
            elif one.type == CaseAccepted.__name__:
                gone.discard(one.case_id)
            elif one.type == CaseClosed.__name__ and one.on.year == year:
                done.add(one.case_id)
            elif one.type in (CaseClosed.__name__, CaseRelapsed.__name__):
                settled[one.case_id] = one.type == CaseClosed.__name__
            elif one.type == CaseMerged.__name__:
                gone.add(one.case_id)
            elif one.type == CaseUnmerged.__name__:
                gone.discard(one.case_id)
        had = {case for case, taken in self.cases(CaseAccepted).items() if taken.on.year <= year}
        return {case for case in had if not settled.get(case, False) and case not in gone - done}

    def cases(self, *types: type[Fact]) -> dict[str, Entry]:
        """The first entry of these types in each case."""
        found: dict[str, Entry] = {}
        for one in self.all(*types):
            found.setdefault(one.case_id, one)
        return found


def _holder(taken: list[Entry], day: date) -> str:
    """The unit that had last taken a case on by a day; empty when none had."""
    return next((one.unit for one in reversed(taken) if one.on <= day), "")


Library = Callable[[str, date], UnitBook | None]
"""The book of this id as far as it matters on a day; None for one in which nothing stands."""


def empty(_name: str, _today: date) -> UnitBook | None:
    """A library without books."""
    return None


def matters_since(today: date) -> date:
    """What was closed before, and not written of since, no rule looks at on a day: they look at the year, and at what is open. The
    year is looked at until January is over: what was done at its end is entered by then, and found on a day after it.
    """
    return (today.replace(day=1) - DAY).replace(month=1, day=1)


def turns(year: int) -> date:
    """The day from which a year is looked at no more."""
    return date(year + 1, 2, 1)


def book_of(unit: str, region: str, facts: Iterable[Recorded]) -> UnitBook:
    """The book that these facts of a unit's cases make."""
    return UnitBook.of(unit, filter(None, map(entry, facts)), region)
