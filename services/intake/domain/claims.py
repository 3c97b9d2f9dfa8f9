"""补录: what a ledger claims of how a case was handed around before this system. Pure."""

from typing import ClassVar

from services.intake.domain.case import Case
from services.intake.domain.desk import REGISTERING
from shared.decider import Day, ImportedCommand, Name, Note
from shared.events import Value
from shared.events.intake import CaseDispatched, DispatchObjected, IntakeFact
from shared.terms import DispatchKind, Role


class IntakeStep(Value):
    """One step of a case's earlier history that belongs to intake: 交办, 转送 or, without a kind, 退回."""

    kind: DispatchKind | None
    unit: Name
    on: Day
    note: Note = ""


class ImportDispatches(ImportedCommand):
    """补录: lay down, as claimed by a ledger, how the case was handed around before it came into this system."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    steps: tuple[IntakeStep, ...]


def import_dispatches(case: Case, command: ImportDispatches) -> list[IntakeFact]:
    """What a ledger claims is laid down as it is: the past is not refused, it is marked as imported."""
    return [fact for fact in dict.fromkeys(map(claimed, command.steps)) if fact not in case.moves]


def claimed(step: IntakeStep) -> CaseDispatched | DispatchObjected:
    """The fact that a step claims."""
    if step.kind is None:
        return DispatchObjected(unit=step.unit, objected_on=step.on, reason=step.note or "退回")
    return CaseDispatched(kind=step.kind, unit=step.unit, dispatched_on=step.on, note=step.note)
