"""What supervision's facts change in the rows about findings, notices, marks and campaigns. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shared.events import Recorded
from shared.events.supervision import (
    CampaignAccepted,
    CampaignOpened,
    CommendationDecided,
    FindingAnswered,
    FindingRaised,
    FindingResolved,
    FindingRestated,
    FindingUpheld,
    FindingWithdrawn,
    NoticeAcknowledged,
    NoticeAnswered,
    NoticeClosed,
    NoticeEscalated,
    NoticeIssued,
    NoticeServed,
    NoticeWithdrawn,
    PhaseStarted,
    RectificationJudged,
    RectificationReported,
    RegisterPublished,
    ReportFiled,
    ReportMissed,
    SanctionDecided,
)
from shared.readmodel import Change, Get, Row
from shared.terms import FindingState, Mark, NoticeLevel, NoticeState
from shared.workdays import business_date

LAST = "9999-12-31"
RUNGS = tuple(reversed(NoticeLevel))
RUNG_MARKS = {
    NoticeLevel.REMINDER: Mark.REMINDER,
    NoticeLevel.SUPERVISION: Mark.SUPERVISION,
    NoticeLevel.ACCOUNTABILITY: Mark.ACCOUNTABILITY,
}
STATED = (
    "finding_id", "rule", "name", "since", "sentence_zh", "sentence_en", "basis", "policy", "unit",
)  # fmt: skip


def findings(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Findings, how they are answered and decided, and what they count."""
    case_id, fact = recorded.case_id, recorded.fact
    key = f"{case_id}/{fact.__dict__.get('finding_id', '')}"
    match fact:
        case FindingRaised():
            yield "findings", key, _finding(case_id, fact)
            if not isinstance(fact, FindingRestated):
                yield "findings", key, {"state": FindingState.RAISED.value}
                yield _mark(recorded, Mark.FINDING, fact.finding_id, fact.unit, business_date(fact.as_of))
        case FindingResolved():
            yield "findings", key, {"open": False}
        case FindingAnswered():
            yield "findings", key, {"state": FindingState.ANSWERED.value, "answered_on": fact.answered_on}
        case FindingUpheld():
            said = {"decided_on": fact.upheld_on, "decided_by": fact.by.name, "reasons": fact.reasons}
            yield "findings", key, {"state": FindingState.UPHELD.value, **said}
            unit = (get("findings", key) or {}).get("unit") or ""
            yield _mark(recorded, Mark.UPHELD, fact.finding_id, unit, fact.upheld_on)
        case FindingWithdrawn():
            said = {"decided_on": fact.withdrawn_on, "decided_by": fact.by.name, "reasons": fact.reasons}
            yield "findings", key, {"state": FindingState.WITHDRAWN.value, "open": False, **said}
            for mark in (Mark.FINDING, Mark.UPHELD):
                if get("marks", f"{key}/{mark}") is not None:
                    yield "marks", f"{key}/{mark}", {"void": True}


def notices(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Notices, what comes of them, and what they count."""
    case_id, fact = recorded.case_id, recorded.fact
    key = f"{case_id}/{fact.__dict__.get('notice_id', '')}"
    state = NoticeState
    match fact:
        case NoticeIssued():
            if fact.follows:
                yield "notices", f"{case_id}/{fact.follows}", {"live": False, "state": state.ESCALATED.value}
            yield "notices", key, _notice(case_id, fact)
            yield _mark(recorded, RUNG_MARKS[fact.level], fact.notice_id, fact.addressee.unit, fact.issued_on)
        case NoticeServed():
            yield "notices", key, {"state": state.SERVED.value, "served_on": fact.served_on}
        case NoticeAcknowledged():
            yield "notices", key, {"state": state.ACKNOWLEDGED.value, "acknowledged_on": fact.acknowledged_on}
        case NoticeAnswered():
            said = {"answered_on": fact.answered_on, "rectify_by": fact.rectify_by}
            yield "notices", key, {"state": state.ANSWERED.value, **said, **_next(fact.rectify_by, get("notices", key))}
        case RectificationReported():
            yield "notices", key, {"state": state.REPORTED.value, "reported_on": fact.reported_on}
        case RectificationJudged():
            said = {"judged_on": fact.judged_on, "redo_by": fact.redo_by, **_next(fact.redo_by, get("notices", key))}
            yield "notices", key, {"state": (state.DONE if fact.done else state.REDO).value, **said}
        case NoticeEscalated():
            yield "notices", key, {"missed": fact.missed.value}
            unit = (get("notices", key) or {}).get("unit") or ""
            yield _mark(recorded, Mark.UNHEEDED, fact.notice_id, unit, business_date(fact.as_of))
        case NoticeClosed():
            yield "notices", key, {"live": False, "state": state.CLOSED.value}
        case NoticeWithdrawn():
            yield "notices", key, {"live": False, "state": state.WITHDRAWN.value}
            level = (get("notices", key) or {}).get("level")
            if level and get("marks", f"{key}/{level}") is not None:
                yield "marks", f"{key}/{level}", {"void": True}
        case SanctionDecided(adopted=True):
            yield _mark(recorded, Mark.SANCTION, fact.proposal_id, fact.about, fact.decided_on)
        case CommendationDecided(adopted=True):
            yield _mark(recorded, Mark.COMMENDATION, fact.commendation_id, fact.about, fact.decided_on)


def campaigns(recorded: Recorded) -> Iterable[Change]:
    """Campaigns, their phases and reports."""
    campaign, fact = recorded.case_id, recorded.fact
    match fact:
        case CampaignOpened():
            parts = fact.model_dump(mode="json", include={"units", "categories", "phases", "targets"})
            days = {"opened_on": fact.opened_on, "ends_on": fact.ends_on}
            yield "campaigns", campaign, {"name": fact.name, "region": fact.region, **parts, **days}
            for report in fact.reports:
                for unit in fact.units:
                    row = {"campaign": campaign, "report": report.report, "what": report.what, "unit": unit}
                    key = f"{campaign}/{report.report}/{unit}"
                    yield "filings", key, {**row, "due_on": report.due_on, "missed": False}
        case PhaseStarted():
            yield "campaigns", campaign, {"phase": fact.phase}
        case ReportFiled():
            said = {"filed_on": fact.filed_on, "days_late": fact.days_late, "filed_at": recorded.time.isoformat()}
            figures = [figure.model_dump(mode="json") for figure in fact.figures]
            yield "filings", f"{campaign}/{fact.report}/{fact.unit}", {**said, "figures": figures}
        case ReportMissed():
            yield "filings", f"{campaign}/{fact.report}/{fact.unit}", {"missed": True}
            ref = f"{fact.report}/{fact.unit}"
            yield _mark(recorded, Mark.REPORT_MISSED, ref, fact.unit, fact.due_on)
        case RegisterPublished():
            said = {"published_on": fact.published_on, "cases": len(fact.lines)}
            row = {"campaign": campaign, "document": fact.document, "where": fact.where}
            yield "registers", f"{campaign}/{fact.document}", {**row, **said}
        case CampaignAccepted():
            said = {"accepted_on": fact.accepted_on, "conclusion": fact.conclusion, "open_cases": list(fact.open_cases)}
            yield "campaigns", campaign, said


def _mark(recorded: Recorded, mark: Mark, ref: str, unit: str, on: date) -> Change:
    row = {"case_id": recorded.case_id, "unit": unit, "on": on, "mark": mark.value, "ref": ref}
    return "marks", f"{recorded.case_id}/{ref}/{mark}", {**row, "fact_id": recorded.id, "void": False}


def _finding(case_id: str, fact: FindingRaised) -> Row:
    row = {name: getattr(fact, name) for name in STATED}
    for name in ("counted", "ignored"):
        row[name] = [evidence.model_dump(mode="json") for evidence in getattr(fact, name)]
    row |= {"kind": fact.kind.value, "said_on": business_date(fact.as_of), "arithmetic": list(fact.arithmetic)}
    return {**row, "case_id": case_id, "open": True}


def _notice(case_id: str, fact: NoticeIssued) -> Row:
    return {
        "case_id": case_id,
        "notice_id": fact.notice_id,
        "level": fact.level.value,
        "addressee_role": fact.addressee.role,
        "addressee": fact.addressee.name,
        "unit": fact.addressee.unit,
        "sentence_zh": fact.sentence_zh,
        "sentence_en": fact.sentence_en,
        "issued_on": fact.issued_on,
        "due_on": fact.due_on,
        "live": True,
        "state": NoticeState.ISSUED.value,
        "place": _due(fact.level, fact.due_on),
    }


def _due(level: str, day: date | None) -> str:
    return f"{RUNGS.index(level)} {day or LAST}"


def _next(day: date | None, row: Mapping[str, Any] | None) -> Row:
    """Where a notice lies in the list once another day is awaited than the one that it was issued with."""
    return {"place": _due(row["level"], day)} if day and row else {}
