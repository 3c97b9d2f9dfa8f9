"""办理途径: which road a matter takes, what is not taken up, what is urgent, and what is one matter with another. Pure."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.case import Case
from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name, Rejected, Text
from shared.events import Recorded
from shared.events.intake import (
    AcceptanceRefused,
    CaseMerged,
    CaseTakenIn,
    IntakeFact,
    RouteDetermined,
    UrgentReported,
)
from shared.given import Person
from shared.terms import Purpose, RefusalGround, Role, Route


class DetermineRoute(CaseCommand):
    """办理途径: say which of the six roads of Art 31 the matter takes, and why; saying another is re-routing."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE, Role.UNIT_HEAD})

    route: Route
    determined_on: Day
    approved_by: Person
    reason: Text


class RefuseAcceptance(CaseCommand):
    """不予受理: registered, but not taken up, on a lawful ground of which the person is told (Arts 19, 31, 36)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    ground: RefusalGround
    refused_on: Day
    told_on: Day
    reason: Text


class ReportUrgent(CaseCommand):
    """重大紧急事项报告: report the matter upward without delay (Art 25)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    reported_on: Day
    to: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    summary: Text


class MergeCase(CaseCommand):
    """并案: this is one matter with another case, under whose number it goes on (seed plan D11)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    merged_on: Day
    into: Name
    reason: Text


class TakeInCase(CaseCommand):
    """并入: follows from another case that is merged into this one; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    other: Name
    region: str
    """The county of the other case (GB/T 2260)."""
    merged_on: Day
    brought: tuple[Day, ...]


def determine_route(desk: Desk, command: DetermineRoute) -> list[IntakeFact]:
    """The same road again needs no word; another one is a new word, not dated before the last."""
    purpose = desk.registered.purpose
    if purpose not in (None, Purpose.CLAIM) and command.route is not Route.PETITION:
        raise Rejected(
            "roads-are-for-claims",
            f"本件为{purpose.label}，六种途径只用于申诉求决（第三十一条）；建议意见依第二十九条、检举控告依第三十条办理。",
            f"This is a {purpose}; the six roads are for claims (Art 31). Suggestions go by Art 29, accusations by Art 30.",
        )
    before = desk.case.last(RouteDetermined)
    if before is not None and before.route is command.route:
        return []
    if before is not None and command.determined_on < before.determined_on:
        raise Rejected(
            "rerouted-before-routed",
            f"{before.determined_on} 已定为{before.route.label}，改变途径不能早于该日。",
            f"It was routed to {before.route} on {before.determined_on}; it cannot be re-routed before that.",
        )
    return once(desk, RouteDetermined(**dict(command)))


def refuse_acceptance(desk: Desk, command: RefuseAcceptance) -> list[IntakeFact]:
    """The person is told, and not before it was refused."""
    if command.told_on < command.refused_on or command.told_on > desk.today:
        raise Rejected(
            "not-told",
            f"须在作出决定（{command.refused_on}）之后告知信访人，再登记；told_on 为 {command.told_on}。",
            f"The person is told after the refusal, {command.refused_on}, and then it is recorded; told_on is {command.told_on}.",
        )
    return once(desk, AcceptanceRefused(**dict(command)))


def report_urgent(desk: Desk, command: ReportUrgent) -> list[IntakeFact]:
    return once(desk, UrgentReported(**dict(command)))


def merge_case(desk: Desk, command: MergeCase) -> list[IntakeFact]:
    """Once, and never into itself."""
    before = desk.case.last(CaseMerged)
    fact = CaseMerged(**dict(command))
    if before == fact:
        return []
    if before is not None:
        raise Rejected("merged", f"本案已并入 {before.into}。", f"This case was merged into {before.into} already.")
    if command.into == desk.case.case_id:
        raise Rejected("merged-into-itself", "案件不能并入自身。", "No case is merged into itself.")
    return once(desk, fact)


def taken_in(case: Case, recorded: Recorded) -> Iterator[tuple[str, TakeInCase]]:
    """A case is merged into one that knows of it."""
    if isinstance(merged := recorded.fact, CaseMerged) and case.registered is not None:
        yield (
            merged.into,
            TakeInCase(
                other=recorded.case_id,
                region=case.registered.region[:6],
                merged_on=merged.merged_on,
                brought=case.received,
            ),
        )


def take_in(case: Case, command: TakeInCase) -> list[IntakeFact]:
    """Only a case that is on the books of the same county, and goes on under its own number, takes in another."""
    if case.registered is None or not case.registered.region.startswith(command.region):
        raise Rejected(
            "merged-into-nothing",
            "本县没有编号为 into 的案件，不能并入。请核对编号。",
            "No case of this county has the number given as into. Check it.",
        )
    if (gone := case.last(CaseMerged)) is not None:
        raise Rejected(
            "merged-into-merged",
            f"{case.case_id} 自身已并入 {gone.into}。请并入 {gone.into}。",
            f"{case.case_id} was itself merged into {gone.into}. Merge into that one.",
        )
    if any(fact.other == command.other for fact in case.all(CaseTakenIn)):
        return []
    return [CaseTakenIn(**command.model_dump(exclude={"region"}))]


RULES: Rules = {
    DetermineRoute: determine_route,
    RefuseAcceptance: refuse_acceptance,
    ReportUrgent: report_urgent,
    MergeCase: merge_case,
}
