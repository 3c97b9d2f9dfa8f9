"""并案: what intake says about two cases that are one matter."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.intake.spoken import IntakeFact


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
    from_above: bool = False
    """上级交办: whether the other came in as assigned by a higher level."""


class CaseUnmerged(IntakeFact):
    """撤销并案: the merge was a mistake; the case goes on under its own number, and its limits as if it had never been merged."""

    occurred: ClassVar[str] = "unmerged_on"

    unmerged_on: date
    approved_by: Official
    reason: str


class CaseTakenOut(IntakeFact):
    """拆出: a case that was taken in goes on under its own number; its days count no longer with those of this one."""

    occurred: ClassVar[str] = "unmerged_on"

    other: str
    unmerged_on: date
