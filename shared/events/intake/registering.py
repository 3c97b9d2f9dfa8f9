"""登记: what intake says about petitions that came in."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from shared.events.fact import Official
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
    content_codes: tuple[str, ...] = ()
    """内容分类: codes of the list that the node was given."""
    cause: str = ""
    """诱因: what gave rise to the matter (seed plan D9)."""
    happened_on: date | None = None
    place: str = ""
    """地点: where the matter happened; nothing of where the person is."""
    screened: bool = False
    """自排: found by the unit itself, not brought by anybody (seed plan D11)."""
    first_on: date | None = None
    """首次信访日期: when the matter was first brought, to whatever office, before it came here."""


class RepeatPetitionLinked(IntakeFact):
    """重复信访: the same person came again in the same matter; it joins the case instead of opening a second one."""

    occurred: ClassVar[str] = "received_on"

    petition_id: str
    channel: Channel
    received_on: date
    original_number: str | None = None
    note: str = ""
    same_matter: str = ""
    """同一事实和理由: why it is the same matter, not only the same person (信访工作条例 Arts 19, 36)."""


class RepeatPetitionUnlinked(IntakeFact):
    """撤销关联: a repeat petition had been linked to this case by mistake; it counts no more here, but where it is on the books
    now: every petition is registered (Art 21).
    """

    occurred: ClassVar[str] = "unlinked_on"

    petition_id: str
    received_on: date
    """收到日期: when the petition came, as it was linked."""
    unlinked_on: date
    belongs_to: str
    """The case in which it is on the books: another one; or this one, where one petition was entered twice."""
    approved_by: Official
    reason: str
    same_matter: str = ""
    """同一事实和理由: why it is the same matter as that case, and is linked there; empty where it was entered there before."""


class PetitionTakenOver(IntakeFact):
    """转来: a petition of this case had been entered in another one first, by mistake: on which day it came into the books."""

    occurred: ClassVar[str] = "taken_over_on"

    other: str
    petition_id: str
    """Under which number it had been linked there."""
    received_on: date
    entered_on: date | None
    """登记日期: when it was entered there; None for what a ledger claims."""
    taken_over_on: date


class RepeatDeclined(IntakeFact):
    """非重复信访: a human looked at a likely repeat and found that it is another matter."""

    occurred: ClassVar[str] = "declined_on"

    declined_on: date
    other: str
    """The case that it was compared with."""
    reason: str
