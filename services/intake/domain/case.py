"""案卷: what intake remembers of a case. Pure."""

from dataclasses import dataclass, replace
from typing import TypeVar

from shared.decider import Scope
from shared.events import Recorded
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    IntakeFact,
    JurisdictionRuled,
    RepeatPetitionLinked,
)
from shared.terms import BacklogCriterion

F = TypeVar("F", bound=IntakeFact)


@dataclass(frozen=True)
class Case:
    """What intake needs to remember of a case."""

    case_id: str = ""
    registered: CaseRegistered | None = None
    units: frozenset[str] = frozenset()
    moves: frozenset[CaseDispatched | DispatchObjected] = frozenset()
    """How the case was handed around."""
    petitions: frozenset[str] = frozenset()
    criteria: frozenset[BacklogCriterion] = frozenset()
    facts: tuple[IntakeFact, ...] = ()
    """All that was said here beside that, in the order in which it was said."""

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a type."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of a type."""
        return next((fact for fact in reversed(self.facts) if isinstance(fact, kind)), None)

    @property
    def holder(self) -> CaseDispatched | None:
        """The newest dispatch that was not sent back."""
        sent = sorted((m for m in self.moves if isinstance(m, CaseDispatched)), key=lambda m: m.dispatched_on)
        back = {m.unit: m.objected_on for m in self.moves if isinstance(m, DispatchObjected)}
        held = [m for m in sent if m.unit not in back or back[m.unit] < m.dispatched_on]
        return held[-1] if held else None


def evolve(case: Case, recorded: Recorded) -> Case:
    """What a fact means for what intake remembers. Facts it does not know change nothing."""
    match recorded.fact:
        case CaseRegistered() as fact:
            return replace(case, case_id=recorded.case_id, registered=fact, units=case.units | {fact.unit})
        case RepeatPetitionLinked() as fact:
            return replace(case, petitions=case.petitions | {fact.petition_id})
        case BacklogIdentified() as fact:
            return replace(case, criteria=case.criteria | {fact.criterion})
        case CaseDispatched() as fact:
            return replace(case, moves=case.moves | {fact}, units=case.units | {fact.unit})
        case DispatchObjected() as fact:
            return replace(case, moves=case.moves | {fact})
        case JurisdictionRuled() as fact:
            return replace(case, facts=(*case.facts, fact), units=case.units | {fact.unit})
        case IntakeFact() as fact:
            return replace(case, facts=(*case.facts, fact))
        case _:
            return case


def scope(case: Case) -> Scope | None:
    """Where the case belongs; None while it is not registered."""
    return Scope(case.registered.region, case.units) if case.registered else None
