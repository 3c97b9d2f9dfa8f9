"""积案认定: which cases are backlog, and which are left out. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Note, Rejected, Text
from shared.events.intake import BacklogExcluded, BacklogIdentified, CaseTagged, ExclusionReviewed, IntakeFact
from shared.given import Person
from shared.terms import BacklogCriterion, ExclusionGround, Role, Span


class IdentifyBacklog(CaseCommand):
    """积案认定: the case meets one of the three criteria of seed plan D4."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | {Role.SUPERVISOR}

    criterion: BacklogCriterion
    identified_on: Day
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
    """三跨三分离标识: say what makes the responsibility hard to place; whoever registers tags (seed plan D10)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    tagged_on: Day
    spans: Annotated[tuple[Span, ...], Field(max_length=6)]


def identify_backlog(desk: Desk, command: IdentifyBacklog) -> list[IntakeFact]:
    already = command.criterion in desk.case.criteria
    return [] if already else [BacklogIdentified(**dict(command))]


def exclude_backlog(desk: Desk, command: ExcludeBacklog) -> list[IntakeFact]:
    """Only what was identified is excluded; "none left out" wants a reason and a name (seed plan D4)."""
    if not desk.case.criteria:
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
    return once(desk, CaseTagged(**dict(command)))


RULES: Rules = {
    IdentifyBacklog: identify_backlog,
    ExcludeBacklog: exclude_backlog,
    ReviewExclusion: review_exclusion,
    TagCase: tag_case,
}
