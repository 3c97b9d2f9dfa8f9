"""What a fact changes in the rows that reports are made of. Pure.

A row says what the facts say when they are laid in the order in which they are claimed to have happened, as the dossier
of supervision does. So it comes out the same for any order in which the logs are heard, and for a history that is filled
in late.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.reporting.accounts import campaigns, findings, notices
from services.reporting.answered import answered, served, split
from services.reporting.awaited import awaited, past_its_limit
from services.reporting.deeds import deeds, years
from services.reporting.owed import owed
from services.reporting.promised import promised
from services.reporting.repeated import links, standing
from services.reporting.sheets import CASES, SHEETS
from shared.events import Fact, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ExtensionApproved,
    InterestDeclared,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    PlanAdopted,
    ProgressReported,
    ReviewDecided,
    VisitLogged,
)
from shared.events.histories import kind_of
from shared.events.intake import (
    AcceptanceRefused,
    AccusedNamed,
    BacklogExcluded,
    BacklogIdentified,
    CaseDispatched,
    CaseMerged,
    CaseRegistered,
    CaseUnmerged,
    DispatchObjected,
    ExclusionReviewed,
    PlanBacklogIdentified,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
    RouteDetermined,
    UnitFact,
)
from shared.events.supervision import BookOpened, CaseStalled, StallCleared, SuggestionMade, SupervisionFact
from shared.readmodel import Change, Get, Row
from shared.terms import CaseState, ReviewVerdict
from shared.workdays import business_date

__all__ = ["CASES", "SHEETS", "project"]

LAST = "9999-12-31"
NEW = {"repeats": 0, "visits": 0, "extended_days": 0, "relapses": 0, "backlog": False}
"""A case of which nothing was heard yet."""


def project(recorded: Recorded, get: Get) -> Iterable[Change]:
    """The changes that a fact makes to the sheets."""
    case_id, fact = recorded.case_id, recorded.fact
    kind = kind_of(case_id)
    if isinstance(fact, BookOpened):
        yield "books", case_id, {"unit": fact.unit, "region": fact.region, "on": recorded.occurred_on}
        return
    if kind not in ("case", "book"):
        yield from campaigns(recorded, get)
        yield from years(recorded)
        if isinstance(fact, UnitFact):
            yield "units", recorded.id, {"document": recorded.raw.decode()}
        return
    yield from deeds(recorded, get)
    if isinstance(fact, SupervisionFact) and not isinstance(fact, CaseStalled | StallCleared):
        yield from findings(recorded, get)
        yield from notices(recorded, get)
        yield from owed(recorded, _place(recorded), get)
        if kind == "case":
            yield from past_its_limit(recorded, _place(recorded), get)
        if isinstance(fact, SuggestionMade):  # whoever is given it has to be able to read what it is about
            yield _holder(recorded, fact.addressed_to)
    elif isinstance(fact, ProgressReported):
        yield "reports", f"{case_id}/{fact.report_id}", {"case_id": case_id, "reported_on": fact.reported_on}
    elif fact is not None:
        if unit := fact.__dict__.get("unit"):  # pydantic is slow to say that a field is not there
            yield _holder(recorded, unit)
        yield from _recused(case_id, fact)
        place = _place(recorded)
        yield from awaited(recorded, place, get)
        yield from promised(recorded, place, get)
        row = get("cases", case_id) or NEW
        if changes := _stall(recorded) or _case(row, fact, place):
            told = {**NEW, **changes} if row is NEW else changes
            yield "cases", case_id, {**told, **_derived({**row, **changes})}


def _recused(case_id: str, fact: Fact) -> Iterable[Change]:
    """Who has to keep away from the case: whom it is about, or who has declared an interest (Arts 28, 30)."""
    officials = (fact.official,) if isinstance(fact, InterestDeclared) else ()
    for official in fact.officials if isinstance(fact, AccusedNamed) else officials:
        yield "recused", f"{case_id}/{official.id}", {"case_id": case_id, "official": official.id}


def _holder(recorded: Recorded, unit: str) -> Change:
    """A unit that may read the case from now on, by the name that it had on the day of the fact."""
    case_id, on = recorded.case_id, recorded.occurred_on
    return "holders", f"{case_id}/{unit}/{on}", {"case_id": case_id, "unit": unit, "on": on}


def _place(recorded: Recorded) -> str:
    """Where a fact lies in its case's history: by day; of one day intake's first, and each speaker's in its own order."""
    turn = "0" if recorded.service == "intake" else "1"
    return f"{recorded.occurred_on.isoformat()} {turn} {recorded.version:08}"


def _case(row: Mapping[str, Any], fact: Fact, place: str) -> Row:
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
                "demands": len(fact.demands),
                "moves": _moves(row, "", "registered", fact.unit),
            }
        case RepeatPetitionLinked() | RepeatPetitionUnlinked():
            known = links(row, fact, place)
            return {"links": known, "repeats": len(standing(known))}
        case BacklogIdentified() | PlanBacklogIdentified():
            return _later(row, "backlog_at", place, {"backlog": True})
        case BacklogExcluded():
            return _later(row, "backlog_at", place, {"backlog": False})
        case ExclusionReviewed():
            return {} if fact.stands else _later(row, "backlog_at", place, {"backlog": True})
        case RouteDetermined(demands=()):
            return _later(row, "route_at", place, {"route": fact.route.value})
        case RouteDetermined():
            return split(row, fact, place)
        case AcceptanceRefused():
            return _later(row, "refused_at", place, {})
        case CaseMerged():
            return _later(row, "merged_at", place, {"merged_into": fact.into})
        case CaseUnmerged():
            return _later(row, "merged_at", place, {"merged_into": None})
        case CaseDispatched():
            due = _later(row, "due_at", place, {"due_on": fact.due_on})
            return {"moves": _moves(row, place, "dispatched", fact.unit), **due}
        case DispatchObjected():
            return {"moves": _moves(row, place, "objected", fact.unit)}
        case CaseAccepted():
            first = min(filter(None, (row.get("accepted_on"), fact.accepted_on)))
            return {"moves": _moves(row, place, "accepted", fact.unit), "accepted_on": first}
        case LeaderAssigned() | LeaderReplaced():
            name = " ".join(filter(None, (fact.leader.name, fact.leader.post)))
            return _later(row, "leader_at", place, {"leader_id": fact.leader.id, "leader": name})
        case VisitLogged():
            return {"visits": _count(row, "visits", 1), "last_visit_on": _newest(row, "last_visit_on", fact.visited_on)}
        case PlanAdopted():
            return {"plan_on": _newest(row, "plan_on", fact.adopted_on)}
        case ExtensionApproved():
            return {"extended_days": _count(row, "extended_days", fact.days)}
        case OpinionServed():
            return served(row, fact, place) | _later(row, "reply_at", place, {"outcome": fact.outcome.value})
        case ReviewDecided(verdict=ReviewVerdict.QUASHED):
            return _later(row, "quashed_at", place, {})
        case CaseClosed():
            return _later(row, "closing_at", place, {})
        case CaseRelapsed():
            return {"relapses": _count(row, "relapses", 1), **_later(row, "relapse_at", place, {})}
        case _:
            return {}


def _stall(recorded: Recorded) -> Row:
    """Since when the case is idle and why, as was said on a day: whoever reads it later must not take its days for today's."""
    match recorded.fact:
        case CaseStalled(since=since, sentence_zh=zh, sentence_en=en):
            said_on = business_date(recorded.time)
            return {"stalled_since": since, "stall_zh": zh, "stall_en": en, "stall_said_on": said_on}
        case StallCleared():
            return {"stalled_since": None, "stall_zh": None, "stall_en": None, "stall_said_on": None}
        case _:
            return {}


def _count(row: Mapping[str, Any], name: str, more: int) -> int:
    return int(row[name]) + more


def _newest(row: Mapping[str, Any], name: str, day: date) -> date:
    known: date | None = row.get(name)
    return day if known is None else max(known, day)


def _later(row: Mapping[str, Any], at: str, place: str, changes: Row) -> Row:
    """What a fact says, unless one that lies later has said it already."""
    return {} if (row.get(at) or "") > place else {**changes, at: place}


def _moves(row: Mapping[str, Any], place: str, what: str, unit: str) -> list[list[str]]:
    """Who had the case in hand, in the order in which it happened; whom the registration names comes first."""
    return sorted([*(row.get("moves") or []), [place, what, unit]])


def holder(moves: Sequence[Sequence[str]], received_on: date, by: date = date.max) -> tuple[str, date]:
    """Who had the case in hand on a day, and when it was named so; "" when it was sent back, and not sent on."""
    unit, on = "", received_on
    for at, what, named in moves:
        day = date.fromisoformat(at[:10]) if at else received_on
        if day > by:
            break
        if what != "objected":
            unit, on = named, day
        elif named == unit:
            unit = ""
    return unit, on


def _derived(row: Mapping[str, Any]) -> Row:
    """What follows from the rest: the unit that answers for the case now, how the case stands, and what waits for a reply."""
    moves, received_on = row.get("moves") or [], row.get("received_on") or date.max
    unit, unit_on = holder(moves, received_on)
    sent = unit and next(what for _, what, to in reversed(moves) if to == unit and what != "objected") == "dispatched"
    closing, relapse = row.get("closing_at") or "", row.get("relapse_at") or ""
    closed = closing > relapse
    if row.get("merged_into"):
        state = CaseState.MERGED
    elif closed:
        state = CaseState.CLOSED
    elif relapse:
        state = CaseState.RELAPSED
    elif row.get("accepted_on"):
        state = CaseState.HANDLING
    else:
        state = CaseState.DISPATCHED if sent else CaseState.REGISTERED
    return {
        "unit": unit,
        "unit_on": unit_on if unit else None,
        "state": state.value,
        "refused_on": _not_taken_up(row),
        "closed_on": date.fromisoformat(closing[:10]) if closed else None,
        **answered(row),
        "place": f"{row.get('stalled_since') or LAST} {row.get('received_on') or LAST}",
    }


def _not_taken_up(row: Mapping[str, Any]) -> date | None:
    """不予受理: when it was refused; None for what somebody accepted all the same, or was handed to a unit since."""
    refused = row.get("refused_at") or ""
    sent = any(what == "dispatched" and at > refused for at, what, _ in row.get("moves") or [])
    return date.fromisoformat(refused[:10]) if refused and not sent and row.get("accepted_on") is None else None
