"""交办转送: a case is handed to a unit. Pure."""

from typing import ClassVar

from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules
from shared.decider import Day, Name, Note, Rejected
from shared.events.intake import (
    CaseDispatched,
    IntakeFact,
)
from shared.terms import DispatchKind, Role


class DispatchCase(CaseCommand):
    """交办/转送: hand the case to a responsible unit, with a date for the result when it is 交办 (Art 22)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    kind: DispatchKind
    unit: Name
    dispatched_on: Day
    letter_number: Name | None = None
    due_on: Day | None = None
    note: Note = ""


def dispatch(desk: Desk, command: DispatchCase) -> list[IntakeFact]:
    """The same dispatch again is already so. 交办 names the date for the result (Art 22)."""
    if command.kind is DispatchKind.ASSIGN and command.due_on is None:
        raise Rejected(
            "assignment-needs-due-date",
            "交办必须写明反馈结果的期限（《信访工作条例》第二十二条）。请填写 due_on。",
            "An assignment (交办) names the date for the result (Art 22). Give due_on.",
        )
    if command.due_on is not None and command.due_on < command.dispatched_on:
        raise Rejected(
            "due-before-dispatch",
            f"期限 {command.due_on} 早于交办日 {command.dispatched_on}。请核对日期。",
            f"The due date {command.due_on} lies before the dispatch, {command.dispatched_on}. Check the dates.",
        )
    if command.dispatched_on < desk.registered.received_on:
        raise Rejected(
            "before-receipt",
            f"交办日 {command.dispatched_on} 早于收到信访事项的 {desk.registered.received_on}。请核对日期。",
            f"The dispatch, {command.dispatched_on}, lies before the petition was received, {desk.registered.received_on}."
            " Check the dates.",
        )
    fact = CaseDispatched(**dict(command))
    return [] if fact in desk.case.moves else [fact]


RULES: Rules = {DispatchCase: dispatch}
