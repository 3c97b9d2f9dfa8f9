"""复查复核终结: what casework says about an opinion that is contested, and about the end of the road."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import EndGround, ReviewStage, ReviewVerdict


class ReviewRequested(CaseworkFact):
    """申请复查复核: the person contests the reply, within 30 days of getting it (信访工作条例 Arts 35, 36)."""

    occurred: ClassVar[str] = "requested_on"

    stage: ReviewStage
    requested_on: date
    unit: str
    """The organ that is asked: the next higher one."""


class ReviewTakenUp(CaseworkFact):
    """复查复核受理: the higher organ took the request up, or said why it does not (山东省信访条例 Arts 43, 44)."""

    occurred: ClassVar[str] = "decided_on"

    stage: ReviewStage
    decided_on: date
    unit: str
    taken_up: bool
    reason: str = ""


class ReviewDecided(CaseworkFact):
    """复查复核意见: the higher organ's written decision (信访工作条例 Arts 35, 36)."""

    occurred: ClassVar[str] = "decided_on"

    stage: ReviewStage
    decided_on: date
    number: str
    verdict: ReviewVerdict
    unit: str
    reviewer: Official
    reasons: str


class CaseEnded(CaseworkFact):
    """终结: the same facts and reasons are not taken up again; explaining, reconciling and helping go on (Arts 36, 37)."""

    occurred: ClassVar[str] = "ended_on"

    ended_on: date
    ground: EndGround
    approved_by: Official
    note: str = ""
