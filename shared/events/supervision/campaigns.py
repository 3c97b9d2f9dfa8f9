"""专项: what supervision says about campaigns. Each is a history of its own, `campaign-…`."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official, Value
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import CaseState, Category, Measure


class Phase(Value):
    """阶段: what is to be done from one day to another."""

    name: str
    starts_on: date
    ends_on: date
    what: str = ""


class Target(Value):
    """目标: a share of the cases in the campaign, in percent. Always shown beside repeat petitions and findings."""

    measure: Measure
    percent: int


class DueReport(Value):
    """报送事项: a report that every unit files by a day."""

    report: str
    what: str
    due_on: date


class ReportedFigure(Value):
    """报数: of how many of its cases in the campaign, out of how many, a unit says so. The ledger is recounted beside it."""

    measure: Measure
    cases: int
    total: int


class CampaignOpened(SupervisionFact):
    """专项启动: its scope, phases, targets and reports, by a plan that is on paper."""

    occurred: ClassVar[str] = "opened_on"

    name: str
    basis: str
    region: str
    units: tuple[str, ...]
    categories: tuple[Category, ...] = ()
    """The kinds of case that it takes in; none leaves it open."""
    phases: tuple[Phase, ...]
    targets: tuple[Target, ...] = ()
    reports: tuple[DueReport, ...] = ()
    ends_on: date
    opened_on: date
    by: Official


class PhaseStarted(SupervisionFact):
    """阶段开始: the first day of a phase has come."""

    occurred: ClassVar[str] = "started_on"

    phase: str
    started_on: date


class ReportFiled(SupervisionFact):
    """报送: a unit files a report of the campaign; also after its day."""

    occurred: ClassVar[str] = "filed_on"

    report: str
    unit: str
    filed_on: date
    text: str
    document: str = ""
    days_late: int = 0
    figures: tuple[ReportedFigure, ...] = ()


class ReportMissed(SupervisionFact):
    """未报送: a unit did not file a report by its day. Found on the day after, and never overwritten."""

    report: str
    unit: str
    due_on: date


class PublicLine(Value):
    """公布事项: all that may be made public of a case: whose it is, how far it is, by when. Nothing of the person or the matter."""

    number: str
    unit: str
    leader: str
    state: CaseState
    due_on: date | None = None


class RegisterPublished(SupervisionFact):
    """备案公布: who answers for which case was made public, so that they can be held to it (seed plan D9)."""

    occurred: ClassVar[str] = "published_on"

    document: str
    """The number of the paper with which it was filed."""
    where: str
    lines: tuple[PublicLine, ...]
    published_on: date
    by: Official


class Shortfall(Value):
    """目标未达: of a target, what the units' last figures come to together, and which units gave none."""

    measure: Measure
    percent: int
    cases: int
    total: int
    silent: tuple[str, ...] = ()


class CampaignAccepted(SupervisionFact):
    """专项验收: how the campaign ended, and what is still open or was not reached (seed plans D10, D11)."""

    occurred: ClassVar[str] = "accepted_on"

    accepted_on: date
    by: Official
    conclusion: str
    open_cases: tuple[str, ...] = ()
    open_reports: tuple[str, ...] = ()
    """`<report>：<unit>` of each that was never filed."""
    unmet: tuple[Shortfall, ...] = ()
    """The targets that were not reached, by the units' own figures."""
