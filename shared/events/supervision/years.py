"""年度报告与考核: what supervision says about a region's year. Each is a history of its own, `year-…`."""

from datetime import date, datetime
from typing import ClassVar

from shared.events.fact import Official
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import Grade, ReportedTo


class AnnualReportSubmitted(SupervisionFact):
    """报送年度报告: the petition office has reported its year to one of those whom it reports to (信访工作条例 Art 41)."""

    occurred: ClassVar[str] = "submitted_on"

    region: str
    year: int
    to: ReportedTo
    document: str
    """The number of the paper."""
    as_of: datetime
    """As known at which moment its figures were taken: asked as of it, they are the same for ever."""
    other: str = ""
    """其他应当报告的事项: what it says beside its figures (Art 41(4))."""
    submitted_on: date
    by: Official


class UnitAssessed(SupervisionFact):
    """年度考核: what a unit's year of settling petitions came to, by a named human (信访工作条例 Art 39; seed plans D5, D10)."""

    occurred: ClassVar[str] = "assessed_on"

    region: str
    year: int
    unit: str
    grade: Grade
    points: int
    """The unit's points of the year (季度考核) that lay before whoever assessed it."""
    as_of: datetime
    """As known at which moment those were."""
    reasons: str
    leaders: tuple[Official, ...] = ()
    """政绩考核: for whose own assessment this is a reference (Art 39; seed plan D5)."""
    revised_because: str = ""
    """更正理由: why an earlier assessment of the same unit does not stand."""
    assessed_on: date
    by: Official


class AssessmentsCirculated(SupervisionFact):
    """考核通报: what the assessments came to was made known in a fitting circle (信访工作条例 Art 39)."""

    occurred: ClassVar[str] = "circulated_on"

    region: str
    year: int
    document: str
    within: str
    """通报范围: among whom."""
    units: tuple[str, ...]
    """The units that had been assessed by then."""
    circulated_on: date
    by: Official
