"""办结与反弹: a case is closed, and may come back. Pure."""

from typing import ClassVar

from services.casework.domain.case import claimed_day
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules
from shared.decider import Day, Note, Rejected
from shared.events.casework import CaseClosed, CaseRelapsed, CaseworkFact, OpinionServed, VisitLogged
from shared.terms import RelapseSign, Role


class CloseCase(CaseCommand):
    """办结: declare the matter settled. Refused without an owner leader, a visit to the person and a served reply."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.LEADER, Role.UNIT_HEAD, Role.PETITION_OFFICE})

    closed_on: Day
    summary: Note = ""


class ReportRelapse(CaseCommand):
    """反弹: a closed matter is not settled after all. The case opens again."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.REGISTRAR, Role.SUPERVISOR}

    sign: RelapseSign
    relapsed_on: Day
    note: Note = ""


def close(desk: Desk, command: CloseCase) -> list[CaseworkFact]:
    """Only what has a leader, a meeting and a served reply is closed, and not on an earlier day than these."""
    case = desk.case
    if case.closed is not None:
        return []
    met = next((visit for visit in case.in_round(VisitLogged) if visit.met_petitioner), None)
    reply = next(iter(case.in_round(OpinionServed)), None)
    needed = (
        (case.leaders[0] if case.leaders else None, "包案领导", "an owner leader"),
        (met, "与信访人见面的记录", "a visit in which the person was met"),
        (reply, "已送达的书面答复", "a served written reply"),
    )
    if missing := [(zh, en) for there, zh, en in needed if there is None]:
        raise Rejected(
            "not-ready-to-close",
            f"不能办结，还缺：{'、'.join(zh for zh, _ in missing)}。",
            f"The case cannot be closed; missing: {', '.join(en for _, en in missing)}.",
        )
    for there, zh, en in needed:
        if there is not None and command.closed_on < claimed_day(there):
            raise Rejected(
                "closed-too-early",
                f"办结日 {command.closed_on} 早于{zh}的日期 {claimed_day(there)}。",
                f"The closing, {command.closed_on}, lies before {en}: {claimed_day(there)}.",
            )
    return [CaseClosed(**dict(command))]


def report_relapse(desk: Desk, command: ReportRelapse) -> list[CaseworkFact]:
    case = desk.case
    fact = CaseRelapsed(**dict(command))
    if case.closed is None:
        if case.relapsed == fact:
            return []
        raise Rejected("not-closed", "案件尚未办结，不存在反弹。", "The case is not closed, so it cannot relapse.")
    if command.relapsed_on < case.closed.closed_on:
        raise Rejected(
            "relapse-before-closing",
            f"反弹日期 {command.relapsed_on} 早于办结日 {case.closed.closed_on}。",
            f"The relapse, {command.relapsed_on}, lies before the closing, {case.closed.closed_on}.",
        )
    return [fact]


RULES: Rules = {
    CloseCase: close,
    ReportRelapse: report_relapse,
}
