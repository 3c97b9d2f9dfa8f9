"""What a worked case of a rule is: a life, the day on which it is judged, and since when the sign shows."""

from dataclasses import dataclass, field
from typing import Any, Literal

from services.supervision.queries import derivation
from shared.events import Fact
from shared.standard import Standard
from tests.supervision.lives import Late, history, moment, overlay

Kind = Literal["fires", "just not", "on the day", "pause", "late", "policy", "besides"]
KINDS = frozenset({"fires", "just not", "on the day", "pause", "late", "policy"})
"""Every rule has a case of each: it shows; it does not, by one day or one field; the very day; the clock lawfully stopped; a fact
that came late; other values, or another policy. What a rule has besides is its own."""


@dataclass(frozen=True)
class Worked:
    """A worked case: what had been recorded by the end of the day is known, and nothing else."""

    kind: Kind
    facts: tuple[Fact | Late, ...]
    today: str
    since: str | None
    other: dict[str, Any] = field(default_factory=dict)
    """Other values for the rule than those of the national policy."""


def verdict(national: Standard, rule: str, case: Worked) -> dict[str, Any]:
    """What the rule says of the case, knowing what was known then."""
    standard = overlay(national, rule, **case.other) if case.other else national
    said = derivation(standard, history(*case.facts), moment(case.today, 23))
    return next(entry for entry in said["rules"] if entry["rule"] == rule)


def fires(facts: tuple[Fact | Late, ...], today: str, since: str) -> Worked:
    """The sign shows."""
    return Worked("fires", facts, today, since)


def not_yet(facts: tuple[Fact | Late, ...], today: str) -> Worked:
    """It does not, for want of one day, or because of one field."""
    return Worked("just not", facts, today, None)


def on_the_day(facts: tuple[Fact | Late, ...], today: str) -> Worked:
    """It shows since the day on which it is asked."""
    return Worked("on the day", facts, today, today)


def paused(facts: tuple[Fact | Late, ...], today: str, since: str | None) -> Worked:
    """The clock lawfully stood still: the sign waits for that, or says that it does not."""
    return Worked("pause", facts, today, since)


def late(facts: tuple[Fact | Late, ...], today: str, since: str | None) -> Worked:
    """A fact came in late: what is known on the day decides."""
    return Worked("late", facts, today, since)


def policy(facts: tuple[Fact | Late, ...], today: str, since: str | None, **other: Any) -> Worked:
    """Another policy says otherwise."""
    return Worked("policy", facts, today, since, other)


def besides(facts: tuple[Fact | Late, ...], today: str, since: str | None) -> Worked:
    """What is the rule's own."""
    return Worked("besides", facts, today, since)
