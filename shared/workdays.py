"""Working days (工作日) in Asia/Shanghai, and where one business day ends and the next begins. Pure.

Which days people work is announced a year at a time (国务院办公厅放假通知: holidays, and make-up workdays, 调休), so it
cannot be computed from 全国年节及纪念日放假办法. The `chinesecalendar` package knows the notices up to its last year; a
table that people load knows the years after that.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from chinese_calendar import holidays, workdays  # type: ignore[import-untyped]  # the package ships no types

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NOTICED_YEARS = frozenset(day.year for day in holidays if (day.month, day.day) == (1, 1))
"""The years whose notice the package knows: New Year's Day is a holiday in every one of them."""


class Impossible(ValueError):
    """A value that cannot be, said in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class UnknownYear(LookupError):
    """Nobody has told us which days of this year people work. Never guessed."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.zh = (
            f"不知道 {year} 年的放假与调休安排：请按国务院办公厅当年的放假通知，"
            f"在策略目录的 holidays.toml 里补上 [{year}]（holidays 放假日，workdays 调休上班日）后重新加载"
        )
        self.en = (
            f"the working days of {year} are unknown: add [{year}] (holidays, workdays) from that year's State Council "
            "notice to holidays.toml in the policy folder, and load it again"
        )
        super().__init__(f"{self.zh} / {self.en}")


@dataclass(frozen=True)
class Calendar:
    """Which days people work. Raises `UnknownYear` for a year that neither the package nor `extra` knows."""

    extra: Mapping[date, bool] = field(default_factory=dict)
    """Days beyond the package, or that it has wrong: True when people work. Naming its 1 January makes a year known."""

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Read `holidays.toml`: `[2027] holidays = ["2027-01-01", …] workdays = ["2027-02-06", …]`.

        Ordinary weekends need not be listed. A year that the package knows may list corrections only; any other year
        must list its New Year's Day, so that a half-typed table does not pass for a notice. Raises `Impossible`.
        """
        try:
            years = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Impossible(
                f"holidays.toml 不是合法的 TOML：{error}", f"holidays.toml is not TOML: {error}"
            ) from error
        extra: dict[date, bool] = {}
        for year, table in years.items():
            for day, works in _listed(year, table):
                if day in extra:
                    raise Impossible(
                        f"holidays.toml [{year}]：{day} 列了两次", f"holidays.toml [{year}]: {day} is listed twice"
                    )
                extra[day] = works
            if int(year) not in NOTICED_YEARS and extra.get(date(int(year), 1, 1)) is not False:
                raise Impossible(
                    f"holidays.toml [{year}]：holidays 缺少元旦 {year}-01-01，请录入当年通知的全部日期",
                    f"holidays.toml [{year}]: holidays lacks {year}-01-01; list every day of that year's notice",
                )
        return cls(extra)

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        if isinstance(day, datetime):
            raise TypeError("is_workday takes a date: turn an instant into one with business_date")
        stated = self.extra.get(day)
        if stated is not None:
            return stated
        if day.year not in NOTICED_YEARS and date(day.year, 1, 1) not in self.extra:
            raise UnknownYear(day.year)
        return day in workdays or (day.weekday() < 5 and day not in holidays)

    def add_workdays(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is not counted itself; `start` when n is 0."""
        if n < 0:
            raise Impossible(f"工作日数不能为负：{n}", f"the number of working days cannot be negative: {n}")
        day = start
        for _ in range(n):
            day = self.next_workday(day + DAY)
        return day

    def next_workday(self, day: date) -> date:
        """This day when people work on it, else the first day after it when they do."""
        while not self.is_workday(day):
            day += DAY
        return day

    def workdays_between(self, a: date, b: date) -> int:
        """How many working days there are after `a`, up to and including `b`; negative when `b` is the earlier day."""
        if b < a:
            return -self.workdays_between(b, a)
        return sum(self.is_workday(a + n * DAY) for n in range(1, (b - a).days + 1))


def _listed(year: str, table: Any) -> Iterator[tuple[date, bool]]:
    """The days that one year of `holidays.toml` lists. A notice may reach back into the December before it."""
    where = f"holidays.toml [{year}]"
    if not re.fullmatch(r"[12]\d{3}", year) or not isinstance(table, dict):
        raise Impossible(f"{where}：应当是年份表，如 [2027]", f"{where}: should be the table of a year, such as [2027]")
    if unknown := sorted(table.keys() - {"holidays", "workdays"}):
        raise Impossible(
            f"{where}：不认识 {unknown[0]}，只有 holidays 和 workdays",
            f"{where}: {unknown[0]} is unknown; there are only holidays and workdays",
        )
    for key, values in table.items():
        for value in values if isinstance(values, list) else [values]:
            try:
                day = date.fromisoformat(str(value))
            except ValueError as error:
                raise Impossible(
                    f"{where}：{key} 里的 {value} 不是日期，应写作 {year}-01-01",
                    f"{where}: {value} in {key} is not a date; write it like {year}-01-01",
                ) from error
            if day.year != int(year) and (day.year, day.month) != (int(year) - 1, 12):
                raise Impossible(f"{where}：{day} 不属于这一年", f"{where}: {day} is not in that year")
            yield day, key == "workdays"


@lru_cache(maxsize=1 << 14)
def business_date(instant: datetime) -> date:
    """The day in Asia/Shanghai on which this instant falls: asked of the same instants again and again.

    Raises `Impossible` for an instant without a time zone.
    """
    if instant.tzinfo is None:
        raise Impossible(f"时刻没有时区：{instant}", f"the instant has no time zone: {instant}")
    return instant.astimezone(BUSINESS_ZONE).date()


def start_of(day: date) -> datetime:
    """The instant (UTC) at which this day begins in Asia/Shanghai."""
    return datetime.combine(day, time.min, BUSINESS_ZONE).astimezone(UTC)
