"""月度日程: what comes round for a case every month, by policy: what is due, what is done, whose duty the rest is. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from services.casework.domain.case import Case
from services.casework.domain.duties import OnWhom
from shared.events.casework import (
    GoingDownAnnounced,
    GoingDownReported,
    MeetingHeld,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)
from shared.policy.handling import GoingDown
from shared.standard import Standard
from shared.terms import GoingDownPaper, Role, VisitKind


@dataclass(frozen=True)
class Due:
    """事项: one thing that is due by a day (that day included), and when it was done."""

    name: str
    due_on: date
    done_on: date | None
    late: bool
    """Past its day, and not done or done too late."""
    by_leader: bool | None
    """Whether the owner leader did it in person; None while nobody has, or where it does not matter."""
    duty: Role
    on_whom: str
    """On whom it falls, by name."""


@dataclass(frozen=True)
class GoingDownDays:
    """下访日: the month's day for going down, and until when what belongs to it is done (seed plan D7)."""

    contact_by: date
    public_by: date
    day: date
    material_by: date
    report_by: date


@dataclass(frozen=True)
class Schedule:
    """The month of a case."""

    going_down: GoingDownDays
    due: tuple[Due, ...]


def schedule(case: Case, standard: Standard, today: date, falls_to: OnWhom) -> Schedule:
    """What is due in the month of this day. A closed case owes nothing more than what its goings-down still lack, and neither does
    one that was not taken up.
    """
    policy = standard.policy_on(today)
    return Schedule(going_down_days(policy.going_down, today), tuple(_due(case, standard, today, falls_to)))


def going_down_days(wanted: GoingDown, month: date) -> GoingDownDays:
    """The days around going down in the month of this day."""
    day = wanted.day_of(month)

    def away(days: int) -> date:
        return day + timedelta(days=days)

    return GoingDownDays(
        contact_by=away(-wanted.contact_days),
        public_by=away(-wanted.public_days),
        day=day,
        material_by=away(wanted.material_after),
        report_by=away(wanted.report_after),
    )


def month_end(day: date) -> date:
    """The last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _one(
    case: Case,
    today: date,
    falls_to: OnWhom,
    name: str,
    on: date,
    done_on: date | None,
    duty: Role,
    by: str | None = None,
) -> Due:
    late = today > on if done_on is None else done_on > on
    leader = None if by is None or done_on is None else case.leader_on(done_on) == by
    return Due(name, on, done_on, late, leader, duty, falls_to(duty))


def _due(case: Case, standard: Standard, today: date, falls_to: OnWhom) -> Iterator[Due]:
    cadence, begins, ends = standard.policy_on(today).cadence, today.replace(day=1), month_end(today)
    due = partial(_one, case, today, falls_to)
    if case.received_on is not None and case.closed is None and case.not_taken_up is None:
        if cadence.progress_day is not None and case.received_on <= (on := begins.replace(day=cadence.progress_day)):
            told = (f.reported_on for f in case.all(ProgressReported) if begins <= f.reported_on <= ends)
            yield due("月报", on, next(told, None), Role.HANDLER)
        if cadence.month_end_days is not None:
            late_in_it = ends - timedelta(days=cadence.month_end_days - 1)
            held = (f for f in case.all(MeetingHeld) if late_in_it <= f.held_on <= ends)
            met = next(held, None)
            chair = met.chair.id if met is not None and met.chair is not None else None
            yield due("月底汇报会", ends, met.held_on if met else None, Role.LEADER, chair)
        if (since := _meets_from(case, cadence.meet_once)) is not None:
            seen = next((f for f in case.in_round(VisitLogged) if f.met_petitioner), None)
            who = seen.official.id if seen else None
            yield due("与信访人见面一次", month_end(since), seen.visited_on if seen else None, Role.LEADER, who)
    yield from _goings_down(case, standard, today, falls_to)


def _meets_from(case: Case, which: str | None) -> date | None:
    """The day in whose month the person has to be met: of acceptance (or relapse), or of the first plan."""
    if which == "planned":
        return next((plan.adopted_on for plan in case.in_round(PlanAdopted)), None)
    return case.taken_up_on if which == "accepted" else None


def _goings_down(case: Case, standard: Standard, today: date, falls_to: OnWhom) -> Iterator[Due]:
    """Each going-down of the month that was announced: that it took place, its material and its report."""
    due = partial(_one, case, today, falls_to)
    made = {f.visited_on: f for f in case.all(VisitLogged) if f.kind is VisitKind.GOING_DOWN}
    for announced in case.all(GoingDownAnnounced):
        day = announced.visit_on
        if (day.year, day.month) != (today.year, today.month):
            continue
        wanted = standard.policy_on(announced.announced_on).going_down
        visit = made.get(day)
        yield due("下访", day, day if visit else None, Role.LEADER, visit.official.id if visit else None)
        for paper, days in (
            (GoingDownPaper.MATERIAL, wanted.material_after),
            (GoingDownPaper.REPORT, wanted.report_after),
        ):
            handed = (f.handed_on for f in case.all(GoingDownReported) if (f.paper, f.visit_on) == (paper, day))
            yield due(paper.label, day + timedelta(days=days), next(handed, None), Role.HANDLER)
