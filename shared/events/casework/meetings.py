"""会商听证: what casework says about meetings and hearings."""

from datetime import date
from typing import ClassVar

from shared.events.casework.commitments import Commitment
from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import Invited, MeetingKind, WorkLine


class MeetingHeld(CaseworkFact):
    """会商: units and experts sat together; what was decided becomes commitments (seed plans D6, D10, D13)."""

    occurred: ClassVar[str] = "held_on"
    done_by: ClassVar[str] = "chair"

    meeting_id: str
    kind: MeetingKind
    held_on: date
    units: tuple[str, ...]
    decisions: tuple[Commitment, ...] = ()
    minutes: str = ""
    """会议纪要: its number."""
    chair: Official | None = None
    bodies: tuple[WorkLine, ...] = ()
    """四位一体: whose work it brought together (seed plan D5)."""


class HearingRequested(CaseworkFact):
    """申请听证: somebody asked for a hearing (信访工作条例 Art 31; 山东省信访条例 Art 39)."""

    occurred: ClassVar[str] = "requested_on"

    requested_on: date
    by_petitioner: bool = True


class HearingDeclined(CaseworkFact):
    """不予听证: a hearing that was asked for is not held, for a reason."""

    occurred: ClassVar[str] = "declined_on"

    declined_on: date
    reason: str


class HearingHeld(CaseworkFact):
    """听证评议: the matter was heard in the open, with people from outside (信访工作条例 Art 31; seed plan D13)."""

    occurred: ClassVar[str] = "held_on"

    hearing_id: str
    held_on: date
    invited: tuple[Invited, ...]
    result: str
