"""任职、请假、委托: who holds which post of a unit, who is away, and who acts for them. Pure."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.desk import REGISTERING
from services.intake.domain.roster import Hall, UnitCommand, UnitRules, once
from shared.decider import Day, Name, Note, Rejected
from shared.directory import Holding
from shared.events.intake import (
    DelegationGiven,
    DelegationRevoked,
    LeaveEnded,
    LeaveGranted,
    PostLeft,
    PostTaken,
    UnitFact,
)
from shared.given import Person
from shared.terms import LeaderRank, Role

CommandName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{1,79}$")]
"""A command as docs/permissions.md names it: ApproveExtension."""


class TakePost(UnitCommand):
    """任职: an official holds a post of the unit from this day on; until before which day, if that is over."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    holding_id: Name
    official: Person
    since: Day
    left_on: Day | None = None
    rank: LeaderRank
    heads_unit: bool = False
    remit: Note = ""


class LeavePost(UnitCommand):
    """离任: the post is held no more, from this day on."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    holding_id: Name
    left_on: Day


class GrantLeave(UnitCommand):
    """请假: an official of the unit is away, from the first to the last day. Why, is not recorded."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    leave_id: Name
    official_id: Name
    granted_on: Day
    first_day: Day
    last_day: Day


class EndLeave(UnitCommand):
    """销假: back before the last day of the leave."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    leave_id: Name
    returned_on: Day


class GiveDelegation(UnitCommand):
    """委托: somebody acts for an official from the first to the last day; the official stays answerable (seed plan D6)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    delegation_id: Name
    official_id: Name
    delegate: Person
    given_on: Day
    first_day: Day
    last_day: Day
    commands: Annotated[tuple[CommandName, ...], Field(max_length=50)] = ()


class RevokeDelegation(UnitCommand):
    """收回委托: the delegate acts no more, from this day on."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    delegation_id: Name
    revoked_on: Day


def take_post(hall: Hall, command: TakePost) -> list[UnitFact]:
    """A unit has one head at a time (主要负责人); a post is not left before it was taken."""
    if command.left_on is not None:
        _not_before(command.left_on, command.since)
    taken = PostTaken(**command.model_dump(exclude={"left_on"}))
    facts = once(hall, taken, "holding_id")
    if facts and command.heads_unit:
        mine = Holding(taken, command.left_on)
        for other in hall.unit.holdings:
            if other.taken.heads_unit and mine.meets(other):
                until, until_en = (other.left_on, other.left_on) if other.left_on else ("今", "now")
                raise Rejected(
                    "head-held",
                    f"{other.taken.official.name}自 {other.taken.since} 至{until}任主要负责人。请先登记其离任，或核对日期。",
                    f"{other.taken.official.name} headed the unit from {other.taken.since} until {until_en}. Record that"
                    " they left first, or check the dates.",
                )
    if command.left_on is not None:
        facts += once(hall, PostLeft(holding_id=command.holding_id, left_on=command.left_on), "holding_id")
    return facts


def leave_post(hall: Hall, command: LeavePost) -> list[UnitFact]:
    taken = next((fact for fact in hall.unit.all(PostTaken) if fact.holding_id == command.holding_id), None)
    if taken is None:
        raise Rejected(
            "no-such-holding",
            f"该机构没有编号为 {command.holding_id} 的任职记录。",
            f"The unit has no holding {command.holding_id}.",
        )
    _not_before(command.left_on, taken.since)
    return once(hall, PostLeft(**dict(command)), "holding_id")


def _not_before(left_on: date, since: date) -> None:
    if left_on < since:
        raise Rejected(
            "left-before-taken",
            f"离任日 {left_on} 早于任职日 {since}。请核对日期。",
            f"The post was taken on {since}; it cannot have been left on {left_on}. Check the dates.",
        )


def grant_leave(hall: Hall, command: GrantLeave) -> list[UnitFact]:
    _in_post(hall, command.official_id, command.first_day, command.last_day)
    return once(hall, LeaveGranted(**dict(command)), "leave_id")


def end_leave(hall: Hall, command: EndLeave) -> list[UnitFact]:
    leave = next((fact for fact in hall.unit.all(LeaveGranted) if fact.leave_id == command.leave_id), None)
    if leave is None or not leave.first_day <= command.returned_on <= leave.last_day:
        raise Rejected(
            "no-such-leave",
            f"{command.returned_on} 没有编号为 {command.leave_id} 的请假。",
            f"There is no leave {command.leave_id} on {command.returned_on}.",
        )
    return once(hall, LeaveEnded(**dict(command)), "leave_id")


def give_delegation(hall: Hall, command: GiveDelegation) -> list[UnitFact]:
    _in_post(hall, command.official_id, command.first_day, command.last_day)
    if command.delegate.id == command.official_id:
        raise Rejected("delegated-to-oneself", "不能委托给本人。", "Nobody acts for themselves: name another official.")
    return once(hall, DelegationGiven(**dict(command)), "delegation_id")


def revoke_delegation(hall: Hall, command: RevokeDelegation) -> list[UnitFact]:
    given = next((f for f in hall.unit.all(DelegationGiven) if f.delegation_id == command.delegation_id), None)
    if given is None or not given.given_on <= command.revoked_on <= given.last_day:
        raise Rejected(
            "no-such-delegation",
            f"{command.revoked_on} 没有编号为 {command.delegation_id} 的委托。",
            f"There is no delegation {command.delegation_id} on {command.revoked_on}.",
        )
    return once(hall, DelegationRevoked(**dict(command)), "delegation_id")


def _in_post(hall: Hall, official_id: str, first: date, last: date) -> None:
    if last < first:
        raise Rejected(
            "ends-before-it-begins",
            f"末日 {last} 早于首日 {first}。请核对日期。",
            f"It ends on {last}, before it begins, {first}. Check the dates.",
        )
    if all(holding.taken.official.id != official_id for holding in hall.unit.held_on(first)):
        raise Rejected(
            "not-in-post",
            f"{first} 该机构没有编号为 {official_id} 的任职人员。请先登记任职（take-post），或核对编号。",
            f"On {first} no official {official_id} holds a post of this unit. Record the post first, or check the id.",
        )


RULES: UnitRules = {
    TakePost: take_post,
    LeavePost: leave_post,
    GrantLeave: grant_leave,
    EndLeave: end_leave,
    GiveDelegation: give_delegation,
    RevokeDelegation: revoke_delegation,
}
