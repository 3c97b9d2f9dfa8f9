"""会商听证: meetings and hearings. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.commitments import new
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed, once
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events.casework import (
    CaseworkFact,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    MeetingHeld,
)
from shared.given import Person, Promise
from shared.terms import Invited, MeetingKind, Role, WorkLine


class HoldMeeting(CaseCommand):
    """会商: units and experts sat together on this case; what was decided becomes commitments. Also after the end of the road."""

    when_ended: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.JOINT_MEETING}

    meeting_id: Name
    kind: MeetingKind
    held_on: Day
    units: Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]
    decisions: Annotated[tuple[Promise, ...], Field(max_length=100)] = ()
    minutes: Note = ""
    chair: Person | None = None
    bodies: Annotated[tuple[WorkLine, ...], Field(max_length=4)] = ()


class RequestHearing(CaseCommand):
    """申请听证: a hearing is asked for."""

    when_reviewed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.REGISTRAR}

    requested_on: Day
    by_petitioner: bool = True


class DeclineHearing(CaseCommand):
    """不予听证: the hearing that was asked for is not held, for a reason that is told."""

    when_reviewed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE})

    declined_on: Day
    reason: Text


class HoldHearing(CaseCommand):
    """听证评议: the matter was heard in the open, with people from outside (Art 31; seed plan D13)."""

    when_reviewed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.REVIEWER}

    hearing_id: Name
    held_on: Day
    invited: Annotated[tuple[Invited, ...], Field(min_length=1, max_length=50)]
    result: Text


def hold_meeting(desk: Desk, command: HoldMeeting) -> list[CaseworkFact]:
    fact = MeetingHeld(**dict(command))
    facts = filed(desk.case, fact, "meeting_id")
    if facts:
        new(desk.case, command.decisions, fact)
    return facts


def request_hearing(desk: Desk, command: RequestHearing) -> list[CaseworkFact]:
    return once(desk.case, HearingRequested(**dict(command)))


def decline_hearing(desk: Desk, command: DeclineHearing) -> list[CaseworkFact]:
    """Only what was asked for is declined."""
    fact, asked = HearingDeclined(**dict(command)), desk.case.in_round(HearingRequested)
    if fact in desk.case.facts:
        return []
    if not asked or command.declined_on < asked[-1].requested_on:
        raise Rejected(
            "no-hearing-requested",
            f"{command.declined_on} 之前没有人申请听证，无从不予听证。",
            f"Nobody had asked for a hearing by {command.declined_on}: there is none to decline.",
        )
    return [fact]


def hold_hearing(desk: Desk, command: HoldHearing) -> list[CaseworkFact]:
    return filed(desk.case, HearingHeld(**dict(command)), "hearing_id")


RULES: Rules = {
    HoldMeeting: hold_meeting,
    RequestHearing: request_hearing,
    DeclineHearing: decline_hearing,
    HoldHearing: hold_hearing,
}
