"""受理与期限: what casework says about taking a case on and about its time limit."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official


class CaseAccepted(CaseworkFact):
    """受理: the responsible unit took the case on; the 60 days of Art 34 run from here."""

    occurred: ClassVar[str] = "accepted_on"

    unit: str
    accepted_on: date


class ExtensionApproved(CaseworkFact):
    """延期: the head of the unit granted up to 30 more days and the person was told why (信访工作条例 Art 34)."""

    occurred: ClassVar[str] = "approved_on"

    days: int
    approved_on: date
    approved_by: Official
    reason: str
    told_on: date | None = None
