"""办结与反弹: what casework says about how a case ends, and comes back."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official, Value
from shared.terms import AcceptanceQuestion, Evaluated, RelapseSign, Satisfaction


class ClosureRequested(CaseworkFact):
    """结案申报: the unit says that the matter is settled and asks the level above to check it (seed plan D12)."""

    occurred: ClassVar[str] = "requested_on"

    requested_on: date
    unit: str
    summary: str


class Checked(Value):
    """The word of whoever checks a closing on one question of the five; a no says what has to be mended."""

    question: AcceptanceQuestion
    yes: bool
    mend: str = ""


class ClosureReviewed(CaseworkFact):
    """审核验收: the level above asked the five questions; a case passes when all are answered with yes (seed plan D10)."""

    occurred: ClassVar[str] = "reviewed_on"

    reviewed_on: date
    reviewer: Official
    checks: tuple[Checked, ...]

    @property
    def passed(self) -> bool:
        """Whether the case may be closed."""
        return all(check.yes for check in self.checks)


class CaseClosed(CaseworkFact):
    """办结: the unit declares the matter settled."""

    occurred: ClassVar[str] = "closed_on"

    closed_on: date
    summary: str = ""


class EvaluationReceived(CaseworkFact):
    """满意度评价: the person's word on the petition office or on the responsible unit (信访工作条例 Art 21)."""

    occurred: ClassVar[str] = "received_on"

    of: Evaluated
    satisfaction: Satisfaction
    received_on: date
    reason: str = ""


class LookedBack(CaseworkFact):
    """回头看: a case that was closed was looked at once more, by somebody who did not handle it (seed plan D11)."""

    occurred: ClassVar[str] = "looked_on"
    done_by: ClassVar[str] = "official"

    looked_on: date
    official: Official
    settled: bool
    note: str = ""


class CaseRelapsed(CaseworkFact):
    """反弹: a closed matter turned out not to be settled; the case is open again."""

    occurred: ClassVar[str] = "relapsed_on"

    sign: RelapseSign
    relapsed_on: date
    note: str = ""
