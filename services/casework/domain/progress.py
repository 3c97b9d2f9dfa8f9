"""进展: how things stand. Pure."""

from typing import ClassVar

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name, Text
from shared.events.casework import CaseworkFact, PolicyProblemReported, ProgressReported
from shared.terms import Role


class ReportProgress(CaseCommand):
    """进展汇报: write down how things stand. It is kept, and it moves no clock."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    report_id: Name
    reported_on: Day
    text: Text


class ReportPolicyProblem(CaseCommand):
    """政策性问题反馈: say where a policy itself makes for petitions, and how to mend it (seed plan D6). Also after closing."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    reported_on: Day
    unit: Name
    policy: Name
    problem: Text
    proposal: Text


def report_progress(desk: Desk, command: ReportProgress) -> list[CaseworkFact]:
    told = any(report.report_id == command.report_id for report in desk.case.all(ProgressReported))
    return [] if told else [ProgressReported(**dict(command))]


def report_policy_problem(desk: Desk, command: ReportPolicyProblem) -> list[CaseworkFact]:
    return once(desk.case, PolicyProblemReported(**dict(command)))


RULES: Rules = {ReportProgress: report_progress, ReportPolicyProblem: report_policy_problem}
