"""进展: how things stand. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import WHOLE, Day, Name, Rejected, Text
from shared.events.casework import CaseworkFact, LateEntryExplained, PolicyProblemReported, ProgressReported
from shared.given import Person
from shared.terms import Role

Figure = Annotated[int, Field(ge=0, le=1000), WHOLE]
"""报数: how often something was done."""


class ReportProgress(CaseCommand):
    """进展汇报: write down how things stand. It is kept, and it moves no clock. What it says was done in the month up to its day is
    held against the log.
    """

    roles: ClassVar[frozenset[Role]] = HANDLING

    report_id: Name
    reported_on: Day
    text: Text
    visits: Figure | None = None
    meetings: Figure | None = None


class ReportPolicyProblem(CaseCommand):
    """政策性问题反馈: say where a policy itself makes for petitions, and how to mend it (seed plan D6). Also after closing."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    reported_on: Day
    unit: Name
    policy: Name
    problem: Text
    proposal: Text


class ExplainLateEntry(CaseCommand):
    """补录说明: say why what happened earlier is written down only today. Said on the day of the entries; what is said later
    about a finding is an answer to it. It excuses what was done between two days, and nothing else. Also after closing.
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    entered_on: Day
    reason: Text
    by: Person
    done_from: Day
    done_until: Day


def report_progress(desk: Desk, command: ReportProgress) -> list[CaseworkFact]:
    told = any(report.report_id == command.report_id for report in desk.case.all(ProgressReported))
    return [] if told else [ProgressReported(**dict(command))]


def report_policy_problem(desk: Desk, command: ReportPolicyProblem) -> list[CaseworkFact]:
    return once(desk.case, PolicyProblemReported(**dict(command)))


def explain_late_entry(desk: Desk, command: ExplainLateEntry) -> list[CaseworkFact]:
    facts = once(desk.case, LateEntryExplained(**dict(command)))
    if facts and command.entered_on != desk.today:
        raise Rejected(
            "explained-on-the-day",
            f"补录说明须在补录当日（今日 {desk.today}）作出，不能说明 {command.entered_on} 的补录；对已发现的问题，请陈述申辩。",
            f"Late entries are explained on the day on which they are made, today {desk.today}, not those of"
            f" {command.entered_on}. To a finding, give an answer.",
        )
    if not command.done_from <= command.done_until <= command.entered_on:
        raise Rejected(
            "explained-of-days",
            f"补录说明只及一段日期的办理，“自” {command.done_from} 不得晚于“至” {command.done_until}，"
            f"“至”不得晚于 {command.entered_on}。",
            f"A reason is given for what was done between two days, the second no later than {command.entered_on}; not from"
            f" {command.done_from} until {command.done_until}.",
        )
    return facts


RULES: Rules = {
    ReportProgress: report_progress,
    ReportPolicyProblem: report_policy_problem,
    ExplainLateEntry: explain_late_entry,
}
