"""接访下访走访回访: meeting the person. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name, Note, Rejected
from shared.events.casework import (
    CaseRelapsed,
    CaseworkFact,
    GoingDownAnnounced,
    GoingDownReported,
    VisitLogged,
)
from shared.given import Person
from shared.terms import GoingDownPaper, RelapseSign, Role, VisitKind


class LogVisit(CaseCommand):
    """接访下访走访回访: an official met, or went to meet, the person. After closing only a return visit is logged, until the case
    has ended and explaining goes on (Art 37); a call-back officer (回访员) logs nothing else.
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.CALL_BACK}

    visit_id: Name
    kind: VisitKind
    visited_on: Day
    official: Person
    met_petitioner: bool = True
    with_whom: Note = ""
    note: Note = ""
    settled: bool | None = None
    """Of a return visit: whether the matter is settled in fact."""
    joint: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    """联合接访: the units that received the person together."""
    begun: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None
    where: Annotated[str, Field(pattern=r"^[1-9][0-9]{5}([0-9]{3}|[0-9]{6})?$")] | None = None


class AnnounceGoingDown(CaseCommand):
    """下访公示: a leader's going down is agreed with the place and made public there beforehand (seed plan D7)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    announced_on: Day
    contacted_on: Day
    visit_on: Day
    leader: Person
    place: Name


class ReportGoingDown(CaseCommand):
    """下访报送: hand in the material, or the written report, of a going-down that has taken place (seed plan D7)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    paper: GoingDownPaper
    visit_on: Day
    handed_on: Day
    to: Name
    leader: Person
    place: Name


def log_visit(desk: Desk, command: LogVisit) -> list[CaseworkFact]:
    """A return visit after closing is made by somebody who did not handle the case; one that fails reopens it."""
    case, fact = desk.case, VisitLogged(**dict(command))
    if any(visit.visit_id == command.visit_id for visit in case.all(VisitLogged)):
        return []
    if desk.asked.role == Role.CALL_BACK and command.kind is not VisitKind.RETURN:
        raise Rejected(
            "call-back-logs-returns",
            f"回访员只登记回访；{command.kind.label}由办理单位登记。",
            f"A call-back officer logs return visits (回访); a {command.kind} is logged by the unit that handles the case.",
        )
    if case.closed is None:
        return [fact]
    if command.kind is not VisitKind.RETURN and case.ended is not None:
        return [fact]
    if command.kind is not VisitKind.RETURN:
        raise Rejected(
            "closed-takes-return-visits",
            "案件已办结，只能登记回访。",
            "The case is closed; only a return visit (回访) can be logged.",
        )
    if command.official.id in case.handlers:
        raise Rejected(
            "return-visit-by-handler",
            f"{command.official.name}经办过本案，回访须由经办人以外的人进行。",
            f"{command.official.name} handled this case; a return visit is made by somebody else.",
        )
    if command.settled is False and command.visited_on >= case.closed.closed_on:
        sign = RelapseSign.FAILED_RETURN_VISIT
        return [fact, CaseRelapsed(sign=sign, relapsed_on=command.visited_on, note=command.note)]
    return [fact]


def announce_going_down(desk: Desk, command: AnnounceGoingDown) -> list[CaseworkFact]:
    """So many days beforehand as the policy wants: the place is contacted first, then the public is told."""
    wanted = desk.standard.policy_on(command.announced_on).going_down
    for what, zh, en, days in (
        (command.contacted_on, "联系下访地", "contacted", wanted.contact_days),
        (command.announced_on, "公示", "made public", wanted.public_days),
    ):
        if (ahead := (command.visit_on - what).days) < days:
            raise Rejected(
                "announced-too-late",
                f"下访须提前 {days} 天{zh}：{command.visit_on} − {what} = {ahead} 天。请改期。",
                f"A going-down is {en} {days} days ahead: {command.visit_on} − {what} = {ahead} days. Take a later day.",
            )
    return once(desk.case, GoingDownAnnounced(**dict(command)))


def report_going_down(desk: Desk, command: ReportGoingDown) -> list[CaseworkFact]:
    """What has not taken place is not reported."""
    fact = GoingDownReported(**dict(command))
    if fact in desk.case.facts:
        return []
    gone = {visit.visited_on for visit in desk.case.all(VisitLogged) if visit.kind is VisitKind.GOING_DOWN}
    if command.visit_on not in gone or command.handed_on < command.visit_on:
        raise Rejected(
            "no-going-down",
            f"本案没有登记 {command.visit_on} 的下访，或报送日早于下访日。请先登记下访（log-visit）。",
            f"No going-down of {command.visit_on} is logged, or this was handed in before it. Log the visit first.",
        )
    return [fact]


RULES: Rules = {LogVisit: log_visit, AnnounceGoingDown: announce_going_down, ReportGoingDown: report_going_down}
