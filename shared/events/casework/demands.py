"""诉求甄别: what casework says about each demand of the petition."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.terms import Judgement


class DemandAssessed(CaseworkFact):
    """诉求甄别: one demand was judged on its own; a later word on it takes the place of an earlier one (Art 27)."""

    occurred: ClassVar[str] = "assessed_on"

    demand: int
    """Which of the petition's demands, counted from 1."""
    judgement: Judgement
    facts: str
    legal_basis: str
    assessed_on: date
    order: int = 1
    """分割剥离: in which turn it is settled (seed plan D5)."""
