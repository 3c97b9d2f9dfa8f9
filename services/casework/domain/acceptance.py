"""受理与期限: a unit takes the case on, and may extend its time limit. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules
from services.casework.domain.offices import check_head, check_not_accused
from shared import handling
from shared.decider import WHOLE, Day, Name, Note, Rejected, Text
from shared.events.casework import CaseAccepted, CaseworkFact, ClockResumed, ClockSuspended, ExtensionApproved
from shared.given import Person
from shared.own_word import check_own_word
from shared.standard import suspensions
from shared.terms import Role, SuspensionGround


class AcceptCase(CaseCommand):
    """受理: the responsible unit takes the case on. The 60 days of Art 34 run from this day."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    unit: Name
    accepted_on: Day
    note: Note = ""


class ApproveExtension(CaseCommand):
    """延期: the unit head grants up to 30 more days, once, before the due date, and the person is told why (Art 34)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD})

    days: Annotated[int, Field(ge=1, le=366), WHOLE]
    approved_on: Day
    approved_by: Person
    reason: Text
    told_on: Day
    assigner: Note = ""
    """The organ that assigned the case and agreed, where the policy asks for its word."""


class SuspendClock(CaseCommand):
    """期限中止: the time limit stands still from this day on, on a lawful ground."""

    when_reviewed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE, Role.REVIEWER})

    suspended_on: Day
    ground: SuspensionGround
    note: Text


class ResumeClock(CaseCommand):
    """期限恢复: the ground is gone; the limit runs again from this day on."""

    when_reviewed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE, Role.REVIEWER})

    resumed_on: Day


def accept(desk: Desk, command: AcceptCase) -> list[CaseworkFact]:
    """Once; and once more by a unit that the case was sent on to. The time limit runs from the first acceptance."""
    case = desk.case
    fact, before = CaseAccepted(**dict(command)), case.all(CaseAccepted)
    if fact in before:
        return []
    check_own_word(desk.asked, (command.unit, command.accepted_on))
    check_not_accused(desk, (command.unit, command.accepted_on))
    if not before:
        return [fact]
    last, sent = before[-1], case.dispatched
    if sent is None or sent.unit != command.unit or last.unit == command.unit:
        raise Rejected(
            "already-accepted",
            f"{last.unit}已于 {last.accepted_on} 受理；受理日不能更改，办理期限从首次受理之日起算。",
            f"{last.unit} accepted it on {last.accepted_on}; that day stands, the limit runs from the first acceptance.",
        )
    if command.accepted_on < max(sent.dispatched_on, last.accepted_on):
        raise Rejected(
            "accepted-before-dispatch",
            f"{last.unit}于 {last.accepted_on} 受理，{sent.dispatched_on} 转到{sent.unit}；受理日不能早于这两天。",
            f"Accepted on {last.accepted_on} and sent on on {sent.dispatched_on}, it is accepted anew no earlier than that.",
        )
    return [fact]


def approve_extension(desk: Desk, command: ApproveExtension) -> list[CaseworkFact]:
    """At most 30 days, once, before the due date, reasons told to the person, by the head of the unit, or whoever acts for
    the head, where the directory knows who that is (Art 34). A relapse begins a new limit, and so does a quashed reply.
    """
    case = desk.case
    fact, start = ExtensionApproved(**dict(command)), case.limit_from
    if fact in case.facts:
        return []
    if start is None:
        raise Rejected("not-accepted", "案件尚未受理，没有期限可延。", "Not accepted yet: there is no limit to extend.")
    if not case.by_petition_procedure:
        raise Rejected(
            "no-limit-of-art-34",
            "只有按信访程序办理的申诉求决事项适用 60 日期限，本案没有可延的期限（第三十一条、第三十四条）。",
            "Only a claim that takes the petition procedure has the limit of Art 34; there is none to extend here (Art 31).",
        )
    if handling.extension(desk.standard, start, case.round) is not None:
        raise Rejected(
            "extended-once", "已延期一次，不得再延（第三十四条）。", "Extended once already; Art 34 knows no second."
        )
    limits = desk.standard.policy_on(start).limits
    if limits.extension_by_assigner and case.assigned and not command.assigner:
        raise Rejected(
            "assigner-agrees",
            "本地规定交办事项延期须经交办机关同意，请在 assigner 填写该机关。",
            "Where this policy holds, an assigned matter is extended with the word of the organ that assigned it: give assigner.",
        )
    most, due = limits.extension_max, desk.standard.handling(start, suspensions=suspensions(case.round)).due
    if command.days > most:
        raise Rejected(
            "extension-too-long",
            f"延期不得超过 {most} 日（第三十四条），申请为 {command.days} 日。",
            f"An extension is at most {most} days (Art 34); this asks for {command.days}.",
        )
    if command.approved_on < start:
        raise Rejected(
            "extension-too-early",
            f"办理期限自 {start} 起算，不能在 {command.approved_on} 就批准延期。",
            f"The limit runs from {start}; it could not be extended on {command.approved_on}.",
        )
    if due is not None and command.approved_on > due:
        raise Rejected(
            "extension-too-late",
            f"办理期限 {due} 已过，{command.approved_on} 批准的延期无效（第三十四条）。",
            f"The limit ended on {due}; an extension approved on {command.approved_on} comes too late (Art 34).",
        )
    check_head(desk, case.held, command.approved_by, command.approved_on, type(command).__name__)
    if command.told_on > desk.today:
        raise Rejected(
            "told-in-the-future",
            f"told_on 为 {command.told_on}，尚未到来。请在告知信访人之后再登记延期。",
            f"told_on is {command.told_on}, still to come. Record the extension once the person has been told.",
        )
    return [fact]


def suspend_clock(desk: Desk, command: SuspendClock) -> list[CaseworkFact]:
    """What does not run cannot be stopped, and what stands still is not stopped twice."""
    case, fact = desk.case, ClockSuspended(**dict(command))
    if fact in case.facts:
        return []
    if case.limit_from is None or command.suspended_on < case.limit_from:
        raise Rejected(
            "clock-not-running",
            "办理期限尚未起算，不能中止。",
            "The time limit does not run yet: it cannot stand still.",
        )
    if (before := suspensions(case.round)) and before[-1].end is None:
        raise Rejected(
            "clock-suspended",
            f"期限自 {before[-1].start} 起已中止（{before[-1].ground}），请先恢复。",
            f"The limit has stood still since {before[-1].start} ({before[-1].ground}); resume it first.",
        )
    if before and before[-1].end is not None and command.suspended_on < before[-1].end:
        raise Rejected(
            "suspended-before-resumed",
            f"期限在 {before[-1].end} 才恢复，不能自 {command.suspended_on} 起再次中止。",
            f"The limit ran again from {before[-1].end}; it cannot stand still from {command.suspended_on}.",
        )
    return [fact]


def resume_clock(desk: Desk, command: ResumeClock) -> list[CaseworkFact]:
    case, fact = desk.case, ClockResumed(**dict(command))
    if fact in case.facts:
        return []
    before = suspensions(case.round)
    if not before or before[-1].end is not None:
        raise Rejected("clock-running", "期限没有中止，无须恢复。", "The time limit does not stand still.")
    if command.resumed_on < before[-1].start:
        raise Rejected(
            "resumed-before-suspended",
            f"恢复日 {command.resumed_on} 早于中止日 {before[-1].start}。",
            f"It cannot be resumed on {command.resumed_on}, before it stood still, {before[-1].start}.",
        )
    return [fact]


RULES: Rules = {
    AcceptCase: accept,
    ApproveExtension: approve_extension,
    SuspendClock: suspend_clock,
    ResumeClock: resume_clock,
}
