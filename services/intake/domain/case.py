"""案卷: what intake remembers of a case. Pure."""

from dataclasses import dataclass, replace

from shared.decider import Scope
from shared.events import Recorded
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    RepeatPetitionLinked,
)
from shared.terms import BacklogCriterion


@dataclass(frozen=True)
class Case:
    """What intake needs to remember of a case."""

    registered: CaseRegistered | None = None
    units: frozenset[str] = frozenset()
    moves: frozenset[CaseDispatched | DispatchObjected] = frozenset()
    """How the case was handed around."""
    petitions: frozenset[str] = frozenset()
    criteria: frozenset[BacklogCriterion] = frozenset()


def evolve(case: Case, recorded: Recorded) -> Case:
    """What a fact means for what intake remembers. Facts it does not know change nothing."""
    match recorded.fact:
        case CaseRegistered() as fact:
            return replace(case, registered=fact, units=case.units | {fact.unit})
        case RepeatPetitionLinked() as fact:
            return replace(case, petitions=case.petitions | {fact.petition_id})
        case BacklogIdentified() as fact:
            return replace(case, criteria=case.criteria | {fact.criterion})
        case CaseDispatched() as fact:
            return replace(case, moves=case.moves | {fact}, units=case.units | {fact.unit})
        case DispatchObjected() as fact:
            return replace(case, moves=case.moves | {fact})
        case _:
            return case


def scope(case: Case) -> Scope | None:
    """Where the case belongs; None while it is not registered."""
    return Scope(case.registered.region, case.units) if case.registered else None
