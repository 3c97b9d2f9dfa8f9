"""核查: what casework says about finding out what happened."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official, Value
from shared.terms import EvidenceKind, OutsideView


class EvidenceTaken(CaseworkFact):
    """取证: a file was read, a place seen, somebody heard (信访工作条例 Art 31; seed plan D6)."""

    occurred: ClassVar[str] = "taken_on"
    done_by: ClassVar[str] = "official"

    evidence_id: str
    kind: EvidenceKind
    taken_on: date
    official: Official
    note: str


class Vote(Value):
    """A verifier's word on the report. Whoever dissents says why, and it stays on record (seed plan D6)."""

    official: Official
    agrees: bool
    dissent: str = ""


class InquiryReported(CaseworkFact):
    """核查报告: the written result of the inquiry, with the verifiers' votes (seed plans D1, D6)."""

    occurred: ClassVar[str] = "reported_on"
    done_by: ClassVar[str] = "signed_by"

    number: str
    reported_on: date
    findings: tuple[str, ...]
    cause: str = ""
    """症结, in substance and in procedure."""
    votes: tuple[Vote, ...]
    signed_by: Official | None = None
    """查办报告: the owner leader who signed."""


class OutsideReviewed(CaseworkFact):
    """第三方评议: somebody outside the handling unit looked at the matter (seed plans D6, D10)."""

    occurred: ClassVar[str] = "reviewed_on"

    kind: OutsideView
    reviewed_on: date
    result: str
