"""实地督查与倒查: what supervision says about looking for itself."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official, Value
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import ReturnCause


class Difference(Value):
    """事实不符: where what was seen differs from what a reply or report says."""

    fact: str
    """Id of the fact that says otherwise."""
    says: str
    seen: str


class InspectionHeld(SupervisionFact):
    """实地督查: a group went to the place and saw for itself (信访工作条例 Art 38; seed plans D6, D9)."""

    occurred: ClassVar[str] = "held_on"

    inspection_id: str
    held_on: date
    place: str
    members: tuple[Official, ...]
    seen: str
    differences: tuple[Difference, ...] = ()


class UnitInspected(SupervisionFact):
    """对单位督导: a group went to a unit and held what it saw against what is on record of its cases (seed plan D6)."""

    occurred: ClassVar[str] = "held_on"

    inspection_id: str
    told_on: date
    """Since when the unit knew of it; the day itself for one that came unannounced."""
    held_on: date
    members: tuple[Official, ...]
    seen: str
    differences: tuple[Difference, ...] = ()


class ReverseInquiryOpened(SupervisionFact):
    """倒查启动: a matter came back after it was closed, by whatever channel; how it was closed is looked into (seed plan D12)."""

    occurred: ClassVar[str] = "opened_on"

    inquiry_id: str
    finding_id: str
    closing: str
    """Id of the fact that closed the case."""
    closed_on: date
    back_on: date
    about: str
    """The unit that answers for the case."""
    opened_on: date
    due_on: date
    policy: str


class ReverseInquiryConcluded(SupervisionFact):
    """倒查结论: a named human says why the matter came back, and who answers for it."""

    occurred: ClassVar[str] = "concluded_on"

    inquiry_id: str
    concluded_on: date
    cause: ReturnCause
    reasons: str
    answerable: tuple[Official, ...] = ()
    by: Official
