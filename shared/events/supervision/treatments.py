"""处理措施: what supervision says about proposals against or for a unit, and about the humans who decided on them."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Official
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import Body, Treatment


class SanctionProposed(SupervisionFact):
    """提请处理: somebody named proposes a treatment, on findings that were upheld. Nothing follows from it by itself."""

    occurred: ClassVar[str] = "proposed_on"

    proposal_id: str
    treatment: Treatment
    about: str
    """The unit that the proposal is about. Before there was `official`, it may have named an official."""
    findings: tuple[str, ...]
    reasons: str
    by: Official
    proposed_on: date
    official: Official | None = None
    """The official of that unit who is to be treated so; None: the unit itself."""


class SanctionDecided(SupervisionFact):
    """处理决定: a named human of the body that may has decided on a proposal."""

    occurred: ClassVar[str] = "decided_on"

    proposal_id: str
    treatment: Treatment
    about: str
    adopted: bool
    body: Body
    by: Official
    reasons: str
    document: str
    """The number of the paper that says so."""
    decided_on: date
    official: Official | None = None


class SanctionRevoked(SupervisionFact):
    """处理撤销: a named human of the body that may has taken a decision back, as when a finding it rested on was withdrawn. What
    was decided stays on record, and counts no more.
    """

    occurred: ClassVar[str] = "revoked_on"

    proposal_id: str
    treatment: Treatment
    about: str
    body: Body
    by: Official
    reasons: str
    document: str
    """The number of the paper that says so."""
    revoked_on: date
    official: Official | None = None


class CommendationProposed(SupervisionFact):
    """提请表扬: a unit that is quick and thorough (信访工作条例 Art 39; seed plans D6, D10)."""

    occurred: ClassVar[str] = "proposed_on"

    commendation_id: str
    about: str
    reasons: str
    evidence: tuple[str, ...]
    by: Official
    proposed_on: date


class CommendationDecided(SupervisionFact):
    """表扬决定: a named human has decided on it."""

    occurred: ClassVar[str] = "decided_on"

    commendation_id: str
    about: str
    adopted: bool
    by: Official
    reasons: str
    decided_on: date
