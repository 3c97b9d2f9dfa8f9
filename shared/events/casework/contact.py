"""接访下访走访回访: what casework says about meeting the person."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import GoingDownPaper, VisitKind


class VisitLogged(CaseworkFact):
    """接访下访走访回访: an official met, or went to meet, the person."""

    occurred: ClassVar[str] = "visited_on"
    done_by: ClassVar[str] = "official"

    visit_id: str
    kind: VisitKind
    visited_on: date
    official: Official
    met_petitioner: bool = True
    with_whom: str = ""
    note: str = ""
    settled: bool | None = None
    """Of a return visit: whether the matter is settled in fact."""
    joint: tuple[str, ...] = ()
    """联合接访: the units that received the person together."""
    begun: str | None = None
    """开始时刻: when it began, HH:MM in Asia/Shanghai; None where that was not noted."""
    where: str | None = None
    """所在地: the town's or village's code (GB/T 10114) in which it was made, never an address; None where that was not noted."""


class GoingDownAnnounced(CaseworkFact):
    """下访公示: a leader's going down was agreed with the place and made public there beforehand (seed plan D7)."""

    occurred: ClassVar[str] = "announced_on"
    done_by: ClassVar[str] = "leader"

    announced_on: date
    contacted_on: date
    visit_on: date
    leader: Official
    place: str


class GoingDownReported(CaseworkFact):
    """下访报送: after a going-down its material, or the written report of leader, time, place and matters, was handed in (D7)."""

    occurred: ClassVar[str] = "handed_on"
    done_by: ClassVar[str] = "leader"

    paper: GoingDownPaper
    visit_on: date
    handed_on: date
    to: str
    leader: Official
    place: str
