"""包案与责任: what casework says about who owns a case, and who has which part in it."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import LeaderRank


class LeaderAssigned(CaseworkFact):
    """领导包案: one named leader owns the case from this day on (seed plan D7: never two on one case).

    A ledger's leaders are all laid down as assigned: that one took over from another follows from the order of the days.
    """

    occurred: ClassVar[str] = "assigned_on"
    done_by: ClassVar[str] = "leader"

    leader: Official
    unit: str
    assigned_on: date
    reason: str = ""
    rank: LeaderRank | None = None
    undated: bool = False
    """A ledger names the leader without a day: that they owned the case from `assigned_on` on, nobody said."""


class LeaderReplaced(CaseworkFact):
    """更换包案领导: another leader owns the case from now on, for the reason given."""

    occurred: ClassVar[str] = "replaced_on"

    leader: Official
    unit: str
    replaced_on: date
    reason: str
    rank: LeaderRank | None = None


class OwnershipReported(CaseworkFact):
    """包案情况上报: the joint-meeting office was told who owns the case (seed plan D6)."""

    occurred: ClassVar[str] = "reported_on"

    reported_on: date
    to: str
    leader: Official


class ResponsibilityFixed(CaseworkFact):
    """责任分工: which unit has the main, which a secondary, which an assisting part, and who handles it (seed plan D13)."""

    occurred: ClassVar[str] = "fixed_on"

    fixed_on: date
    main: str
    secondary: tuple[str, ...] = ()
    assisting: tuple[str, ...] = ()
    handlers: tuple[Official, ...] = ()
    reason: str = ""
    """Why an earlier division was changed."""
    first_responsible: Official | None = None
    """第一责任人: the main leader who answers first (seed plans D6, D9)."""
    in_remit: tuple[Official, ...] = ()
    """一岗双责: the other leaders, each answering within their own remit (信访工作条例 Art 5)."""


class TaskForceFormed(CaseworkFact):
    """专班: a group for this one case, led by the head of the responsible unit (seed plan D11)."""

    occurred: ClassVar[str] = "formed_on"

    formed_on: date
    head: Official
    members: tuple[Official, ...]


class LiaisonNamed(CaseworkFact):
    """联络员: whom the village or community names to keep contact (seed plan D5)."""

    occurred: ClassVar[str] = "named_on"

    named_on: date
    liaison: Official
    village: str
