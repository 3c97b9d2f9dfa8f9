"""登记: what intake says about petitions that came in."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from shared.events.intake.spoken import IntakeFact
from shared.terms import Category, Channel, Purpose, Span


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
    purpose: Purpose | None = None
    representatives: int = 0
    """集体访: how many came to speak for all (Art 20: at most five)."""
    urgent: bool = False


class RepeatPetitionLinked(IntakeFact):
    """重复信访: the same person came again in the same matter; it joins the case instead of opening a second one."""

    occurred: ClassVar[str] = "received_on"

    petition_id: str
    channel: Channel
    received_on: date
    original_number: str | None = None
    note: str = ""
