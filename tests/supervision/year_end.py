"""A year that is over, and each word that people may say about it: for the tests of a region's year."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from services.supervision.domain.years import AssessUnit, CirculateAssessments, SubmitAnnualReport, YearCommand
from shared.events import Fact
from shared.events.supervision import AnnualReportSubmitted, AssessmentsCirculated, UnitAssessed
from shared.terms import Grade, ReportedTo
from tests.sample import TOWN, WANG, day
from tests.supervision.account import QIAN, ZHAO

C = TypeVar("C", bound=YearCommand)

COUNTED = datetime(2026, 1, 15, 4, tzinfo=UTC)
"""When the figures of 2025 were taken."""
SUBMITTED = AnnualReportSubmitted(
    region="610499",
    year=2025,
    to=ReportedTo.OWN_LEVEL,
    document="县信发〔2026〕2 号",
    as_of=COUNTED,
    other="建立了联席会议季度会商制度",
    submitted_on=day("2026-01-20"),
    by=ZHAO,
)
ASSESSED = UnitAssessed(
    region="610499",
    year=2025,
    unit=TOWN,
    grade=Grade.GOOD,
    points=-4,
    as_of=COUNTED,
    reasons="积案化解及时，两件督办逾期",
    leaders=(WANG,),
    assessed_on=day("2026-01-22"),
    by=QIAN,
)
CIRCULATED = AssessmentsCirculated(
    region="610499",
    year=2025,
    document="县信联〔2026〕1 号",
    within="各镇、县直各单位",
    units=(TOWN,),
    circulated_on=day("2026-02-01"),
    by=QIAN,
)
EXAMPLES: dict[type[YearCommand], tuple[tuple[Fact, ...], Fact]] = {
    SubmitAnnualReport: ((), SUBMITTED),
    AssessUnit: ((), ASSESSED),
    CirculateAssessments: ((ASSESSED,), CIRCULATED),
}
"""Each command: what has been said before, and the fact that it leads to."""


def command(wanted: type[C], /, **changes: Any) -> C:
    """The command in the words of its fact, but for these changes."""
    said = EXAMPLES[wanted][1].model_dump(include=set(wanted.model_fields))
    return wanted(**said | changes)


REFUSALS: list[tuple[str, tuple[Fact, ...], YearCommand]] = [
    ("year-not-over", (), command(SubmitAnnualReport, submitted_on=day("2025-12-31"))),
    ("year-not-over", (), command(AssessUnit, year=2026)),
    ("figures-of-another-time", (), command(SubmitAnnualReport, as_of=datetime(2025, 12, 31, 15, 59, tzinfo=UTC))),
    ("figures-of-another-time", (), command(AssessUnit, as_of=datetime(2026, 11, 20, 4, 1, tzinfo=UTC))),
    ("id-taken", (SUBMITTED,), command(SubmitAnnualReport, other="另有一事")),
    ("already-assessed", (ASSESSED,), command(AssessUnit, grade=Grade.EXCELLENT)),
    ("already-assessed", (ASSESSED,), command(AssessUnit, grade=Grade.EXCELLENT, revised_because=" ")),
    ("own-assessment", (), command(AssessUnit, by=WANG)),
    ("nothing-assessed", (), command(CirculateAssessments)),
    ("before-it-was", (ASSESSED,), command(CirculateAssessments, circulated_on=day("2026-01-21"))),
    ("id-taken", (ASSESSED, CIRCULATED), command(CirculateAssessments, within="全县")),
]
