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


class AcceptanceRefused(IntakeFact):
    """不予受理: registered, but not taken up, on a lawful ground; the duties of Art 37 go on (Arts 19, 31, 36)."""

    occurred: ClassVar[str] = "refused_on"

    ground: RefusalGround
    refused_on: date
    told_on: date
    reason: str


class UrgentReported(IntakeFact):
    """重大紧急事项报告: the matter was reported upward (信访工作条例 Art 25)."""

    occurred: ClassVar[str] = "reported_on"

    reported_on: date
    to: tuple[str, ...]
    summary: str


class CaseMerged(IntakeFact):
    """并案: what was screened from below and assigned from above is one matter; it goes on under another number (D11)."""

    occurred: ClassVar[str] = "merged_on"

    merged_on: date
    into: str
    """The case under which it goes on."""
    reason: str


class CaseTakenIn(IntakeFact):
    """并入: another case turned out to be this same matter, and goes on here; its days count with those of this one."""

    occurred: ClassVar[str] = "merged_on"

    other: str
    merged_on: date
    brought: tuple[date, ...] = ()
    """On which days the matter was brought under the other number."""
