"""专项: opened with its phases, targets and reports; what is not filed in time is found on the day after; accepted. Pure."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.campaign import Campaign, CampaignCommand
from services.supervision.domain.desk import JOINTLY_WATCHING, Region
from services.supervision.domain.filings import FileReport, file_report
from services.supervision.domain.targets import shortfalls
from shared.decider import WHOLE, Day, Name, NoSuchCase, Note, Rejected, Text
from shared.directory import Directory
from shared.events import Asked, Fact, Value
from shared.events.supervision import (
    CampaignAccepted,
    CampaignOpened,
    DueReport,
    Phase,
    PhaseStarted,
    ReportMissed,
    SupervisionFact,
    Target,
)
from shared.given import Person
from shared.terms import Category, Measure, Role
from shared.workdays import DAY, business_date, start_of


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


class OpenCampaign(CampaignCommand):
    """专项启动: open a campaign, with its scope, phases, targets and reports."""

    roles: ClassVar[frozenset[Role]] = JOINTLY_WATCHING

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


class AcceptCampaign(CampaignCommand):
    """专项验收: end the campaign; what is still open, and which targets were not reached, is named (seed plans D10, D11). Not
    while a report that some unit owes can still be filed in time: what is accepted before would never be missed.
    """

    roles: ClassVar[frozenset[Role]] = JOINTLY_WATCHING

    accepted_on: Day
    by: Person
    conclusion: Text
    open_cases: Annotated[tuple[Name, ...], Field(max_length=5000)] = ()


class FollowCampaign(CampaignCommand):
    """专项跟踪: say which phases have begun and which reports were missed, as of a moment."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})

    as_of: datetime


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
        raise NoSuchCase
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
