"""What intake 登记认定交办 says."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from shared.events.fact import Fact
from shared.terms import BacklogCriterion, Category, Channel, DispatchKind, Span


class IntakeFact(Fact, speaker="intake"):
    """A fact spoken by intake."""


class CaseRegistered(IntakeFact):
    """登记: a petition has been entered in the books (信访工作条例 Arts 21-23)."""

    occurred: ClassVar[str] = "received_on"

    petitioner_id: str
    channel: Channel
    received_on: date
    region: str
    unit: str
    demands: tuple[str, ...]
    headcount: int = 1
    categories: tuple[Category, ...] = ()
    spans: tuple[Span, ...] = ()
    original_number: str | None = None
    extras: dict[str, str] = Field(default_factory=dict)
    """Columns of the ledger that this system has no word for."""
    history_follows: bool = False
    """Whether casework will lay down earlier history, before which no verdict on the case is fair."""


class RepeatPetitionLinked(IntakeFact):
    """重复信访: the same person came again in the same matter; it joins the case instead of opening a second one."""

    occurred: ClassVar[str] = "received_on"

    petition_id: str
    channel: Channel
    received_on: date
    original_number: str | None = None
    note: str = ""


class BacklogIdentified(IntakeFact):
    """积案认定: the case meets one of the three criteria (seed plan D4)."""

    occurred: ClassVar[str] = "identified_on"

    criterion: BacklogCriterion
    identified_on: date
    note: str = ""


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
