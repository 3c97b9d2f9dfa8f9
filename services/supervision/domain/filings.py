"""报送: the reports that the units of a campaign file, each with its own figures. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.campaign import Campaign, CampaignCommand
from shared.decider import WHOLE, Day, Name, Note, Rejected, Text
from shared.directory import Directory
from shared.events import Asked, Value
from shared.events.supervision import ReportedFigure, ReportFiled, SupervisionFact
from shared.identity import UNIT_BOUND
from shared.terms import Measure, Role

Count = Annotated[int, Field(ge=0, le=1_000_000), WHOLE]


class FigureGiven(Value):
    """报数: of how many of its cases in the campaign, out of how many, the unit says so."""

    measure: Measure
    cases: Count
    total: Count


class FileReport(CampaignCommand):
    """报送: file a report of the campaign for one's unit; the petition office files what came on paper."""

    roles: ClassVar[frozenset[Role]] = UNIT_BOUND | {Role.PETITION_OFFICE}

    report: Name
    unit: Name
    filed_on: Day
    text: Text
    document: Note = ""
    figures: Annotated[tuple[FigureGiven, ...], Field(max_length=10)] = ()


def file_report(campaign: Campaign, command: FileReport, asked: Asked, directory: Directory) -> list[SupervisionFact]:
    """By the unit, under its name of the day too: it is filed under the name by which the campaign has it."""
    planned = next((report for report in campaign.opened.reports if report.report == command.report), None)
    unit = campaign.taking_part((command.unit, command.filed_on), directory)
    if planned is None or unit is None:
        reports = "、".join(report.report for report in campaign.opened.reports) or "-"
        raise Rejected(
            "no-such-report",
            f"本专项没有要求{command.unit}报送 {command.report}；报送事项：{reports}。",
            f"This campaign asks {command.unit} for no {command.report}; there are: {reports}.",
        )
    if asked.role in UNIT_BOUND and not asked.is_of((unit, campaign.opened.opened_on)):
        raise Rejected(
            "another-unit",
            f"只能报送本单位的报告；{command.unit}的由其自己报送。",
            f"A unit files its own reports; {command.unit} files its own.",
        )
    late = max(0, (command.filed_on - planned.due_on).days)
    figures = tuple(ReportedFigure(**dict(figure)) for figure in command.figures)
    fact = ReportFiled(**{**dict(command), "unit": unit, "figures": figures}, days_late=late)
    known = campaign.filed.get((command.report, unit))
    if known is not None and known != fact:
        raise Rejected(
            "already-filed",
            f"{unit}已于 {known.filed_on} 报送 {command.report}。",
            f"{unit} filed {command.report} on {known.filed_on}.",
        )
    if campaign.accepted is not None and known is None:
        raise Rejected("campaign-over", "本专项已经验收。", "This campaign has been accepted.")
    if known is not None:
        return []
    measures = [figure.measure for figure in command.figures]
    if len(measures) != len({*measures}) or any(figure.cases > figure.total for figure in command.figures):
        raise Rejected(
            "figures-do-not-add-up",
            "每项指标只报一次，所报件数不得多于总件数。请核对报数。",
            "Each measure is reported once, and of no more cases than there are. Check the figures.",
        )
    return [fact]
