"""The day on which each rule that counts days turns, against a slow and obvious count, from every day of three years."""

from collections.abc import Callable, Iterable
from datetime import date

import chinese_calendar  # type: ignore[import-untyped]  # the package ships no types
import pytest

from services.supervision.queries import dossier_of
from services.supervision.rules import RULES, Verdict, assess
from shared.deadlines import Limit
from shared.events import Fact
from shared.events.casework import OpinionServed, ReviewDecided
from shared.policy.rules import DayRule
from shared.standard import Standard
from shared.terms import DispatchKind, EndGround, NoticeLevel, ReviewVerdict
from shared.workdays import DAY
from tests.sample import (
    accepted,
    closed,
    dispatched,
    extension,
    leader,
    objected,
    registered,
    relapsed,
    resumed,
    stopped,
    visit,
)
from tests.supervision.deeds import (
    agreed,
    contested,
    decided,
    ended,
    hearing_asked,
    met_for,
    promise,
    queried,
    served,
    told,
)
from tests.supervision.lives import Late, history, only
from tests.supervision.tables.answering import answer, notice, suggested

EVERY_DAY = [date(2024, 1, 1) + n * DAY for n in range((date(2026, 12, 31) - date(2024, 1, 1)).days + 1)]

STARTS: dict[str, Callable[[str], tuple[Fact, ...]]] = {
    "no-leader": lambda on: (registered(on),),
    "idle": lambda on: (registered(on),),
    "never-met": lambda on: (registered(on),),
    "leader-absent": lambda on: (registered(on), leader(on)),
    "never-escalated": lambda on: (registered(on),),
    "not-carried-out": lambda on: (registered(on), served(on)),
    "six-haves-missing": lambda on: (registered(on), closed(on)),
    "no-return-visit": lambda on: (registered(on), closed(on)),
    "mediation-unproven": lambda on: (registered(on), agreed(on)),
    "hearing-ignored": lambda on: (registered(on), hearing_asked(on)),
    "urgent-late": lambda on: (registered(on).model_copy(update={"urgent": True}),),
    "query-unanswered": lambda on: (registered(on), queried(on)),
    "not-forwarded": lambda on: (registered(on),),
    "not-told": lambda on: (registered(on),),
    "overdue": lambda on: (registered(on), accepted(on)),
    "review-late": lambda on: (registered(on), served(on), contested(on)),
    "supervisor-idle": lambda on: (registered(on), notice(on, on, level=NoticeLevel.SUPERVISION)),
}
"""What starts the days of each rule that counts them."""

BY_LIMIT = {"not-forwarded": "forward", "not-told": "notice", "overdue": "handling", "review-late": "review"}
"""The limit of the law that a rule goes by, where it has no days of its own."""

STAND_STILL = ("idle", "leader-absent", "never-escalated", "not-carried-out", "hearing-ignored", "overdue")
"""Those that wait while the clock lawfully stands still."""

MEASURED: dict[str, Callable[[date, int], tuple[tuple[Fact | Late, ...], bool]]] = {
    "late-registration": lambda start, n: ((Late(registered(str(start)), str(after(start, n))),), n > 7),
    "relapse": lambda start, n: (
        (registered(str(start)), closed(str(start)), relapsed(str(after(start, 173 + n)))),
        n <= 7,
    ),
    "last-day-extension": lambda start, n: (
        (registered(str(start)), accepted(str(start)), extension(str(after(start, 50 + n)))),
        n > 7,
    ),
    "invalid-extension": lambda start, n: (
        (registered(str(start)), accepted(str(start)), extension(str(after(start, 53 + n)))),
        n > 7,
    ),
    "ended-unfounded": lambda start, n: (
        (registered(str(start)), served(str(start)), ended(str(after(start, 23 + n)), EndGround.NOT_CONTESTED)),
        n <= 7,
    ),
    "filled-after-stall": lambda start, n: (
        (registered(str(start)), Late(visit(str(start)), str(after(start, 23 + n)))),
        n > 7,
    ),
    "met-afterwards": lambda start, n: (
        (registered(str(start)), Late(told(str(after(start, 9))), str(after(start, 8 + n)))),
        n > 7,
    ),
}
"""Rules that measure what has happened, and turn on no day of their own: what has happened by the n-th day around the last one in
time, which is the 7th, and whether the sign shows by then.
"""

NAMED: dict[str, Callable[[str, str], Fact]] = {
    "promise-broken": promise,
    "decision-overdue": met_for,
    "agreement-unperformed": agreed,
    "notice-unheeded": notice,
    "suggestion-unanswered": suggested,
    "assigned-overdue": lambda on, due: dispatched(on, kind=DispatchKind.ASSIGN).model_copy(
        update={"due_on": date.fromisoformat(due)}
    ),
}
"""Rules that go by a day that somebody named."""

FOLLOWED: dict[str, Callable[[str, str], tuple[Fact, ...]]] = {
    "not-rectified": lambda on, due: (notice(on, due), answer(on, due)),
}
"""The same, where something came before."""


def after(start: date, days: int) -> date:
    """So many days later, on the fingers."""
    for _ in range(days):
        start += DAY
    return start


def counted(start: date, days: int, still: frozenset[date] = frozenset()) -> date:
    """The day after the last in time, ticked off one day after another on the fingers."""
    day, left = start, days
    while left:
        day += DAY
        if day not in still:
            left -= 1
    return day + DAY


def days_of(national: Standard, rule: str) -> int:
    table = national.policies[0].rules[rule]
    if isinstance(table, DayRule):
        return table.days
    limit = getattr(national.policies[0].limits, BY_LIMIT[rule])
    assert isinstance(limit, Limit)
    return limit.days


def asked(standard: Standard, rule: str, facts: Iterable[Fact | Late], *days: date) -> list[Verdict]:
    """What a rule alone says of these facts on each of the days."""
    dossier = dossier_of(history(*facts))
    return [assess(dossier, standard, day, frozenset({rule}))[rule] for day in days]


def turns(standard: Standard, rule: str, facts: tuple[Fact, ...], on: date) -> date | None:
    return asked(standard, rule, facts, on)[0].changes_on


NO_DAYS = {
    "leader-swapped", "plan-empty", "idle-meetings", "excuse-repeated", "ping-pong", "clock-reset", "same-answer",
    "not-delivered", "against-word", "relief-instead", "report-differs", "impossible-order", "opinion-defects",
    "demands-unanswered", "unfounded-unsupported", "unsigned-report", "self-visit", "thin-inquiry", "impossible-time",
    "same-proof", "numbers-differ", "changed-afterwards", "proof-elsewhere", "text-elsewhere", "sent-to-accused", "no-recusal",
    "reply-differs", "answered-as-before", "unlinked-afterwards",
}  # fmt: skip
"""Rules that go by how often, by what is missing, or by which came first, and reckon no day."""


def test_every_rule_is_told_by_fingers_or_reckons_no_day() -> None:
    told = (STARTS.keys(), MEASURED.keys(), NAMED.keys(), FOLLOWED.keys(), {"objection-late"}, NO_DAYS)
    assert sorted(rule for some in told for rule in some) == sorted(RULES)


def test_every_rule_that_counts_days_is_among_them(national: Standard) -> None:
    counting = {rule for rule, table in national.policies[0].rules.items() if isinstance(table, DayRule)}
    assert counting <= {*STARTS, *MEASURED}


@pytest.mark.parametrize("rule", STARTS)
def test_a_rule_turns_on_the_day_that_fingers_count(national: Standard, rule: str) -> None:
    days, alone = days_of(national, rule), only(national, rule)
    for start in EVERY_DAY:
        assert turns(alone, rule, STARTS[rule](str(start)), start) == counted(start, days), start


@pytest.mark.parametrize("rule", MEASURED)
def test_what_is_measured_is_late_from_the_day_that_fingers_count(national: Standard, rule: str) -> None:
    alone = by_national_values(national, rule)
    for start in EVERY_DAY:
        for n in (7, 8):
            facts, shows = MEASURED[rule](start, n)
            (said,) = asked(alone, rule, facts, start + 300 * DAY)
            assert said.shows == shows, (start, n, said.zh)


def quashed(on: str) -> ReviewDecided:
    return decided(on, ReviewVerdict.QUASHED)


def served_anew(on: str) -> OpinionServed:
    return served(on, number="柳信复〔2026〕2号")


AFTERWARDS: dict[str, tuple[str, tuple[Callable[[str], Fact], ...], Callable[[str], Fact]]] = {
    "handed on": ("forward", (registered,), dispatched),
    "told": ("notice", (registered,), told),
    "put off": ("handling", (registered, accepted), extension),
    "answered": ("handling", (registered, accepted), served),
    "answered anew": ("handling", (registered, accepted, served, contested, quashed), served_anew),
    "reviewed": ("review", (registered, served, contested), decided),
}
"""What a limit of the law asks for: which limit, what starts its days, and the deed."""


@pytest.mark.parametrize("still", [frozenset[int](), frozenset(range(5, 17))], ids=["", "with a pause"])
@pytest.mark.parametrize("deed", AFTERWARDS)
def test_a_limit_is_met_afterwards_from_the_day_that_fingers_count(
    national: Standard, deed: str, still: frozenset[int]
) -> None:
    """Claimed for the day after the start, and entered on the last in time, or on the next. A pause moves what it may."""
    name, begun, done = AFTERWARDS[deed]
    limit, alone = getattr(national.policies[0].limits, name), only(national, "met-afterwards")
    for start in EVERY_DAY[:: 1 if not still else 7]:
        pause = (stopped(str(start + 5 * DAY)), resumed(str(start + 17 * DAY))) if still else ()
        kept = still if name in ("handling", "review") else frozenset[int]()
        late_from = counted(start, limit.days, frozenset(start + n * DAY for n in kept))
        for entered, shows in ((late_from - DAY, False), (late_from, True)):
            claimed = Late(done(str(start + DAY)), str(entered))
            facts = (*(fact(str(start)) for fact in begun), *pause, claimed)
            (said,) = asked(alone, "met-afterwards", facts, start + 300 * DAY)
            assert said.shows == shows, (start, entered, said.zh)


def by_national_values(national: Standard, rule: str) -> Standard:
    """The national values: 7 days to register, 180 to come back, 30 to be idle; an extension is of the last 3 of 60 days, and is
    none after them; a reply is contested within 30.
    """
    values = {name: getattr(national.policies[0].rules[name], "days", 0) for name in (*MEASURED, "idle")}
    assert values == {
        **{
            "late-registration": 7,
            "relapse": 180,
            "last-day-extension": 3,
            "filled-after-stall": 7,
            "met-afterwards": 7,
        },
        **{"invalid-extension": 0, "ended-unfounded": 0, "idle": 30},
    }
    limits = national.policies[0].limits
    assert (limits.handling.days, limits.review_request.days) == (60, 30)
    return only(national, rule, *(["idle"] if rule == "filled-after-stall" else []))


@pytest.mark.parametrize("rule", [*NAMED, *FOLLOWED])
def test_a_named_day_is_over_on_the_next(national: Standard, rule: str) -> None:
    alone = only(national, rule)
    for start in EVERY_DAY:
        due = after(start, 20)
        said = FOLLOWED[rule](str(start), str(due)) if rule in FOLLOWED else (NAMED[rule](str(start), str(due)),)
        at_first, on_the_day, on_the_next = asked(alone, rule, (registered(str(start)), *said), start, due, due + DAY)
        assert (at_first.changes_on, on_the_day.shows, on_the_next.shows) == (due + DAY, False, True), start


@pytest.mark.parametrize("rule", STAND_STILL)
def test_a_pause_moves_it_by_the_days_that_fingers_count(national: Standard, rule: str) -> None:
    """The clock stands still from the 5th to the 17th day."""
    days, alone = days_of(national, rule), only(national, rule)
    for start in EVERY_DAY:
        since, until = start + 5 * DAY, start + 17 * DAY
        facts = (*STARTS[rule](str(start)), stopped(str(since)), resumed(str(until)))
        still = frozenset(since + n * DAY for n in range((until - since).days))
        assert turns(alone, rule, facts, until) == counted(start, days, still), start


def test_an_objection_is_late_from_the_day_that_fingers_count_in_working_days(national: Standard) -> None:
    """The one limit in working days (Art 23): told day by day from the package's own calendar."""
    alone = only(national, "objection-late")
    for start in EVERY_DAY[:-15]:
        day, left = start, 5
        while left:
            day += DAY
            left -= chinese_calendar.is_workday(day)
        for objected_on, is_late in ((day, False), (day + DAY, True)):
            facts = (registered(str(start)), dispatched(str(start)), objected(str(objected_on)))
            (said,) = asked(alone, "objection-late", facts, objected_on)
            assert said.shows == is_late, start
