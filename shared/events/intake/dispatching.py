"""交办转送: what intake says about handing a case to a unit."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.intake.spoken import IntakeFact
from shared.terms import DispatchKind, JurisdictionGround, NoticeExemption, Ruler, ServedHow


class AccusedNamed(IntakeFact):
    """被反映单位和人员: the units and officials whom the petition is about. It is never handed to them (Arts 30, 46)."""

    occurred: ClassVar[str] = "named_on"

    named_on: date
    units: tuple[str, ...] = ()
    officials: tuple[Official, ...] = ()


class CaseDispatched(IntakeFact):
    """交办/转送: the case was handed to a responsible unit (信访工作条例 Art 22)."""

    occurred: ClassVar[str] = "dispatched_on"

    kind: DispatchKind
    unit: str
    dispatched_on: date
    letter_number: str | None = None
    due_on: date | None = None
    note: str = ""
    line: str = ""
    """分线: the line of work in whose charge it was handed down (seed plan D11)."""
    area: str = ""
    """分片: the area in whose charge it was handed down."""
    with_case: str = ""
    """并案、拆出: the case with which this came when that was merged in, or that was taken out again, so that what had been
    before holds once more. Nothing was handed down anew by it.
    """


class ObjectionRaised(IntakeFact):
    """提出异议: the unit says that the case is not its own. It keeps the case until the sender consents (Art 23)."""

    occurred: ClassVar[str] = "raised_on"

    unit: str
    raised_on: date
    reason: str


class ObjectionDeclined(IntakeFact):
    """异议不成立: the sender does not consent; the case stays where it is (Art 23)."""

    occurred: ClassVar[str] = "declined_on"

    unit: str
    declined_on: date
    reason: str


class DispatchObjected(IntakeFact):
    """异议: the unit sent the case back as not its own (信访工作条例 Art 23)."""

    occurred: ClassVar[str] = "objected_on"

    unit: str
    objected_on: date
    reason: str


class JurisdictionDisputed(IntakeFact):
    """管辖争议: several units say that the case is not theirs (信访工作条例 Art 24)."""

    occurred: ClassVar[str] = "disputed_on"

    disputed_on: date
    units: tuple[str, ...]


class JurisdictionRuled(IntakeFact):
    """管辖裁定: the common superior, or the joint meeting, says whose it is (Art 24; D9: place of event before household)."""

    occurred: ClassVar[str] = "ruled_on"

    ruled_on: date
    unit: str
    ruler: Ruler
    by: str
    ground: JurisdictionGround
    reason: str
    passed_over: str = ""
    """Why no ground or ruler that comes first by the policy serves here."""


class NoticeOfAcceptanceServed(IntakeFact):
    """受理告知: the person was told in writing what becomes of the matter (信访工作条例 Art 23)."""

    occurred: ClassVar[str] = "served_on"

    unit: str
    served_on: date
    how: ServedHow | None = None
    exempt: NoticeExemption | None = None
    """Why nobody could be told."""
