"""积案标准: whether a case meets one of the three criteria (seed plan D4), or one of a plan's own. Answers, never decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.intake.domain.case import Case
from shared import handling
from shared.deadlines import explain
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    EvaluationReceived,
)
from shared.events.intake import CaseDispatched, NoticeOfAcceptanceServed, RouteDetermined
from shared.policy.petitions import BacklogRule
from shared.redone import quashes
from shared.replies import whole
from shared.standard import Standard
from shared.terms import BacklogCriterion, Purpose, RelapseSign, Route, Satisfaction


@dataclass(frozen=True)
class Met:
    """Whether a criterion is met, and the reason in both languages."""

    met: bool
    zh: str
    en: str


def met_by_law(case: Case, criterion: BacklogCriterion, standard: Standard, today: date) -> Met:
    """Whether the facts that are known here show that the case meets one of the three criteria, on a day."""
    match criterion:
        case BacklogCriterion.OVERDUE:
            return _overdue(case, standard, today)
        case BacklogCriterion.REPEATED:
            return _repeated(case, today)
        case BacklogCriterion.DISSATISFIED:
            return _dissatisfied(case, today)


def _overdue(case: Case, standard: Standard, today: date) -> Met:
    """① Handed to a unit, past its day, and not closed: the day that the assignment names, or that of Art 34."""
    if all(not isinstance(move, CaseDispatched) or move.dispatched_on > today for move in case.moves):
        return Met(False, "尚未交办、转送", "it has not been handed to a unit")
    if _closed(case, today):
        return Met(False, "已办结", "it is closed")
    limits = sorted(_limits(case, standard, today))
    if not limits:
        return Met(False, "尚未受理，交办也没有写明期限", "nobody has accepted it, and no day was set for the result")
    due, zh, en = limits[0]
    return Met(today > due, f"{zh}，至 {today} 未办结", f"{en}; not closed by {today}")


def _limits(case: Case, standard: Standard, today: date) -> Iterator[tuple[date, str, str]]:
    if (held := case.holder) is not None and held.due_on is not None:
        yield held.due_on, f"交办期限为 {held.due_on}", f"the result was wanted by {held.due_on}"
    said = _round(case, today)
    begins = _running_from(case, said, today)
    if begins is None or not _by_petition_procedure(case):
        return
    limit = handling.limit(standard, begins, said)
    if limit.due is not None:
        yield limit.due, f"法定期限：{explain(limit)}", f"the limit of Art 34: {explain(limit)}"


def _round(case: Case, today: date) -> list[CaseworkFact]:
    """What casework said of the time since the case was last opened: with the relapse that opened it, if one did."""
    facts = [fact for fact, _ in case.heard_by(today)]
    starts = [n for n, fact in enumerate(facts) if isinstance(fact, CaseRelapsed)]
    return facts[starts[-1] if starts else 0 :]


def _running_from(case: Case, said: list[CaseworkFact], today: date) -> date | None:
    """The day from which the limit of Art 34 runs, as supervision reckons it (T5): the last quashing of a reply, the relapse, the
    first acceptance, or the notice by which the unit took the matter up.
    """
    for fact in reversed(said):
        if quashes(fact):
            return fact.decided_on
    for fact in said:
        match fact:
            case CaseRelapsed(relapsed_on=day) | CaseAccepted(accepted_on=day):
                return day
    unit = case.holder.unit if case.holder else ""
    told = (fact for fact in case.all(NoticeOfAcceptanceServed) if handling.takes_up(fact, unit))
    return min((fact.served_on for fact in told if fact.served_on <= today), default=None)


def _by_petition_procedure(case: Case) -> bool:
    road = next((said.route for said in reversed(whole(case.all(RouteDetermined)))), Route.PETITION)
    purpose = case.registered.purpose if case.registered else None
    return road is Route.PETITION and purpose in (None, Purpose.CLAIM)


def _repeated(case: Case, today: date) -> Met:
    """② Closed, and brought again since, through whatever channel."""
    facts = case.heard_by(today)
    closings = [day for fact, day in facts if isinstance(fact, CaseClosed)]
    if not closings:
        return Met(False, "尚未办结", "it has not been closed")
    again = [day for day in case.received if closings[0] <= day <= today]
    again += [day for f, day in facts if isinstance(f, CaseRelapsed) and f.sign is RelapseSign.REPEAT_PETITION]
    if not again:
        return Met(False, f"{closings[0]} 办结后没有再次反映", f"closed on {closings[0]}, and not brought again since")
    return Met(
        True, f"{closings[0]} 办结，{max(again)} 又反映", f"closed on {closings[0]}, brought again on {max(again)}"
    )


def _dissatisfied(case: Case, today: date) -> Met:
    """③ The last word on the petition office or on the unit is one of dissatisfaction."""
    words = {fact.of: (fact, day) for fact, day in case.heard_by(today) if isinstance(fact, EvaluationReceived)}
    unhappy = [day for fact, day in words.values() if fact.satisfaction is Satisfaction.DISSATISFIED]
    if not unhappy:
        return Met(False, "没有不满意的评价", "nobody has said that they are dissatisfied")
    return Met(True, f"{max(unhappy)} 评价为不满意", f"evaluated as dissatisfied on {max(unhappy)}")


def _closed(case: Case, today: date) -> bool:
    turns = [fact for fact, _ in case.heard_by(today) if isinstance(fact, CaseClosed | CaseRelapsed)]
    return bool(turns) and isinstance(turns[-1], CaseClosed)


def met_by_plan(case: Case, rule: BacklogRule, today: date, found: tuple[str, ...] = ()) -> Met:
    """Whether the case meets a plan's criterion on a day. `found`: the features that a human found to be so."""
    if rule.features:
        if lacking := [feature for feature in rule.features if feature not in found]:
            return Met(False, f"尚未认定：{'、'.join(lacking)}", f"not found to be so: {', '.join(lacking)}")
        return Met(True, f"已逐项认定：{'、'.join(rule.features)}", f"each found to be so: {', '.join(rule.features)}")
    if rule.times is not None and rule.within_days is not None:
        since = date.fromordinal(today.toordinal() - rule.within_days)
        times = sum(since < day <= today for day in case.received)
        zh = f"自 {since} 后 {rule.within_days} 日内同一事项反映 {times} 次，标准为 {rule.times} 次"
        en = f"the matter was brought {times} times in the {rule.within_days} days after {since}; the criterion is {rule.times}"
        return Met(times >= rule.times, zh, en)
    facts = case.heard_by(today)
    closed = [day for fact, day in facts if isinstance(fact, CaseClosed)]
    there = sorted({type(fact).__name__ for fact, _ in facts} & set(rule.closed_without))
    if not closed:
        return Met(False, "尚未办结", "it has not been closed")
    if there:
        return Met(False, f"已有：{'、'.join(there)}", f"there is: {', '.join(there)}")
    lacking = list(rule.closed_without)
    return Met(
        True,
        f"{closed[-1]} 办结，却没有：{'、'.join(lacking)}",
        f"closed on {closed[-1]} without: {', '.join(lacking)}",
    )
