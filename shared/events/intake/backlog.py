"""积案认定: what intake says about which cases are backlog."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.intake.spoken import IntakeFact
from shared.terms import BacklogCriterion, ExclusionGround, Span


class BacklogIdentified(IntakeFact):
    """积案认定: the case meets one of the three criteria (seed plan D4)."""

    occurred: ClassVar[str] = "identified_on"

    criterion: BacklogCriterion
    identified_on: date
    note: str = ""


class PlanBacklogIdentified(IntakeFact):
    """方案积案认定: the case meets a criterion of a plan's own, as the policy puts it (seed plans D6, D9)."""

    occurred: ClassVar[str] = "identified_on"

    criterion: str
    """The key of the criterion in the policy."""
    name: str
    policy: str
    """The version of the policy."""
    identified_on: date
    features: tuple[str, ...] = ()
    """What a human found to be so."""
    note: str = ""


class BacklogExcluded(IntakeFact):
    """积案排除: the case is left out of the backlog, on a ground, with an approver (seed plan D4). It stays on the books."""

    occurred: ClassVar[str] = "excluded_on"

    ground: ExclusionGround
    excluded_on: date
    approved_by: Official
    reason: str


class ExclusionReviewed(IntakeFact):
    """排除复核: an exclusion was looked at once more; one that does not stand puts the case back into the backlog."""

    occurred: ClassVar[str] = "reviewed_on"

    reviewed_on: date
    reviewer: Official
    stands: bool
    reason: str


class CaseTagged(IntakeFact):
    """三跨三分离标识: whoever registered the case says what makes its responsibility hard to place (seed plan D10)."""

    occurred: ClassVar[str] = "tagged_on"

    tagged_on: date
    spans: tuple[Span, ...]
