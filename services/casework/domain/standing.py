"""办理情况: what a case's facts say of how far it has come, what is missing, and until when. Answers, never decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.casework.domain.case import Case, claimed_day
from services.casework.domain.commitments import Standing, standings
from services.casework.domain.demands import DUTIES, judged
from services.casework.domain.documents import six_haves
from services.casework.domain.review import redone_likeness
from shared.deadlines import Deadline, compute, days_left, explain
from shared.events.casework import ExtensionApproved, OpinionServed, ReviewDecided, ReviewRequested, VisitLogged
from shared.standard import Standard, suspensions
from shared.terms import DocumentKind, Duty, Judgement, ReviewStage, Role, VisitKind


@dataclass(frozen=True)
class Item:
    """One item of a checklist: the day on which the case met it, or whose duty it still is and since when."""

    name: str
    met_on: date | None
    missing_since: date | None
    duty: Role


@dataclass(frozen=True)
class Checklist:
    """七个一, 一案七要素, 四明确: answered by the case itself."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Clock:
    """期限: one clock of the case, with its arithmetic. `due` is None while it stands still."""

    name: str
    due: date | None
    days_left: int | None
    met_on: date | None
    arithmetic: str


@dataclass(frozen=True)
class Demand:
    """诉求: what was found of it, and to what that obliges; None and nothing while nobody has judged it."""

    demand: int
    judgement: Judgement | None
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class ReturnVisit:
    """回访: one that falls due so many days after closing, and the day on which it was made."""

    due_on: date
    made_on: date | None


@dataclass(frozen=True)
class WholeStanding:
    """办理情况: everything at once, as of a day."""

    as_of: date
    demands: tuple[Demand, ...]
    commitments: tuple[Standing, ...]
    checklists: tuple[Checklist, ...]
    six_haves: dict[str, list[DocumentKind]]
    """六有, each with the papers that it still lacks."""
    clocks: tuple[Clock, ...]
    return_visits: tuple[ReturnVisit, ...]
    redone_likeness: float | None
    """How alike, 0 to 1, the newest opinion is to the one that was quashed."""


def standing(case: Case, standard: Standard, today: date) -> WholeStanding:
    """How the case stands on a day, by the policy in force then."""
    known = judged(case)
    demands = [
        Demand(n, known[n].judgement, DUTIES[known[n].judgement]) if n in known else Demand(n, None, ())
        for n in range(1, case.demands + 1)
    ]
    return WholeStanding(
        today,
        tuple(demands),
        tuple(standings(case, today)),
        tuple(checklists(case, standard, today)),
        six_haves(case),
        tuple(clocks(case, standard, today)),
        tuple(return_visits(case, standard)),
        redone_likeness(case),
    )


def checklists(case: Case, standard: Standard, today: date) -> Iterator[Checklist]:
    """The checklists of the policy. An item is met by the first fact, of this round, of one of the types that it names."""
    since = case.limit_from or case.received_on
    for listed in standard.policy_on(today).checklists.values():
        items = []
        for name, item in listed.items.items():
            met = [claimed_day(fact) for fact in case.round if type(fact).__name__ in item.facts]
            items.append(Item(name, met[0] if met else None, None if met else since, item.duty))
        yield Checklist(listed.name, tuple(items))


def clocks(case: Case, standard: Standard, today: date) -> Iterator[Clock]:
    """The clocks that run, or ran: handling (Art 34), and each review that was asked for (Arts 35, 36)."""
    start, stood_still = case.limit_from, suspensions(case.round)
    if start is not None:
        granted = case.in_round(ExtensionApproved)[:1]
        days, note = (granted[0].days, f"{granted[0].approved_by.name}批准") if granted else (0, "")
        replied = next((fact.served_on for fact in case.in_round(OpinionServed)), None)
        yield _clock("办结", standard.handling(start, days, note, stood_still), today, replied)
    for request in case.all(ReviewRequested):
        limits = standard.policy_on(request.requested_on).limits
        first = request.stage is ReviewStage.REVIEW
        deadline = compute(
            request.requested_on,
            limits.review if first else limits.final_review,
            standard.calendar,
            () if first else suspensions(case.facts),
        )
        decisions = (d.decided_on for d in case.all(ReviewDecided) if d.stage is request.stage)
        yield _clock(
            request.stage.label, deadline, today, next((d for d in decisions if d >= request.requested_on), None)
        )


def _clock(name: str, deadline: Deadline, today: date, met_on: date | None) -> Clock:
    left = None if met_on is not None else days_left(deadline, today)
    return Clock(name, deadline.due, left, met_on, explain(deadline))


def return_visits(case: Case, standard: Standard) -> Iterator[ReturnVisit]:
    """Those of a closed case: each is made by the first return visit since the one before it was."""
    if case.closed is None:
        return
    closed_on = case.closed.closed_on
    made = sorted(
        visit.visited_on
        for visit in case.in_round(VisitLogged)
        if visit.kind is VisitKind.RETURN and visit.visited_on >= closed_on
    )
    for n, days in enumerate(standard.policy_on(closed_on).return_visits.days):
        yield ReturnVisit(closed_on + timedelta(days=days), made[n] if n < len(made) else None)
