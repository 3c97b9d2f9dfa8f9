"""专项: opened with its phases, targets and reports; what is not filed in time is found on the day after. Pure.

A campaign is a history of its own, `campaign-…`. It aims at how matters are handled, never at where people petition.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.desk import Region
from services.supervision.domain.targets import shortfalls
from shared.decider import WHOLE, Command, Day, Name, NoSuchCase, Note, Rejected, Scope, Text
from shared.directory import Directory
from shared.events import Asked, Fact, Named, Value
from shared.events.supervision import (
    CampaignAccepted,
    CampaignOpened,
    DueReport,
    Phase,
    PhaseStarted,
    RegisterPublished,
    ReportedFigure,
    ReportFiled,
    ReportMissed,
    SupervisionFact,
    Target,
)
from shared.given import Person
from shared.terms import Category, Measure, Role
from shared.workdays import DAY, business_date, start_of

WATCHING = frozenset({Role.SUPERVISOR, Role.PETITION_OFFICE, Role.JOINT_MEETING})
FILING = frozenset({Role.HANDLER, Role.LEADER, Role.UNIT_HEAD})
Count = Annotated[int, Field(ge=0, le=1_000_000), WHOLE]


class CampaignCommand(Command):
    """A command about a campaign."""

    history: ClassVar[str] = "campaign"


class PhasePlanned(Value):
    """阶段: what is to be done from one day to another."""

    name: Name
    starts_on: Day
    ends_on: Day
    what: Note = ""


class TargetSet(Value):
    """目标: a share of the cases in the campaign."""

    measure: Measure
    percent: Annotated[int, Field(ge=1, le=100), WHOLE]


class ReportPlanned(Value):
    """报送事项: a report that every unit files by a day."""

    report: Name
    what: Name
    due_on: Day


class FigureGiven(Value):
    """报数: of how many of its cases in the campaign, out of how many, the unit says so."""

    measure: Measure
    cases: Count
    total: Count


class OpenCampaign(CampaignCommand):
    """专项启动: open a campaign, with its scope, phases, targets and reports."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    name: Name
    basis: Text
    region: Region
    units: Annotated[tuple[Name, ...], Field(min_length=1, max_length=500)]
    categories: Annotated[tuple[Category, ...], Field(max_length=50)] = ()
    phases: Annotated[tuple[PhasePlanned, ...], Field(min_length=1, max_length=20)]
    targets: Annotated[tuple[TargetSet, ...], Field(max_length=10)] = ()
    reports: Annotated[tuple[ReportPlanned, ...], Field(max_length=100)] = ()
    ends_on: Day
    opened_on: Day
    by: Person


class FileReport(CampaignCommand):
    """报送: file a report of the campaign for one's unit; the petition office files what came on paper."""

    roles: ClassVar[frozenset[Role]] = FILING | {Role.PETITION_OFFICE}

    report: Name
    unit: Name
    filed_on: Day
    text: Text
    document: Note = ""
    figures: Annotated[tuple[FigureGiven, ...], Field(max_length=10)] = ()


class AcceptCampaign(CampaignCommand):
    """专项验收: end the campaign; what is still open, and which targets were not reached, is named (seed plans D10, D11). Not
    while a report that some unit owes can still be filed in time: what is accepted before would never be missed.
    """

    roles: ClassVar[frozenset[Role]] = WATCHING

    accepted_on: Day
    by: Person
    conclusion: Text
    open_cases: Annotated[tuple[Name, ...], Field(max_length=5000)] = ()


class FollowCampaign(CampaignCommand):
    """专项跟踪: say which phases have begun and which reports were missed, as of a moment."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})

    as_of: datetime


@dataclass(frozen=True)
class Campaign:
    """A campaign as it stands."""

    opened: CampaignOpened
    started: frozenset[str] = frozenset()
    """Phases that have begun."""
    filed: dict[tuple[str, str], ReportFiled] = field(default_factory=dict)
    """Reports, by report and unit; the first word of each unit."""
    missed: frozenset[tuple[str, str]] = frozenset()
    accepted: CampaignAccepted | None = None
    published: tuple[RegisterPublished, ...] = ()

    def after(self, fact: SupervisionFact) -> "Campaign":
        """The campaign after one more fact of it."""
        match fact:
            case PhaseStarted():
                return replace(self, started=self.started | {fact.phase})
            case ReportFiled():
                return replace(self, filed={(fact.report, fact.unit): fact, **self.filed})
            case ReportMissed():
                return replace(self, missed=self.missed | {(fact.report, fact.unit)})
            case CampaignAccepted():
                return replace(self, accepted=fact)
            case RegisterPublished():
                return replace(self, published=(*self.published, fact))
            case _:
                return self

    @property
    def asked(self) -> list[DueReport]:
        """The reports that its units were asked for: a plan may have had its first days before it was opened."""
        return [report for report in self.opened.reports if report.due_on >= self.opened.opened_on]

    def taking_part(self, named: Named, directory: Directory) -> str | None:
        """The unit that is meant by a name of a day, by its name at the opening; None where it takes no part."""
        units, on = self.opened.units, self.opened.opened_on
        its = (unit for unit in units if directory.same(named, (unit, on), self.opened.region))
        return named[0] if named[0] in units else next(its, None)

    @property
    def scope(self) -> Scope:
        """Where it belongs: its region, and the units that take part."""
        return Scope(self.opened.region, frozenset((unit, self.opened.opened_on) for unit in self.opened.units))


def open_campaign(campaign: Campaign | None, command: OpenCampaign) -> list[SupervisionFact]:
    """Its phases follow one another, its reports have ids of their own and days within it."""
    fact = CampaignOpened(
        **{
            **dict(command),
            "phases": tuple(Phase(**dict(phase)) for phase in command.phases),
            "targets": tuple(Target(**dict(target)) for target in command.targets),
            "reports": tuple(DueReport(**dict(report)) for report in command.reports),
        }
    )
    if campaign is not None:
        if campaign.opened == fact:
            return []
        raise Rejected(
            "already-open",
            "该专项编号已用于另一专项，请换一个编号。",
            "This id stands for another campaign; use another.",
        )
    before: date | None = None
    for phase in command.phases:
        if phase.ends_on < phase.starts_on or (before is not None and phase.starts_on <= before):
            raise Rejected(
                "phases-overlap",
                f"阶段“{phase.name}”须在前一阶段之后开始，且不早于自己的开始日结束。",
                f"The phase {phase.name} must begin after the one before it, and not end before it begins.",
            )
        before = phase.ends_on
    names = [report.report for report in command.reports]
    late = [report.report for report in command.reports if report.due_on > command.ends_on]
    if len(names) != len({*names}) or late or (before is not None and before > command.ends_on):
        raise Rejected(
            "beyond-its-end",
            f"报送事项编号不得重复，报送日和各阶段不得晚于专项结束日 {command.ends_on}。",
            f"Reports have ids of their own; their days, and the phases, end by {command.ends_on}.",
        )
    return [fact]


def follow_campaign(campaign: Campaign, command: FollowCampaign) -> list[SupervisionFact]:
    """Phases on their first day; reports that were not filed on the day after. What once was missed stays missed; what was due
    before the campaign was opened, was asked of nobody; what was due before it was accepted, was missed though nobody had looked.
    """
    today, opened = business_date(command.as_of), campaign.opened
    accepted = campaign.accepted
    facts: list[SupervisionFact] = [
        PhaseStarted(phase=phase.name, started_on=phase.starts_on)
        for phase in opened.phases
        if accepted is None and phase.starts_on <= today and phase.name not in campaign.started
    ]
    today = today if accepted is None else min(today, accepted.accepted_on)
    for report in campaign.asked:
        facts += [
            ReportMissed(report=report.report, unit=unit, due_on=report.due_on)
            for unit in opened.units
            if report.due_on < today and not _settled(campaign, report.report, unit, report.due_on)
        ]
    return facts


def _settled(campaign: Campaign, report: str, unit: str, due: date) -> bool:
    filed = campaign.filed.get((report, unit))
    return (report, unit) in campaign.missed or (filed is not None and filed.filed_on <= due)


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
    if asked.role in FILING and not asked.is_of((unit, campaign.opened.opened_on)):
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


def accept_campaign(campaign: Campaign, command: AcceptCampaign) -> list[SupervisionFact]:
    waiting = tuple(
        f"{report.report}：{unit}"
        for report in campaign.asked
        for unit in campaign.opened.units
        if (report.report, unit) not in campaign.filed
    )
    known = campaign.accepted
    fact = CampaignAccepted(
        **dict(command),
        open_reports=known.open_reports if known else waiting,
        unmet=known.unmet if known else shortfalls(campaign.opened, campaign.filed.values()),
    )
    if known is not None:
        if known == fact:
            return []
        raise Rejected("campaign-over", "本专项已经验收。", "This campaign has been accepted.")
    last = campaign.opened.phases[-1]
    if command.accepted_on < last.starts_on:
        raise Rejected(
            "before-the-last-phase",
            f"最后阶段“{last.name}”自 {last.starts_on} 开始，在此之前不能验收。",
            f"The last phase, {last.name}, begins on {last.starts_on}: it cannot be accepted before.",
        )
    owed = [report for report in campaign.asked if report.due_on >= command.accepted_on and _owed(campaign, report)]
    if owed:
        until = max(report.due_on for report in owed)
        named = "、".join(report.report for report in owed)
        raise Rejected(
            "reports-not-due",
            f"{named} 尚未报齐，报送期限 {until} 未过：此时验收，缺报无从认定。请待全部报送，或于 {until} 之后验收。",
            f"{named}: not every unit has filed, and the day for it, {until}, is not over; accepted now, none would be missed. "
            f"Wait until all have filed, or accept it after {until}.",
        )
    return [fact]


def _owed(campaign: Campaign, report: DueReport) -> bool:
    return any((report.report, unit) not in campaign.filed for unit in campaign.opened.units)


def next_moment(campaign: Campaign, now: datetime) -> datetime | None:
    """When the campaign must be looked at again."""
    if follow_campaign(campaign, FollowCampaign(as_of=now)):
        return now
    if campaign.accepted is not None:
        return None
    days = [phase.starts_on for phase in campaign.opened.phases]
    days += [report.due_on + DAY for report in campaign.opened.reports]
    today = business_date(now)
    return min((start_of(day) for day in days if day > today), default=None)


def decide(
    campaign: Campaign | None, command: CampaignCommand, asked: Asked, directory: Callable[[], Directory]
) -> list[Fact]:
    """What a command about a campaign means. Raises NoSuchCase for one that was not opened."""
    if isinstance(command, OpenCampaign):
        return list(open_campaign(campaign, command))
    if campaign is None:
        raise NoSuchCase("专项", "campaign")
    match command:
        case FollowCampaign():
            return list(follow_campaign(campaign, command))
        case FileReport():
            return list(file_report(campaign, command, asked, directory()))
        case AcceptCampaign():
            return list(accept_campaign(campaign, command))
        case _:
            raise TypeError(command)


COMMANDS: tuple[type[CampaignCommand], ...] = (OpenCampaign, FileReport, AcceptCampaign)
