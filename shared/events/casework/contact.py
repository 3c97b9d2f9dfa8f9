"""接访下访走访回访: what casework says about meeting the person."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import VisitKind


class VisitLogged(CaseworkFact):
    """接访下访走访回访: an official met, or went to meet, the person."""

    occurred: ClassVar[str] = "visited_on"

    visit_id: str
    kind: VisitKind
    visited_on: date
    official: Official
    met_petitioner: bool = True
    with_whom: str = ""
    note: str = ""
