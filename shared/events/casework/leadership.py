"""包案: what casework says about who owns a case."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official


class LeaderAssigned(CaseworkFact):
    """领导包案: one named leader owns the case from this day on (seed plan D7: never two on one case).

    A ledger's leaders are all laid down as assigned: that one took over from another follows from the order of the days.
    """

    occurred: ClassVar[str] = "assigned_on"

    leader: Official
    unit: str
    assigned_on: date
    reason: str = ""


class LeaderReplaced(CaseworkFact):
    """更换包案领导: another leader owns the case from now on, for the reason given."""

    occurred: ClassVar[str] = "replaced_on"

    leader: Official
    unit: str
    replaced_on: date
    reason: str
