"""一案一策: what casework says about the plan."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official, Value
from shared.terms import FundSource


class Measure(Value):
    """化解措施: one thing to be done, by whom and by when."""

    what: str
    who: str
    due_on: date | None = None


class PlanAdopted(CaseworkFact):
    """一案一策: the plan for this one case. A later one takes the place of an earlier one, which is kept."""

    occurred: ClassVar[str] = "adopted_on"
    done_by: ClassVar[str] = "drawn_up_by"

    adopted_on: date
    measures: tuple[Measure, ...]
    methods: tuple[str, ...] = ()
    funds: tuple[FundSource, ...] = ()
    reason: str = ""
    """Why an earlier plan was changed."""
    drawn_up_by: Official | None = None
    """亲自研究: whoever drew it up in person (seed plan D10)."""
