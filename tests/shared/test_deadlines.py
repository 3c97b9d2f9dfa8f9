"""Deadlines: worked by hand, against a slow day-by-day count, and by the laws that the sum obeys."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped]  # the package ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.deadlines import Deadline, Limit, Suspension, compute, days_left, explain, overdue
from shared.policy import load_policy
from shared.workdays import NOTICED_YEARS, Calendar, Impossible, UnknownYear

NATIONAL = Path(__file__).parents[2] / "deploy/policies/national.toml"
LIMITS = [limit for _, limit in load_policy(NATIONAL.read_text("utf-8"), "").limits if isinstance(limit, Limit)]
HANDLING = Limit(60, "calendar", "next-day", "none", "《信访工作条例》第三十四条")
ROLLING = replace(HANDLING, roll="next-workday")
OBJECTION = Limit(5, "working", "next-day", "none", "《信访工作条例》第二十三条")
CALENDAR = Calendar()
DAY = timedelta(days=1)
MARCH_1 = date(2026, 3, 1)  # + 60 days = 30 April
MARCH_3 = date(2026, 3, 3)  # + 60 days = Saturday 2 May, in the May holiday


def day_by_day(start: date, limit: Limit, suspensions: Iterable[Suspension] = (), extension: int = 0) -> date | None:
    """The same meaning without any arithmetic: tick off one day after another, with the package's own calendar."""
    suspensions = list(suspensions)

    def suspended(day: date) -> bool:
        return any(one.start <= day and (one.end is None or day < one.end) for one in suspensions)

    def for_ever(day: date) -> bool:
        return any(one.start <= day and one.end is None for one in suspensions)

    left = limit.days + extension
    day = start if limit.start == "same-day" else start + DAY
    while not for_ever(day):
        if not suspended(day) and (limit.unit == "calendar" or chinese_calendar.is_workday(day)):
            left -= 1
        if left == 0:
            break
        day += DAY
    while not for_ever(day) and limit.roll == "next-workday":
        if not suspended(day) and chinese_calendar.is_workday(day):
            break
        day += DAY
    return None if for_ever(day) else day


def due(start: date, limit: Limit, *suspensions: Suspension) -> date | None:
    return compute(start, limit, CALENDAR, suspensions).due


def hearing(start: date, end: date | None) -> Suspension:
    return Suspension(start, end, "听证")


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        (MARCH_1, HANDLING, date(2026, 4, 30)),
        (MARCH_1, replace(HANDLING, start="same-day"), date(2026, 4, 29)),
        # Fri 13, Sat 14 (made up), then 15-23 February rest, Tue 24, Wed 25, Thu 26
        (date(2026, 2, 12), OBJECTION, date(2026, 2, 26)),
        # Sun 26 January (made up), Mon 27, then 28 January-4 February rest, Wed 5, Thu 6, Fri 7
        (date(2025, 1, 24), OBJECTION, date(2025, 2, 7)),
        (date(2025, 1, 26), OBJECTION, date(2025, 2, 8)),  # likewise, to Sat 8 (made up)
        # Fri 9, then 10-17 February rest, Sun 18 (made up), Mon 19, Tue 20, Wed 21
        (date(2024, 2, 8), OBJECTION, date(2024, 2, 21)),
        # a start on a rest day: Tue 24, Wed 25, Thu 26, Fri 27, Sat 28 (made up), whatever the start rule
        (date(2026, 2, 18), OBJECTION, date(2026, 2, 28)),
        (date(2026, 2, 18), replace(OBJECTION, start="same-day"), date(2026, 2, 28)),
        (date(2026, 2, 24), replace(OBJECTION, start="same-day"), date(2026, 2, 28)),
        # a last day of rest moves only where the limit says so; a make-up Saturday is a day like any other
        (MARCH_3, HANDLING, date(2026, 5, 2)),
        (MARCH_3, ROLLING, date(2026, 5, 6)),
        (date(2026, 3, 10), ROLLING, date(2026, 5, 9)),
    ],
)
def test_worked_examples(start: date, limit: Limit, expected: date) -> None:
    assert due(start, limit) == expected


def test_the_whole_sum_is_printed_line_by_line() -> None:
    pause = hearing(date(2026, 4, 10), date(2026, 4, 11))
    deadline = compute(MARCH_1, ROLLING, CALENDAR, [pause], 30, "批准于 2026-04-28")
    assert explain(deadline).splitlines() == [
        "起算 2026-03-01（当日不计） / from 2026-03-01 (that day not counted)",
        "+60 日（自然日；《信访工作条例》第三十四条）→ 2026-04-30"
        " / +60 calendar days (《信访工作条例》第三十四条) → 2026-04-30",
        "+30 日（延期，批准于 2026-04-28）→ 2026-05-30 / +30 calendar days (extension: 批准于 2026-04-28) → 2026-05-30",
        "暂停 1 日（2026-04-10 起，2026-04-11 恢复；听证）→ 2026-05-31"
        " / suspended 1 calendar day (from 2026-04-10, resumed 2026-04-11; 听证) → 2026-05-31",
        "遇休息日顺延 → 2026-06-01 / a rest day, so the next working day → 2026-06-01",
        "= 到期日 2026-06-01 / due 2026-06-01",
    ]


def test_an_extension_is_of_the_unit_of_the_limit() -> None:
    line = compute(date(2026, 2, 12), OBJECTION, CALENDAR, extension_days=1).lines[-1]
    assert (line.zh, line.en) == ("+1 个工作日（延期）→ 2026-02-27", "+1 working day (extension) → 2026-02-27")


def test_while_it_is_suspended_the_deadline_is_open_and_says_what_is_left() -> None:
    deadline = compute(MARCH_1, HANDLING, CALENDAR, [hearing(date(2026, 4, 10), None)])
    line = deadline.lines[-1]
    assert line.zh == "暂停（2026-04-10 起，尚未恢复；听证），尚余 21 日 → 到期日未定"
    assert line.en == "suspended (from 2026-04-10, not resumed; 听证), 21 calendar days left → due day open"
    assert explain(deadline).endswith("= 到期日未定（暂停中） / due day open (suspended)")
    assert (deadline.due, line.day) == (None, date(2026, 4, 10))
    assert (overdue(deadline, date(2030, 1, 1)), days_left(deadline, date(2030, 1, 1))) == (False, None)


def test_a_suspension_counts_from_after_the_start_up_to_the_due_day_which_it_moves() -> None:
    assert due(MARCH_1, HANDLING, hearing(date(2026, 2, 1), date(2026, 3, 4))) == date(2026, 5, 2)
    assert due(MARCH_1, HANDLING, hearing(date(2026, 4, 30), date(2026, 5, 1))) == date(2026, 5, 1)
    assert due(MARCH_1, HANDLING, hearing(date(2026, 5, 1), None)) == date(2026, 4, 30)
    weekend = hearing(date(2026, 3, 7), date(2026, 3, 9))
    assert compute(MARCH_3, OBJECTION, CALENDAR, [weekend]) == compute(MARCH_3, OBJECTION, CALENDAR)


def test_a_suspension_brings_another_one_within_reach() -> None:
    first, second = hearing(date(2026, 4, 20), date(2026, 4, 30)), hearing(date(2026, 5, 5), date(2026, 5, 6))
    assert due(MARCH_1, HANDLING, second) == date(2026, 4, 30)
    assert due(MARCH_1, HANDLING, second, first) == date(2026, 5, 11)


def test_days_suspended_twice_count_once_and_both_grounds_are_named() -> None:
    both = [replace(hearing(date(2026, 4, 12), date(2026, 4, 20)), ground="鉴定")]
    both.append(hearing(date(2026, 4, 10), date(2026, 4, 15)))
    lines = compute(MARCH_1, HANDLING, CALENDAR, both).lines
    assert [line.zh for line in lines[2:]] == ["暂停 10 日（2026-04-10 起，2026-04-20 恢复；听证；鉴定）→ 2026-05-10"]


def test_a_deadline_that_rolls_into_a_suspension_waits_for_its_end() -> None:
    assert due(MARCH_3, ROLLING, hearing(date(2026, 5, 6), date(2026, 5, 10))) == date(2026, 5, 11)
    assert due(MARCH_3, ROLLING, hearing(date(2026, 5, 6), None)) is None


def test_the_due_day_itself_is_not_overdue() -> None:
    deadline = compute(MARCH_1, HANDLING, CALENDAR)
    days = [date(2026, 4, 29), date(2026, 4, 30), date(2026, 5, 1)]
    assert [(overdue(deadline, day), days_left(deadline, day)) for day in days] == [(False, 1), (False, 0), (True, -1)]


def test_calendar_days_without_rolling_need_no_holiday_table() -> None:
    beyond = date(max(NOTICED_YEARS) + 1, 3, 1)
    assert due(beyond, HANDLING) == beyond + 60 * DAY


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(Impossible, match="至少"):
        replace(HANDLING, days=0)
    with pytest.raises(Impossible, match="依据"):
        replace(HANDLING, basis=" ")
    with pytest.raises(Impossible, match="早于"):
        hearing(date(2026, 4, 10), date(2026, 4, 9))
    with pytest.raises(Impossible, match="负"):
        compute(MARCH_1, HANDLING, CALENDAR, extension_days=-1)


@pytest.mark.parametrize(
    "limit", sorted({*LIMITS, ROLLING}, key=str), ids=lambda limit: f"{limit.days}-{limit.unit}-{limit.roll}"
)
def test_every_start_day_of_three_years_ends_where_the_slow_count_ends(limit: Limit) -> None:
    for start in (date(2024, 1, 1) + n * DAY for n in range(366 + 365 + 365)):
        try:
            expected = day_by_day(start, limit)
        except NotImplementedError:  # the package does not know that year
            with pytest.raises(UnknownYear):
                due(start, limit)
        else:
            assert due(start, limit) == expected, start


# Laws, around a start day, for every way of counting

Case = tuple[date, Limit, list[Suspension], int]
STARTS = st.dates(date(2024, 1, 1), date(2025, 6, 30))
SHAPES = st.builds(
    Limit,
    days=st.integers(1, 25),
    unit=st.sampled_from(["calendar", "working"]),
    start=st.sampled_from(["next-day", "same-day"]),
    roll=st.sampled_from(["none", "next-workday"]),
    basis=st.just("测试"),
)


@st.composite
def suspensions(draw: st.DrawFn, start: date) -> Suspension:
    begin = start + draw(st.integers(-15, 60) | st.sampled_from([0, 1, 5])) * DAY
    length = draw(st.integers(0, 20) | st.sampled_from([3, 7, None]))
    return Suspension(begin, None if length is None else begin + length * DAY, draw(st.sampled_from(["听证", "诉讼"])))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = draw(STARTS)
    return start, draw(SHAPES), draw(st.lists(suspensions(start), max_size=5)), draw(st.integers(0, 10))


def deadline_of(case: Case, suspended: list[Suspension]) -> Deadline:
    return compute(case[0], case[1], CALENDAR, suspended, case[3])


@given(cases())
def test_any_deadline_ends_where_the_slow_count_ends(case: Case) -> None:
    assert deadline_of(case, case[2]).due == day_by_day(*case)


@given(cases(), st.data())
def test_more_suspension_never_makes_it_earlier(case: Case, data: st.DataObject) -> None:
    more = [*case[2], data.draw(suspensions(case[0]))]
    assert (deadline_of(case, more).due or date.max) >= (deadline_of(case, case[2]).due or date.max)


@given(cases(), st.data())
def test_splitting_suspensions_in_two_adjacent_parts_changes_nothing(case: Case, data: st.DataObject) -> None:
    parts: list[Suspension] = []
    for one in case[2]:
        middle = data.draw(st.dates(one.start, one.end or one.start + 100 * DAY))
        parts += [replace(one, end=middle), replace(one, start=middle)]
    assert deadline_of(case, parts) == deadline_of(case, case[2])


@given(cases(), st.data())
def test_the_order_of_suspensions_never_matters(case: Case, data: st.DataObject) -> None:
    assert deadline_of(case, data.draw(st.permutations(case[2]))) == deadline_of(case, case[2])


@given(cases())
def test_an_extension_of_nothing_changes_nothing_and_any_other_never_ends_earlier(case: Case) -> None:
    start, limit, suspended, _ = case
    plain = compute(start, limit, CALENDAR, suspended)
    assert compute(start, limit, CALENDAR, suspended, 0, "批准于 2026-04-28") == plain
    assert (deadline_of(case, suspended).due or date.max) >= (plain.due or date.max)


@given(cases())
def test_each_line_shows_the_day_to_which_it_leads_and_the_last_one_the_due_day(case: Case) -> None:
    deadline = deadline_of(case, case[2])
    steps = [line.day for line in deadline.lines if not line.zh.endswith("→ 到期日未定")]
    assert steps == sorted(steps)
    assert all(line.zh.endswith((f"→ {line.day}", "→ 到期日未定")) for line in deadline.lines[1:])
    assert deadline.due in (None, deadline.lines[-1].day)
