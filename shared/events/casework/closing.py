"""办结与反弹: what casework says about how a case ends, and comes back."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.terms import RelapseSign


class CaseClosed(CaseworkFact):
    """办结: the unit declares the matter settled."""

    occurred: ClassVar[str] = "closed_on"

    closed_on: date
    summary: str = ""


class CaseRelapsed(CaseworkFact):
    """反弹: a closed matter turned out not to be settled; the case is open again."""

    occurred: ClassVar[str] = "relapsed_on"

    sign: RelapseSign
    relapsed_on: date
    note: str = ""
