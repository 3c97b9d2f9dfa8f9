"""交办转送: a case is handed to a unit. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from shared.deadlines import compute, explain
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events import Named
from shared.events.intake import (
    AccusedNamed,
    CaseDispatched,
    DispatchObjected,
    IntakeFact,
    JurisdictionDisputed,
    JurisdictionRuled,
    NoticeOfAcceptanceServed,
    ObjectionDeclined,
    ObjectionRaised,
)
from shared.given import Person
from shared.own_word import check_own_word
from shared.terms import DispatchKind, JurisdictionGround, NoticeExemption, Role, Ruler, ServedHow, Term

UNIT = frozenset({Role.HANDLER, Role.UNIT_HEAD})


class DispatchCase(CaseCommand):
    """交办/转送: hand the case to a responsible unit; 交办 by a numbered letter, with a date for the result (Art 22; plan D1)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | {Role.JOINT_MEETING}

    kind: DispatchKind
    unit: Name
    dispatched_on: Day
    letter_number: Name | None = None
    due_on: Day | None = None
    note: Note = ""
    line: Note = ""
    area: Note = ""


class NameAccused(CaseCommand):
    """被反映单位和人员: say whom the petition is about. It is never handed to them, and they do not open it (Arts 30, 46)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    named_on: Day
    units: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    officials: Annotated[tuple[Person, ...], Field(max_length=50)] = ()


class RaiseObjection(CaseCommand):
    """提出异议: the unit says within five working days, with reasons, that the case is not its own (Art 23)."""

    roles: ClassVar[frozenset[Role]] = UNIT

    unit: Name
    raised_on: Day
    reason: Text


class DecideObjection(CaseCommand):
    """异议处理: the sender consents, and the case comes back; or does not, and it stays (Art 23)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE, Role.JOINT_MEETING})

    unit: Name
    decided_on: Day
    consents: bool
    reason: Text


class ReportDispute(CaseCommand):
    """管辖争议: several units say that the case is not theirs (Art 24)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | UNIT

    disputed_on: Day
    units: Annotated[tuple[Name, ...], Field(min_length=2, max_length=20)]


class RuleJurisdiction(CaseCommand):
    """管辖裁定: the common superior or the joint meeting says whose it is, and the case goes there (Art 24; plan D9)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE, Role.JOINT_MEETING})

    ruled_on: Day
    unit: Name
    ruler: Ruler
    by: Name
    ground: JurisdictionGround
    reason: Text
    passed_over: Note = ""


class ServeNotice(CaseCommand):
    """受理告知: tell the person in writing what becomes of the matter; or say why nobody could be told (Art 23)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | UNIT

    unit: Name
    served_on: Day
    how: ServedHow | None = None
    exempt: NoticeExemption | None = None


def dispatch(desk: Desk, command: DispatchCase) -> list[IntakeFact]:
    """The same dispatch again is already so. 交办 names the date for the result (Art 22) and the letter by which it is done."""
    if command.kind is DispatchKind.ASSIGN and command.due_on is None:
        raise Rejected(
            "assignment-needs-due-date",
            "交办必须写明反馈结果的期限（《信访工作条例》第二十二条）。请填写 due_on。",
            "An assignment (交办) names the date for the result (Art 22). Give due_on.",
        )
    if command.kind is DispatchKind.ASSIGN and command.letter_number is None:
        raise Rejected(
            "assignment-needs-letter-number",
            "交办须有交办函（工作方案）。请在 letter_number 填写文号。",
            "An assignment (交办) is made by letter. Give its number as letter_number.",
        )
    if command.due_on is not None and command.due_on < command.dispatched_on:
        raise Rejected(
            "due-before-dispatch",
            f"期限 {command.due_on} 早于交办日 {command.dispatched_on}。请核对日期。",
            f"The due date {command.due_on} lies before the dispatch, {command.dispatched_on}. Check the dates.",
        )
    not_to_the_accused(desk, (command.unit, command.dispatched_on))
    return once(desk, CaseDispatched(**dict(command)))


def not_to_the_accused(desk: Desk, sent: Named) -> None:
    """Raise Rejected for a unit whom the petition is about, under whatever name: one that it bears now, or bore then."""
    unit, region = sent[0], desk.registered.region
    accused = [(name, said.named_on) for said in desk.case.all(AccusedNamed) for name in said.units]
    if unit in {name for name, _ in accused} or any(desk.directory().same(sent, its, region) for its in accused):
        raise Rejected(
            "dispatched-to-the-accused",
            f"{unit}是被反映单位，不得将信访事项转给被反映的单位（第三十条、第四十六条）。",
            f"The petition is about {unit}; it is never handed to whom it is about (Arts 30, 46).",
        )


def name_accused(desk: Desk, command: NameAccused) -> list[IntakeFact]:
    return once(desk, AccusedNamed(**dict(command)))


def raise_objection(desk: Desk, command: RaiseObjection) -> list[IntakeFact]:
    """By the unit that has the case, within the limit of the policy, counted in working days."""
    case, unit = desk.case, _as_held(desk, (command.unit, command.raised_on))
    fact = ObjectionRaised(**dict(command) | {"unit": unit})
    if fact in case.facts:
        return []
    held = case.holder
    if held is None or held.unit != unit:
        raise Rejected(
            "not-dispatched-here",
            f"本案目前没有交办、转送给{command.unit}，无从提出异议。",
            f"The case is not with {command.unit}: there is nothing to object to.",
        )
    check_own_word(desk.asked, (command.unit, command.raised_on))
    limit = desk.standard.policy_on(held.dispatched_on).limits.objection
    deadline = compute(held.dispatched_on, limit, desk.standard.calendar)
    if deadline.due is not None and command.raised_on > deadline.due:
        raise Rejected(
            "objected-too-late",
            f"提出异议的期限已于 {deadline.due} 届满：{explain(deadline)}",
            f"The time to object ended on {deadline.due}: {explain(deadline)}",
        )
    return once(desk, fact)


def _as_held(desk: Desk, named: Named) -> str:
    """The name under which the unit that is meant has the case: it may have been renamed since."""
    held = desk.case.holder
    if held is None or held.unit == named[0]:
        return named[0]
    as_sent = (held.unit, held.dispatched_on)
    return held.unit if desk.directory().same(named, as_sent, desk.registered.region) else named[0]


def decide_objection(desk: Desk, command: DecideObjection) -> list[IntakeFact]:
    """Consent brings the case back; it is on the books of nobody then, until it is sent on."""
    unit = _as_held(desk, (command.unit, command.decided_on))
    words = {"unit": unit, "reason": command.reason}
    fact: IntakeFact = (
        DispatchObjected(objected_on=command.decided_on, **words)
        if command.consents
        else ObjectionDeclined(declined_on=command.decided_on, **words)
    )
    if fact in desk.case.moves or fact in desk.case.facts:
        return []
    held, raised = desk.case.holder, _undecided(desk, unit)
    if held is None or raised is None or command.decided_on < raised.raised_on or raised.raised_on < held.dispatched_on:
        raise Rejected(
            "no-objection",
            f"{command.unit}没有待处理的异议。",
            f"There is no objection of {command.unit} to decide.",
        )
    for sender in (sender for sent, sender in desk.case.senders if sent == held):
        if desk.asked.unit is not None and not desk.asked.is_of(sender):
            raise Rejected(
                "not-the-sender",
                f"本案由{sender[0]}交办、转送，退回须经其同意（第二十三条）。请由该单位处理异议。",
                f"{sender[0]} handed the case down: it comes back only with its consent (Art 23). That unit decides.",
            )
    return once(desk, fact)


def _undecided(desk: Desk, unit: str) -> ObjectionRaised | None:
    """The objection that the unit which has the case raised, and on which nobody has decided yet."""
    held, waiting = desk.case.holder, None
    for fact in desk.case.facts:
        match fact:
            case ObjectionRaised() if fact.unit == unit:
                waiting = fact
            case ObjectionDeclined() if fact.unit == unit:
                waiting = None
    return waiting if held is not None and held.unit == unit else None


def report_dispute(desk: Desk, command: ReportDispute) -> list[IntakeFact]:
    return once(desk, JurisdictionDisputed(**dict(command)))


def rule_jurisdiction(desk: Desk, command: RuleJurisdiction) -> list[IntakeFact]:
    """A ruling of what is in dispute; with it the case goes to the unit that was named."""
    fact = JurisdictionRuled(**dict(command))
    if fact in desk.case.facts:
        return []
    disputed = desk.case.last(JurisdictionDisputed)
    if disputed is None or command.ruled_on < disputed.disputed_on:
        raise Rejected("no-dispute", "没有待裁定的管辖争议。", "There is no dispute to rule on.")
    _in_order(desk, command)
    not_to_the_accused(desk, (command.unit, command.ruled_on))
    sent = CaseDispatched(
        kind=DispatchKind.FORWARD, unit=command.unit, dispatched_on=command.ruled_on, note=command.reason
    )
    return [*once(desk, fact), *once(desk, sent)]


def _in_order(desk: Desk, command: RuleJurisdiction) -> None:
    """Place of event first, household second; the common superior first, the joint meeting when there is none (D9; Art 24)."""
    order = desk.standard.policy_on(command.ruled_on).jurisdiction
    passed = [
        *order.grounds[: _turn(order.grounds, command.ground)],
        *order.rulers[: _turn(order.rulers, command.ruler)],
    ]
    if passed and not command.passed_over.strip():
        zh, en = "、".join(word.label for word in passed), ", ".join(passed)
        raise Rejected(
            "earlier-ground-first",
            f"应先按{zh}；不能适用的，请在 passed_over 说明理由。",
            f"First comes: {en}. If that does not serve here, say why in passed_over.",
        )


def _turn(order: tuple[Term, ...], word: Term) -> int:
    return order.index(word) if word in order else 0


def serve_notice(desk: Desk, command: ServeNotice) -> list[IntakeFact]:
    """Either it reached the person somehow, or there is a ground on which nobody could be told."""
    if (command.how is None) == (command.exempt is None):
        raise Rejected(
            "how-or-exempt",
            "请填写送达方式 how，或免予告知的依据 exempt，二者择一。",
            "Give how it was served, or the ground on which nobody could be told: one of the two.",
        )
    check_own_word(desk.asked, (command.unit, command.served_on))
    return once(desk, NoticeOfAcceptanceServed(**dict(command)))


RULES: Rules = {
    DispatchCase: dispatch,
    NameAccused: name_accused,
    RaiseObjection: raise_objection,
    DecideObjection: decide_objection,
    ReportDispute: report_dispute,
    RuleJurisdiction: rule_jurisdiction,
    ServeNotice: serve_notice,
}
