"""调解和解与帮扶: what casework says about agreements, and about help."""

from datetime import date
from typing import ClassVar

from shared.events.casework.commitments import Commitment
from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import AgreementKind, FundSource, SupportKind


class AgreementReached(CaseworkFact):
    """调解和解: both sides signed; its terms become commitments (信访工作条例 Art 33)."""

    occurred: ClassVar[str] = "signed_on"

    number: str
    kind: AgreementKind
    signed_on: date
    mediated_by: str
    """调解层级: village, town, county, a people's mediation body."""
    terms: tuple[Commitment, ...]


class AidGranted(CaseworkFact):
    """救助: money for somebody in hardship, from a fund, approved by a named official (信访工作条例 Art 27)."""

    occurred: ClassVar[str] = "granted_on"

    aid_id: str
    fund: FundSource
    cents: int
    """分: hundredths of a yuan."""
    granted_on: date
    approved_by: Official
    ground: str
    comparable: str = ""
    """不引发攀比: what others in like hardship got, or why nothing compares (seed plan D6)."""


class AidReturned(CaseworkFact):
    """救助退回: aid came back, in part or whole: it was not used, was granted by mistake, or in a wrong amount."""

    occurred: ClassVar[str] = "returned_on"

    return_id: str
    aid_id: str
    cents: int
    """分: hundredths of a yuan."""
    returned_on: date
    reason: str


class SupportGiven(CaseworkFact):
    """帮扶: work, care, legal or psychological help. The person wished it (seed plans D2, D6, D11)."""

    occurred: ClassVar[str] = "given_on"

    kind: SupportKind
    given_on: date
    unit: str
    note: str
