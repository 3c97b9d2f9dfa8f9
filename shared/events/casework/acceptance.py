"""受理与期限: what casework says about taking a case on and about its time limit."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import SuspensionGround


class CaseAccepted(CaseworkFact):
    """受理: the responsible unit took the case on; the 60 days of Art 34 run from here."""

    occurred: ClassVar[str] = "accepted_on"

    unit: str
    accepted_on: date
    note: str = ""


class ExtensionApproved(CaseworkFact):
    """延期: the head of the unit granted up to 30 more days and the person was told why (信访工作条例 Art 34)."""

    occurred: ClassVar[str] = "approved_on"

    days: int
    approved_on: date
    approved_by: Official
    reason: str
    told_on: date | None = None
    assigner: str = ""
    """交办机关: the organ that assigned the case and agreed, where the policy asks for that (山东省信访条例 Art 42)."""


class ClockSuspended(CaseworkFact):
    """期限中止: the time limit stands still from this day on, on a lawful ground (信访工作条例 Art 36 and others' procedures)."""

    occurred: ClassVar[str] = "suspended_on"

    suspended_on: date
    ground: SuspensionGround
    note: str


class ClockResumed(CaseworkFact):
    """期限恢复: the ground is gone; the time limit runs again from this day on."""

    occurred: ClassVar[str] = "resumed_on"

    resumed_on: date
