"""一案一策: the plan. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import Day
from shared.events.casework import CaseworkFact, Measure, PlanAdopted
from shared.terms import Role


class AdoptPlan(CaseCommand):
    """一案一策: adopt the plan for this case; a later plan takes the place of an earlier one."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    adopted_on: Day
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=100)]


def adopt_plan(desk: Desk, command: AdoptPlan) -> list[CaseworkFact]:
    return once(desk.case, PlanAdopted(**dict(command)))


RULES: Rules = {
    AdoptPlan: adopt_plan,
}
