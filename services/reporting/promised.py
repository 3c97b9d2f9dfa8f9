"""承诺事项: what was to be done by a day in a case, and what came of it: a row for each, as casework names it. Pure."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from shared.events import Recorded
from shared.events.casework import (
    AgreementReached,
    Commitment,
    CommitmentBroken,
    CommitmentFulfilled,
    MeetingHeld,
    PlanAdopted,
    PromiseMade,
)
from shared.readmodel import Change, Get
from shared.terms import Promised


def promised(recorded: Recorded, place: str, get: Get) -> Iterable[Change]:
    """What a fact commits to, or says of a commitment, by the names that casework has for them."""
    case_id, fact = recorded.case_id, recorded.fact

    def row(name: str, **said: Any) -> Change:
        return "commitments", f"{case_id}/{name}", {"case_id": case_id, "commitment_id": name, **said}

    def newest(name: str, column: str, day: date) -> date:
        known: date | None = (get("commitments", f"{case_id}/{name}") or {}).get(column)
        return max(day, known or day)

    def made(source: Promised, *commitments: Commitment) -> Iterable[Change]:
        for one in commitments:
            said = {"what": one.what, "who": one.who, "due_on": one.due_on}
            yield row(one.commitment_id, source=source.value, made_on=recorded.occurred_on, binding=True, **said)

    match fact:
        case PromiseMade(promise=promise):
            yield from made(Promised.PROMISE, promise)
        case MeetingHeld(decisions=decisions):
            yield from made(Promised.DECISION, *decisions)
        case AgreementReached(terms=terms):
            yield from made(Promised.TERM, *terms)
        case PlanAdopted():
            yield from _plan(recorded, place, get, row)
        case CommitmentFulfilled():
            yield row(fact.commitment_id, fulfilled_on=newest(fact.commitment_id, "fulfilled_on", fact.fulfilled_on))
        case CommitmentBroken():
            yield row(fact.commitment_id, broken_on=newest(fact.commitment_id, "broken_on", fact.found_on))


def _plan(recorded: Recorded, place: str, get: Get, row: Callable[..., Change]) -> Iterable[Change]:
    """The measures of the plan that is the last by its day bind, those of the plans before it no more."""
    fact, case_id = recorded.fact, recorded.case_id
    assert isinstance(fact, PlanAdopted)
    before = (get("plans", case_id) or {}).get("plans") or []
    dated = [[n, m.what, m.who, m.due_on.isoformat()] for n, m in enumerate(fact.measures, start=1) if m.due_on]
    plans = sorted([*before, [place, dated]])
    yield "plans", case_id, {"plans": plans}
    if before:
        for n, *_ in before[-1][1]:
            yield row(f"plan-{len(before)}-{n}", binding=False)
    at, measures = plans[-1]
    for n, what, who, due_on in measures:
        said = {"what": what, "who": who, "due_on": date.fromisoformat(due_on), "made_on": date.fromisoformat(at[:10])}
        yield row(f"plan-{len(plans)}-{n}", source=Promised.MEASURE.value, binding=True, **said)
