"""问题线索: what supervision says about what its rules found, and about a case that is idle. It speaks of units and officials."""

from datetime import date, datetime
from typing import ClassVar

from shared.events.fact import Official, Value
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import FindingKind


class Evidence(Value):
    """A fact that a verdict counted or ignored: which, of what kind, when it happened, and why it was so judged."""

    id: str
    type: str
    on: date
    why_zh: str = ""
    why_en: str = ""


class FindingRaised(SupervisionFact):
    """问题线索: a rule of the policy found something; the unit may answer it."""

    occurred: ClassVar[str] = "since"

    finding_id: str
    rule: str
    name: str
    kind: FindingKind
    basis: str
    policy: str
    since: date
    as_of: datetime
    sentence_zh: str
    sentence_en: str
    counted: tuple[Evidence, ...]
    ignored: tuple[Evidence, ...]
    arithmetic: tuple[str, ...]
    unit: str = ""
    """The unit that answered for the case when this was said; empty when none did."""


class FindingRestated(FindingRaised):
    """问题更正: the finding still holds, on another ground than it was raised on; this says the whole of it anew.

    A fact that came late, or a new policy, can move the day since which it holds. The finding stays the same one.
    """


class FindingResolved(SupervisionFact):
    """问题消除: what the rule found is no longer so."""

    finding_id: str
    rule: str
    as_of: datetime
    sentence_zh: str
    sentence_en: str


class CaseStalled(SupervisionFact):
    """挂账空转: the case is on the books but idle. Said again when what makes it so has changed."""

    occurred: ClassVar[str] = "since"

    since: date
    rules: tuple[str, ...]
    sentence_zh: str
    sentence_en: str
    policy: str


class StallCleared(SupervisionFact):
    """空转解除: nothing that made the case count as idle holds any more."""

    as_of: datetime


class FindingAnswered(SupervisionFact):
    """陈述申辩: the unit answers a finding, with its evidence. Nothing heavier may follow from it (公务员法 Art 63)."""

    occurred: ClassVar[str] = "answered_on"

    finding_id: str
    answered_on: date
    answer: str
    by: Official
    evidence: tuple[str, ...] = ()
    """Ids of facts, or numbers of papers."""


class FindingUpheld(SupervisionFact):
    """问题认定: a named supervisor holds that the finding is right, for these reasons."""

    occurred: ClassVar[str] = "upheld_on"

    finding_id: str
    upheld_on: date
    by: Official
    reasons: str
    answered: bool
    """Whether the unit had answered; if not, its time to do so was over."""


class FindingWithdrawn(SupervisionFact):
    """问题撤销: a named supervisor withdraws the finding. It stays on record, and does not come back on the same evidence."""

    occurred: ClassVar[str] = "withdrawn_on"

    finding_id: str
    rule: str
    withdrawn_on: date
    by: Official
    reasons: str
    counted: tuple[str, ...]
    """Ids of the facts that it stood on."""
