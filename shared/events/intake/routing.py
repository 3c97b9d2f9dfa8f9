"""办理途径: what intake says about which road a matter takes, and about what is not taken up."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.intake.spoken import IntakeFact
from shared.terms import RefusalGround, Route


class RouteDetermined(IntakeFact):
    """办理途径: which of the six roads of Art 31 the matter takes; a later word takes the place of an earlier one."""

    occurred: ClassVar[str] = "determined_on"

    route: Route
    determined_on: date
    approved_by: Official
    reason: str
    demands: tuple[int, ...] = ()
    """诉求分流: which demands take this road, counted from 1, where a mixed matter is split; empty: the whole matter."""


class AcceptanceRefused(IntakeFact):
    """不予受理: registered, but not taken up, on a lawful ground; the duties of Art 37 go on (Arts 19, 31, 36)."""

    occurred: ClassVar[str] = "refused_on"

    ground: RefusalGround
    refused_on: date
    told_on: date
    reason: str
    same_as: str = ""
    """同一事项: the case, or the number of another office, under which it has ended or is in hand."""


class UrgentReported(IntakeFact):
    """重大紧急事项报告: the matter was reported upward (信访工作条例 Art 25)."""

    occurred: ClassVar[str] = "reported_on"

    reported_on: date
    to: tuple[str, ...]
    summary: str
