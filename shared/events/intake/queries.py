"""查询: what intake says about the person's asking how the matter stands. Who asked is nobody's fact."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.intake.spoken import IntakeFact
from shared.terms import Channel, ServedHow


class ProgressQueried(IntakeFact):
    """查询进展: somebody whose matter it is asked how it stands, or what came of it (信访工作条例 Arts 18, 21)."""

    occurred: ClassVar[str] = "queried_on"

    query_id: str
    asked_of: str
    """The organ that was asked. To be asked gives no right to read the case."""
    channel: Channel
    queried_on: date


class QueryAnswered(IntakeFact):
    """查询答复: they were told how it stands."""

    occurred: ClassVar[str] = "answered_on"

    query_id: str
    answered_on: date
    how: ServedHow
    by: Official
