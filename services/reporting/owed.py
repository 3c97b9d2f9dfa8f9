"""督查待办: what waits for a named human of those who watch and decide, or for whoever was given a suggestion. Pure.

Supervision says all of it in one log, so the word that came last counts, whatever day it claims.
"""

from collections.abc import Iterable
from datetime import date

from shared.events import Recorded
from shared.events.supervision import (
    CommendationDecided,
    CommendationProposed,
    FindingAnswered,
    FindingUpheld,
    FindingWithdrawn,
    NoticeClosed,
    NoticeEscalated,
    NoticeIssued,
    NoticeWithdrawn,
    RectificationJudged,
    RectificationReported,
    ReverseInquiryConcluded,
    ReverseInquiryOpened,
    SanctionDecided,
    SanctionProposed,
    SanctionRevoked,
    SuggestionAnswered,
    SuggestionMade,
)
from shared.readmodel import Change, Get
from shared.terms import Awaited, Mark, NoticeLevel, SuggestionKind


def owed(recorded: Recorded, place: str, get: Get) -> Iterable[Change]:
    """What a word of supervision asks of somebody, or answers."""
    case_id, fact = recorded.case_id, recorded.fact

    def asks(item: Awaited, ref: str, due_on: date | None = None) -> Change:
        row = {"case_id": case_id, "item": item.value, "ref": ref, "due_on": due_on}
        return "waiting", f"{case_id}/{item}/{ref}", {**row, "asked_at": place, "answered_at": None}

    def answers(item: Awaited, ref: str) -> Iterable[Change]:
        key = f"{case_id}/{item}/{ref}"
        if (row := get("waiting", key)) is not None:
            yield "waiting", key, {"answered_at": max(place, row["asked_at"])}

    match fact:
        case FindingAnswered():
            yield asks(Awaited.PLEA, fact.finding_id)
        case FindingUpheld():
            yield from answers(Awaited.PLEA, fact.finding_id)
        case FindingWithdrawn():
            yield from answers(Awaited.PLEA, fact.finding_id)
            for proposal in (get("ties", f"{case_id}/{fact.finding_id}") or {}).get("proposals") or ():
                mark = get("marks", f"{case_id}/{proposal}/{Mark.SANCTION}")
                if mark is not None and not mark["void"]:
                    yield asks(Awaited.REVOCATION, proposal)
        case NoticeIssued(level=NoticeLevel.ACCOUNTABILITY):
            yield asks(Awaited.PROPOSAL, fact.notice_id)
        case NoticeClosed() | NoticeWithdrawn() | NoticeEscalated():
            for item in (Awaited.PROPOSAL, Awaited.RECTIFICATION):
                yield from answers(item, fact.notice_id)
        case RectificationReported():
            yield asks(Awaited.RECTIFICATION, fact.notice_id)
        case RectificationJudged():
            yield from answers(Awaited.RECTIFICATION, fact.notice_id)
        case SanctionProposed() | SuggestionMade(kind=SuggestionKind.ACCOUNTABILITY):
            for finding in fact.findings:
                for notice in (get("ties", f"{case_id}/{finding}") or {}).get("notices") or ():
                    yield from answers(Awaited.PROPOSAL, notice)
    match fact:  # anew: what answers a notice is asked about itself
        case SuggestionMade():
            yield asks(Awaited.SUGGESTION, fact.suggestion_id, fact.due_on)
        case SuggestionAnswered():
            yield from answers(Awaited.SUGGESTION, fact.suggestion_id)
        case ReverseInquiryOpened():
            yield asks(Awaited.INQUIRY, fact.inquiry_id, fact.due_on)
        case ReverseInquiryConcluded():
            yield from answers(Awaited.INQUIRY, fact.inquiry_id)
        case SanctionProposed():
            yield asks(Awaited.SANCTION, fact.proposal_id)
        case SanctionDecided():
            yield from answers(Awaited.SANCTION, fact.proposal_id)
        case SanctionRevoked():
            yield from answers(Awaited.REVOCATION, fact.proposal_id)
        case CommendationProposed():
            yield asks(Awaited.COMMENDATION, fact.commendation_id)
        case CommendationDecided():
            yield from answers(Awaited.COMMENDATION, fact.commendation_id)
