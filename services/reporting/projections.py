"""What a fact changes in the rows that reports are made of. Pure.

Columns fed by one speaker are kept apart, and what people read is derived from them, so that the row comes out the same
for any interleaving of the speakers' logs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from shared.events import Fact, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ExtensionApproved,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    PlanAdopted,
    VisitLogged,
)
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    RepeatPetitionLinked,
)
from shared.events.supervision import (
    CaseStalled,
    FindingRaised,
    FindingResolved,
    NoticeClosed,
    NoticeIssued,
    StallCleared,
)
from shared.readmodel import Change, Get, Row, Sheet
from shared.terms import CaseState

CASES = Sheet(
    "cases",
    {
        "registered": sa.Boolean,
        "original_number": sa.Text,
        "received_on": sa.Date,
        "region": sa.Text,
        "channel": sa.Text,
        "categories": sa.Text,
        "headcount": sa.Integer,
        "demand": sa.Text,
        "backlog": sa.Boolean,
        "repeats": sa.Integer,
        "unit_registered": sa.Text,
        "unit_dispatched": sa.Text,
        "unit_accepted": sa.Text,
        "unit": sa.Text,
        "handling": sa.Text,
        "state": sa.Text,
        "accepted_on": sa.Date,
        "leader_id": sa.Text,
        "leader": sa.Text,
        "visits": sa.Integer,
        "last_visit_on": sa.Date,
        "plan_on": sa.Date,
        "extended_days": sa.Integer,
        "replied_on": sa.Date,
        "outcome": sa.Text,
        "closed_on": sa.Date,
        "relapses": sa.Integer,
        "stalled_since": sa.Date,
        "stall_zh": sa.Text,
        "stall_en": sa.Text,
    },
    indexed=("state", "unit", "leader_id", "stalled_since", "original_number"),
    versioned=True,
)

FINDINGS = Sheet(
    "findings",
    {
        "case_id": sa.Text,
        "finding_id": sa.Text,
        "rule": sa.Text,
        "name": sa.Text,
        "kind": sa.Text,
        "since": sa.Date,
        "sentence_zh": sa.Text,
        "sentence_en": sa.Text,
        "basis": sa.Text,
        "policy": sa.Text,
        "counted": sa.JSON,
        "ignored": sa.JSON,
        "arithmetic": sa.JSON,
        "open": sa.Boolean,
    },
    indexed=("case_id", "open"),
)

NOTICES = Sheet(
    "notices",
    {
        "case_id": sa.Text,
        "notice_id": sa.Text,
        "level": sa.Text,
        "addressee_role": sa.Text,
        "addressee": sa.Text,
        "unit": sa.Text,
        "sentence_zh": sa.Text,
        "sentence_en": sa.Text,
        "issued_on": sa.Date,
        "due_on": sa.Date,
        "live": sa.Boolean,
    },
    indexed=("case_id", "live", "unit"),
)

SHEETS = (CASES, FINDINGS, NOTICES)


def project(recorded: Recorded, get: Get) -> Iterable[Change]:
    """The changes that a fact makes to the sheets."""
    case_id, fact = recorded.case_id, recorded.fact
    match fact:
        case FindingRaised():
            yield "findings", f"{case_id}/{fact.finding_id}", _finding(case_id, fact)
        case FindingResolved():
            yield "findings", f"{case_id}/{fact.finding_id}", {"open": False}
        case NoticeIssued():
            if fact.follows:
                yield "notices", f"{case_id}/{fact.follows}", {"live": False}
            yield "notices", f"{case_id}/{fact.notice_id}", _notice(case_id, fact)
        case NoticeClosed():
            yield "notices", f"{case_id}/{fact.notice_id}", {"live": False}
        case _ if fact is not None:
            known = get("cases", case_id) or {}
            if changes := _case(known, fact):
                yield "cases", case_id, _derived({**known, **changes}, changes)


def _finding(case_id: str, fact: FindingRaised) -> Row:
    row = {name: getattr(fact, name) for name in FINDINGS.columns if name not in ("case_id", "open")}
    row |= {name: [evidence.model_dump(mode="json") for evidence in row[name]] for name in ("counted", "ignored")}
    return {**row, "kind": fact.kind.value, "arithmetic": list(fact.arithmetic), "case_id": case_id, "open": True}


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
    }


def _case(row: Mapping[str, Any], fact: Fact) -> Row:
    match fact:
        case CaseRegistered():
            return {
                "registered": True,
                "original_number": fact.original_number,
                "received_on": fact.received_on,
                "region": fact.region,
                "channel": fact.channel.value,
                "categories": ",".join(fact.categories),
                "headcount": fact.headcount,
                "demand": "；".join(fact.demands)[:200],
                "unit_registered": fact.unit,
            }
        case RepeatPetitionLinked():
            return {"repeats": (row.get("repeats") or 0) + 1}
        case BacklogIdentified():
            return {"backlog": True}
        case CaseDispatched():
            return {"unit_dispatched": fact.unit}
        case DispatchObjected():
            return {"unit_dispatched": None}
        case CaseAccepted():
            return {
                "unit_accepted": row.get("unit_accepted") or fact.unit,
                "accepted_on": row.get("accepted_on") or fact.accepted_on,
                "handling": row.get("handling") or CaseState.HANDLING.value,
            }
        case LeaderAssigned() | LeaderReplaced():
            leader = fact.leader
            return {"leader_id": leader.id, "leader": " ".join(filter(None, (leader.name, leader.post)))}
        case VisitLogged():
            last = row.get("last_visit_on")
            newest = fact.visited_on if last is None else max(last, fact.visited_on)
            return {"visits": (row.get("visits") or 0) + 1, "last_visit_on": newest}
        case PlanAdopted():
            return {"plan_on": fact.adopted_on}
        case ExtensionApproved():
            return {"extended_days": (row.get("extended_days") or 0) + fact.days}
        case OpinionServed():
            return {"replied_on": fact.served_on, "outcome": fact.outcome.value}
        case CaseClosed():
            return {"handling": CaseState.CLOSED.value, "closed_on": fact.closed_on}
        case CaseRelapsed():
            return {
                "handling": CaseState.RELAPSED.value,
                "closed_on": None,
                "relapses": (row.get("relapses") or 0) + 1,
            }
        case CaseStalled():
            return {"stalled_since": fact.since, "stall_zh": fact.sentence_zh, "stall_en": fact.sentence_en}
        case StallCleared():
            return {"stalled_since": None, "stall_zh": None, "stall_en": None}
        case _:
            return {}


def _derived(row: Mapping[str, Any], changes: Row) -> Row:
    """What people read, from the columns of the speakers."""
    dispatched = row.get("unit_dispatched")
    early = CaseState.DISPATCHED if dispatched else CaseState.REGISTERED
    return {
        **{name: row.get(name) or 0 for name in ("repeats", "visits", "extended_days", "relapses")},
        "backlog": bool(row.get("backlog")),
        **changes,
        "unit": row.get("unit_accepted") or dispatched or row.get("unit_registered"),
        "state": row.get("handling") or early.value,
    }
