"""一案一策: the plan. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules
from shared.decider import Day, Name, Note, Rejected
from shared.events.casework import CaseworkFact, PlanAdopted
from shared.given import Person, Step
from shared.terms import FundSource, Role


class AdoptPlan(CaseCommand):
    """一案一策: adopt the plan for this case; a later plan takes the place of an earlier one, which is kept."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    adopted_on: Day
    measures: Annotated[tuple[Step, ...], Field(min_length=1, max_length=100)]
    methods: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    funds: Annotated[tuple[FundSource, ...], Field(max_length=50)] = ()
    reason: Note = ""
    drawn_up_by: Person | None = None


def adopt_plan(desk: Desk, command: AdoptPlan) -> list[CaseworkFact]:
    """A plan is not dated before the one that it replaces, and says why it does: what was to be done binds no more."""
    fact, plans = PlanAdopted(**dict(command)), desk.case.all(PlanAdopted)
    if fact in plans:
        return []
    if plans and command.adopted_on < plans[-1].adopted_on:
        raise Rejected(
            "plan-before-plan",
            f"{plans[-1].adopted_on} 已有方案，调整后的方案不能早于该日。请核对日期。",
            f"There is a plan of {plans[-1].adopted_on}; the one that replaces it is not of an earlier day. Check the date.",
        )
    if plans and not command.reason.strip():
        raise Rejected(
            "revising-needs-reason",
            f"{plans[-1].adopted_on} 已有方案；调整方案请填写 reason，原方案留存。",
            f"There is a plan of {plans[-1].adopted_on}; revising it takes a reason. The old one is kept.",
        )
    for measure in command.measures:
        if measure.due_on is not None and measure.due_on < command.adopted_on:
            raise Rejected(
                "due-before-made",
                f"措施「{measure.what}」的期限 {measure.due_on} 早于方案日期 {command.adopted_on}。",
                f"The measure '{measure.what}' is due on {measure.due_on}, before the plan, {command.adopted_on}.",
            )
    return [fact]


RULES: Rules = {AdoptPlan: adopt_plan}
