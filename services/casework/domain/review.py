"""复查复核终结: an opinion is contested, and the road ends. Pure."""

from collections.abc import Sequence
from typing import ClassVar

from rapidfuzz import fuzz

from services.casework.domain.case import Case, claimed_day
from services.casework.domain.commitments import standings
from services.casework.domain.desk import CaseCommand, Desk, Rules, filed
from services.casework.domain.offices import same_unit
from shared.deadlines import Deadline, compute, explain, overdue
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events.casework import (
    AgreementReached,
    CaseAccepted,
    CaseEnded,
    CaseRelapsed,
    CaseworkFact,
    OpinionIssued,
    OpinionServed,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
)
from shared.given import Person
from shared.redone import first_quashing, quashes, redone, said_to, unquashed
from shared.replies import unanswered
from shared.standard import Standard
from shared.terms import EndGround, RelapseSign, ReviewStage, ReviewVerdict, Role

REVIEWING = frozenset({Role.PETITION_OFFICE, Role.REVIEWER})
"""Who reviews: the higher organ's own reviewer, or its petition office."""


class RequestReview(CaseCommand):
    """申请复查复核: the person contests the reply, within the time that the regulation gives them (Arts 35, 36)."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = REVIEWING | {Role.REGISTRAR}

    stage: ReviewStage
    requested_on: Day
    unit: Name


class TakeUpReview(CaseCommand):
    """复查复核受理: the higher organ takes the request up, or says why it does not (山东省信访条例 Arts 43, 44)."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = REVIEWING

    stage: ReviewStage
    decided_on: Day
    unit: Name
    taken_up: bool
    reason: Note = ""


class DecideReview(CaseCommand):
    """复查复核意见: the higher organ decides; by another unit and another person than handled it (Arts 35, 36)."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = REVIEWING

    stage: ReviewStage
    decided_on: Day
    number: Name
    verdict: ReviewVerdict
    unit: Name
    reviewer: Person
    reasons: Text


class EndCase(CaseCommand):
    """终结: the same facts and reasons are not taken up again. Explaining, reconciling and helping go on (Arts 36, 37)."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    ended_on: Day
    ground: EndGround
    approved_by: Person
    note: Note = ""


def request_review(desk: Desk, command: RequestReview) -> list[CaseworkFact]:
    """复查 follows the served reply, 复核 the 复查; both within so many days of getting it. What has been quashed since is given
    anew first.
    """
    case, fact = desk.case, ReviewRequested(**dict(command))
    if fact in case.facts:
        return []
    by_then = [said for said in case.facts if claimed_day(said) <= command.requested_on]
    told = next((n for n in reversed(range(len(by_then))) if _is_contested(by_then[n], command.stage)), None)
    if told is None:
        raise Rejected(
            "nothing-to-contest",
            "申请复查须先有已送达的书面答复，申请复核须先有复查意见。",
            "A review contests a served reply, a final review the decision of the review; there is none by that day.",
        )
    got = claimed_day(by_then[told])
    if (quashing := first_quashing(by_then[told + 1 :])) is not None:
        raise Rejected(
            "contested-was-quashed",
            f"{got} 的答复已于 {quashing.decided_on} 撤销，须重新作出。请待新的书面答复送达后，就新的答复申请复查。",
            f"What was told on {got} was quashed on {quashing.decided_on} and is said anew: wait until the new reply has been"
            " served, and ask for a review of that.",
        )
    limits = desk.standard.policy_on(got).limits
    limit = limits.review_request if command.stage is ReviewStage.REVIEW else limits.final_review_request
    deadline = compute(got, limit, desk.standard.calendar)
    if deadline.due is not None and command.requested_on > deadline.due:
        raise Rejected(
            "requested-too-late",
            f"申请期限已于 {deadline.due} 届满：{explain(deadline)}",
            f"The time to ask for it ended on {deadline.due}: {explain(deadline)}",
        )
    return [fact]


def take_up_review(desk: Desk, command: TakeUpReview) -> list[CaseworkFact]:
    """Only what was asked for; whoever does not take it up says why."""
    case, fact = desk.case, ReviewTakenUp(**dict(command))
    if fact in case.facts:
        return []
    if not any(r.stage is command.stage and r.requested_on <= command.decided_on for r in case.all(ReviewRequested)):
        raise Rejected(
            "no-review-requested",
            f"{command.decided_on} 之前没有人申请{command.stage.label}。",
            f"Nobody had asked for this {command.stage} by {command.decided_on}.",
        )
    if not command.taken_up and not command.reason.strip():
        raise Rejected(
            "refusal-without-reason",
            f"不予受理{command.stage.label}须说明理由，请填写 reason。",
            f"Whoever does not take up a {command.stage} says why: give the reason.",
        )
    return [fact]


def decide_review(desk: Desk, command: DecideReview) -> list[CaseworkFact]:
    """Nobody reviews their own work. An opinion that does not stand opens a closed case again: the person came back with it."""
    case, fact = desk.case, ReviewDecided(**dict(command))
    if fact in case.facts:
        return []
    request = next((r for r in reversed(case.all(ReviewRequested)) if r.stage is command.stage), None)
    if request is None or command.decided_on < request.requested_on:
        raise Rejected(
            "no-review-requested",
            f"没有人申请{command.stage.label}，无从作出决定。",
            f"Nobody has asked for this {command.stage}: there is nothing to decide.",
        )
    before = [] if command.stage is ReviewStage.REVIEW else _first_reviews(case)
    units = [(accepted.unit, accepted.accepted_on) for accepted in case.all(CaseAccepted)]
    units += [(review.unit, review.decided_on) for review in before]
    if any(same_unit(desk, (command.unit, command.decided_on), unit) for unit in units):
        raise Rejected(
            "reviewed-by-handling-unit",
            f"{command.unit}办理或复查过本案，{command.stage.label}须由上一级机关作出（第三十五条、第三十六条）。",
            f"{command.unit} handled the case or reviewed it; the next higher organ decides (Arts 35, 36).",
        )
    if command.reviewer.id in case.ever_handled | {review.reviewer.id for review in before}:
        raise Rejected(
            "reviewed-by-handler",
            f"{command.reviewer.name}经办或复查过本案，不能{command.stage.label}。",
            f"{command.reviewer.name} handled the case or reviewed it, and cannot decide this {command.stage}.",
        )
    facts = filed(case, fact, "number")
    closed = case.closed
    if command.verdict is not ReviewVerdict.UPHELD and closed and command.decided_on >= closed.closed_on:
        facts.append(
            CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=command.decided_on, note=command.reasons)
        )
    return facts


def end_case(desk: Desk, command: EndCase) -> list[CaseworkFact]:
    """Each ground has to be there: a decision of the last stage, a time to contest that ran out, or an agreement that was
    performed. What a review quashed is first said anew; the time to contest that is its own (Arts 35, 36).
    """
    case, fact = desk.case, CaseEnded(**dict(command))
    if case.ended is not None:
        if case.ended == fact:
            return []
        raise Rejected("already-ended", f"已于 {case.ended.ended_on} 终结。", f"It was ended on {case.ended.ended_on}.")
    if not _grounded(desk, command):
        raise Rejected(
            "no-ground-to-end",
            f"终结依据「{command.ground.label}」在本案中不成立。",
            f"The ground '{command.ground}' does not hold in this case.",
        )
    return [fact]


def redone_likeness(case: Case) -> dict[int, float]:
    """By demand, how alike, from 0 to 1, the newest answer reads to the one that was quashed (S3 Art 45: it must differ).

    Nothing of a demand whose answer was not quashed, or to which none has been given since.
    """
    quashed = [fact.decided_on for fact in filter(quashes, case.facts)]
    if not quashed:
        return {}
    issued = case.all(OpinionIssued)
    before = [fact for fact in issued if fact.issued_on <= quashed[-1]]
    since = [fact for fact in issued if fact.issued_on > quashed[-1]]
    return {n: fuzz.ratio(said_to(old, n), said_to(new, n)) / 100 for n, old, new in redone(before, since)}


def _is_contested(fact: CaseworkFact, stage: ReviewStage) -> bool:
    """Whether this stage contests such a fact: the first the reply, the last the decision of the first, whatever that was."""
    if stage is ReviewStage.REVIEW:
        return isinstance(fact, OpinionServed)
    return isinstance(fact, ReviewDecided) and fact.stage is ReviewStage.REVIEW


def _first_reviews(case: Case) -> list[ReviewDecided]:
    """What was decided in the first of the two stages (复查)."""
    return [fact for fact in case.all(ReviewDecided) if fact.stage is ReviewStage.REVIEW]


def _contestable(said: Sequence[CaseworkFact], standard: Standard) -> Deadline | None:
    """Until when the person may contest what they were told last, of a reply or a first review; None of anything else."""
    last = next((fact for fact in reversed(said) if isinstance(fact, OpinionServed | ReviewDecided)), None)
    match last:
        case OpinionServed(served_on=got):
            return compute(got, standard.policy_on(got).limits.review_request, standard.calendar)
        case ReviewDecided(stage=ReviewStage.REVIEW, decided_on=got):
            return compute(got, standard.policy_on(got).limits.final_review_request, standard.calendar)
        case _:
            return None


def _grounded(desk: Desk, command: EndCase) -> bool:
    case = desk.case
    match command.ground:
        case EndGround.FINAL_REVIEW:
            last = next((f for f in reversed(case.all(ReviewDecided)) if f.stage is ReviewStage.FINAL_REVIEW), None)
            return (
                last is not None and last.verdict is not ReviewVerdict.QUASHED and last.decided_on <= command.ended_on
            )
        case EndGround.NOT_CONTESTED:
            since = unquashed(case.facts)
            replies = [fact for fact in since if isinstance(fact, OpinionServed)]
            until = _contestable(since, desk.standard)
            if until is None or unanswered(replies, case.demands, case.elsewhere):
                return False
            contested = any(fact.requested_on >= until.start for fact in case.all(ReviewRequested))
            return overdue(until, command.ended_on) and not contested
        case EndGround.AGREEMENT_PERFORMED:
            terms = [s for s in standings(case, command.ended_on) if s.source == AgreementReached.__name__]
            return bool(terms) and all(term.state == "fulfilled" for term in terms)


RULES: Rules = {
    RequestReview: request_review,
    TakeUpReview: take_up_review,
    DecideReview: decide_review,
    EndCase: end_case,
}
