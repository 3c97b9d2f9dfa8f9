"""核查: finding out what happened. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed, once
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events.casework import CaseworkFact, EvidenceTaken, InquiryReported, OutsideReviewed
from shared.given import Person, Voice
from shared.terms import EvidenceKind, OutsideView, Role


class TakeEvidence(CaseCommand):
    """取证: a file was read, a place seen, somebody heard. Who was heard is told by their part, never by name."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    evidence_id: Name
    kind: EvidenceKind
    taken_on: Day
    official: Person
    note: Text


class ReportInquiry(CaseCommand):
    """核查报告: lay the result of the inquiry down in writing, with each verifier's vote (seed plan D6)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    reported_on: Day
    findings: Annotated[tuple[Text, ...], Field(min_length=1, max_length=100)]
    cause: Note = ""
    votes: Annotated[tuple[Voice, ...], Field(min_length=1, max_length=50)]
    signed_by: Person | None = None


class RecordOutsideReview(CaseCommand):
    """第三方评议: a lawyer, a third party or the court's own explanation (seed plans D6, D10)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    kind: OutsideView
    reviewed_on: Day
    result: Text


def take_evidence(desk: Desk, command: TakeEvidence) -> list[CaseworkFact]:
    return filed(desk.case, EvidenceTaken(**dict(command)), "evidence_id")


def report_inquiry(desk: Desk, command: ReportInquiry) -> list[CaseworkFact]:
    """Enough verifiers, most of them agreeing; whoever does not agree says why, and it stays on record."""
    names = [vote.official.id for vote in command.votes]
    least = desk.standard.policy_on(command.reported_on).inquiry.verifiers
    if len(set(names)) < len(names):
        raise Rejected("verifier-twice", "同一核查人不能表决两次。", "No verifier votes twice.")
    if len(names) < least:
        raise Rejected(
            "too-few-verifiers",
            f"核查报告至少须有 {least} 名核查人，现有 {len(names)} 名。",
            f"An inquiry report needs at least {least} verifiers; there are {len(names)}.",
        )
    if silent := [vote.official.name for vote in command.votes if not vote.agrees and not vote.dissent.strip()]:
        raise Rejected(
            "dissent-without-words",
            f"不同意见须记录在案，请填写{'、'.join(silent)}的 dissent。",
            f"Dissent goes on record; give the dissent of {', '.join(silent)}.",
        )
    agreeing = sum(vote.agrees for vote in command.votes)
    if 2 * agreeing <= len(names):
        raise Rejected(
            "no-majority",
            f"{len(names)} 名核查人中 {agreeing} 人同意，未过半数，不能形成核查报告。",
            f"{agreeing} of {len(names)} verifiers agree; without a majority there is no report.",
        )
    return filed(desk.case, InquiryReported(**dict(command)), "number")


def record_outside_review(desk: Desk, command: RecordOutsideReview) -> list[CaseworkFact]:
    return once(desk.case, OutsideReviewed(**dict(command)))


RULES: Rules = {
    TakeEvidence: take_evidence,
    ReportInquiry: report_inquiry,
    RecordOutsideReview: record_outside_review,
}
