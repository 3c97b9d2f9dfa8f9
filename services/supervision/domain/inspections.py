"""实地督查与倒查: looking for oneself, and looking back at how a matter was closed that came back. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.desk import WATCHING, CaseCommand, Desk, Rules, not_before
from services.supervision.dossier import Dossier
from services.supervision.rules.coming_back import returns
from shared.deadlines import compute
from shared.decider import Day, Name, Rejected, Text
from shared.events import Fact, Value
from shared.events.supervision import (
    Difference,
    FindingRaised,
    InspectionHeld,
    ReverseInquiryConcluded,
    ReverseInquiryOpened,
    SupervisionFact,
)
from shared.given import Person
from shared.policy.rules import DayRule
from shared.standard import Standard
from shared.terms import ReturnCause, Role
from shared.workdays import business_date


class Seen(Value):
    """事实不符: the fact that says otherwise, what it says, and what was seen."""

    fact: Name
    says: Text
    seen: Text


class HoldInspection(CaseCommand):
    """实地督查: record that a group went to the place, what it saw, and where that differs from what was reported."""

    roles: ClassVar[frozenset[Role]] = WATCHING | {Role.JOINT_MEETING}

    inspection_id: Name
    held_on: Day
    place: Name
    members: Annotated[tuple[Person, ...], Field(min_length=1, max_length=50)]
    seen: Text
    differences: Annotated[tuple[Seen, ...], Field(max_length=50)] = ()


class ConcludeReverseInquiry(CaseCommand):
    """倒查结论: say why the matter came back, and who answers for it."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    inquiry_id: Name
    concluded_on: Day
    cause: ReturnCause
    reasons: Text
    answerable: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    by: Person


def hold_inspection(desk: Desk, command: HoldInspection) -> list[SupervisionFact]:
    """Whoever has handled the case does not inspect it, nor who has to keep away from it."""
    differences = tuple(Difference(**dict(seen)) for seen in command.differences)
    fact = InspectionHeld(**{**dict(command), "differences": differences})
    facts = desk.filed(fact, "inspection_id")
    if not facts:
        return []
    members = {member.id for member in command.members}
    if len(members) < desk.policy.inspections.members:
        raise Rejected(
            "too-few-inspectors",
            f"实地督查至少 {desk.policy.inspections.members} 人；现为 {len(members)} 人。",
            f"An inspection takes {desk.policy.inspections.members} people at least; there were {len(members)}.",
        )
    if own := [member for member in command.members if member.id in desk.kept_away]:
        raise Rejected(
            "inspects-himself",
            f"{own[0].name}包办或者办理过本案，或者应当回避，不能参加对本案的督查。",
            f"{own[0].name} has led or handled this case, or has to keep away from it, and may not inspect it.",
        )
    desk.of_the_case(seen.fact for seen in command.differences)
    return facts


def inquiries(dossier: Dossier, findings: Iterable[FindingRaised], standard: Standard, as_of: datetime) -> list[Fact]:
    """倒查启动: once for each closing after which the same matter came back, by whatever channel (seed plan D12), also when
    something was done about it before anybody found that; a ledger's word that it did starts one only with such a finding.

    A person who travels, or petitions elsewhere about something else, starts nothing.
    """
    today = business_date(as_of)
    policy = standard.policy_on(today)
    rule, opened = policy.rules["relapse"], list(dossier.words.all(ReverseInquiryOpened))
    if not isinstance(rule, DayRule) or not rule.enabled:
        return []
    found = {cited.id: its.finding_id for its in findings if its.rule == "relapse" for cited in its.counted}
    looked_into, due = (
        {one.closing for one in opened},
        compute(today, policy.reverse_inquiries.limit, standard.calendar).due,
    )
    back = [
        (closing, sign)
        for closing, sign in returns(dossier.until(today), rule.days)
        if closing.id not in looked_into and (closing.id in found or not sign.imported)
    ]
    return [
        ReverseInquiryOpened(
            inquiry_id=f"inquiry-{n}",
            finding_id=found.get(closing.id, ""),
            closing=closing.id,
            closed_on=closing.on,
            back_on=sign.on,
            about=dossier.until(today).unit,
            opened_on=today,
            due_on=due or today,
            policy=policy.version,
        )
        for n, (closing, sign) in enumerate(back, len(opened) + 1)
    ]


def conclude_reverse_inquiry(desk: Desk, command: ConcludeReverseInquiry) -> list[SupervisionFact]:
    facts = desk.filed(ReverseInquiryConcluded(**dict(command)), "inquiry_id")
    if facts:
        opened = next((i for i in desk.words.all(ReverseInquiryOpened) if i.inquiry_id == command.inquiry_id), None)
        if opened is None:
            raise Rejected(
                "no-such-inquiry",
                f"没有编号为 {command.inquiry_id} 的倒查。",
                f"There is no reverse inquiry {command.inquiry_id}.",
            )
        not_before(command.concluded_on, opened.opened_on, "启动之日", "it was opened")
        desk.impartial(command.by)
        at_fault = command.cause not in (ReturnCause.NEW_FACTS, ReturnCause.NO_FAULT)
        if at_fault is not bool(command.answerable):
            raise Rejected(
                "who-answers",
                "认定办理有误的，须写明责任人（answerable）；办结无误或出现新情况的，不写。",
                "A fault names who answers for it (answerable); new facts or no fault name nobody.",
            )
    return facts


RULES: Rules = {HoldInspection: hold_inspection, ConcludeReverseInquiry: conclude_reverse_inquiry}
