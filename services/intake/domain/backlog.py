"""积案认定: which cases are backlog. Pure."""

from typing import ClassVar

from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules
from shared.decider import Day, Note
from shared.events.intake import (
    BacklogIdentified,
    IntakeFact,
)
from shared.terms import BacklogCriterion, Role


class IdentifyBacklog(CaseCommand):
    """积案认定: the case meets one of the three criteria of seed plan D4."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | {Role.SUPERVISOR}

    criterion: BacklogCriterion
    identified_on: Day
    note: Note = ""


def identify_backlog(desk: Desk, command: IdentifyBacklog) -> list[IntakeFact]:
    already = command.criterion in desk.case.criteria
    return [] if already else [BacklogIdentified(**dict(command))]


RULES: Rules = {IdentifyBacklog: identify_backlog}
