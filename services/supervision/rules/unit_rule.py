"""单位规则: a rule about a unit as a value, and how its answers are put into words. Pure.

A unit with few cases is shown in counts and never judged by a share. What a ledger claims of the past speaks for a unit, and
never against it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic

from services.supervision.cited import Cited
from services.supervision.rules.rule import DISABLED, P
from services.supervision.rules.verdict import Verdict, quiet
from services.supervision.unitbook import Entry, UnitBook, matters_since
from shared.policy import Policy

NAMED = 100
"""How many entries a verdict names, the last ones: a year of them would be more than a document takes."""

ORDINARY = quiet("没有异常", "nothing out of the ordinary")


@dataclass(frozen=True)
class UnitRule(Generic[P]):
    """单位规则: judges the book of one unit as of a day."""

    id: str
    sign: str
    table: type[P]
    judge: Callable[[UnitBook, date, P], Verdict]
    past: bool = True
    """Whether it finds what is done and cannot be undone: it is answered for, as a supervisor judges, and stays on record."""

    def ask(self, book: UnitBook, policy: Policy, today: date) -> Verdict:
        """The rule's answer. Raises TypeError for a policy that was read without this rule."""
        table = policy.rules[self.id]
        if not isinstance(table, self.table):
            raise TypeError(f"the policy was read without the rule {self.id}")
        return self.judge(book.known(today), today, table) if table.enabled else DISABLED


def by_year(judge: Callable[[UnitBook, int, P], Verdict]) -> Callable[[UnitBook, date, P], Verdict]:
    """Judges what was written down in a year. It is looked at until the next January is over: a book is asked when the day of an
    entry is, so that what is written on the last day of a year is found in the next one. What the new year shows comes first.
    """

    def of_the_years(book: UnitBook, today: date, rule: P) -> Verdict:
        years = sorted({today.year, matters_since(today).year}, reverse=True)
        said = [judge(book.written_in(year), year, rule) for year in years]
        return next((one for one in said if one.shows), said[0])

    return of_the_years


def named(entries: Iterable[Entry], zh: str = "", en: str = "") -> tuple[Cited, ...]:
    """How a verdict names entries: the last of them."""
    last = list(entries)[-NAMED:]
    return tuple(Cited(id=one.id, type=one.type, on=one.on, why_zh=zh, why_en=en) for one in last)


def share(n: int, of: int) -> str:
    """A share, with both its numbers."""
    return f"{n} / {of} = {n / of:.0%}"


def few(n: int, of: int) -> Verdict:
    """Counts, where a share would say more than there is to know."""
    return quiet(f"件数少，只列数：{n} / {of}", f"too few for a share: {n} of {of}")


def changing(verdict: Verdict, turns: date) -> Verdict:
    """The answer, which holds until that day."""
    return Verdict(verdict.shows, verdict.zh, verdict.en, changes_on=turns)
