"""承诺: what is to be done by a day, whoever promised it: measures, decision items, promises, terms of an agreement. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from services.casework.domain.case import Case
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed
from shared.decider import Day, Name, Rejected, Text
from shared.events.casework import (
    AgreementReached,
    CaseRelapsed,
    CaseworkFact,
    Commitment,
    CommitmentBroken,
    CommitmentFulfilled,
    MeetingHeld,
    PlanAdopted,
    PromiseMade,
)
from shared.given import Person, Promise
from shared.terms import RelapseSign, Role


class MakePromise(CaseCommand):
    """限期承诺: what cannot be solved now is promised for a day (seed plan D5)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    promised_on: Day
    promise: Promise


class FulfilCommitment(CaseCommand):
    """承诺兑现: a measure, decision item, promise or term of an agreement has been done, with proof. Also after closing."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    commitment_id: Name
    fulfilled_on: Day
    proof: Text
    seen_to_by: Person | None = None


class BreakCommitment(CaseCommand):
    """承诺落空: it was found that it was not done, or will not be. A broken agreement opens a closed case again (S6 Art 25)."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.SUPERVISOR}

    commitment_id: Name
    found_on: Day
    note: Text


@dataclass(frozen=True)
class Standing:
    """How a commitment stands on a day."""

    commitment: Commitment
    source: str
    """The fact that it comes from, by its type."""
    made_on: date
    state: Literal["open", "overdue", "fulfilled", "broken"]
    overdue_days: int = 0


def commitments(case: Case) -> Iterator[tuple[Commitment, CaseworkFact]]:
    """Every commitment of the case, in the order in which they were made. A plan that was replaced binds no more."""
    plans = case.all(PlanAdopted)
    for fact in case.facts:
        match fact:
            case PromiseMade():
                yield fact.promise, fact
            case MeetingHeld():
                yield from ((decision, fact) for decision in fact.decisions)
            case AgreementReached():
                yield from ((term, fact) for term in fact.terms)
            case PlanAdopted() if fact is plans[-1]:
                for n, measure in enumerate(fact.measures, start=1):
                    if measure.due_on is not None:
                        name = f"plan-{len(plans)}-{n}"
                        yield (
                            Commitment(commitment_id=name, what=measure.what, who=measure.who, due_on=measure.due_on),
                            fact,
                        )


def standings(case: Case, today: date) -> list[Standing]:
    """How every commitment stands: done, broken, open, or so many days past its day. What was found not to be done after it had
    been said to be, or on that day, is not; what was done after that, is.
    """
    found_on = {fact.commitment_id: fact.found_on for fact in case.all(CommitmentBroken)}
    done = {fact.commitment_id: fact.fulfilled_on for fact in case.all(CommitmentFulfilled)}
    fulfilled = {name for name, on in done.items() if on > found_on.get(name, date.min)}
    broken = found_on.keys() - fulfilled
    found = []
    for commitment, source in commitments(case):
        made_on, late = source.claimed_time(), max(0, (today - commitment.due_on).days)
        state: Literal["open", "overdue", "fulfilled", "broken"]
        if commitment.commitment_id in fulfilled:
            state = "fulfilled"
        elif commitment.commitment_id in broken:
            state = "broken"
        else:
            state = "overdue" if late else "open"
        days = late if state == "overdue" else 0
        found.append(Standing(commitment, type(source).__name__, made_on or today, state, days))
    return found


def new(case: Case, coming: tuple[Commitment, ...], fact: CaseworkFact) -> None:
    """Raise Rejected for a commitment whose id is taken, or whose day lies before it was made."""
    taken = {commitment.commitment_id for commitment, source in commitments(case) if source != fact}
    made_on = fact.claimed_time()
    names = [commitment.commitment_id for commitment in coming]
    for commitment in coming:
        name = commitment.commitment_id
        if name in taken or names.count(name) > 1:
            raise Rejected(
                "commitment-id-taken",
                f"事项编号 {name} 已有，请换一个 commitment_id。",
                f"There is a commitment {name} already; use another commitment_id.",
            )
        if made_on is not None and commitment.due_on < made_on:
            raise Rejected(
                "due-before-made",
                f"事项 {name} 的期限 {commitment.due_on} 早于作出之日 {made_on}。",
                f"The commitment {name} is due on {commitment.due_on}, before it was made, {made_on}.",
            )


def make_promise(desk: Desk, command: MakePromise) -> list[CaseworkFact]:
    fact = PromiseMade(**dict(command))
    if fact in desk.case.facts:
        return []
    new(desk.case, (command.promise,), fact)
    return [fact]


def fulfil_commitment(desk: Desk, command: FulfilCommitment) -> list[CaseworkFact]:
    _known(desk.case, command.commitment_id, command.fulfilled_on)
    return filed(desk.case, CommitmentFulfilled(**dict(command)), "commitment_id")


def break_commitment(desk: Desk, command: BreakCommitment) -> list[CaseworkFact]:
    """A broken term of an agreement shows that a closed case is not settled."""
    source = _known(desk.case, command.commitment_id, command.found_on)
    facts = filed(desk.case, CommitmentBroken(**dict(command)), "commitment_id")
    closed = desk.case.closed
    if facts and closed is not None and isinstance(source, AgreementReached) and command.found_on >= closed.closed_on:
        facts.append(CaseRelapsed(sign=RelapseSign.BROKEN_AGREEMENT, relapsed_on=command.found_on, note=command.note))
    return facts


def _known(case: Case, name: str, on: date) -> CaseworkFact:
    for commitment, source in commitments(case):
        if commitment.commitment_id == name:
            made_on = source.claimed_time()
            if made_on is not None and on < made_on:
                raise Rejected(
                    "before-it-was-made",
                    f"日期 {on} 早于该事项作出之日 {made_on}。",
                    f"{on} lies before the commitment was made, {made_on}.",
                )
            return source
    known = "、".join(commitment.commitment_id for commitment, _ in commitments(case)) or "-"
    raise Rejected(
        "no-such-commitment",
        f"本案没有编号为 {name} 的承诺事项；现有：{known}。",
        f"This case has no commitment {name}; there are: {known}.",
    )


RULES: Rules = {
    MakePromise: make_promise,
    FulfilCommitment: fulfil_commitment,
    BreakCommitment: break_commitment,
}
