"""Working days: the package's notices, the table beyond them, and the edges between."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]  # the package ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.workdays import (
    DAY,
    NOTICED_YEARS,
    Calendar,
    Impossible,
    UnknownYear,
    business_date,
    start_of,
)

LAST = max(NOTICED_YEARS)
NEXT = LAST + 1
CALENDAR = Calendar()
MADE_UP = f"""
[{NEXT}]  # invented days, shaped like a real notice
holidays = ["{LAST}-12-31", "{NEXT}-01-01", "{NEXT}-02-08", "{NEXT}-02-09"]
workdays = ["{NEXT}-02-13"]
"""


def test_the_package_knows_every_year_from_2004_to_at_least_2026() -> None:
    assert sorted(NOTICED_YEARS) == list(range(2004, LAST + 1))
    assert LAST >= 2026


def test_the_years_that_we_call_known_are_those_that_the_package_answers_for() -> None:
    assert isinstance(chinese_calendar.is_workday(date(LAST, 12, 31)), bool)
    for outside in (date(NEXT, 1, 1), date(2003, 12, 31)):
        with pytest.raises(NotImplementedError):
            chinese_calendar.is_workday(outside)


def test_every_known_day_is_what_the_package_says() -> None:
    day = date(2018, 1, 1)
    while day.year <= LAST:
        assert CALENDAR.is_workday(day) is chinese_calendar.is_workday(day), day
        day += DAY


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday made up for Spring Festival
        (date(2026, 2, 16), False),  # a Monday of Spring Festival
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # the other make-up Saturday
        (date(2026, 3, 1), False),  # a plain Sunday
        (date(2025, 1, 26), True),  # a Sunday made up
        (date(2024, 2, 9), True),  # the eve of 2024 was not in the notice
    ],
)
def test_days_read_off_the_yearly_notices(day: date, works: bool) -> None:
    assert CALENDAR.is_workday(day) is works


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(NEXT, 1, 1), date(NEXT, 6, 15), date(NEXT, 6, 19)])
def test_an_unknown_year_is_an_error_and_never_a_guess(day: date) -> None:
    with pytest.raises(UnknownYear) as caught:
        CALENDAR.is_workday(day)
    assert caught.value.year == day.year
    for text in (caught.value.zh, caught.value.en):
        assert str(day.year) in text
        assert "holidays.toml" in text


def test_counting_stops_at_the_edge_of_what_is_known() -> None:
    last = date(LAST, 12, 31)
    worked = CALENDAR.workdays_between(last - 3 * DAY, last)
    assert CALENDAR.add_workdays(last - 3 * DAY, worked) <= last
    with pytest.raises(UnknownYear):
        CALENDAR.add_workdays(last - 3 * DAY, worked + 1)
    with pytest.raises(UnknownYear):
        CALENDAR.workdays_between(last, last + DAY)


def test_a_table_makes_its_year_known_and_leaves_plain_weekends_alone() -> None:
    calendar = Calendar.from_toml(MADE_UP)
    assert not calendar.is_workday(date(LAST, 12, 31))
    assert not calendar.is_workday(date(NEXT, 2, 8))
    assert calendar.is_workday(date(NEXT, 2, 13))
    for n in range(7):
        day = date(NEXT, 7, 1) + n * DAY
        assert calendar.is_workday(day) is (day.weekday() < 5)
    with pytest.raises(UnknownYear):
        calendar.is_workday(date(NEXT + 1, 1, 1))


def test_a_notice_that_reaches_back_into_december_does_not_make_that_year_known() -> None:
    calendar = Calendar.from_toml(f'[{NEXT + 1}]\nholidays = ["{NEXT}-12-31", "{NEXT + 1}-01-01"]')
    assert not calendar.is_workday(date(NEXT, 12, 31))
    with pytest.raises(UnknownYear):
        calendar.is_workday(date(NEXT, 12, 30))


def test_a_table_corrects_a_known_year() -> None:
    calendar = Calendar.from_toml('[2026]\nholidays = [2026-03-02]\nworkdays = ["2026-02-16"]')
    assert not calendar.is_workday(date(2026, 3, 2))
    assert calendar.is_workday(date(2026, 2, 16))
    assert not calendar.is_workday(date(2026, 2, 17))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[2027", "TOML"),
        ('["春节"]\nholidays = ["2027-01-01"]', "[春节]：应当是年份表"),
        ("2027 = 3", "[2027]：应当是年份表"),
        (f'[{NEXT}]\nholiday = ["{NEXT}-01-01"]', "不认识 holiday，"),
        (f'[{NEXT}]\nholidays = ["{NEXT}-13-01"]', f"{NEXT}-13-01 不是日期"),
        (f"[{NEXT}]\nholidays = [1]", "1 不是日期"),
        (f'[{NEXT}]\nholidays = ["{NEXT + 1}-01-01"]', "不属于这一年"),
        (f'[{NEXT}]\nholidays = ["{NEXT}-01-01"]\nworkdays = ["{NEXT}-01-01"]', "列了两次"),
        (f'[{NEXT}]\nholidays = ["{NEXT}-02-08"]', "缺少元旦"),
        (f'[{NEXT}]\nworkdays = ["{NEXT}-01-01"]', "缺少元旦"),
        (f"[{NEXT}]", "缺少元旦"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Impossible) as caught:
        Calendar.from_toml(text)
    assert "holidays.toml" in caught.value.zh
    assert "holidays.toml" in caught.value.en
    assert said in caught.value.zh


def test_an_instant_is_not_a_day() -> None:
    with pytest.raises(TypeError, match="business_date"):
        CALENDAR.is_workday(datetime(2026, 2, 16, tzinfo=UTC))


def test_working_days_cannot_be_added_backwards() -> None:
    with pytest.raises(Impossible):
        CALENDAR.add_workdays(date(2026, 3, 2), -1)


def test_the_next_working_day_is_the_day_itself_when_people_work_on_it() -> None:
    assert CALENDAR.next_workday(date(2026, 2, 14)) == date(2026, 2, 14)
    assert CALENDAR.next_workday(date(2026, 2, 15)) == date(2026, 2, 24)


DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))


@given(DAYS, st.integers(0, 60))
def test_counting_back_what_was_added_gives_it_again(start: date, n: int) -> None:
    end = CALENDAR.add_workdays(start, n)
    assert CALENDAR.workdays_between(start, end) == n
    assert n == 0 or CALENDAR.is_workday(end)


@given(DAYS, DAYS, DAYS)
def test_working_days_between_add_up_whichever_way_one_goes(a: date, b: date, c: date) -> None:
    between = CALENDAR.workdays_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


def test_the_business_day_changes_at_midnight_in_shanghai() -> None:
    assert business_date(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert business_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert start_of(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert start_of(date(2026, 3, 2)).tzinfo is UTC
    with pytest.raises(Impossible, match="时区"):
        business_date(datetime(2026, 3, 1))  # noqa: DTZ001  # an instant without a zone is what is refused


@given(st.dates(date(1992, 1, 1), date(2100, 1, 1)))
def test_a_business_day_runs_from_its_start_to_the_next(day: date) -> None:
    assert business_date(start_of(day)) == day
    assert business_date(start_of(day + DAY) - timedelta(microseconds=1)) == day


@given(st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Urumqi"), ZoneInfo("America/New_York")])))
def test_the_business_day_of_an_instant_does_not_depend_on_the_clock_that_told_it(instant: datetime) -> None:
    if 1992 <= instant.year <= 2100:
        assert business_date(instant) == business_date(instant.astimezone(UTC))
        assert start_of(business_date(instant)) <= instant.astimezone(UTC) < start_of(business_date(instant) + DAY)
