"""待办: what was asked for in a case, and whether it was answered: one row for each thing that somebody waits for. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.reporting.repeated import links, standing
from shared.events import Recorded
from shared.events.casework import (
    CaseClosed,
    CaseRelapsed,
    ClosureRequested,
    ClosureReviewed,
    EvaluationReceived,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
    VisitLogged,
)
from shared.events.intake import (
    AcceptanceRefused,
    DispatchObjected,
    JurisdictionDisputed,
    JurisdictionRuled,
    ObjectionDeclined,
    ObjectionRaised,
    ProgressQueried,
    QueryAnswered,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
)
from shared.events.supervision import FindingRaised, FindingResolved, FindingWithdrawn
from shared.readmodel import Change, Get
from shared.terms import Awaited, BacklogCriterion, RelapseSign, ReviewStage, Satisfaction, VisitKind

OVERDUE = frozenset({"overdue", "assigned-overdue"})
"""The rules by which supervision finds that a case is past its limit: with the extensions and suspensions that count."""
STAGES = {ReviewStage.REVIEW: Awaited.REVIEW, ReviewStage.FINAL_REVIEW: Awaited.FINAL_REVIEW}


def awaited(recorded: Recorded, place: str, get: Get) -> Iterable[Change]:
    """What a fact asks for, or answers. The newest of each counts, in whatever order they are heard."""
    case_id = recorded.case_id

    def newest(at: str, item: Awaited, ref: str = "", *more: str) -> Iterable[Change]:
        known = (get("waiting", _key(case_id, item, ref, *more)) or {}).get(at) or ""
        if place > known:
            yield _row(case_id, item, ref, *more, **{at: place})

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
        case RepeatPetitionLinked() | RepeatPetitionUnlinked() as said:
            came = standing(links(get("cases", case_id) or {}, said, place))
            yield _row(case_id, Awaited.CAME_BACK, "", asked_at=came[-1] if came else None)
        case AcceptanceRefused():  # what was ended is not taken up again
            yield from newest("answered_at", Awaited.CAME_BACK)
        case CaseRelapsed(sign=sign):
            yield from newest("answered_at", Awaited.RETURN_VISIT)
            yield from newest("answered_at", Awaited.CAME_BACK)
            if sign is RelapseSign.REPEAT_PETITION:
                yield from newest("asked_at", Awaited.BACKLOG, BacklogCriterion.REPEATED)
        case EvaluationReceived(of=of, satisfaction=Satisfaction.DISSATISFIED):
            yield from newest("asked_at", Awaited.BACKLOG, BacklogCriterion.DISSATISFIED, of)
        case EvaluationReceived(of=of):
            yield from newest("answered_at", Awaited.BACKLOG, BacklogCriterion.DISSATISFIED, of)
        case VisitLogged(kind=VisitKind.RETURN, met_petitioner=True, visited_on=day):
            before = (get("waiting", _key(case_id, Awaited.RETURN_VISIT, "")) or {}).get("returns") or []
            yield _row(case_id, Awaited.RETURN_VISIT, "", returns=sorted([*before, day.isoformat()]))


def past_its_limit(recorded: Recorded, place: str, get: Get) -> Iterable[Change]:
    """What supervision finds to be overdue is to be listed as backlog: none is left out (seed plan D4)."""
    case_id, fact, which = recorded.case_id, recorded.fact, (Awaited.BACKLOG, BacklogCriterion.OVERDUE)
    match fact:
        case FindingRaised(rule=rule, finding_id=finding) if rule in OVERDUE:
            yield _row(case_id, *which, finding, asked_at=place, answered_at=None)
        case FindingResolved(finding_id=finding) | FindingWithdrawn(finding_id=finding):
            if get("waiting", _key(case_id, *which, finding)) is not None:
                yield _row(case_id, *which, finding, answered_at=place)


def _key(case_id: str, item: Awaited, ref: str, *more: str) -> str:
    return "/".join((case_id, item, ref, *more))


def _row(case_id: str, item: Awaited, ref: str, *more: str, **said: Any) -> Change:
    """A row. What tells it from others of the same reference is in its key."""
    return "waiting", _key(case_id, item, ref, *more), {"case_id": case_id, "item": item.value, "ref": f"{ref}", **said}


def day_of(place: str) -> date:
    """The day on which something was asked for."""
    return date.fromisoformat(place[:10])
