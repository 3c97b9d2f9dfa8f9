"""What the table of a supervision rule holds: its name, its basis, and the thresholds that it asks for. Pure.

Which rules there are, and which of these tables each wants, is told by supervision (`services/supervision/rules`); a
service that judges nothing reads the tables without looking into them.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.deadlines import Limit
from shared.policy.table import Count, Table, Text
from shared.terms import DocumentKind, FindingKind

Share = Annotated[float, Field(gt=0, le=1)]


class RuleTable(Table):
    """督查规则: its name, by which text, and how sure its word is. Thresholds of rules that nobody declared stay unread."""

    model_config = ConfigDict(extra="allow")

    name: Text
    basis: Text
    kind: FindingKind
    enabled: bool
    about: Literal["unit", "office"] = "unit"  # whose failing it is: the unit's, or that of the petition office itself


class PlainRule(RuleTable):
    """A rule without a threshold of its own: what it goes by is a limit of the law, or a field that lacks."""

    model_config = ConfigDict(extra="forbid")


class DayRule(PlainRule):
    """A rule that looks at a span of so many calendar days."""

    days: Count

    @property
    def limit(self) -> Limit:
        """The span as a limit, so that it prints its arithmetic: calendar days, the first not counted."""
        return _limit(self.days, self.basis)


@lru_cache
def _limit(days: int, basis: str) -> Limit:
    return Limit(days, "calendar", "next-day", "none", basis)


class InterimRule(PlainRule):
    """A rule that lets an interim report stand for a result, for so many calendar days."""

    interim_days: Count = 31

    @property
    def limit(self) -> Limit:
        """How long one report stands, as a limit: a month, so that whoever reports every month is never late by a day."""
        return _limit(self.interim_days, self.basis)


class WatchRule(DayRule):
    """A rule that looks at what those who watch leave undone; for a decision on what was proposed it has days of their own."""

    decision_days: Count = 31

    @property
    def decision(self) -> Limit:
        """How long a decision may take, as a limit: a month, as whoever decides meets once in one."""
        return _limit(self.decision_days, self.basis)


class TimesRule(PlainRule):
    """A rule that counts how often something happened."""

    times: Count


class LikenessRule(PlainRule):
    """A rule that compares texts: from 0, nothing alike, to 1, the same."""

    likeness: Share


class LikenessTimesRule(LikenessRule):
    """A rule that counts texts that are alike."""

    times: Count


class CharactersRule(PlainRule):
    """A rule that looks at texts of so many characters or more: what is shorter, everybody writes alike."""

    characters: Count


class ProofRule(PlainRule):
    """A rule that looks at papers of these kinds: some, such as the list with which many cases were handed down, are of many
    cases by their nature.
    """

    kinds: tuple[DocumentKind, ...] = tuple(DocumentKind)


class NotesRule(LikenessTimesRule):
    """A rule that counts texts that are alike, of so many characters or more: what is shorter, everybody writes alike."""

    characters: Count


class ShareRule(PlainRule):
    """A rule that looks at the share of a unit's cases; a unit with fewer than `at_least` has counts, and no share."""

    share: Share
    at_least: Count


class ShareDaysRule(ShareRule):
    """A share of what fell into so many days."""

    days: Count


class TimesDaysRule(TimesRule):
    """So often something that is so many days late, or within so many days."""

    days: Count


class BurstRule(TimesDaysRule):
    """So many entries within so many minutes, each so many days after what it tells of."""

    minutes: Count


class NightRule(TimesDaysRule):
    """So often within so many days, by night: at this full hour of the evening or later, or before that one of the morning."""

    from_hour: Annotated[int, Field(ge=12, le=23)]
    until_hour: Annotated[int, Field(ge=1, le=11)]


class MinutesRule(PlainRule):
    """What lies within so many minutes of something else."""

    minutes: Count


class EveRule(TimesDaysRule):
    """So often within so many days up to a day of the month on which people report; the last day of a shorter month. They may
    report at the end of the month too.
    """

    month_day: Annotated[int, Field(ge=1, le=31)]
    month_end: bool = False


class TooGoodRule(PlainRule):
    """A share that is high beside one that is low; a unit with fewer than `at_least` has counts, and no share."""

    settled_share: Share
    evaluated_share: Share
    at_least: Count


class BackAgainRule(PlainRule):
    """A share that is settled beside the share of that which is back; a unit with fewer than `at_least` has counts, no share."""

    settled_share: Share
    back_share: Share
    at_least: Count


def unasked(rule: str, kind: type[RuleTable]) -> RuleTable:
    """The table of a rule that nobody asks; it has no thresholds."""
    return kind.model_construct(name=rule, basis="", kind=FindingKind.SUSPICION, enabled=False)


RuleTables = Mapping[str, type[RuleTable]]
"""Which table each rule wants, by the rule's id."""
