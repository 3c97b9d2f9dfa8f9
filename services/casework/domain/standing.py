"""办理情况: what a case's facts say of how far it has come, what is missing, and until when. Answers, never decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.casework.domain.case import Case, claimed_day
from services.casework.domain.clocks import Clock, clocks
from services.casework.domain.commitments import Standing, standings
from services.casework.domain.demands import DUTIES, judged
from services.casework.domain.documents import six_haves
from services.casework.domain.duties import OnWhom, on_whom
from services.casework.domain.review import redone_likeness
from services.casework.domain.schedule import Schedule, schedule
from shared.directory import Directory
from shared.events.casework import (
    CaseRelapsed,
    EvaluationReceived,
    LeaderAssigned,
    LeaderReplaced,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    ReviewRequested,
    VisitLogged,
)
from shared.events.intake import CaseDispatched, CaseTagged
from shared.policy import Policy
from shared.standard import Standard
from shared.terms import (
    DocumentKind,
    Duty,
    Evaluated,
    EvaluationState,
    Judgement,
    Outcome,
    Role,
    Route,
    Satisfaction,
    Span,
    VisitKind,
)


@dataclass(frozen=True)
class Item:
    """One item of a checklist: the day on which the case met it, or whose duty it still is and since when."""

    name: str
    met_on: date | None
    missing_since: date | None
    duty: Role
    on_whom: str
    """On whom it falls, by name."""


@dataclass(frozen=True)
class Checklist:
    """七个一, 一案七要素, 四明确: answered by the case itself."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Demand:
    """诉求: what was found of it, and to what that obliges; what it was answered, and whether that was carried out.

    None and nothing while nobody has.
    """

    demand: int
    judgement: Judgement | None
    duties: tuple[Duty, ...]
    turn: int | None
    """In which turn it is settled: what is complex is split and settled in order (seed plan D5)."""
    outcome: Outcome | None
    """What the newest opinion of this round that answers it says."""
    carried_out_on: date | None
    road: Route | None
    """The road that it takes, where it was split off for one."""
    redone_likeness: float | None
    """重作: how alike, 0 to 1, the newest answer to it reads to the one that was quashed."""


@dataclass(frozen=True)
class ReturnVisit:
    """回访: one that falls due so many days after closing, and the day on which it was made."""

    due_on: date
    made_on: date | None


@dataclass(frozen=True)
class Evaluation:
    """满意度评价: whose work, how it stands, and until when it may be given."""

    of: Evaluated
    state: EvaluationState
    due: date | None
    satisfaction: Satisfaction | None
    evaluated_on: date | None


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
    schedule: Schedule
    evaluations: tuple[Evaluation, ...]
    reception_focus: tuple[str, ...]
    """接访重点: why a leader's reception should take this case first (seed plan D7); empty when nothing speaks for it."""
    redone_likeness: float | None
    """重作: of the demands that were answered anew after a quashing, that of the one whose answer changed least."""


def standing(
    case: Case, standard: Standard, today: date, directory: Directory | None = None, known: datetime | None = None
) -> WholeStanding:
    """How the case stands on a day, by the policy in force then; of units, as they were known at a moment."""
    falls_to = on_whom(case, directory or Directory(), today, known)
    return WholeStanding(
        today,
        tuple(demands(case)),
        tuple(standings(case, today)),
        tuple(checklists(case, standard, today, falls_to)),
        six_haves(case),
        tuple(clocks(case, standard, today)),
        tuple(return_visits(case, standard)),
        schedule(case, standard, today, falls_to),
        tuple(evaluations(case, standard, today)),
        tuple(reception_focus(case)),
        max(redone_likeness(case).values(), default=None),
    )


def demands(case: Case) -> Iterator[Demand]:
    """Each demand of the petition, in the turns in which they are settled; those without one last."""
    known, issued = judged(case), case.in_round(OpinionIssued)
    answers = {answer.demand: (answer.outcome, opinion.number) for opinion in issued for answer in opinion.answers}
    done = {fact.number: fact.carried_out_on for fact in case.all(OpinionCarriedOut)}
    turns, alike = {demand: said.order for demand, said in known.items()}, redone_likeness(case)
    for n in sorted(range(1, case.demands + 1), key=lambda n: (turns.get(n, case.demands + 1), n)):
        judgement = known[n].judgement if n in known else None
        outcome, number = answers.get(n, (None, ""))
        carried_out = done.get(number) if outcome is Outcome.SUPPORTED else None
        duties = DUTIES[judgement] if judgement else ()
        yield Demand(n, judgement, duties, turns.get(n), outcome, carried_out, case.roads.get(n), alike.get(n))


def checklists(case: Case, standard: Standard, today: date, falls_to: OnWhom) -> Iterator[Checklist]:
    """The checklists of the policy. An item is met by the first fact of this round that answers it; whoever owned the case
    before it came back owns it still; but nobody does as the policy wants while the owner's rank is too low.
    """
    policy = standard.policy_on(today)
    owner = [fact for fact in case.leaders[-1:] if fact not in case.round]
    since, above = case.taken_up_on or case.received_on, too_low_since(case, policy)
    for listed in policy.checklists.values():
        items = []
        for name, item in listed.items.items():
            met = [day for fact in (*owner, *case.round) if item.met_by(fact, case.leader_on(day := claimed_day(fact)))]
            lacking = None if met else since
            if met and above is not None and OWNERSHIP.issuperset(item.facts):
                met, lacking = [], above
            items.append(Item(name, met[0] if met else None, lacking, item.duty, falls_to(item.duty)))
        yield Checklist(listed.name, tuple(items))


OWNERSHIP = frozenset({LeaderAssigned.__name__, LeaderReplaced.__name__})
"""What only an owner leader meets."""


def too_low_since(case: Case, policy: Policy) -> date | None:
    """上级交办由班子成员、主要领导包案: since when the case is both assigned from above and owned by a leader whose rank is not one
    that the policy wants of such (seed plans D6, D10); None when it is not.
    """
    owner, above, wanted = next(reversed(case.leaders), None), case.above_since, policy.leaders.ranks_for_assigned
    if owner is None or above is None or not wanted or owner.rank in wanted:
        return None
    return max(above, claimed_day(owner))


def return_visits(case: Case, standard: Standard) -> Iterator[ReturnVisit]:
    """Those of a closed case in which the person was met."""
    if case.closed is None:
        return
    closed_on = case.closed.closed_on
    visits = (visit for visit in case.in_round(VisitLogged) if visit.kind is VisitKind.RETURN)
    met = [visit.visited_on for visit in visits if visit.met_petitioner]
    for due_on, made_on in standard.policy_on(closed_on).return_visits.after(closed_on, met):
        yield ReturnVisit(due_on, made_on)


def evaluations(case: Case, standard: Standard, today: date) -> Iterator[Evaluation]:
    """The two evaluations: of the petition office once it has passed the matter on, of the unit once it has replied."""
    passed_on = next((fact.dispatched_on for fact in case.told(CaseDispatched)), None)
    replied = next(reversed([fact.served_on for fact in case.in_round(OpinionServed)]), None)
    for of, since in ((Evaluated.PETITION_OFFICE, passed_on), (Evaluated.RESPONSIBLE_UNIT, replied)):
        said = [f for f in case.all(EvaluationReceived) if f.of is of and (since is None or f.received_on >= since)]
        due = since and since + timedelta(days=standard.policy_on(since).evaluation.days)
        if said:
            yield Evaluation(of, EvaluationState.DONE, due, said[-1].satisfaction, said[-1].received_on)
        elif due is None:
            yield Evaluation(of, EvaluationState.NOT_YET, None, None, None)
        else:
            state = EvaluationState.OVERDUE if today > due else EvaluationState.OPEN
            yield Evaluation(of, state, due, None, None)


def reception_focus(case: Case) -> Iterator[str]:
    """What of the matter speaks for a leader's reception: nothing of the person (seed plan D7)."""
    replied = next((fact.served_on for fact in case.all(OpinionServed)), None)
    contested: list[date] = [fact.requested_on for fact in case.all(ReviewRequested)]
    contested += [fact.relapsed_on for fact in case.all(CaseRelapsed)]
    contested += [f.received_on for f in case.all(EvaluationReceived) if f.satisfaction is Satisfaction.DISSATISFIED]
    contested += [fact.received_on for fact in case.repeats]
    if replied is not None and any(day >= replied for day in contested):
        yield "已按程序答复仍不服"
    if case.registered is not None and case.registered.headcount > 1:
        yield "多人反映的共性问题"
    tags = case.told(CaseTagged)
    spans = tags[-1].spans if tags else case.registered.spans if case.registered else ()
    if Span.CROSS_REGION in spans:
        yield "区域性问题"
