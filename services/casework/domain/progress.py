"""进展: how things stand. Pure."""

from typing import ClassVar

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules
from shared.decider import Day, Name, Text
from shared.events.casework import CaseworkFact, ProgressReported
from shared.terms import Role


class ReportProgress(CaseCommand):
    """进展汇报: write down how things stand. It is kept, and it moves no clock."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    report_id: Name
    reported_on: Day
    text: Text


def report_progress(desk: Desk, command: ReportProgress) -> list[CaseworkFact]:
    told = any(report.report_id == command.report_id for report in desk.case.all(ProgressReported))
    return [] if told else [ProgressReported(**dict(command))]


RULES: Rules = {
    ReportProgress: report_progress,
}
