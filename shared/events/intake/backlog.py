"""积案认定: what intake says about which cases are backlog."""

from datetime import date
from typing import ClassVar

from shared.events.intake.spoken import IntakeFact
from shared.terms import BacklogCriterion


class BacklogIdentified(IntakeFact):
    """积案认定: the case meets one of the three criteria (seed plan D4)."""

    occurred: ClassVar[str] = "identified_on"

    criterion: BacklogCriterion
    identified_on: date
    note: str = ""
