"""What every rule of casework stands on: the case, the standard, and who asks when. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from services.casework.domain.case import Case
from shared import filing
from shared.decider import Command
from shared.directory import Directory
from shared.events import Asked
from shared.events.casework import CaseworkFact
from shared.identity import UNIT_BOUND
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import business_date

HANDLING = UNIT_BOUND | {Role.PETITION_OFFICE}
"""Who handles cases."""


class CaseCommand(Command):
    """A command about a case in hand."""

    when_closed: ClassVar[bool] = False
    """Whether it may be given while the case is closed. What it may then do, its rule says."""
    when_reviewed: ClassVar[bool] = False
    """Whether it may be given of a closed case while a review of its reply is under way: the higher organ may hear it."""
    when_ended: ClassVar[bool] = False
    """Whether it may be given of a closed case that has ended: explaining, reconciling and helping go on (Art 37)."""


@dataclass(frozen=True)
class Desk:
    """What lies before whoever decides."""

    case: Case
    standard: Standard
    asked: Asked
    directory: Callable[[], Directory] = Directory
    """Which units there are and who holds which post, asked only by the rules that need it."""

    @property
    def today(self) -> date:
        """The business day in Asia/Shanghai."""
        return business_date(self.asked.now)


Rules = Mapping[type[CaseCommand], Callable[[Desk, Any], Sequence[CaseworkFact]]]
"""Which function decides a command. `[]` means: already so."""


def filed(case: Case, fact: CaseworkFact, name: str) -> list[CaseworkFact]:
    """The fact, unless it has been said; refused when its id, the field of this name, stands for something else already."""
    return filing.filed(fact, case.facts, name)


def once(case: Case, fact: CaseworkFact) -> list[CaseworkFact]:
    """The fact, unless it has been said."""
    return [] if fact in case.facts else [fact]
