"""年度报告与年度考核: what the petition office does with a year's figures, and what a year of settling comes to for a unit. Pure.

The figures are reporting's; here lies who reported them to whom, who assessed which unit, and among whom that was made known
(信访工作条例 Arts 39, 41). A year of a region is a history of its own, `year-…`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from services.supervision.domain.desk import WATCHING, not_before
from shared.decider import WHOLE, Command, Day, Moment, Name, Note, Rejected, Scope, Text
from shared.events import Asked
from shared.events.supervision import AnnualReportSubmitted, AssessmentsCirculated, SupervisionFact, UnitAssessed
from shared.filing import filed
from shared.given import Person
from shared.terms import Grade, ReportedTo, Role
from shared.workdays import business_date

YearFact = AnnualReportSubmitted | UnitAssessed | AssessmentsCirculated
Region = Annotated[str, Field(pattern=r"^[1-9][0-9]{5}$")]
"""GB/T 2260."""
Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000), WHOLE]


class YearCommand(Command):
    """A command about a region's year."""

    history: ClassVar[str] = "year"
    roles: ClassVar[frozenset[Role]] = WATCHING

    region: Region
    year: Annotated[int, Field(ge=2000, le=2199), WHOLE]


class SubmitAnnualReport(YearCommand):
    """报送年度报告: record to whom the year was reported, with which paper, and as known when its figures were taken."""

    to: ReportedTo
    document: Name
    as_of: Moment
    other: Note = ""
    submitted_on: Day
    by: Person


class AssessUnit(YearCommand):
    """年度考核: record what a unit's year came to, with its points and reasons, and whose own assessment it is a reference for."""

    unit: Name
    grade: Grade
    points: Points
    as_of: Moment
    reasons: Text
    leaders: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    revised_because: Note = ""
    assessed_on: Day
    by: Person


class CirculateAssessments(YearCommand):
    """考核通报: record among whom the year's assessments were made known, and with which paper."""

    document: Name
    within: Name
    circulated_on: Day
    by: Person


@dataclass(frozen=True)
class Year:
    """A region's year as it stands."""

    region: str | None = None
    facts: tuple[YearFact, ...] = ()

    def after(self, fact: YearFact) -> "Year":
        """The year after one more fact of it."""
        return replace(self, region=fact.region, facts=(*self.facts, fact))

    @property
    def assessed(self) -> dict[str, UnitAssessed]:
        """The assessment of each unit that stands: the last."""
        return {fact.unit: fact for fact in self.facts if isinstance(fact, UnitAssessed)}

    @property
    def scope(self) -> Scope | None:
        """Where it belongs; None while nothing was said of it."""
        return None if self.region is None else Scope(self.region)


def year_history(region: str, year: int) -> str:
    """The name of the history of a region's year."""
    return f"year-{region}-{year}"


def submit_annual_report(year: Year, command: SubmitAnnualReport, asked: Asked) -> Sequence[YearFact]:
    """One paper to each of those whom the office reports to; a later paper corrects an earlier one."""
    facts = filed(AnnualReportSubmitted(**dict(command)), year.facts, "to", "document")
    if facts:
        _over(command.year, command.submitted_on)
        _figures(command.year, command.as_of, asked)
    return facts


def assess_unit(year: Year, command: AssessUnit, asked: Asked) -> Sequence[YearFact]:
    """Once, by somebody whom it is no reference for. Another word on the same unit says why the first does not stand."""
    fact, known = UnitAssessed(**dict(command)), year.assessed.get(command.unit)
    if fact in year.facts:
        return []
    _over(command.year, command.assessed_on)
    _figures(command.year, command.as_of, asked)
    if known is not None and not command.revised_because.strip():
        raise Rejected(
            "already-assessed",
            f"{command.unit} {command.year} 年度已于 {known.assessed_on} 考核为{known.grade.label}。如须更正，请写明理由"
            "（revised_because）。",
            f"{command.unit} was assessed for {command.year} on {known.assessed_on} as {known.grade}. To correct it, say why"
            " (revised_because).",
        )
    if command.by.id in {leader.id for leader in command.leaders}:
        raise Rejected(
            "own-assessment",
            f"{command.by.name}本人的考核以此为参考，应由他人作出。",
            f"The assessment of {command.by.name} goes by this one: somebody else makes it.",
        )
    return [fact]


def circulate_assessments(year: Year, command: CirculateAssessments, _: Asked) -> Sequence[YearFact]:
    """What has been assessed by then is what is made known."""
    for known in year.facts:
        if isinstance(known, AssessmentsCirculated) and known.document == command.document:
            units = known.units
            break
    else:
        units = tuple(sorted(year.assessed))
    facts = filed(AssessmentsCirculated(**dict(command), units=units), year.facts, "document")
    if facts and not units:
        raise Rejected(
            "nothing-assessed",
            f"{command.year} 年度还没有考核结果，请先考核（assess-unit）。",
            f"No unit has been assessed for {command.year}: do that first (assess-unit).",
        )
    for fact in year.assessed.values() if facts else ():
        not_before(
            command.circulated_on,
            fact.assessed_on,
            f"{fact.unit}考核之日",
            f"the day on which {fact.unit} was assessed",
        )
    return facts


def _over(year: int, on: date) -> None:
    """Raise Rejected for a day before the year was over."""
    if on.year <= year:
        raise Rejected(
            "year-not-over",
            f"{year} 年度到 12 月 31 日止，{on} 尚未结束，请在年度结束后报告、考核。",
            f"The year {year} lasts until 31 December: on {on} it was not over. Report and assess it afterwards.",
        )


def _figures(year: int, as_of: datetime, asked: Asked) -> None:
    """Raise Rejected for figures that were not taken between the end of the year and now."""
    if business_date(as_of).year <= year or as_of > asked.now:
        raise Rejected(
            "figures-of-another-time",
            f"数据的截至时间 {as_of.isoformat()} 应在 {year} 年度结束之后、现在之前（as_of）。",
            f"The figures are as known at {as_of.isoformat()}: that must lie after the end of {year}, and not ahead (as_of).",
        )


RULES: Mapping[type[YearCommand], Callable[[Year, Any, Asked], Sequence[YearFact]]] = {
    SubmitAnnualReport: submit_annual_report,
    AssessUnit: assess_unit,
    CirculateAssessments: circulate_assessments,
}


def decide(year: Year, command: YearCommand, asked: Asked) -> list[SupervisionFact]:
    """What a command about a region's year means. `[]` means: already so."""
    return list(RULES[type(command)](year, command, asked))
