"""回避: what casework says about who may not touch a case."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official


class InterestDeclared(CaseworkFact):
    """申报回避: an official has a direct interest in the matter or the person, and keeps away from it (信访工作条例 Art 28)."""

    occurred: ClassVar[str] = "declared_on"

    declared_on: date
    official: Official
    ground: str
