"""实地督查与倒查: looking for oneself, and looking back at how a matter was closed that came back. Pure."""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.desk import JOINTLY_WATCHING, WATCHING, CaseCommand, Desk, Rules, not_before
from services.supervision.dossier import Dossier
from services.supervision.rules.coming_back import returns
from services.supervision.unitbook import UnitBook
from shared.deadlines import compute
from shared.decider import Command, Day, Name, Rejected, Text
from shared.events import Fact, Official, Value
from shared.events.supervision import (
    Difference,
    FindingRaised,
    InspectionHeld,
    ReverseInquiryConcluded,
    ReverseInquiryOpened,
    SupervisionFact,
    UnitInspected,
)
from shared.given import Person
from shared.policy.rules import DayRule
from shared.standard import Standard
from shared.terms import ReturnCause, Role
from shared.workdays import business_date

Members = Annotated[tuple[Person, ...], Field(min_length=1, max_length=50)]
"""Who went there."""


class Seen(Value):
    """事实不符: the fact that says otherwise, what it says, and what was seen."""

    fact: Name
    says: Text
    seen: Text


class HoldInspection(CaseCommand):
    """实地督查: record that a group went to the place, what it saw, and where that differs from what was reported."""

    roles: ClassVar[frozenset[Role]] = JOINTLY_WATCHING

    inspection_id: Name
    held_on: Day
    place: Name
    members: Members
    seen: Text
    differences: Annotated[tuple[Seen, ...], Field(max_length=50)] = ()


class InspectUnit(Command):
    """对单位督导: record that a group went to a unit, since when the unit knew of it, what the group saw there, and where that
    differs from what is on record of any of its cases.
    """

    roles: ClassVar[frozenset[Role]] = JOINTLY_WATCHING
    history: ClassVar[str] = "book"

    inspection_id: Name
    told_on: Day
    held_on: Day
    members: Members
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
    _enough(desk, command.members)
    if own := [member for member in command.members if member.id in desk.kept_away]:
        raise Rejected(
            "inspects-himself",
            f"{own[0].name}包办或者办理过本案，或者应当回避，不能参加对本案的督查。",
            f"{own[0].name} has led or handled this case, or has to keep away from it, and may not inspect it.",
        )
    desk.of_the_case(seen.fact for seen in command.differences)
    return facts


def inspect_unit(desk: Desk, book: UnitBook | None, staff: Set[str], command: InspectUnit) -> Sequence[SupervisionFact]:
    """`book` is what is on record of the unit's work, `staff` who held a post of it on that day: they do not inspect it."""
    differences = tuple(Difference(**dict(seen)) for seen in command.differences)
    facts = desk.filed(UnitInspected(**{**dict(command), "differences": differences}), "inspection_id")
    if not facts:
        return []
    not_before(command.held_on, command.told_on, "告知之日", "the unit was told")
    _enough(desk, command.members)
    if own := [member for member in command.members if member.id in staff]:
        raise Rejected(
            "inspects-own-unit",
            f"{own[0].name}在该单位任职，不能参加对该单位的督导。",
            f"{own[0].name} holds a post of this unit, and may not inspect it.",
        )
    known = {one.id for one in book.entries} if book else set()
    if unknown := [seen.fact for seen in command.differences if seen.fact not in known]:
        raise Rejected(
            "no-such-entry",
            f"该单位的台账没有编号为 {unknown[0]} 的事实；请写明与哪一条事实不符。",
            f"Nothing in the book of this unit is numbered {unknown[0]}: name the fact that says otherwise.",
        )
    return facts


def _enough(desk: Desk, members: Iterable[Official]) -> None:
    least, n = desk.policy.inspections.members, len({member.id for member in members})
    if n < least:
        raise Rejected(
            "too-few-inspectors",
            f"实地督查至少 {least} 人；现为 {n} 人。",
            f"An inspection takes {least} people at least; there were {n}.",
        )


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
    looked_into = {one.closing for one in opened}
    due = compute(today, policy.reverse_inquiries.limit, standard.calendar).due
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
