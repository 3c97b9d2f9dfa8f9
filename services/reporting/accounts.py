"""What supervision's facts change in the rows about findings, notices, marks and campaigns. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.reporting.deeds import of_a_person
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
    NoticeSupplemented,
    NoticeWithdrawn,
    PhaseStarted,
    RectificationJudged,
    RectificationReported,
    RegisterPublished,
    ReportFiled,
    ReportMissed,
    SanctionDecided,
    SanctionProposed,
    SanctionRevoked,
)
from shared.readmodel import Change, Get, Row
from shared.terms import FindingState, Mark, NoticeLevel, NoticeState, Role
from shared.workdays import business_date

LAST = "9999-12-31"
RUNGS = tuple(reversed(NoticeLevel))
RUNG_MARKS = {
    NoticeLevel.REMINDER: Mark.REMINDER,
    NoticeLevel.SUPERVISION: Mark.SUPERVISION,
    NoticeLevel.ACCOUNTABILITY: Mark.ACCOUNTABILITY,
}
COURSE = tuple(
    state.value for state in (NoticeState.ISSUED, NoticeState.SERVED, NoticeState.ACKNOWLEDGED, NoticeState.ANSWERED)
)
"""How a notice is taken in, step by step, until something is reported as done."""
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
            if isinstance(fact, FindingRestated):
                upheld_of = _tied(key, "upheld_of", get)
                if upheld_of and fact.counted and {*upheld_of}.isdisjoint(one.id for one in fact.counted):
                    yield "findings", key, {"state": FindingState.RAISED.value}
                    yield "ties", key, {"upheld_of": None}
            else:
                yield "findings", key, {"state": FindingState.RAISED.value}
                yield _mark(recorded, Mark.FINDING, fact.finding_id, fact.unit, business_date(fact.as_of))
        case FindingResolved():
            yield "findings", key, {"open": False}
        case FindingAnswered():
            yield "findings", key, {"state": FindingState.ANSWERED.value, "answered_on": fact.answered_on}
        case FindingUpheld():
            said = {"decided_on": fact.upheld_on, "decided_by": fact.by.name, "reasons": fact.reasons}
            found = get("findings", key) or {}
            yield "findings", key, {"state": FindingState.UPHELD.value, **said}
            yield "ties", key, {"upheld_of": [evidence["id"] for evidence in found.get("counted") or ()]}
            yield _mark(recorded, Mark.UPHELD, fact.finding_id, found.get("unit") or "", fact.upheld_on)
        case FindingWithdrawn():
            said = {"decided_on": fact.withdrawn_on, "decided_by": fact.by.name, "reasons": fact.reasons}
            yield "findings", key, {"state": FindingState.WITHDRAWN.value, "open": False, **said}
            yield from _void(key, (Mark.FINDING, Mark.UPHELD), get)
            for notice in _tied(key, "notices", get):
                yield from _cleared(case_id, notice, fact.finding_id, get)


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
            yield "ties", key, {"findings": list(fact.findings)}
            for finding in fact.findings:
                yield _tie(f"{case_id}/{finding}", "notices", fact.notice_id, get)
            yield _mark(recorded, RUNG_MARKS[fact.level], fact.notice_id, fact.addressee.unit, fact.issued_on)
        case NoticeSupplemented():
            row = get("notices", key) or {}
            zh, en = (row.get(name) for name in ("sentence_zh", "sentence_en"))
            more = {"sentence_zh": f"{zh}；{fact.sentence_zh}", "sentence_en": f"{en}; {fact.sentence_en}"}
            yield "notices", key, more
        case NoticeServed():
            yield "notices", key, {**_reached(state.SERVED, key, get), "served_on": fact.served_on}
        case NoticeAcknowledged():
            yield "notices", key, {**_reached(state.ACKNOWLEDGED, key, get), "acknowledged_on": fact.acknowledged_on}
        case NoticeAnswered():
            said = {"answered_on": fact.answered_on, "rectify_by": fact.rectify_by}
            more = _next(fact.rectify_by, get("notices", key))
            yield "notices", key, {**_reached(state.ANSWERED, key, get), **said, **more}
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
            yield from _void(key, (level,) if level else (), get)
        case SanctionProposed():
            for finding in fact.findings:
                yield _tie(f"{case_id}/{finding}", "proposals", fact.proposal_id, get)
        case SanctionRevoked():
            yield from _void(f"{case_id}/{fact.proposal_id}", (Mark.SANCTION,), get)
        case SanctionDecided(adopted=True):
            unit = "" if of_a_person(fact) else fact.about  # a unit has points; nobody ranks persons
            yield _mark(recorded, Mark.SANCTION, fact.proposal_id, unit, fact.decided_on)
        case CommendationDecided(adopted=True):
            yield _mark(recorded, Mark.COMMENDATION, fact.commendation_id, fact.about, fact.decided_on)


def campaigns(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Campaigns, their phases and reports. What came on paper by its day was not missed, though it was entered later: a unit's
    own word is no paper.
    """
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
            figures, key = [figure.model_dump(mode="json") for figure in fact.figures], f"{fact.report}/{fact.unit}"
            on_paper = {"missed": False} if recorded.role == Role.PETITION_OFFICE and not fact.days_late else {}
            yield "filings", f"{campaign}/{key}", {**said, "figures": figures, **on_paper}
            if on_paper:
                yield from _void(f"{campaign}/{key}", (Mark.REPORT_MISSED,), get)
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
            yield "campaigns", campaign, said | fact.model_dump(mode="json", include={"unmet"})


def _tied(key: str, what: str, get: Get) -> list[str]:
    return (get("ties", key) or {}).get(what) or []


def _tie(finding: str, what: str, ref: str, get: Get) -> Change:
    """What was issued or proposed on a finding."""
    return "ties", finding, {what: [*_tied(finding, what, get), ref]}


def _reached(state: NoticeState, key: str, get: Get) -> Row:
    """How far a notice has come: what is entered after something that goes further takes it no step back."""
    now = (get("notices", key) or {}).get("state") or NoticeState.ISSUED.value
    return {} if now not in COURSE[: COURSE.index(state)] else {"state": state.value}


def _void(key: str, marks: Iterable[str], get: Get) -> Iterable[Change]:
    for mark in marks:
        if get("marks", f"{key}/{mark}") is not None:
            yield "marks", f"{key}/{mark}", {"void": True}


def _cleared(case_id: str, notice_id: str, finding_id: str, get: Get) -> Iterable[Change]:
    """What a notice counts, and that it was not heeded, counts no more when all that it named was withdrawn."""
    key = f"{case_id}/{notice_id}"
    names = (name for name in _tied(key, "findings", get) if name != finding_id)
    row, others = get("notices", key), [get("findings", f"{case_id}/{name}") or {} for name in names]
    if row is not None and all(other.get("state") == FindingState.WITHDRAWN.value for other in others):
        yield from _void(key, (row["level"], Mark.UNHEEDED), get)


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
