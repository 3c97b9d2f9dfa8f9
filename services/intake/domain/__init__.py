"""登记认定交办: what intake allows, a file per topic. Pure."""

from services.intake.domain import backlog, dispatching, registering
from services.intake.domain.case import Case, evolve, scope
from services.intake.domain.claims import ImportDispatches, import_dispatches
from services.intake.domain.desk import CaseCommand, Desk, Rules
from services.intake.domain.registering import RegisterCase, register
from shared.decider import Command, Decider, NoSuchCase
from shared.events import Asked
from shared.events.intake import IntakeFact

TOPICS = (registering, backlog, dispatching)

RULES: Rules = {command: rule for topic in TOPICS for command, rule in topic.RULES.items()}


def decide(case: Case, command: Command, asked: Asked) -> list[IntakeFact]:
    """What a command means here and now. `[]` means: already so."""
    if isinstance(command, RegisterCase):
        return register(case, command)
    if case.registered is None:
        raise NoSuchCase
    if isinstance(command, ImportDispatches):
        return import_dispatches(case, command)
    if not isinstance(command, CaseCommand):
        raise TypeError(command)
    return list(RULES[type(command)](Desk(case, case.registered, asked), command))


INTAKE = Decider(initial=Case(), evolve=evolve, decide=decide, scope=scope, commands=tuple(RULES))
