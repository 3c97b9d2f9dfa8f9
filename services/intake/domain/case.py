"""案卷: what intake remembers of a case. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from shared.decider import Scope
from shared.events import Named, Recorded
from shared.events.casework import CaseClosed, CaseRelapsed, CaseworkFact
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseMerged,
    CaseRegistered,
    CaseTakenIn,
    CaseTakenOut,
    CaseUnmerged,
    DispatchObjected,
    IntakeFact,
    JurisdictionRuled,
    PlanBacklogIdentified,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
)
from shared.terms import BacklogCriterion, Channel
from shared.workdays import business_date

F = TypeVar("F", bound=IntakeFact)


@dataclass(frozen=True)
class Linked:
    """重复信访: a repeat petition that was linked, the office that entered it, and when; `imported` where a ledger claims it."""

    fact: RepeatPetitionLinked
    by: frozenset[Named]
    entered_on: date
    imported: bool


@dataclass(frozen=True)
class Case:
    """What intake needs to remember of a case."""

    case_id: str = ""
    registered: CaseRegistered | None = None
    units: frozenset[Named] = frozenset()
    moves: tuple[CaseDispatched | DispatchObjected, ...] = ()
    """How the case was handed around, in the order in which it was said."""
    senders: tuple[tuple[CaseDispatched, Named], ...] = ()
    """Which unit handed it down, as far as its documents say: the unit of whoever did, as it was named then."""
    registered_by: frozenset[Named] = frozenset()
    """The office that entered it, as it was named then; none where that is not known."""
    linked: tuple[Linked, ...] = ()
    """Every repeat petition that was ever linked to it, in the order in which that was said."""
    criteria: frozenset[BacklogCriterion] = frozenset()
    received: tuple[date, ...] = ()
    """On which days the matter was brought: the first time, each repeat, and what was taken in with another case."""
    heard: tuple[tuple[CaseworkFact, date], ...] = ()
    """What casework said, and its day as claimed; in the order in which it was heard."""
    facts: tuple[IntakeFact, ...] = ()
    """All that was said here beside that, in the order in which it was said."""

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a type."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of a type."""
        return next((fact for fact in reversed(self.facts) if isinstance(fact, kind)), None)

    @property
    def repeats(self) -> list[Linked]:
        """重复信访: the repeat petitions that were linked and not unlinked since."""
        gone = {fact.petition_id for fact in self.all(RepeatPetitionUnlinked)}
        return [linked for linked in self.linked if linked.fact.petition_id not in gone]

    @property
    def registrars(self) -> frozenset[Named]:
        """谁登记: the offices that entered it, or brought it in again, as they were named then; none where the first is unknown."""
        return self.registered_by and self.registered_by.union(*(linked.by for linked in self.repeats))

    @property
    def merged(self) -> CaseMerged | None:
        """The merge that stands: under which number the case goes on."""
        said = next((fact for fact in reversed(self.facts) if isinstance(fact, CaseMerged | CaseUnmerged)), None)
        return said if isinstance(said, CaseMerged) else None

    def holds(self, other: str) -> bool:
        """Whether another case was merged into this one, and has not been taken out since."""
        said = [f for f in self.facts if isinstance(f, CaseTakenIn | CaseTakenOut) and f.other == other]
        return bool(said) and isinstance(said[-1], CaseTakenIn)

    @property
    def from_above(self) -> bool:
        """上级交办: whether a higher level assigned it, or what was merged into it."""
        channels = {self.registered.channel} if self.registered else set()
        channels |= {linked.fact.channel for linked in self.repeats}
        taken_in = (taken.from_above for taken in self.all(CaseTakenIn) if self.holds(taken.other))
        return Channel.ASSIGNED in channels or any(taken_in)

    @property
    def backlog(self) -> bool:
        """Whether it was found to be backlog, by one of the three criteria or by a plan's own."""
        return bool(self.criteria) or self.last(PlanBacklogIdentified) is not None

    @property
    def closed(self) -> bool:
        """Whether casework has closed it, as far as that has been heard: by the newest closing or relapse."""
        turns = [fact for fact, _ in self.heard_by(date.max) if isinstance(fact, CaseClosed | CaseRelapsed)]
        return bool(turns) and isinstance(turns[-1], CaseClosed)

    def heard_by(self, day: date) -> list[tuple[CaseworkFact, date]]:
        """What casework said of the time up to a day, by claimed day."""
        return sorted((said for said in self.heard if said[1] <= day), key=lambda said: said[1])

    @property
    def holder(self) -> CaseDispatched | None:
        """The newest dispatch that was not sent back; of one day, the one that was said last."""
        return next(reversed(self.dispatches), None)

    @property
    def dispatches(self) -> list[CaseDispatched]:
        """Those that were not sent back, by day."""
        back = [move for move in self.moves if isinstance(move, DispatchObjected)]
        sent = [move for move in self.moves if isinstance(move, CaseDispatched)]
        held = (m for m in sent if not any(b.unit == m.unit and b.objected_on >= m.dispatched_on for b in back))
        return sorted(held, key=lambda move: move.dispatched_on)


def evolve(case: Case, recorded: Recorded) -> Case:
    """What a fact means for what intake remembers. Facts it does not know change nothing."""
    match recorded.fact:
        case CaseRegistered() as fact:
            opened = replace(
                case, case_id=recorded.case_id, registered=fact, units=case.units | {(fact.unit, recorded.occurred_on)}
            )
            return replace(opened, received=(*case.received, fact.received_on), registered_by=_by(recorded))
        case RepeatPetitionLinked() as fact:
            imported = recorded.imported_from is not None
            linked = Linked(fact, _by(recorded), business_date(recorded.time), imported)
            return replace(case, linked=(*case.linked, linked), received=(*case.received, fact.received_on))
        case RepeatPetitionUnlinked() as fact:
            return replace(case, facts=(*case.facts, fact), received=_without(case.received, fact.received_on))
        case CaseworkFact() as fact:
            return replace(case, heard=(*case.heard, (fact, recorded.occurred_on)))
        case BacklogIdentified() as fact:
            return replace(case, criteria=case.criteria | {fact.criterion})
        case CaseDispatched() as fact:
            sent = replace(case, moves=(*case.moves, fact), units=case.units | {(fact.unit, recorded.occurred_on)})
            if recorded.unit is None or recorded.imported_from is not None:
                return sent
            return replace(sent, senders=(*case.senders, (fact, (recorded.unit, recorded.occurred_on))))
        case DispatchObjected() as fact:
            return replace(case, moves=(*case.moves, fact))
        case CaseTakenIn() as fact:
            return replace(case, facts=(*case.facts, fact), received=(*case.received, *fact.brought))
        case CaseTakenOut() as fact:
            taken = next((its for its in reversed(case.all(CaseTakenIn)) if its.other == fact.other), None)
            own = _without(case.received, *(taken.brought if taken else ()))
            return replace(case, facts=(*case.facts, fact), received=own)
        case JurisdictionRuled() as fact:
            return replace(case, facts=(*case.facts, fact), units=case.units | {(fact.unit, recorded.occurred_on)})
        case IntakeFact() as fact:
            return replace(case, facts=(*case.facts, fact))
        case _:
            return case


def _without(received: tuple[date, ...], *days: date) -> tuple[date, ...]:
    """The days but for these: each takes one of its kind."""
    own = list(received)
    for day in days:
        own.remove(day)
    return tuple(own)


def _by(recorded: Recorded) -> frozenset[Named]:
    """The unit of whoever entered it, as it was named on that day; none of what a ledger claims."""
    if recorded.unit is None or recorded.imported_from is not None:
        return frozenset()
    return frozenset({(recorded.unit, business_date(recorded.time))})


def scope(case: Case) -> Scope | None:
    """Where the case belongs; None while it is not registered."""
    return Scope(case.registered.region, case.units) if case.registered else None
