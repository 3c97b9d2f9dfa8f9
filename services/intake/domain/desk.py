"""What every rule of intake stands on: the case, and who asks when. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from services.intake.domain.case import Case
from shared.decider import Command, Rejected
from shared.directory import Directory
from shared.events import Asked
from shared.events.intake import CaseRegistered, IntakeFact
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import business_date

REGISTERING = frozenset({Role.REGISTRAR, Role.PETITION_OFFICE})
"""Who registers petitions."""

Region = Annotated[str, Field(pattern=r"^[1-9][0-9]{5}([0-9]{3}|[0-9]{6})?$")]
"""GB/T 2260 code of where the matter happened, or a longer one of GB/T 10114 (town, village)."""


class CaseCommand(Command):
    """A command about a case that is on the books."""


@dataclass(frozen=True)
class Desk:
    """What lies before whoever decides."""

    case: Case
    registered: CaseRegistered
    standard: Standard
    asked: Asked
    directory: Callable[[], Directory] = Directory
    """Which units there are, asked only by the rules that need it."""

    @property
    def today(self) -> date:
        """The business day in Asia/Shanghai."""
        return business_date(self.asked.now)


Rules = Mapping[type[CaseCommand], Callable[[Desk, Any], Sequence[IntakeFact]]]
"""Which function decides a command. `[]` means: already so."""


def once(desk: Desk, fact: IntakeFact) -> list[IntakeFact]:
    """The fact, unless it has been said. Raises Rejected for one that lies before the petition came."""
    claimed = fact.claimed_time()
    if claimed is not None and claimed < desk.registered.received_on:
        raise Rejected(
            "before-receipt",
            f"日期 {claimed} 早于收到信访事项的 {desk.registered.received_on}。请核对日期。",
            f"{claimed} lies before the petition was received, {desk.registered.received_on}. Check the date.",
        )
    return [] if fact in desk.case.facts or fact in desk.case.moves else [fact]
