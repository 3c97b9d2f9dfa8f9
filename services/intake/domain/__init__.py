"""登记认定交办: what intake allows, a file per topic. Pure."""

from functools import partial

from services.intake.domain import backlog, dispatching, registering, routing
from services.intake.domain.case import Case, evolve, scope
from services.intake.domain.claims import ImportDispatches, import_dispatches
from services.intake.domain.desk import CaseCommand, Desk, Rules
from services.intake.domain.registering import RegisterCase, register
from services.intake.domain.routing import MergeCase
from shared.decider import Command, Decider, NoSuchCase, Rejected
from shared.events import Asked
from shared.events.intake import CaseMerged, IntakeFact
from shared.standard import Standard

TOPICS = (registering, backlog, routing, dispatching)

RULES: Rules = {command: rule for topic in TOPICS for command, rule in topic.RULES.items()}


def decide(standard: Standard, case: Case, command: Command, asked: Asked) -> list[IntakeFact]:
    """What a command means here and now. `[]` means: already so."""
    if isinstance(command, RegisterCase):
        return register(standard, case, command)
    if case.registered is None:
        raise NoSuchCase
    if isinstance(command, ImportDispatches):
        return import_dispatches(case, command)
    if not isinstance(command, CaseCommand):
        raise TypeError(command)
    merged = case.last(CaseMerged)
    if merged is not None and not isinstance(command, MergeCase):
        raise Rejected(
            "merged",
            f"本案已于 {merged.merged_on} 并入 {merged.into}，请在该案办理。",
            f"This case was merged into {merged.into} on {merged.merged_on}; go on there.",
        )
    return list(RULES[type(command)](Desk(case, case.registered, standard, asked), command))


def intake(standard: Standard) -> Decider[Case]:
    """The decider, given the policies that set the limits."""
    return Decider(initial=Case(), evolve=evolve, decide=partial(decide, standard), scope=scope, commands=tuple(RULES))
