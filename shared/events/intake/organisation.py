"""机构与任职: what intake says of units, of who held which post in them when, and of who acted for whom.

Each unit has a history of its own, under an id that begins with `UNITS`. No fact of it is a fact of a case.
"""

from datetime import date
from typing import ClassVar

from shared.events.fact import Fact, Official
from shared.terms import LeaderRank

UNITS = "unit-"
"""How the id of a unit's history begins; no case's id does."""


class UnitFact(Fact, speaker="intake"):
    """A fact of a unit's own history."""


class UnitEstablished(UnitFact):
    """机构设立: there is such a unit from this day on, in this region (GB/T 2260), below that one."""

    occurred: ClassVar[str] = "established_on"

    name: str
    region: str
    established_on: date
    superior: str | None = None
    """The id of the superior unit."""


class UnitRenamed(UnitFact):
    """机构更名: the same unit goes by another name from this day on."""

    occurred: ClassVar[str] = "renamed_on"

    name: str
    renamed_on: date
    reason: str = ""


class UnitDissolved(UnitFact):
    """机构撤销: from this day on there is no such unit; its duties go to a successor (信访工作条例 Art 24), if one is named."""

    occurred: ClassVar[str] = "dissolved_on"

    dissolved_on: date
    reason: str
    successor: str | None = None
    """The id of the unit that has its duties now."""


class PostTaken(UnitFact):
    """任职: an official holds a post of the unit from this day on."""

    occurred: ClassVar[str] = "since"

    holding_id: str
    official: Official
    since: date
    rank: LeaderRank
    heads_unit: bool = False
    """主要负责人: answers for the unit as a whole (seed plans D6, D9: 第一责任人)."""
    remit: str = ""
    """分管工作: what of the unit's work this leader answers for (一岗双责)."""


class PostLeft(UnitFact):
    """离任: the post is held no more, from this day on."""

    occurred: ClassVar[str] = "left_on"

    holding_id: str
    left_on: date


class LeaveGranted(UnitFact):
    """请假: an official of the unit is away from the first to the last day. Why, is nobody's business here."""

    occurred: ClassVar[str] = "granted_on"

    leave_id: str
    official_id: str
    granted_on: date
    first_day: date
    last_day: date


class LeaveEnded(UnitFact):
    """销假: back before the last day of the leave."""

    occurred: ClassVar[str] = "returned_on"

    leave_id: str
    returned_on: date


class DelegationGiven(UnitFact):
    """委托: from the first to the last day somebody acts for an official; who delegates stays answerable (seed plan D6)."""

    occurred: ClassVar[str] = "given_on"

    delegation_id: str
    official_id: str
    delegate: Official
    given_on: date
    first_day: date
    last_day: date
    commands: tuple[str, ...] = ()
    """For which commands, by their names; none named: for all that the official may do."""


class DelegationRevoked(UnitFact):
    """收回委托: from this day on the delegate acts no more."""

    occurred: ClassVar[str] = "revoked_on"

    delegation_id: str
    revoked_on: date


class EntryWithdrawn(UnitFact):
    """更正: an entry of this history was wrong. It stays to be read, and counts no more; what is right is said anew."""

    occurred: ClassVar[str] = "withdrawn_on"

    entry: int
    """The version of the entry in this history."""
    withdrawn_on: date
    reason: str
