"""排查: what the policy says of a matter: its class and turn, focus areas, whether it is backlog. Answers, never decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.intake.domain.case import Case
from services.intake.domain.criteria import met_by_law, met_by_plan
from shared.events.intake import (
    BacklogExcluded,
    CaseRegistered,
    ExclusionReviewed,
    PlanBacklogIdentified,
    UrgentReported,
)
from shared.policy import Policy
from shared.standard import Standard
from shared.terms import BacklogCriterion

BASIS = "工作方案：信访积案的三条认定标准"


@dataclass(frozen=True)
class Criterion:
    """积案标准: one of the three or one of the policy's, and what this case says to it."""

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
    by_law: tuple[Criterion, ...]
    """三条标准: what the facts that are known here say to each; every matter that meets one is to be listed (seed plan D4)."""
    by_plan: tuple[Criterion, ...]
    excluded: bool
    urgent_unreported: bool
    """重大紧急: marked urgent, and not reported upward yet (Art 25)."""


def screening(case: Case, registered: CaseRegistered, standard: Standard, today: date) -> Screening:
    """As of a day, by the policy in force then."""
    policy = standard.policy_on(today)
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
        by_law=tuple(_by_law(case, standard, today)),
        by_plan=tuple(_by_plan(case, policy, today)),
        excluded=_excluded(case),
        urgent_unreported=registered.urgent and case.last(UrgentReported) is None,
    )


def _by_law(case: Case, standard: Standard, today: date) -> Iterator[Criterion]:
    for criterion in BacklogCriterion:
        answer, known = met_by_law(case, criterion, standard, today), criterion in case.criteria
        yield Criterion(criterion.value, criterion.label, BASIS, answer.met, known, answer.zh, answer.en)


def _by_plan(case: Case, policy: Policy, today: date) -> Iterator[Criterion]:
    said = {fact.criterion: fact for fact in case.all(PlanBacklogIdentified)}
    for key, rule in policy.backlog.criteria.items():
        known = said.get(key)
        answer = met_by_plan(case, rule, today, known.features if known else ())
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
