"""办结与反弹: a case is closed, and may come back. Pure."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import Case, claimed_day
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events.casework import (
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    ClosureRequested,
    ClosureReviewed,
    EvaluationReceived,
    LookedBack,
    VisitLogged,
)
from shared.given import Check, Person
from shared.own_word import check_own_word
from shared.replies import answering_all, unanswered
from shared.terms import AcceptanceQuestion, EndGround, Evaluated, RelapseSign, Role, Satisfaction


class RequestClosure(CaseCommand):
    """结案申报: the unit says that the matter is settled, and asks the level above to check it (seed plan D12)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.LEADER, Role.UNIT_HEAD})

    requested_on: Day
    unit: Name
    summary: Text


class ReviewClosure(CaseCommand):
    """审核验收: the level above asks the five questions; each no says what has to be mended (seed plan D10)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE, Role.JOINT_MEETING, Role.SUPERVISOR})

    reviewed_on: Day
    reviewer: Person
    checks: Annotated[tuple[Check, ...], Field(min_length=5, max_length=5)]


class CloseCase(CaseCommand):
    """办结: declare the matter settled. Refused without an owner leader, a visit to the person and a served reply.

    What was handed down (交办), and whatever a closure was requested for, closes only after it passed the check from above.
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.LEADER, Role.UNIT_HEAD, Role.PETITION_OFFICE})

    closed_on: Day
    summary: Note = ""


class ReceiveEvaluation(CaseCommand):
    """满意度评价: the person's word on the petition office or the unit (Art 21). A dissatisfied one reopens a closed case, unless
    its road has ended by review: the same is not taken up again (Art 36).
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR, Role.PETITION_OFFICE, Role.CALL_BACK})

    of: Evaluated
    satisfaction: Satisfaction
    received_on: Day
    reason: Note = ""


class LookBack(CaseCommand):
    """回头看: look at a closed case once more. When the matter is not settled in fact, the case opens again (D11)."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset(
        {Role.PETITION_OFFICE, Role.JOINT_MEETING, Role.CALL_BACK, Role.SUPERVISOR}
    )

    looked_on: Day
    official: Person
    settled: bool
    note: Note = ""


class ReportRelapse(CaseCommand):
    """反弹: a closed matter is not settled after all. The case opens again."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.REGISTRAR, Role.CALL_BACK, Role.SUPERVISOR}

    sign: RelapseSign
    relapsed_on: Day
    note: Note = ""


def request_closure(desk: Desk, command: RequestClosure) -> list[CaseworkFact]:
    """Asked only when the case could be closed."""
    fact = ClosureRequested(**dict(command))
    if fact in desk.case.facts:
        return []
    check_own_word(desk.asked, (command.unit, command.requested_on))
    _ready(desk.case, command.requested_on)
    return [fact]


def review_closure(desk: Desk, command: ReviewClosure) -> list[CaseworkFact]:
    """All five questions, once each, by somebody who did not handle the case; whoever says no says what to mend."""
    fact, request = ClosureReviewed(**dict(command)), next(reversed(desk.case.in_round(ClosureRequested)), None)
    if fact in desk.case.facts:
        return []
    if request is None or command.reviewed_on < request.requested_on:
        raise Rejected(
            "no-closure-requested",
            "责任单位尚未申报结案，不能验收。",
            "The unit has not asked for the closing to be checked.",
        )
    if command.reviewer.id in desk.case.handlers:
        raise Rejected(
            "checked-by-handler",
            f"{command.reviewer.name}经办过本案，验收须由上一级的其他人进行。",
            f"{command.reviewer.name} handled this case; somebody else, of the level above, checks its closing.",
        )
    if {check.question for check in command.checks} != set(AcceptanceQuestion):
        listed = "、".join(question.label for question in AcceptanceQuestion)
        raise Rejected(
            "five-questions",
            f"验收须逐一回答五问：{listed}。",
            f"Each of the five is asked once: {', '.join(AcceptanceQuestion)}.",
        )
    if silent := [check.question for check in command.checks if not check.yes and not check.mend.strip()]:
        raise Rejected(
            "nothing-to-mend",
            f"未通过的项须写明要补正什么：{'、'.join(question.label for question in silent)}。",
            f"A no says what has to be mended: {', '.join(silent)}.",
        )
    return [fact]


def close(desk: Desk, command: CloseCase) -> list[CaseworkFact]:
    """Only what has a leader, a meeting and a served reply is closed, and not on an earlier day than these."""
    case = desk.case
    if case.closed is not None:
        return []
    _ready(case, command.closed_on)
    _passed(case, command.closed_on)
    return [CaseClosed(**dict(command))]


def _ready(case: Case, on: date) -> None:
    """Raise Rejected when something is missing without which no case is closed, or came later than that."""
    met = next((visit for visit in case.in_round(VisitLogged) if visit.met_petitioner), None)
    replies, asked = case.replies, (case.demands, case.elsewhere)
    reply, left = answering_all(replies, *asked), unanswered(replies, *asked)
    which = "、".join(map(str, left)) if replies else ""
    needed = (
        (case.leaders[0] if case.leaders else None, "包案领导", "an owner leader"),
        (met, "与信访人见面的记录", "a visit in which the person was met"),
        (
            reply,
            f"第 {which} 项诉求的书面答复" if which else "已送达的书面答复",
            f"a served written reply to demand {', '.join(map(str, left))}" if which else "a served written reply",
        ),
    )
    if missing := [(zh, en) for there, zh, en in needed if there is None]:
        raise Rejected(
            "not-ready-to-close",
            f"不能办结，还缺：{'、'.join(zh for zh, _ in missing)}。",
            f"The case cannot be closed; missing: {', '.join(en for _, en in missing)}.",
        )
    for there, zh, en in needed:
        if there is not None and on < claimed_day(there):
            raise Rejected(
                "closed-too-early",
                f"办结日 {on} 早于{zh}的日期 {claimed_day(there)}。",
                f"The closing, {on}, lies before {en}: {claimed_day(there)}.",
            )


def _passed(case: Case, on: date) -> None:
    """Raise Rejected when a check from above is due and has not been passed."""
    requests, reviews = case.in_round(ClosureRequested), case.in_round(ClosureReviewed)
    if not case.assigned and not requests:
        return
    if not requests or not reviews or reviews[-1].reviewed_on < requests[-1].requested_on:
        raise Rejected(
            "not-reviewed",
            "交办案件须先申报结案（request-closure），经上级验收（review-closure）后办结。",
            "A case that was handed down is closed after a request (request-closure) and a check from above (review-closure).",
        )
    if not reviews[-1].passed:
        mend = [check.mend for check in reviews[-1].checks if not check.yes]
        raise Rejected(
            "sent-back",
            f"验收未通过，须先补正后重新申报：{'；'.join(mend)}。",
            f"The check was not passed; mend and ask again: {'; '.join(mend)}.",
        )
    if on < reviews[-1].reviewed_on:
        raise Rejected(
            "closed-too-early",
            f"办结日 {on} 早于验收日 {reviews[-1].reviewed_on}。",
            f"The closing, {on}, lies before the check from above, {reviews[-1].reviewed_on}.",
        )


BY_REVIEW = frozenset({EndGround.FINAL_REVIEW, EndGround.NOT_CONTESTED})
"""The ends of the road on which the reviews were gone through, or nobody asked for one."""


def receive_evaluation(desk: Desk, command: ReceiveEvaluation) -> list[CaseworkFact]:
    """Whoever is not satisfied says with what, if they wish. Of a closed case it is a relapse (seed plan D4, criterion 3)."""
    fact, closed, ended = EvaluationReceived(**dict(command)), desk.case.closed, desk.case.ended
    facts = once(desk.case, fact)
    final = ended is not None and ended.ground in BY_REVIEW and ended.ended_on <= command.received_on
    unhappy = command.satisfaction is Satisfaction.DISSATISFIED and not final
    if facts and unhappy and closed is not None and command.received_on >= closed.closed_on:
        sign = RelapseSign.DISSATISFIED
        facts.append(CaseRelapsed(sign=sign, relapsed_on=command.received_on, note=command.reason))
    return facts


def look_back(desk: Desk, command: LookBack) -> list[CaseworkFact]:
    """By somebody who did not handle the case, after it was closed."""
    case, fact = desk.case, LookedBack(**dict(command))
    if fact in case.facts:
        return []
    if case.closed is None or command.looked_on < case.closed.closed_on:
        raise Rejected(
            "not-closed", "案件尚未办结，不作回头看。", "The case is not closed: there is nothing to look back at."
        )
    if command.official.id in case.handlers:
        raise Rejected(
            "look-back-by-handler",
            f"{command.official.name}经办过本案，回头看须由他人进行。",
            f"{command.official.name} handled this case; somebody else looks back at it.",
        )
    if command.settled:
        return [fact]
    sign = RelapseSign.FAILED_RETURN_VISIT
    return [fact, CaseRelapsed(sign=sign, relapsed_on=command.looked_on, note=command.note)]


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
    RequestClosure: request_closure,
    ReviewClosure: review_closure,
    CloseCase: close,
    ReceiveEvaluation: receive_evaluation,
    LookBack: look_back,
    ReportRelapse: report_relapse,
}
