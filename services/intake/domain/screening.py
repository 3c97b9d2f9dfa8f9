"""排查: what the policy says of a matter: its class and turn, focus areas, whether it is backlog. Answers, never decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.intake.domain.case import Case
from shared.events.casework import CaseClosed
from shared.events.intake import (
    BacklogExcluded,
    CaseRegistered,
    ExclusionReviewed,
    PlanBacklogIdentified,
    UrgentReported,
)
from shared.policy import Policy
from shared.policy.petitions import BacklogRule


@dataclass(frozen=True)
class Met:
    """Whether a criterion is met, and the reason in both languages."""

    met: bool
    zh: str
    en: str


@dataclass(frozen=True)
class Criterion:
    """方案积案标准: one of the policy's, and what this case says to it."""

    criterion: str
    name: str
    basis: str
    met: bool
    identified: bool
    """Whether somebody has identified the case by it."""
    zh: str
    en: str


@dataclass(frozen=True)
class Screening:
    """排查: how a matter stands to the policy of a day."""

    policy: str
    turn: int | None
    """化解顺序: in which turn its class is settled, counted from 1; None when the policy has no classes."""
    matter_class: str
    focus: tuple[str, ...]
    brought: tuple[date, ...]
    """On which days it was brought, by whatever channel."""
    self_check_from: date | None
    in_self_check: bool
    criteria: tuple[str, ...]
    """积案认定: by which of the three criteria it was identified."""
    by_plan: tuple[Criterion, ...]
    excluded: bool
    urgent_unreported: bool
    """重大紧急: marked urgent, and not reported upward yet (Art 25)."""


def screening(case: Case, registered: CaseRegistered, policy: Policy, today: date) -> Screening:
    """As of a day, by the policy in force then."""
    turn = next(
        (n for n, its in enumerate(policy.classes, 1) if set(its.categories) & set(registered.categories)),
        len(policy.classes) or None,  # what names no category comes with the last class: other legacy
    )
    years = policy.backlog.self_check_years
    begins = years and _years_before(today, years)
    return Screening(
        policy=policy.version,
        turn=turn,
        matter_class=policy.classes[turn - 1].name if turn else "",
        focus=tuple(_focus(registered, policy)),
        brought=tuple(sorted(case.received)),
        self_check_from=begins or None,
        in_self_check=bool(begins) and registered.received_on >= begins if begins else False,
        criteria=tuple(sorted(criterion.value for criterion in case.criteria)),
        by_plan=tuple(_by_plan(case, policy, today)),
        excluded=_excluded(case),
        urgent_unreported=registered.urgent and case.last(UrgentReported) is None,
    )


def met(case: Case, rule: BacklogRule, today: date, found: tuple[str, ...] = ()) -> Met:
    """Whether the case meets a plan's criterion on a day. `found`: the features that a human found to be so."""
    if rule.features:
        if lacking := [feature for feature in rule.features if feature not in found]:
            return Met(False, f"尚未认定：{'、'.join(lacking)}", f"not found to be so: {', '.join(lacking)}")
        return Met(True, f"已逐项认定：{'、'.join(rule.features)}", f"each found to be so: {', '.join(rule.features)}")
    if rule.times is not None and rule.within_days is not None:
        since = today - timedelta(days=rule.within_days)
        times = sum(since < day <= today for day in case.received)
        zh = f"自 {since} 后 {rule.within_days} 日内同一事项反映 {times} 次，标准为 {rule.times} 次"
        en = f"the matter was brought {times} times in the {rule.within_days} days after {since}; the criterion is {rule.times}"
        return Met(times >= rule.times, zh, en)
    closed = [day for kind, day in case.handled if kind == CaseClosed.__name__ and day <= today]
    there = sorted({kind for kind, day in case.handled if kind in rule.closed_without and day <= today})
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


def _by_plan(case: Case, policy: Policy, today: date) -> Iterator[Criterion]:
    said = {fact.criterion: fact for fact in case.all(PlanBacklogIdentified)}
    for key, rule in policy.backlog.criteria.items():
        known = said.get(key)
        answer = met(case, rule, today, known.features if known else ())
        yield Criterion(key, rule.name, rule.basis, answer.met, known is not None, answer.zh, answer.en)


def _focus(registered: CaseRegistered, policy: Policy) -> Iterator[str]:
    text = "".join(registered.demands)
    for area in policy.focus:
        if set(area.categories) & set(registered.categories) or any(word in text for word in area.words):
            yield area.name


def _excluded(case: Case) -> bool:
    """Whether the newest word on leaving it out of the backlog stands."""
    excluded = False
    for fact in case.facts:
        match fact:
            case BacklogExcluded():
                excluded = True
            case ExclusionReviewed():
                excluded = fact.stands
    return excluded


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
