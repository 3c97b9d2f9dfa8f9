"""三项建议: what supervision says about suggestions to improve work or policy or to pursue responsibility."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import Adoption, SuggestionKind


class SuggestionMade(SupervisionFact):
    """提出建议: of one of three kinds, to be answered in writing (信访工作条例 Art 40; 30 days by local rules)."""

    occurred: ClassVar[str] = "made_on"

    suggestion_id: str
    kind: SuggestionKind
    addressed_to: str
    text: str
    findings: tuple[str, ...] = ()
    by: Official
    made_on: date
    due_on: date


class SuggestionAnswered(SupervisionFact):
    """建议反馈: whether it is adopted, and what is not for which reason."""

    occurred: ClassVar[str] = "answered_on"

    suggestion_id: str
    answered_on: date
    adoption: Adoption
    answer: str
    by: Official
