"""前夕: the days up to one on which a unit has to show what it has done, and what is seen on the eve of any such day. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from services.supervision.rules.verdict import Verdict
from services.supervision.unitbook import UnitBook
from shared.policy.rules import EveRule
from shared.workdays import DAY


class Eve(NamedTuple):
    """前夕: the days up to one on which a unit has to show what it has done, that day included."""

    first: date
    last: date
    until: date
    """From when on nobody looks at it any more: as the next one like it begins, and of an inspection with its year."""
    zh: str = "报送"
    en: str = "the reporting day"


def reporting_eves(today: date, rule: EveRule) -> list[Eve]:
    """The days before each reporting day of a month that has last begun to near: the first, the reporting day itself, and when
    the next ones begin.
    """
    months = [(today.replace(day=1) - DAY).replace(day=1)]
    for _ in range(3):
        months.append((months[-1].replace(day=28) + 4 * DAY).replace(day=1))
    ends = [(month.replace(day=28) + 4 * DAY).replace(day=1) - DAY for month in months]
    found = []
    for month_day in (rule.month_day, *([31] if rule.month_end and rule.month_day < 31 else [])):
        days = [end.replace(day=min(month_day, end.day)) for end in ends]
        at = max(n for n, day in enumerate(days) if day - rule.days * DAY <= today)
        found.append(Eve(days[at] - rule.days * DAY, days[at], days[at + 1] - rule.days * DAY))
    return found


def inspection_eves(book: UnitBook, today: date, rule: EveRule) -> Iterator[Eve]:
    """The days before each inspection of the year on which the unit knew that it would come."""
    for _, its in book.inspections:
        if its.held_on.year == today.year:
            first = max(its.told_on, its.held_on - rule.days * DAY)
            yield Eve(first, its.held_on, date(today.year + 1, 1, 1), "督导", "the inspection of")


def of_any_eve(verdicts: Iterable[Verdict]) -> Verdict:
    """What is seen on any eve, the latest of those; else it may change when the next of any begins."""
    said = list(verdicts)
    if seen := [one for one in said if one.shows]:
        return max(seen, key=lambda one: one.since or date.min)
    return said[0]._replace(changes_on=min(one.changes_on for one in said if one.changes_on is not None))
