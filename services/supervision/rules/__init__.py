"""督查规则: the signs of stalling, sham closing and the rest (督查 survey: T, I, C, B, R), one file per topic.

Each is a pure function of the facts, the policy and the day. A verdict says whether the sign shows, why in one sentence,
which facts were counted, which were ignored and why, the arithmetic of its dates, and on which day its answer changes by
itself. A rule is a value: adding one touches its function and its line in the `RULES` of its file, its table in the
policies, and its worked cases in the tests.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from services.supervision.dossier import Dossier
from services.supervision.rules import (
    answering,
    backdated,
    clocks,
    closing,
    coming_back,
    commitments,
    contesting,
    data,
    elsewhere,
    idling,
    inquiries,
    limits,
    opinions,
    owning,
    passing,
    rights,
    same_answers,
    stuck,
    unit_entries,
    unit_inspections,
    unit_results,
    unit_visits,
    watching,
)
from services.supervision.rules.rule import Family, Questions, Rule
from services.supervision.rules.unit_rule import UnitRule
from services.supervision.rules.verdict import Matter, Verdict
from services.supervision.words import Words
from shared.policy import Policy, RuleTables
from shared.standard import Standard

__all__ = [
    "AFTERMATH",
    "ALL",
    "OF_THE_WATCH",
    "PAST",
    "RULES",
    "STALLING",
    "TABLES",
    "UNIT_RULES",
    "Family",
    "Rule",
    "UnitRule",
    "Verdict",
    "assess",
    "assess_words",
    "in_order",
]

TOPICS = (
    idling,
    owning,
    commitments,
    stuck,
    passing,
    clocks,
    limits,
    contesting,
    same_answers,
    closing,
    coming_back,
    opinions,
    inquiries,
    data,
    backdated,
    elsewhere,
    rights,
    answering,
    watching,
)

RULES: Mapping[str, Rule[Any]] = {rule.id: rule for topic in TOPICS for rule in topic.RULES}
"""Every rule that judges a case, by its id."""

UNIT_RULES: tuple[UnitRule[Any], ...] = (
    *unit_results.RULES,
    *unit_entries.RULES,
    *unit_visits.RULES,
    *unit_inspections.RULES,
)
"""Every rule that judges the book of a unit."""

AFTERMATH = frozenset(rule.id for rule in RULES.values() if rule.aftermath)
"""What follows from notices and suggestions themselves: no reason for yet another notice, nor for calling the case idle."""

OF_THE_WATCH = frozenset(rule.id for rule in RULES.values() if rule.of_the_watch)
"""What supervision itself has left undone: judged on the units' notices as they then are, and told to the joint meeting."""

TABLES: RuleTables = {rule.id: rule.table for rule in RULES.values()} | {rule.id: rule.table for rule in UNIT_RULES}
"""Which table each rule wants in a policy."""

PAST = frozenset(rule.id for rule in RULES.values() if rule.past) | {rule.id for rule in UNIT_RULES if rule.past}
"""What is done and cannot be undone."""

STALLING = frozenset(rule.id for rule in RULES.values() if rule.stalls)
"""Signs that the case is on the books but idle; the others are signs of a breach, of sham closing, or of wrong data."""


ALL = frozenset(RULES)
KEPT = 64
"""How many selections of rules are kept ready to be asked."""


def assess(dossier: Dossier, standard: Standard, today: date, only: frozenset[str] = ALL) -> dict[str, Verdict]:
    """The verdict of every rule, or only of these, by rule: same facts, same policies, same day, same verdict.

    Empty for a case that is not registered by that day.
    """
    matter = Matter(dossier.until(today), standard, today)
    if matter.dossier.registered is None:
        return {}
    return _questions(matter.policy, only).answers(matter)


def assess_words(words: Words, standard: Standard, today: date, only: frozenset[str]) -> dict[str, Verdict]:
    """The verdict of rules that look at supervision's own words alone: of what was said of a unit as of what was of a case."""
    matter = Matter(Dossier(words=words), standard, today)
    return _questions(matter.policy, only).answers(matter)


_ready: dict[tuple[int, frozenset[str]], Questions] = {}


def _questions(policy: Policy, only: frozenset[str]) -> Questions:
    """These rules, ready to be asked by this very policy: what is asked of one case is asked of the next."""
    found = _ready.get((id(policy), only))
    if found is None or found.policy is not policy:
        if len(_ready) == KEPT:
            _ready.clear()
        found = _ready[id(policy), only] = Questions.of(policy, in_order(only))
    return found


@lru_cache(maxsize=KEPT)
def in_order(only: frozenset[str]) -> tuple[Rule[Any], ...]:
    """These rules, in the order of all: the same few selections are asked for again and again."""
    return tuple(rule for rule in RULES.values() if rule.id in only)
