"""接访下访走访回访: meeting the person. Pure."""

from typing import ClassVar

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules
from shared.decider import Day, Name, Note, Rejected
from shared.events import Official
from shared.events.casework import CaseworkFact, VisitLogged
from shared.terms import Role, VisitKind


class LogVisit(CaseCommand):
    """接访下访走访回访: an official met, or went to meet, the person. After closing only a return visit is logged."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    visit_id: Name
    kind: VisitKind
    visited_on: Day
    official: Official
    met_petitioner: bool = True
    with_whom: Note = ""
    note: Note = ""


def log_visit(desk: Desk, command: LogVisit) -> list[CaseworkFact]:
    case = desk.case
    if any(visit.visit_id == command.visit_id for visit in case.all(VisitLogged)):
        return []
    if case.closed is not None and command.kind is not VisitKind.RETURN:
        raise Rejected(
            "closed-takes-return-visits",
            "案件已办结，只能登记回访。",
            "The case is closed; only a return visit (回访) can be logged.",
        )
    return [VisitLogged(**dict(command))]


RULES: Rules = {
    LogVisit: log_visit,
}
