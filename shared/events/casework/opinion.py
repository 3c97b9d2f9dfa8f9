"""处理意见: what casework says about the reply to the person."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.terms import Outcome, ServedHow


class OpinionServed(CaseworkFact):
    """处理意见送达: the written reply reached the person (信访工作条例 Arts 32, 35)."""

    occurred: ClassVar[str] = "served_on"

    number: str
    outcome: Outcome
    served_on: date
    how: ServedHow
