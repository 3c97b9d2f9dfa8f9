"""承诺落实: what was to be done by a day, and was not: plans (I6), decisions (I7, I8), opinions (I10), promises (I11), agreements
(C16). Reports do not fulfil anything; only a fulfilment with its proof does. Pure.
"""

from collections.abc import Iterable
from datetime import date

from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, IMPORTED, Matter, Owed, Verdict, evidence, owing, quiet, shown
from shared.deadlines import named
from shared.events import Fact
from shared.events.casework import (
    AgreementReached,
    Commitment,
    CommitmentBroken,
    CommitmentFulfilled,
    MeetingHeld,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    PlanAdopted,
    PromiseMade,
    ReviewDecided,
)
from shared.policy.rules import DayRule, PlainRule, TimesRule
from shared.redone import quashes
from shared.terms import Outcome
from shared.workdays import DAY

NO_PLAN = quiet("没有可查的方案", "there is no plan to look at")
PLAN_CLEAR = quiet("方案的措施、责任人、时限明确", "the plan names measures, persons and days")
NO_MEETING = quiet("没有开过会", "no meeting was held")
NOT_DUE = quiet("没有到期未办的事项", "nothing that was to be done is left undone")
SUPPORT_DONE = quiet("没有待落实的支持意见", "no opinion that supports the person is left undone")


def plan_empty(matter: Matter, rule: PlainRule) -> Verdict:
    """方案空洞: the plan in force has no measures, or measures without a person or a day (seed plans D9 四明确, D10 七个一)."""
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    plan = dossier.last(PlanAdopted)
    if plan is None:
        return NO_PLAN
    if plan.imported:
        return IMPORTED
    measures = plan.fact.measures
    lacking = [m for m in measures if not m.what or not m.who or m.due_on is None]
    if measures and not lacking:
        return PLAN_CLEAR
    zh = f"{len(lacking)} 项措施没有责任人或时限" if measures else "没有任何措施"
    en = f"measures without a person or a day: {len(lacking)}" if measures else "no measures at all"
    return shown(f"{plan.on} 的方案{zh}", f"the plan of {plan.on}: {en}", plan.on, [evidence(plan, zh, en)])


def idle_meetings(matter: Matter, rule: TimesRule) -> Verdict:
    """会而不决: so many meetings since the case was opened, or since anything that they decided was last done, and nothing done
    of what these decided. One small thing that was done does not speak for all the meetings after it.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    held = dossier.here(MeetingHeld)
    decided = {decision.commitment_id for noted in held for decision in noted.fact.decisions}
    done = [noted for noted in dossier.all(CommitmentFulfilled) if noted.fact.commitment_id in decided]
    if done:
        held = [noted for noted in held if noted.on > done[-1].on]
    if len(held) < rule.times:
        if done:
            return quiet(f"{done[-1].on} 已落实议定事项", f"a decision was carried out on {done[-1].on}")
        return quiet(f"会商 {len(held)} 次", f"meetings: {len(held)}")
    return shown(
        f"开会 {len(held)} 次，议定事项一件也没有落实",
        f"meetings: {len(held)}; nothing that they decided has been done",
        held[rule.times - 1].on,
        [evidence(n, f"议定 {len(n.fact.decisions)} 项", f"decisions: {len(n.fact.decisions)}") for n in held],
        [f"{len(held)} 次 ≥ {rule.times} 次 / times"],
    )


def decision_overdue(matter: Matter, rule: PlainRule) -> Verdict:
    """议定事项逾期: a thing that a meeting decided was to be done by a day that has passed, and there is no proof of it."""
    if matter.dossier.closed:
        return CLOSED
    held = matter.dossier.here(MeetingHeld)
    owed = ((noted, decision) for noted in held for decision in noted.fact.decisions)
    zh, en = "{n} 项议定事项逾期未落实：{zh}", "decisions overdue: {n} ({en})"
    return owing(_unkept(matter, owed, rule.basis), matter.today, zh, en, NOT_DUE)


def promise_broken(matter: Matter, rule: PlainRule) -> Verdict:
    """承诺逾期未兑现: the day that was promised has passed, or the promise was found broken; neither closing nor opening the case
    again keeps it.
    """
    owed = ((noted, noted.fact.promise) for noted in matter.dossier.all(PromiseMade))
    zh, en = "{n} 项承诺没有兑现：{zh}", "promises not kept: {n} ({en})"
    return owing(_unkept(matter, owed, rule.basis), matter.today, zh, en, NOT_DUE)


def agreement_unperformed(matter: Matter, rule: PlainRule) -> Verdict:
    """协议未履行: a term of an agreement is past its day and nobody has performed it (S6 Art 25: reached and performed). It binds
    until another is reached in a new round.
    """
    dossier = matter.dossier
    reached = dossier.here(AgreementReached) or dossier.all(AgreementReached)
    owed = ((noted, term) for noted in reached for term in noted.fact.terms)
    zh, en = "{n} 项协议内容没有履行：{zh}", "terms of the agreement not performed: {n} ({en})"
    return owing(_unkept(matter, owed, rule.basis), matter.today, zh, en, NOT_DUE)


def kept(dossier: Dossier) -> frozenset[str]:
    """The commitments of which the last word is that they were fulfilled: what was lost may be made good."""
    broken = {noted.fact.commitment_id: noted.on for noted in dossier.all(CommitmentBroken)}
    fulfilled = {noted.fact.commitment_id: noted.on for noted in dossier.all(CommitmentFulfilled)}
    return frozenset(name for name, on in fulfilled.items() if on > broken.get(name, date.min))


def _unkept(matter: Matter, made: Iterable[tuple[Noted[Fact], Commitment]], basis: str) -> list[Owed]:
    """What is not fulfilled. The day is the one that was named: no clock that stands still moves it."""
    made = list(made)
    if not made:
        return []
    dossier = matter.dossier
    found = {noted.fact.commitment_id: noted for noted in dossier.all(CommitmentBroken)}
    done, owed = kept(dossier), []
    for noted, it in made:
        if it.commitment_id in done:
            continue
        broken = found.get(it.commitment_id)
        due, zh, en = it.due_on, f"{it.what}（{it.who}，{it.due_on}）", f"{it.commitment_id} by {it.due_on}"
        if broken is not None and broken.on <= due:  # nobody waits for a day that will not be kept
            due, zh, en = broken.on - DAY, f"{zh}已落空", f"{en}, found broken"
        owed.append(Owed(noted, named(noted.on, due, basis), zh, en))
    return owed


def not_carried_out(matter: Matter, rule: DayRule) -> Verdict:
    """支持未落实: the reply supports the person, and so many days after it was served nothing of it has been done (Art 32). What
    the opinion answers to any demand counts, whatever is said of it where it was served.

    Neither closing the case nor opening it again carries out anything, until another reply is served; days on which the clock
    lawfully stood still do not count. What a review quashed is not to be carried out.
    """
    dossier = matter.dossier
    supporting = {
        noted.fact.number
        for noted in dossier.all(OpinionIssued)
        if any(answer.outcome is Outcome.SUPPORTED for answer in noted.fact.answers)
    }
    quashed = max((noted.place for noted in dossier.all(ReviewDecided) if quashes(noted.fact)), default=None)
    served = [
        noted
        for noted in dossier.here(OpinionServed) or dossier.all(OpinionServed)
        if (noted.fact.outcome is Outcome.SUPPORTED or noted.fact.number in supporting)
        and (quashed is None or noted.place > quashed)
    ]
    if not served:
        return SUPPORT_DONE
    done = {noted.fact.number for noted in dossier.all(OpinionCarriedOut)}
    owed = [
        Owed(
            noted,
            matter.deadline(noted.on, rule.limit, dossier.stood_still),
            f"{noted.fact.number}（{noted.on} 送达）",
            f"{noted.fact.number}, served on {noted.on}",
        )
        for noted in served
        if noted.fact.number not in done
    ]
    zh, en = "支持的意见逾期未落实：{zh}", "supported, and not carried out: {en}"
    return owing(owed, matter.today, zh, en, SUPPORT_DONE)


RULES = (
    Rule("plan-empty", "I6", PlainRule, plan_empty, (PlanAdopted,), NO_PLAN, stalls=True),
    Rule("idle-meetings", "I7", TimesRule, idle_meetings, (MeetingHeld,), NO_MEETING, stalls=True),
    Rule("decision-overdue", "I8", PlainRule, decision_overdue, (MeetingHeld,), NOT_DUE, stalls=True),
    Rule("not-carried-out", "I10", DayRule, not_carried_out, (OpinionServed,), SUPPORT_DONE),
    Rule("promise-broken", "I11", PlainRule, promise_broken, (PromiseMade,), NOT_DUE),
    Rule("agreement-unperformed", "C16", PlainRule, agreement_unperformed, (AgreementReached,), NOT_DUE),
)
