"""Deadlines (办理期限) and the arithmetic that leads to them, printed line by line. Pure.

A deadline = start + limit + approved extension + suspended days, then rolled off a rest day where the limit says so.
The meaning, one day at a time: from the first counted day on, each day that is not suspended (and, in working days, is
worked) uses up one day of the limit; the deadline is the day that uses up the last. A due day is never a suspended day.
Every date is a business day in Asia/Shanghai.

The 信访工作条例 writes plain 日 for calendar days, 工作日 once (Art 23), and does not say how days are counted. Not
counting the first day and rolling off a rest day are 民法典 Arts 201 and 203 by analogy; so every `Limit` states both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import ClassVar, Literal

from pydantic import ConfigDict, PositiveInt

from shared.workdays import DAY, Calendar, Impossible

Unit = Literal["calendar", "working"]


@dataclass(frozen=True)
class Limit:
    """期限: how long something may take, how its days are counted, and by which text."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    days: PositiveInt
    unit: Unit
    start: Literal["next-day", "same-day"]
    """Whether counting begins on the day after the start, or with the start."""
    roll: Literal["none", "next-workday"]
    """Whether a last day on which people rest moves to the next working day."""
    basis: str

    def __post_init__(self) -> None:
        if self.days < 1:
            raise Impossible("期限至少为 1 日", "a limit has at least one day")
        if not self.basis.strip():
            raise Impossible("期限须注明依据", "a limit names its basis")


@dataclass(frozen=True)
class Suspension:
    """中止: days that do not count, from `start` until `end`, the day it resumes; None while it lasts."""

    start: date
    end: date | None
    ground: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise Impossible(
                f"暂停的恢复日 {self.end} 早于开始日 {self.start}",
                f"the suspension resumes on {self.end}, before its start {self.start}",
            )


@dataclass(frozen=True)
class Line:
    """One step of the sum, and the day to which it leads."""

    zh: str
    en: str
    day: date


@dataclass(frozen=True)
class Deadline:
    """到期日: the last day on which the thing is still in time. `due` is None while a suspension keeps it open."""

    start: date
    limit: Limit
    due: date | None
    lines: tuple[Line, ...]

    @cached_property
    def arithmetic(self) -> tuple[str, ...]:
        """The sum as people read it: a line for each step, and one for the result."""
        due = self.due
        result = f"到期日 {due} / due {due}" if due else "到期日未定（暂停中） / due day open (suspended)"
        return (*(f"{line.zh} / {line.en}" for line in self.lines), f"= {result}")


def compute(
    start: date,
    limit: Limit,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
    extension_days: int = 0,
    extension_note: str = "",
) -> Deadline:
    """The deadline of what began on `start`. Extension days are of the limit's own unit.

    Raises `UnknownYear` when the sum needs the working days of a year that the calendar does not know, and `Impossible`
    for a negative extension.
    """
    if extension_days < 0:
        raise Impossible(f"延期天数不能为负：{extension_days}", f"an extension cannot be negative: {extension_days}")
    count = _Count(limit.unit, calendar)
    first, zh, en = (
        (start + DAY, "当日不计", "that day not counted")
        if limit.start == "next-day"
        else (start, "当日计入", "that day counted")
    )
    lines = [Line(f"起算 {start}（{zh}）", f"from {start} ({en})", start)]

    due = count.after(first - DAY, limit.days)
    kind = "自然日；" if limit.unit == "calendar" else ""
    zh, en = count.amount(limit.days)
    lines.append(Line(f"+{zh}（{kind}{limit.basis}）→ {due}", f"+{en} ({limit.basis}) → {due}", due))

    if extension_days:
        due = count.after(due, extension_days)
        zh, en = count.amount(extension_days)
        note_zh, note_en = (f"，{extension_note}", f": {extension_note}") if extension_note else ("", "")
        lines.append(Line(f"+{zh}（延期{note_zh}）→ {due}", f"+{en} (extension{note_en}) → {due}", due))

    pauses = [pause for pause in _merged(suspensions) if pause.until > first]
    for pause in pauses:
        since = max(pause.start, first)
        if since > due:
            break
        if pause.until == date.max:
            zh, en = count.amount(count.between(since - DAY, due))
            lines.append(pause.still_on(since, f"，尚余 {zh}", f", {en} left"))
            return Deadline(start, limit, None, tuple(lines))
        if lost := count.between(since - DAY, pause.until - DAY):
            due = count.after(due, lost)
            zh, en = count.amount(lost)
            zh = f"暂停 {zh}（{since} 起，{pause.until} 恢复；{pause.ground}）→ {due}"
            en = f"suspended {en} (from {since}, resumed {pause.until}; {pause.ground}) → {due}"
            lines.append(Line(zh, en, due))

    if limit.roll == "next-workday" and not calendar.is_workday(due):
        due = calendar.next_workday(due)
        for pause in pauses:
            if pause.start <= due < pause.until:
                if pause.until == date.max:
                    lines.append(pause.still_on(pause.start))
                    return Deadline(start, limit, None, tuple(lines))
                due = calendar.next_workday(pause.until)
        lines.append(Line(f"遇休息日顺延 → {due}", f"a rest day, so the next working day → {due}", due))
    return Deadline(start, limit, due, tuple(lines))


def overdue(deadline: Deadline, today: date) -> bool:
    """Whether the due day has passed; on the due day itself it has not, and an open deadline never has."""
    return deadline.due is not None and today > deadline.due


def days_left(deadline: Deadline, today: date) -> int | None:
    """Calendar days from today to the due day: 0 on that day, negative after it, None while the deadline is open."""
    return None if deadline.due is None else (deadline.due - today).days


def explain(deadline: Deadline) -> str:
    """The arithmetic as one text."""
    return "\n".join(deadline.arithmetic)


def named(start: date, due: date, basis: str) -> Deadline:
    """The deadline of what somebody promised on `start` for the day `due`: there is nothing to add up."""
    limit = Limit(max((due - start).days, 1), "calendar", "next-day", "none", basis)
    return Deadline(start, limit, due, (Line(f"{start} 约定 {due}", f"named on {start} for {due}", due),))


@lru_cache(maxsize=1 << 16)
def plain(start: date, limit: Limit) -> Deadline:
    """The deadline of a limit in calendar days that nothing moves: the sum most often asked for, kept for the next to ask.

    Raises `Impossible` for a limit that cannot be told without a calendar.
    """
    if limit.unit != "calendar" or limit.roll != "none":
        raise Impossible("此期限要查日历", "this limit needs a calendar")
    return compute(start, limit, Calendar())


@dataclass(frozen=True)
class _Count:
    """Counting days in one unit."""

    unit: Unit
    calendar: Calendar

    def after(self, day: date, n: int) -> date:
        return self.calendar.add_workdays(day, n) if self.unit == "working" else day + n * DAY

    def between(self, a: date, b: date) -> int:
        return self.calendar.workdays_between(a, b) if self.unit == "working" else (b - a).days

    def amount(self, n: int) -> tuple[str, str]:
        zh, en = ("个工作日", "working day") if self.unit == "working" else ("日", "calendar day")
        return f"{n} {zh}", f"{n} {en}" if n == 1 else f"{n} {en}s"


@dataclass
class _Pause:
    """Suspensions that touch or overlap, as one. `until` is `date.max` while it lasts."""

    start: date
    until: date
    grounds: list[str] = field(default_factory=list)

    @property
    def ground(self) -> str:
        return "；".join(self.grounds)

    def still_on(self, since: date, left_zh: str = "", left_en: str = "") -> Line:
        zh = f"暂停（{since} 起，尚未恢复；{self.ground}）{left_zh} → 到期日未定"
        return Line(zh, f"suspended (from {since}, not resumed; {self.ground}){left_en} → due day open", since)


def _merged(suspensions: Iterable[Suspension]) -> list[_Pause]:
    """The suspensions in order of time, those that touch or overlap as one: no day is counted twice."""
    pauses: list[_Pause] = []
    for part in sorted(suspensions, key=lambda part: (part.start, part.ground)):
        until = part.end or date.max
        if not pauses or part.start > pauses[-1].until:
            pauses.append(_Pause(part.start, until))
        pause = pauses[-1]
        pause.until = max(pause.until, until)
        if part.ground not in pause.grounds:
            pause.grounds.append(part.ground)
    return pauses
