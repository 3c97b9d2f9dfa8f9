"""待办: what was asked for in a case, and whether it was answered: one row for each thing that somebody waits for. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.events import Recorded
from shared.events.casework import (
    CaseClosed,
    CaseRelapsed,
    ClosureRequested,
    ClosureReviewed,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
    VisitLogged,
)
from shared.events.intake import (
    DispatchObjected,
    JurisdictionDisputed,
    JurisdictionRuled,
    ObjectionDeclined,
    ObjectionRaised,
    ProgressQueried,
    QueryAnswered,
    RepeatPetitionLinked,
)
from shared.readmodel import Change, Get
from shared.terms import Awaited, ReviewStage, VisitKind

STAGES = {ReviewStage.REVIEW: Awaited.REVIEW, ReviewStage.FINAL_REVIEW: Awaited.FINAL_REVIEW}


def awaited(recorded: Recorded, place: str, get: Get) -> Iterable[Change]:
    """What a fact asks for, or answers. The newest of each counts, in whatever order they are heard."""
    case_id = recorded.case_id

    def said(item: Awaited, ref: str, **what: Any) -> Change:
        return "waiting", f"{case_id}/{item}/{ref}", {"case_id": case_id, "item": item.value, "ref": ref, **what}

    def newest(at: str, item: Awaited, ref: str = "") -> Iterable[Change]:
        known = (get("waiting", f"{case_id}/{item}/{ref}") or {}).get(at) or ""
        if place > known:
            yield said(item, ref, **{at: place})

    match recorded.fact:
        case ObjectionRaised(unit=unit):
            yield from newest("asked_at", Awaited.OBJECTION, unit)
        case ObjectionDeclined(unit=unit) | DispatchObjected(unit=unit):
            yield from newest("answered_at", Awaited.OBJECTION, unit)
        case JurisdictionDisputed():
            yield from newest("asked_at", Awaited.DISPUTE)
        case JurisdictionRuled():
            yield from newest("answered_at", Awaited.DISPUTE)
        case ClosureRequested():
            yield from newest("asked_at", Awaited.CLOSURE_CHECK)
        case ClosureReviewed():
            yield from newest("answered_at", Awaited.CLOSURE_CHECK)
        case ReviewRequested(stage=stage):
            yield from newest("asked_at", STAGES[stage])
        case ReviewDecided(stage=stage) | ReviewTakenUp(stage=stage, taken_up=False):
            yield from newest("answered_at", STAGES[stage])
        case HearingRequested():
            yield from newest("asked_at", Awaited.HEARING)
        case HearingHeld() | HearingDeclined():
            yield from newest("answered_at", Awaited.HEARING)
        case ProgressQueried(query_id=query):
            yield from newest("asked_at", Awaited.QUERY, query)
        case QueryAnswered(query_id=query):
            yield from newest("answered_at", Awaited.QUERY, query)
        case CaseClosed():
            yield from newest("asked_at", Awaited.RETURN_VISIT)
        case RepeatPetitionLinked():
            yield from newest("asked_at", Awaited.CAME_BACK)
        case CaseRelapsed():
            yield from newest("answered_at", Awaited.RETURN_VISIT)
            yield from newest("answered_at", Awaited.CAME_BACK)
        case VisitLogged(kind=VisitKind.RETURN, visited_on=day):
            before = (get("waiting", f"{case_id}/{Awaited.RETURN_VISIT}/") or {}).get("returns") or []
            yield said(Awaited.RETURN_VISIT, "", returns=sorted([*before, day.isoformat()]))


def day_of(place: str) -> date:
    """The day on which something was asked for."""
    return date.fromisoformat(place[:10])
