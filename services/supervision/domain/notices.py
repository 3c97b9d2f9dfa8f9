"""督办的送达、签收、答复、整改、评判、撤回: what people do about a notice. When it goes up is the ladder's affair. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.course import Course
from services.supervision.domain.desk import ANSWERING, WATCHING, Desk, FoundCommand, Rules, not_before
from services.supervision.rules import PAST
from shared.deadlines import Limit, compute
from shared.decider import Day, Name, Rejected, Text
from shared.events.supervision import (
    NoticeAcknowledged,
    NoticeAnswered,
    NoticeServed,
    NoticeWithdrawn,
    RectificationJudged,
    RectificationReported,
    SupervisionFact,
)
from shared.given import Person
from shared.identity import UNIT_BOUND
from shared.terms import Role, ServedHow
from shared.verbatim import plain_text


class RecordService(FoundCommand):
    """督办送达: record when and how a notice reached its addressee."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    notice_id: Name
    served_on: Day
    how: ServedHow
    to: Name


class AcknowledgeNotice(FoundCommand):
    """督办签收: say that it was read. Only the addressee's unit does, or the one that has the case now."""

    roles: ClassVar[frozenset[Role]] = ANSWERING

    notice_id: Name
    acknowledged_on: Day
    by: Person


class AnswerNotice(FoundCommand):
    """督办答复: answer a live notice by its day. Whoever does has some days more for the deed, by the policy."""

    roles: ClassVar[frozenset[Role]] = ANSWERING

    notice_id: Name
    answered_on: Day
    answer: Text
    by: Person
    evidence: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


class ReportRectification(FoundCommand):
    """整改报告: say what was done about a notice, with its proof. It then waits for a supervisor."""

    roles: ClassVar[frozenset[Role]] = ANSWERING

    notice_id: Name
    report_id: Name
    reported_on: Day
    what: Text
    proof: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    by: Person


class JudgeRectification(FoundCommand):
    """整改评判: say whether it is done. What is not done is made up for by a day, until it is (整改补课, seed plan D10).

    What cannot be undone, such as a late entry, is done when it has been answered for.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR})

    notice_id: Name
    report_id: Name
    judged_on: Day
    done: bool
    reasons: Text
    by: Person
    redo_by: Day | None = None


class WithdrawNotice(FoundCommand):
    """督办撤回: take a notice back, with reasons; say whether what is still found is to be told anew."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR})

    notice_id: Name
    withdrawn_on: Day
    by: Person
    reasons: Text
    reissue: bool


def record_service(desk: Desk, command: RecordService) -> list[SupervisionFact]:
    fact = NoticeServed(**dict(command))
    if not desk.once(fact):
        return []
    not_before(command.served_on, _live(desk, command.notice_id).notice.issued_on, "发出之日", "it was issued")
    return [fact]


def acknowledge_notice(desk: Desk, command: AcknowledgeNotice) -> list[SupervisionFact]:
    fact = NoticeAcknowledged(**dict(command))
    if not desk.once(fact):
        return []
    course = _addressed(desk, command.notice_id)
    not_before(command.acknowledged_on, course.notice.issued_on, "发出之日", "it was issued")
    return [fact]


def answer_notice(desk: Desk, command: AnswerNotice) -> list[SupervisionFact]:
    """One answer to a notice: a second would only put off the deed."""
    said = next((fact for fact in desk.words.all(NoticeAnswered) if fact.notice_id == command.notice_id), None)
    if said is not None:
        if said == NoticeAnswered(**dict(command), rectify_by=said.rectify_by):
            return []
        raise Rejected(
            "already-answered",
            f"{command.notice_id} 已于 {said.answered_on} 答复。请报告整改情况（report-rectification）。",
            f"{command.notice_id} was answered on {said.answered_on}. Report the deed (report-rectification).",
        )
    course = _addressed(desk, command.notice_id)
    notice = course.notice
    not_before(command.answered_on, notice.issued_on, "发出之日", "it was issued")
    rung = desk.standard.policy_on(notice.issued_on).notices.ladder[notice.level]
    rectify_by = None
    if rung.rectify_days is not None and notice.due_on is not None and command.answered_on <= notice.due_on:
        limit = Limit(rung.rectify_days, "calendar", "next-day", "none", rung.basis)
        given = compute(command.answered_on, limit, desk.standard.calendar).due
        rectify_by = max(given, notice.due_on) if given else None
    return [NoticeAnswered(**dict(command), rectify_by=rectify_by)]


def report_rectification(desk: Desk, command: ReportRectification) -> list[SupervisionFact]:
    facts = desk.filed(RectificationReported(**dict(command)), "report_id")
    if facts:
        course = _addressed(desk, command.notice_id)
        not_before(command.reported_on, course.notice.issued_on, "发出之日", "it was issued")
        if course.report is not None:
            raise Rejected(
                "report-waits",
                f"整改报告 {course.report.report_id} 还在等督查员评判。",
                f"The report {course.report.report_id} still waits for a supervisor.",
            )
        _more_than_before(desk, command)
    return facts


def _more_than_before(desk: Desk, command: ReportRectification) -> None:
    """Raise Rejected for a report that says and shows what was found not to be done: while a report waits, nothing falls due."""
    undone = {judged.report_id for judged in desk.words.all(RectificationJudged) if not judged.done}
    for report in desk.words.all(RectificationReported):
        same = {*command.proof} <= {*report.proof} and plain_text(command.what) == plain_text(report.what)
        if report.report_id in undone and same:
            raise Rejected(
                "report-repeated",
                f"与评判为未完成的 {report.report_id} 内容、证明相同。请写明此后又做了什么，并附新的证明；有异议的，请陈述申辩。",
                f"It says and shows what {report.report_id} did, which was found not to be done. Say and show what has been done"
                " since; or answer the finding.",
            )


def judge_rectification(desk: Desk, command: JudgeRectification) -> list[SupervisionFact]:
    """Nothing is done while a rule still finds what the notice is about: then withdraw the finding, or have it redone. What
    cannot be undone is done when it has been answered for; it stays on record, and is told again only on new evidence.
    """
    fact = RectificationJudged(**dict(command))
    if not desk.once(fact):
        return []
    if command.done is (command.redo_by is not None) or (command.redo_by and command.redo_by <= command.judged_on):
        raise Rejected(
            "redo-by-when",
            "未完成的须写明此后的补课期限（redo_by），已完成的不写。",
            "What is not done names a later day, redo_by; what is done names none.",
        )
    course = _live(desk, command.notice_id)
    if course.report is None or course.report.report_id != command.report_id:
        raise Rejected(
            "no-such-report",
            f"没有等待评判的整改报告 {command.report_id}。",
            f"No report {command.report_id} waits for a supervisor.",
        )
    desk.impartial(command.by)
    not_before(command.judged_on, course.report.reported_on, "报告之日", "it was reported")
    if command.done and (
        still := {name for name in desk.words.named(course) if desk.words.known[name].rule not in PAST}
    ):
        names = "、".join(sorted(still))
        raise Rejected(
            "still-found",
            f"{names} 仍然存在，不能认定整改完成。请限期补课；问题有误的，请先撤销（withdraw-finding）。",
            f"{names} still hold: it is not done. Set a day to redo it, or withdraw a finding that is wrong first.",
        )
    return [fact]


def withdraw_notice(desk: Desk, command: WithdrawNotice) -> list[SupervisionFact]:
    fact = NoticeWithdrawn(**dict(command))
    if not desk.once(fact):
        return []
    not_before(command.withdrawn_on, _live(desk, command.notice_id).notice.issued_on, "发出之日", "it was issued")
    desk.impartial(command.by)
    return [fact]


def _live(desk: Desk, name: str) -> Course:
    course = next((course for course in desk.words.live if course.notice.notice_id == name), None)
    if course is None:
        there = "、".join(course.notice.notice_id for course in desk.words.live) or "-"
        raise Rejected(
            "no-such-notice",
            f"没有在办的督办通知 {name}；在办：{there}。",
            f"No live notice is called {name}; live: {there}.",
        )
    return course


def _addressed(desk: Desk, name: str) -> Course:
    """The live notice, for its addressee to speak about, or for whoever has the case now. Raises Rejected for somebody else."""
    course = _live(desk, name)
    asked, named = desk.asked, [] if course.about_office else desk.handling
    of_a_unit = course.notice.addressee.role in (*UNIT_BOUND,)
    if of_a_unit:
        named = [(course.notice.addressee.unit, course.notice.issued_on), *named]
    by_unit = asked.is_of(*named) if asked.unit is not None else of_a_unit
    if not (not of_a_unit if asked.role == Role.PETITION_OFFICE else by_unit):
        units = "、".join(dict.fromkeys(unit for unit, _ in named)) or course.notice.addressee.unit
        raise Rejected(
            "not-the-addressee",
            f"{name} 由被督办单位、现办理单位答复：{units}。",
            f"{name} is answered by the unit that it is addressed to, or has the case now: {units}.",
        )
    return course


RULES: Rules = {
    RecordService: record_service,
    AcknowledgeNotice: acknowledge_notice,
    AnswerNotice: answer_notice,
    ReportRectification: report_rectification,
    JudgeRectification: judge_rectification,
    WithdrawNotice: withdraw_notice,
}
