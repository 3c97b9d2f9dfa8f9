"""积案认定: which cases are backlog, and which are left out. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.criteria import met_by_law, met_by_plan
from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events.intake import (
    BacklogExcluded,
    BacklogIdentified,
    CaseTagged,
    ExclusionReviewed,
    IntakeFact,
    PlanBacklogIdentified,
)
from shared.given import Person
from shared.terms import BacklogCriterion, ExclusionGround, Role, Span


class IdentifyBacklog(CaseCommand):
    """积案认定: the case meets one of the three criteria of seed plan D4."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | {Role.SUPERVISOR}

    criterion: BacklogCriterion
    identified_on: Day
    note: Note = ""


class IdentifyByPlan(CaseCommand):
    """方案积案认定: the case meets a criterion of a plan's own, one that the policy lists under [backlog.criteria]."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | {Role.SUPERVISOR}

    criterion: Name
    identified_on: Day
    features: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    """Of a criterion by features: those that somebody found to be so."""
    note: Note = ""


class ExcludeBacklog(CaseCommand):
    """积案排除: leave the case out of the backlog, on a ground, with an approver (seed plan D4). It stays on the books."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    ground: ExclusionGround
    excluded_on: Day
    approved_by: Person
    reason: Text


class ReviewExclusion(CaseCommand):
    """排除复核: look at an exclusion once more; when it does not stand, the case is back in the backlog."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE, Role.SUPERVISOR})

    reviewed_on: Day
    reviewer: Person
    stands: bool
    reason: Text


class TagCase(CaseCommand):
    """三跨三分离标识: say what makes the responsibility hard to place; the office that registers tags (seed plan D10)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    tagged_on: Day
    spans: Annotated[tuple[Span, ...], Field(max_length=6)]


def identify_backlog(desk: Desk, command: IdentifyBacklog) -> list[IntakeFact]:
    """Once for each criterion. What the facts that are known here do not show, as of a time before this system, needs a word."""
    if command.criterion in desk.case.criteria:
        return []
    shown = met_by_law(desk.case, command.criterion, desk.standard, command.identified_on)
    if not shown.met and not command.note.strip():
        raise Rejected(
            "criterion-not-shown",
            f"本系统的记录不能表明「{command.criterion.label}」：{shown.zh}。另有依据的，请在 note 写明。",
            f"What is on record here does not show '{command.criterion}': {shown.en}. If it rests on other papers, say so in note.",
        )
    return [BacklogIdentified(**dict(command))]


def identify_by_plan(desk: Desk, command: IdentifyByPlan) -> list[IntakeFact]:
    """Only by a criterion of the policy, and only when it is met: by what was counted, or by all that a human has to find."""
    case, policy = desk.case, desk.standard.policy_on(command.identified_on)
    if any(fact.criterion == command.criterion for fact in case.all(PlanBacklogIdentified)):
        return []
    rule = policy.backlog.criteria.get(command.criterion)
    if rule is None:
        known = "、".join(policy.backlog.criteria) or "-"
        raise Rejected(
            "no-such-criterion",
            f"口径 {policy.version} 没有积案标准 {command.criterion}，有：{known}。请更正，或在 [backlog.criteria] 中补上。",
            f"The policy {policy.version} has no criterion {command.criterion}; it has: {known}. Correct it, or add it there.",
        )
    answer = met_by_plan(case, rule, command.identified_on, command.features)
    if not answer.met:
        raise Rejected(
            "criterion-not-met", f"不符合「{rule.name}」：{answer.zh}。", f"'{rule.name}' is not met: {answer.en}."
        )
    fact = PlanBacklogIdentified(name=rule.name, policy=policy.version, **dict(command))
    return once(desk, fact)


def exclude_backlog(desk: Desk, command: ExcludeBacklog) -> list[IntakeFact]:
    """Only what was identified is excluded; "none left out" wants a reason and a name (seed plan D4)."""
    if not desk.case.backlog:
        raise Rejected(
            "no-backlog",
            "本案未认定为积案，无须排除。",
            "This case is not in the backlog: there is nothing to exclude.",
        )
    return once(desk, BacklogExcluded(**dict(command)))


def review_exclusion(desk: Desk, command: ReviewExclusion) -> list[IntakeFact]:
    """By somebody else than who approved it."""
    excluded = desk.case.last(BacklogExcluded)
    if excluded is None or command.reviewed_on < excluded.excluded_on:
        raise Rejected(
            "not-excluded", "本案没有被排除，无从复核。", "This case has not been excluded: there is nothing to review."
        )
    if command.reviewer.id == excluded.approved_by.id:
        raise Rejected(
            "reviewed-by-approver",
            f"{command.reviewer.name}批准了这次排除，复核须由他人进行。",
            f"{command.reviewer.name} approved the exclusion; somebody else reviews it.",
        )
    return once(desk, ExclusionReviewed(**dict(command)))


def tag_case(desk: Desk, command: TagCase) -> list[IntakeFact]:
    """谁登记、谁标示: by an office that registered the matter, or entered it when it came again, where it is known which did."""
    registrars = desk.case.registrars
    if registrars and desk.asked.unit is not None and not desk.asked.is_of(*registrars):
        named = sorted({unit for unit, _ in registrars})
        raise Rejected(
            "not-the-registrar",
            f"谁登记、谁标示：本案由{'、'.join(named)}登记，请由登记单位标示。",
            f"Whoever registers, tags: this case was registered by {', '.join(named)}; that office tags it.",
        )
    return once(desk, CaseTagged(**dict(command)))


RULES: Rules = {
    IdentifyBacklog: identify_backlog,
    IdentifyByPlan: identify_by_plan,
    ExcludeBacklog: exclude_backlog,
    ReviewExclusion: review_exclusion,
    TagCase: tag_case,
}
