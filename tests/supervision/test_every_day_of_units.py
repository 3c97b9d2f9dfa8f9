"""The days that rules about units, the ladder and the reminders reckon, against fingers, from every day of three years."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.supervision.reminders import share_days
from services.supervision.rules import UNIT_RULES
from services.supervision.unitbook import Entry, UnitBook
from shared.deadlines import Limit, compute
from shared.events.casework import CaseClosed, VisitLogged
from shared.events.intake import BacklogExcluded
from shared.standard import Standard
from shared.workdays import DAY, start_of
from tests.sample import TOWN
from tests.supervision.test_every_day import EVERY_DAY, counted

RULES = {rule.id: rule for rule in UNIT_RULES}


def written(n: int, kind: type[Any], on: date, entered: date, hour: str = "") -> Entry:
    """The n-th entry of a clerk, each about a case of its own."""
    at: datetime = start_of(entered) + timedelta(hours=12, seconds=n)
    made = ("li", f"{hour}:00", "") if hour else None
    return Entry(
        f"e-{n:02}", kind.__name__, f"case-{n:02}", 1, TOWN, "clerk", on, at, imported=False, made=made, own=True
    )


def entered_late(start: date, lag: int) -> list[Entry]:
    """Twenty deeds of a day, each entered so many days later."""
    return [written(n, VisitLogged, start - lag * DAY, start) for n in range(20)]


def seven(start: date) -> list[tuple[list[Entry], date, bool]]:
    return [(entered_late(start, 6), start, False), (entered_late(start, 7), start, True)]


def more_than_seven(start: date) -> list[tuple[list[Entry], date, bool]]:
    return [(entered_late(start, 7), start, False), (entered_late(start, 8), start, True)]


def on_the_eve(start: date) -> list[tuple[list[Entry], date, bool]]:
    """Of the 20th, and of the last day of the month: the day itself and the three before it."""
    filled = [written(n, VisitLogged, start - 10 * DAY, start) for n in range(10)]
    return [(filled, start, near_a_report(start))]


def near_a_report(start: date) -> bool:
    """Told by their names, and by four days more that lead into another month."""
    return start.day in (17, 18, 19, 20) or (start + DAY + DAY + DAY + DAY).month != start.month


def left_on_the_eve(start: date) -> list[tuple[list[Entry], date, bool]]:
    left = [written(n, BacklogExcluded, start, start) for n in range(3)]
    return [(left, start, near_a_report(start))]


def at_the_months_end(start: date) -> list[tuple[list[Entry], date, bool]]:
    """Three days more, and it is another month."""
    closings = [written(n, CaseClosed, start, start) for n in range(10)]
    after = start
    while after.month == start.month:
        after += DAY
    return [(closings, after, (start + DAY + DAY + DAY).month != start.month)]


def within_thirty_days(start: date) -> list[tuple[list[Entry], date, bool]]:
    """Nine visits on a day, and a tenth on the last of thirty, or after it; all entered on one."""
    found, last = [], start
    for _ in range(29):
        last += DAY
    for tenth, shows in ((last, True), (last + DAY, False)):
        entries = [written(n, VisitLogged, start, tenth, "23") for n in range(9)]
        found.append(([*entries, written(9, VisitLogged, tenth, tenth, "23")], tenth, shows))
    return found


COUNTING: dict[str, Callable[[date], list[tuple[list[Entry], date, bool]]]] = {
    "bulk-backfill": seven,
    "late-entry": more_than_seven,
    "eve-filling": on_the_eve,
    "shrinking": left_on_the_eve,
    "month-end-spike": at_the_months_end,
    "night-visits": within_thirty_days,
}
NO_DAYS = {
    "extension-habit", "too-many-owned", "copied-text", "too-good", "settled-and-back", "picked-evaluations", "shared-proof",
    "two-places", "copied-notes", "records-differ",
}  # fmt: skip
"""Rules that go by shares, numbers and words, of a year or of all that is open, and reckon no day."""


def test_every_rule_about_a_unit_is_told_by_fingers_or_reckons_no_day() -> None:
    assert sorted([*COUNTING, *NO_DAYS]) == sorted(RULES)


@pytest.mark.parametrize("name", COUNTING)
def test_what_is_written_of_a_unit_is_counted_as_fingers_count(national: Standard, name: str) -> None:
    """Also across the end of a year, and of a February."""
    policy = national.policies[0]
    for start in EVERY_DAY:
        for entries, today, shows in COUNTING[name](start):
            said = RULES[name].ask(UnitBook.of(TOWN, entries), policy, today)
            assert said.shows == shows, (start, today, said.zh)


def test_a_notice_and_a_suggestion_are_to_be_answered_by_the_day_that_fingers_count(national: Standard) -> None:
    policy = national.policies[0]
    spans = [days for rung in policy.notices.ladder.values() for days in (rung.answer_days, rung.rectify_days) if days]
    spans += [policy.suggestions.answer_days, policy.reverse_inquiries.days]
    assert len(spans) == 6
    for days in sorted({*spans}):
        limit = Limit(days, "calendar", "next-day", "none", "x")
        for start in EVERY_DAY:
            assert compute(start, limit, national.calendar).due == counted(start, days) - DAY


def test_a_share_of_a_limit_is_used_up_on_the_day_that_fingers_count(national: Standard) -> None:
    """The first day on which so many hundredths of the days have gone by, ticked off one by one."""
    ahead, limits = national.policies[0].notices.ahead, national.policies[0].limits
    for days in {limits.forward.days, limits.notice.days, limits.handling.days, limits.handling.days + 30}:
        for start in EVERY_DAY:
            due = counted(start, days) - DAY
            for share, found in share_days(start, due, ahead.shares).items():
                day, gone = start, 0
                while gone * 100 < share * days:
                    day += DAY
                    gone += 1
                assert found == day, (start, days, share)
