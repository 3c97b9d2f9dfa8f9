"""办理途径: which road a matter takes, what is not taken up, and what is urgent. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from shared.decider import WHOLE, Day, Name, Note, Rejected, Text
from shared.events.casework import CaseAccepted, CaseEnded
from shared.events.intake import (
    AcceptanceRefused,
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
    demands: Annotated[tuple[Annotated[int, Field(ge=1, le=50), WHOLE], ...], Field(max_length=50)] = ()


class RefuseAcceptance(CaseCommand):
    """不予受理: registered, but not taken up, on a lawful ground of which the person is told (Arts 19, 31, 36). What has
    ended, or is in hand, is named (`same_as`), unless it is this case itself that has ended.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    ground: RefusalGround
    refused_on: Day
    told_on: Day
    reason: Text
    same_as: Note = ""


class ReportUrgent(CaseCommand):
    """重大紧急事项报告: report the matter upward without delay (Art 25)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    reported_on: Day
    to: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    summary: Text


def determine_route(desk: Desk, command: DetermineRoute) -> list[IntakeFact]:
    """The same road again needs no word; another one is a new word, not dated before the last. Of a mixed matter some demands
    may take a road of their own: never all of them, which is the whole.
    """
    purpose = desk.registered.purpose
    if purpose not in (None, Purpose.CLAIM) and command.route is not Route.PETITION:
        raise Rejected(
            "roads-are-for-claims",
            f"本件为{purpose.label}，六种途径只用于申诉求决（第三十一条）；建议意见依第二十九条、检举控告依第三十条办理。",
            f"This is a {purpose}; the six roads are for claims (Art 31). Suggestions go by Art 29, accusations by Art 30.",
        )
    there = len(desk.registered.demands)
    if any(demand > there for demand in command.demands) or len(set(command.demands)) == there:
        raise Rejected(
            "demands-not-split",
            f"本件共 {there} 项诉求，demands 应为其中一部分的编号；全部走同一途径的，不填 demands。",
            f"The matter has {there} demands: name some of them; where all take one road, name none.",
        )
    said = [fact for fact in desk.case.all(RouteDetermined) if set(fact.demands) == set(command.demands)]
    before = said[-1] if said else None
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
    """The person is told, and not before it was refused. What a unit has accepted is handled to its end, or takes another road;
    it may be refused when it comes again after its end (Art 36).
    """
    fact, said = AcceptanceRefused(**dict(command)), {type(heard) for heard, _ in desk.case.heard}
    if fact not in desk.case.facts and CaseAccepted in said and CaseEnded not in said:
        raise Rejected(
            "accepted-already",
            "本案已经受理，不能再不予受理。应走其他途径的，请改变途径（determine-route）；办结后终结的，再次提出时方可不予受理。",
            "A unit has accepted this case: it is not refused any more. If it takes another road, say so (determine-route).",
        )
    ended_here = command.ground is RefusalGround.ENDED and CaseEnded in said
    if command.ground is not RefusalGround.STATUTORY and not ended_here and not command.same_as.strip():
        raise Rejected(
            "same-as-what",
            f"以「{command.ground.label}」不予受理，请在 same_as 写明与哪一件相同（案件编号，或其他机关的文号）。",
            f"On the ground '{command.ground}', say in same_as which matter it is the same as: a case, or another organ's number.",
        )
    if command.told_on < command.refused_on or command.told_on > desk.today:
        raise Rejected(
            "not-told",
            f"须在作出决定（{command.refused_on}）之后告知信访人，再登记；told_on 为 {command.told_on}。",
            f"The person is told after the refusal, {command.refused_on}, and then it is recorded; told_on is {command.told_on}.",
        )
    return once(desk, fact)


def report_urgent(desk: Desk, command: ReportUrgent) -> list[IntakeFact]:
    return once(desk, UrgentReported(**dict(command)))


RULES: Rules = {
    DetermineRoute: determine_route,
    RefuseAcceptance: refuse_acceptance,
    ReportUrgent: report_urgent,
}
