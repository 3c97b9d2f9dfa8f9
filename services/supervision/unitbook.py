"""单位台账: what supervision notes of each unit from every fact, so that signs across cases need no scan of cases. Pure.

An entry follows from one document alone, and is kept by its id: entries are a set, so that neither the order in which facts
come nor how often changes anything (docs/adr/0010). It names no petitioner, and of a text only where it is filed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.supervision.likeness import bands
from shared.events import Fact, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    DocumentFiled,
    EvaluationReceived,
    LeaderAssigned,
    LeaderReplaced,
    OpinionIssued,
)
from shared.events.intake import AcceptanceRefused, BacklogExcluded, CaseMerged, RouteDetermined
from shared.terms import Route, Satisfaction
from shared.workdays import business_date


@dataclass(frozen=True)
class Entry:
    """One line of the book: which fact of which case says what about whose work."""

    id: str
    type: str
    case_id: str
    unit: str
    by: str
    on: date
    recorded: datetime
    imported: bool
    about: str = ""
    """What sets it apart: a leader's id, a digest, whether the person was content, whether it left the petition procedure."""
    text: str = ""
    """Words to compare; of an opinion only."""

    @property
    def lag(self) -> int:
        """Days from when it happened, as claimed, to when it was written down; never below 0."""
        return max(0, (business_date(self.recorded) - self.on).days)

    @property
    def filed_under(self) -> tuple[str, ...]:
        """Where texts that are nearly alike meet."""
        return bands(self.text)


def entry(recorded: Recorded) -> Entry | None:
    """What a document adds to the book; None for facts that are not a unit's work."""
    fact = recorded.fact
    if not isinstance(fact, CaseworkFact | BacklogExcluded | CaseMerged | AcceptanceRefused | RouteDetermined):
        return None
    unit, about, text = recorded.unit or "", "", ""
    match fact:
        case CaseAccepted():
            unit = fact.unit
        case LeaderAssigned() | LeaderReplaced():
            unit, about = fact.unit, fact.leader.id
        case DocumentFiled():
            about = fact.sha256
        case EvaluationReceived():
            about = "" if fact.satisfaction is Satisfaction.DISSATISFIED else "content"
        case RouteDetermined():
            about = "" if fact.route is Route.PETITION else "another road"
        case OpinionIssued():
            text = "".join((fact.facts, *(answer.reasons for answer in fact.answers)))
        case _:
            pass
    return Entry(
        recorded.id,
        recorded.type,
        recorded.case_id,
        unit,
        recorded.actor,
        recorded.occurred_on,
        recorded.time,
        recorded.imported_from is not None,
        about,
        text,
    )


@dataclass(frozen=True)
class UnitBook:
    """单位台账: the entries of a unit, or of the whole node, as far as they had been recorded by a day."""

    unit: str
    entries: tuple[Entry, ...]
    """In the order of their days, then of their ids: the order in which they came is forgotten."""

    @staticmethod
    def of(unit: str, entries: Iterable[Entry]) -> "UnitBook":
        """The book of a unit; of the node, when the unit is empty."""
        kept = {one.id: one for one in entries if unit in ("", one.unit)}
        return UnitBook(unit, tuple(sorted(kept.values(), key=lambda one: (one.on, one.id))))

    def all(self, *types: type[Fact]) -> Iterator[Entry]:
        """The entries of these types."""
        names = {kind.__name__ for kind in types}
        return (one for one in self.entries if one.type in names)

    def during(self, year: int) -> "UnitBook":
        """What happened in a year: assessments are yearly (Art 39)."""
        return UnitBook(self.unit, tuple(one for one in self.entries if one.on.year == year))

    def known(self, today: date) -> "UnitBook":
        """What had happened, and had been written down, by the end of a day."""
        there = (one for one in self.entries if one.on <= today and business_date(one.recorded) <= today)
        return UnitBook(self.unit, tuple(there))

    def owners(self) -> dict[str, Entry]:
        """Who owns each case that is open, by case."""
        owners: dict[str, Entry] = {}
        closed: dict[str, bool] = {}
        for one in sorted(self.entries, key=lambda one: (one.on, one.recorded, one.id)):
            if one.type in (LeaderAssigned.__name__, LeaderReplaced.__name__):
                owners[one.case_id] = one
            elif one.type in (CaseClosed.__name__, CaseRelapsed.__name__):
                closed[one.case_id] = one.type == CaseClosed.__name__
        return {case: one for case, one in owners.items() if not closed.get(case, False)}

    def cases(self, *types: type[Fact]) -> dict[str, Entry]:
        """The first entry of these types in each case."""
        found: dict[str, Entry] = {}
        for one in self.all(*types):
            found.setdefault(one.case_id, one)
        return found
