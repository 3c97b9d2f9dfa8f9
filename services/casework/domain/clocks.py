"""期限: every clock of a case, with its arithmetic, by the policy of the day on which it began. Answers, never decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.casework.domain.case import Case
from services.casework.domain.commitments import standings
from shared import handling
from shared.deadlines import Deadline, Limit, Suspension, compute, days_left, explain, overdue
from shared.events.casework import (
    CaseAccepted,
    ClosureRequested,
    CommitmentFulfilled,
    OpinionServed,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
)
from shared.events.intake import (
    AcceptanceRefused,
    CaseDispatched,
    NoticeOfAcceptanceServed,
    ObjectionRaised,
    RouteDetermined,
)
from shared.replies import answering_all, elsewhere, leaving
from shared.standard import Standard, hearings
from shared.terms import DispatchKind, ReviewStage


@dataclass(frozen=True)
class Clock:
    """期限: one clock of the case, with its arithmetic. `due` is None while it stands still, or does not apply."""

    name: str
    due: date | None
    days_left: int | None
    met_on: date | None
    arithmetic: str


@dataclass(frozen=True)
class _Dial:
    """What clocks are read with."""

    standard: Standard
    today: date

    def limit(
        self, name: str, start: date, limit: Limit, met_on: date | None, stood_still: tuple[Suspension, ...] = ()
    ) -> Clock:
        """A clock that a limit of the policy sets."""
        return self.of(name, compute(start, limit, self.standard.calendar, stood_still), met_on)

    def of(self, name: str, deadline: Deadline, met_on: date | None) -> Clock:
        left = None if met_on is not None else days_left(deadline, self.today)
        return Clock(name, deadline.due, left, met_on, explain(deadline))

    def agreed(self, name: str, made_on: date, due_on: date, met_on: date | None) -> Clock:
        """A clock that somebody set by naming the day."""
        left = None if met_on is not None else (due_on - self.today).days
        return Clock(name, due_on, left, met_on, f"{made_on} 定下，期限写明为 {due_on}")


def clocks(case: Case, standard: Standard, today: date) -> Iterator[Clock]:
    """The clocks that run, or ran, in the order in which they begin."""
    dial = _Dial(standard, today)
    yield from _of_the_petition(case, dial)
    for sent in case.told(CaseDispatched)[-1:]:
        yield from _of_the_dispatch(case, sent, dial)
    yield from _of_the_handling(case, dial)
    done = {fact.commitment_id: fact.fulfilled_on for fact in case.all(CommitmentFulfilled)}
    for standing in standings(case, today):
        promised, name = standing.commitment, standing.commitment.commitment_id
        yield dial.agreed(f"承诺 {name}", standing.made_on, promised.due_on, done.get(name))
    yield from _of_reviews(case, dial)


def _of_the_petition(case: Case, dial: _Dial) -> Iterator[Clock]:
    """转送交办 (Art 22) and 受理告知 (Art 23), from receipt; 受理 where the place sets a limit."""
    if case.received_on is None or case.registered is None:
        return
    limits, start = dial.standard.policy_on(case.received_on).limits, case.received_on
    accepted = case.accepted.accepted_on if case.accepted else None
    sent = next((fact.dispatched_on for fact in case.told(CaseDispatched)), None)
    refused = next(iter(case.told(AcceptanceRefused)), None)  # which tells the person, too
    ways = (sent, accepted, refused.refused_on if refused else None)
    notices = [fact.served_on for fact in case.told(NoticeOfAcceptanceServed)]
    told = min([*notices, *([refused.told_on] if refused else [])], default=None)
    yield dial.limit("转送交办", start, limits.forward, min(filter(None, ways), default=None))
    yield dial.limit("受理告知", start, limits.notice, told)
    if limits.acceptance is not None:
        yield dial.limit("受理", start, limits.acceptance, accepted)


def _of_the_dispatch(case: Case, sent: CaseDispatched, dial: _Dial) -> Iterator[Clock]:
    """What the unit that has the case owes since it got it: telling the person, or objecting (Art 23); the result (Art 22)."""
    limits, start = dial.standard.policy_on(sent.dispatched_on).limits, sent.dispatched_on
    told = (f.served_on for f in case.told(NoticeOfAcceptanceServed) if f.unit == sent.unit and f.served_on >= start)
    yield dial.limit(f"受理告知（{sent.unit}）", start, limits.notice, next(told, None))
    raised = [f.raised_on for f in case.told(ObjectionRaised) if f.unit == sent.unit and f.raised_on >= start]
    taken = [f.accepted_on for f in case.all(CaseAccepted) if f.unit == sent.unit and f.accepted_on >= start]
    yield dial.limit("异议", start, limits.objection, min([*raised, *taken], default=None))
    if sent.kind is DispatchKind.ASSIGN and sent.due_on is not None:
        back = (f.requested_on for f in case.in_round(ClosureRequested) if f.requested_on >= start)
        yield dial.agreed("交办反馈", start, sent.due_on, next(back, None))


def _of_the_handling(case: Case, dial: _Dial) -> Iterator[Clock]:
    """办结 (Art 34), of a claim that takes the petition procedure; a reply that was quashed is given anew within a limit of its
    own. Of anything else it says that it does not run, and why: it stays visible. What took another road when the limit had passed
    was late by then, as supervision sees it (T5).
    """
    start, left = case.limit_from, _left_on(case)
    limit = handling.limit(dial.standard, start, case.round) if start is not None else None
    away = case.elsewhere
    if away and limit is not None and (due := limit.due) is not None:  # a road that was taken later takes nothing back
        away &= elsewhere(fact for fact in case.told(RouteDetermined) if fact.determined_on <= due)
    reply = answering_all(case.replies, case.demands, away)
    replied = reply.served_on if reply else None
    late = limit is not None and left is not None and overdue(limit, left)
    if not case.by_petition_procedure and not late:
        road = case.route.route.label if case.route else ""
        purpose = case.registered.purpose if case.registered else None
        why = road or (purpose.label if purpose else "")
        yield Clock(
            "办结", None, None, replied, f"{why}：不适用第三十四条的 60 日，按各自的规定办理（第二十九条至第三十一条）"
        )
    elif limit is not None:
        yield dial.of("办结", limit, replied)


def _left_on(case: Case) -> date | None:
    """The day on which a claim left the petition procedure for the road that it takes now; None while it has not."""
    left = leaving(case.told(RouteDetermined)) if case.registered and case.is_claim else None
    return left.determined_on if left else None


def _of_reviews(case: Case, dial: _Dial) -> Iterator[Clock]:
    """How long a review may be asked for, and each review that was (Arts 35, 36)."""
    requests, decisions = case.all(ReviewRequested), case.all(ReviewDecided)
    replies = [fact.served_on for fact in case.all(OpinionServed)]
    first = [fact.decided_on for fact in decisions if fact.stage is ReviewStage.REVIEW]
    for stage, got in ((ReviewStage.REVIEW, replies[-1:]), (ReviewStage.FINAL_REVIEW, first[-1:])):
        for day in got:
            limits = dial.standard.policy_on(day).limits
            limit = limits.review_request if stage is ReviewStage.REVIEW else limits.final_review_request
            asked = (fact.requested_on for fact in requests if fact.stage is stage and fact.requested_on >= day)
            yield dial.limit(f"请求{stage.label}", day, limit, next(asked, None))
    for request in requests:
        limits, stage, day = dial.standard.policy_on(request.requested_on).limits, request.stage, request.requested_on
        if limits.review_acceptance is not None:
            taken = (f.decided_on for f in case.all(ReviewTakenUp) if f.stage is stage and f.decided_on >= day)
            yield dial.limit(f"{stage.label}受理", day, limits.review_acceptance, next(taken, None))
        decided = (fact.decided_on for fact in decisions if fact.stage is stage and fact.decided_on >= day)
        final = stage is ReviewStage.FINAL_REVIEW
        limit, stood_still = (limits.final_review, hearings(case.facts)) if final else (limits.review, ())
        yield dial.limit(stage.label, day, limit, next(decided, None), stood_still)
