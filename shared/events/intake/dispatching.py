"""交办转送: what intake says about handing a case to a unit."""

from datetime import date
from typing import ClassVar

from shared.events.intake.spoken import IntakeFact
from shared.terms import DispatchKind


class CaseDispatched(IntakeFact):
    """交办/转送: the case was handed to a responsible unit (信访工作条例 Art 22)."""

    occurred: ClassVar[str] = "dispatched_on"

    kind: DispatchKind
    unit: str
    dispatched_on: date
    letter_number: str | None = None
    due_on: date | None = None
    note: str = ""


class DispatchObjected(IntakeFact):
    """异议: the unit sent the case back as not its own (信访工作条例 Art 23)."""

    occurred: ClassVar[str] = "objected_on"

    unit: str
    objected_on: date
    reason: str
