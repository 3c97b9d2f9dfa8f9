"""登记: petitions come in. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.case import Case
from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Region, Rules, once
from services.intake.domain.unlinking import check_linked
from shared.decider import WHOLE, Command, Day, Name, Note, Rejected, Text
from shared.events.intake import (
    CaseRegistered,
    IntakeFact,
    RepeatDeclined,
    RepeatPetitionLinked,
)
from shared.standard import Standard
from shared.terms import Category, Channel, Purpose, Role, Span


class Petition(Command):
    """信访事项: what a petition says, whoever brought it."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    channel: Channel
    received_on: Day
    region: Region
    unit: Name
    demands: Annotated[tuple[Text, ...], Field(min_length=1, max_length=50)]
    headcount: Annotated[int, Field(ge=1, le=100_000), WHOLE] = 1
    categories: Annotated[tuple[Category, ...], Field(max_length=50)] = ()
    spans: Annotated[tuple[Span, ...], Field(max_length=50)] = ()
    original_number: Name | None = None
    extras: Annotated[
        dict[Name, Note],
        Field(
            max_length=200,
            default_factory=dict,
            json_schema_extra={"propertyNames": {"maxLength": 200}, "additionalProperties": False},
        ),
    ]
    history_follows: bool = False
    purpose: Purpose | None = None
    representatives: Annotated[int, Field(ge=0, le=100_000), WHOLE] = 0
    urgent: bool = False
    content_codes: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    cause: Note = ""
    happened_on: Day | None = None
    place: Note = ""
    screened: bool = False
    first_on: Day | None = None


class RegisterCase(Petition):
    """登记: enter a petition in the books. Every petition is registered, whatever becomes of it (Arts 21-23)."""

    petitioner_id: Name


class LinkRepeatPetition(CaseCommand):
    """重复信访: the same person came again in the same matter; it joins this case instead of opening a second one, and
    `same_matter` says why it is the same (Arts 19, 36).
    """

    roles: ClassVar[frozenset[Role]] = REGISTERING

    petition_id: Name
    channel: Channel
    received_on: Day
    original_number: Name | None = None
    note: Note = ""
    same_matter: Note = ""


class DeclineRepeat(CaseCommand):
    """非重复信访: somebody looked at a likely repeat and found that it is another matter; it is not offered again."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    declined_on: Day
    other: Name
    reason: Text


def register(standard: Standard, case: Case, command: RegisterCase) -> list[IntakeFact]:
    """A case is registered once; the same registration again is already so, a different one is refused.

    A crowd speaks through representatives, at most as many as the policy says (Art 20).
    """
    most = standard.policy_on(command.received_on).petitions.most_representatives(command.headcount)
    if command.representatives > most:
        raise Rejected(
            "too-many-representatives",
            f"信访人数 {command.headcount}，代表不得超过 {most} 人（第二十条）；现为 {command.representatives}。",
            f"{command.headcount} people petition: at most {most} representatives (Art 20); this names {command.representatives}.",
        )
    for name in ("happened_on", "first_on"):
        if (day := getattr(command, name)) is not None and day > command.received_on:
            raise Rejected(
                "after-receipt",
                f"{name} 为 {day}，晚于收到信访事项的 {command.received_on}。请核对日期。",
                f"{name} is {day}, after the petition was received, {command.received_on}. Check the dates.",
            )
    fact = CaseRegistered(**dict(command))
    if case.registered is None:
        return [fact]
    if case.registered == fact:
        return []
    raise Rejected(
        "already-registered",
        "该案件编号已登记，且内容不同。请换一个编号，或登记为重复信访。",
        "This case id is taken by a different registration. Use another id, or link a repeat petition.",
    )


def link_repeat(desk: Desk, command: LinkRepeatPetition) -> list[IntakeFact]:
    """Once; and not for the person's sake: whoever links says which facts and reasons are the same (Arts 19, 36). What was taken
    back stays so: a ledger that comes again adds nothing.
    """
    if any(its.fact.petition_id == command.petition_id for its in desk.case.linked):
        if desk.asked.imported_from is None:
            check_linked(desk.case, command.petition_id)
        return []
    if not command.same_matter.strip():
        raise Rejected(
            "same-matter-unsaid",
            "同一信访人不等于同一事项：请在 same_matter 写明哪些事实和理由相同（第十九条、第三十六条）。",
            "The same person is not the same matter: say in same_matter which facts and reasons are the same (Arts 19, 36).",
        )
    return [RepeatPetitionLinked(**dict(command))]


def decline_repeat(desk: Desk, command: DeclineRepeat) -> list[IntakeFact]:
    """Once for each other case; the same word again is already so."""
    if any(fact.other == command.other for fact in desk.case.all(RepeatDeclined)):
        return []
    if command.other == desk.case.case_id:
        raise Rejected("compared-with-itself", "案件不能与自身比较。", "No case is compared with itself.")
    return once(desk, RepeatDeclined(**dict(command)))


RULES: Rules = {LinkRepeatPetition: link_repeat, DeclineRepeat: decline_repeat}
