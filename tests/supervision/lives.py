"""Lives of cases for supervision's tests: histories, the standard with other values, and the clock run by hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.supervision.domain import supervision
from services.supervision.domain.judging import Assess, next_moment
from services.supervision.dossier import Dossier, evolve
from services.supervision.queries import derivation, dossier_of
from services.supervision.rules import Verdict, assess
from shared.decider import NoSuchCase, obey
from shared.directory import Directory
from shared.events import Fact, Recorded
from shared.events.supervision import CaseStalled, FindingRaised, FindingResolved, NoticeClosed, NoticeIssued
from shared.standard import Standard
from shared.workdays import start_of
from tests.sample import day
from tests.spec import asked, recorded

Row = tuple[tuple[Fact, ...], str, str | None]
"""A worked case: what happened, the day of the verdict, and since when the sign shows; None when it does not."""


@dataclass(frozen=True)
class Late:
    """A fact that was recorded on a later day than it happened; imported when a ledger claims it."""

    fact: Fact
    on: str
    imported: bool = False


def history(*facts: Fact | Late) -> list[Recorded]:
    """The facts as their speakers recorded them, each at noon of the day on which it happened, or later."""
    spoken: dict[str, int] = {}
    written = []
    for entry in facts:
        fact = entry.fact if isinstance(entry, Late) else entry
        claimed = fact.claimed_time()
        noon = day(entry.on) if isinstance(entry, Late) else claimed if isinstance(claimed, date) else day("2026-01-01")
        spoken[fact.speaker] = spoken.get(fact.speaker, 0) + 1
        file = "ledger" if isinstance(entry, Late) and entry.imported else None
        at = start_of(noon) + timedelta(hours=12)
        written.append(recorded(fact, spoken[fact.speaker], now=at, imported_from=file))
    return written


def judged(standard: Standard, rule: str, facts: Iterable[Fact | Late], today: str) -> Verdict:
    """What one rule says, all the facts known."""
    return assess(dossier_of(history(*facts)), standard, day(today))[rule]


def since(standard: Standard, rule: str, facts: Iterable[Fact | Late], today: str) -> str | None:
    """Since when the sign shows, as ISO text; None when it does not."""
    verdict = judged(standard, rule, facts, today)
    assert verdict.shows == (verdict.since is not None)
    assert verdict.zh
    assert verdict.en
    return verdict.since.isoformat() if verdict.since else None


def as_known(standard: Standard, rule: str, facts: Iterable[Fact | Late], on: str) -> bool:
    """Whether the sign showed to whoever asked at the end of that day, knowing what was recorded by then."""
    said = derivation(standard, history(*facts), start_of(day(on)) + timedelta(hours=23))
    shows: bool = next(entry["shows"] for entry in said["rules"] if entry["rule"] == rule)
    return shows


def overlay(standard: Standard, rule: str, **other: Any) -> Standard:
    """The standard with other values for one rule."""
    return rewritten(standard, lambda policy: _with_rule(policy, rule, other))


def rewritten(standard: Standard, change: Callable[[Any], Any]) -> Standard:
    """The standard with each of its policies changed."""
    return Standard(tuple(change(policy) for policy in standard.policies), standard.calendar)


def then_another(standard: Standard, since: date, rule: str, **other: Any) -> Standard:
    """The standard, and from that day on a policy with other values for one rule."""
    newer = _with_rule(standard.policies[-1], rule, other)
    newer = newer.model_copy(update={"version": f"from-{since}", "effective_from": since})
    return Standard((*standard.policies, newer), standard.calendar)


def _with_rule(policy: Any, rule: str, other: dict[str, Any]) -> Any:
    changed = policy.rules[rule].model_copy(update=other)
    return policy.model_copy(update={"rules": {**policy.rules, rule: changed}})


def only(standard: Standard, *rules: str) -> Standard:
    """The standard with no other rule than these: for lives that are about what follows from a verdict."""

    def change(policy: Any) -> Any:
        tables = {rule: table.model_copy(update={"enabled": rule in rules}) for rule, table in policy.rules.items()}
        return policy.model_copy(update={"rules": tables})

    return rewritten(standard, change)


def concluded(standard: Standard, dossier: Dossier, as_of: datetime, directory: Directory | None = None) -> list[Fact]:
    """What supervision says when it judges as of a moment."""
    return obey(supervision(standard, lambda: directory or Directory()), dossier, Assess(as_of=as_of), asked(as_of))


@dataclass
class Watched:
    """A case under supervision: it hears facts and is judged, as the store and the clock would have it."""

    standard: Standard
    dossier: Dossier = field(default_factory=Dossier)
    directory: Directory = field(default_factory=Directory)
    said: list[Recorded] = field(default_factory=list)
    due: datetime | None = None
    heard: int = 0

    def hear(self, fact: Recorded) -> None:
        """Adopt a fact: the case falls due at once."""
        self.dossier = evolve(self.dossier, fact)
        self.due, self.heard = fact.time, self.heard + 1

    def judge(self, moment: datetime) -> list[Fact]:
        """Judge as of this moment; judging twice is judging once, and leaves nothing to be said at this moment."""
        if self.dossier.registered is None:
            with pytest.raises(NoSuchCase):
                concluded(self.standard, self.dossier, moment)
            return []
        facts = concluded(self.standard, self.dossier, moment, self.directory)
        for fact in facts:
            written = recorded(fact, self.heard + len(self.said) + 1, now=moment)
            self.said.append(written)
            self.dossier = evolve(self.dossier, written)
        assert not facts or concluded(self.standard, self.dossier, moment, self.directory) == []
        self.due = next_moment(self.standard, self.dossier, moment, lambda: self.directory)
        assert self.due is None or self.due > moment
        return facts

    def live(self, facts: Iterable[Recorded], until: date, *, daily: bool) -> "Watched":
        """Hear each fact when it was recorded; judge then, and at the start of every day or only of the days asked for."""
        waiting = sorted(facts, key=lambda fact: (fact.time, fact.service, fact.version))
        moment = waiting[0].time if waiting else datetime(2026, 1, 1, tzinfo=UTC)
        while moment <= start_of(until):
            while waiting and waiting[0].time <= moment:
                self.hear(waiting.pop(0))
            if daily or (self.due is not None and self.due <= moment):
                self.judge(moment)
            tomorrow = start_of((moment + timedelta(hours=32)).date())
            moment = min(tomorrow, waiting[0].time) if waiting else tomorrow
        return self


def lived(standard: Standard, *facts: Fact | Late, until: str, directory: Directory | None = None) -> Watched:
    """A case watched from its first fact until the start of that day."""
    return Watched(standard, directory=directory or Directory()).live(history(*facts), day(until), daily=False)


def diary(watched: Watched, *kinds: type[Fact]) -> list[str]:
    """What supervision said of these kinds, each with the day on which it said it."""
    found = [(r.time + timedelta(hours=8), r.fact) for r in watched.said if isinstance(r.fact, kinds)]
    return [f"{at:%m-%d} {_brief(fact)}" for at, fact in found]


def _brief(fact: Fact) -> str:
    match fact:
        case FindingRaised() | FindingResolved():
            return f"{type(fact).__name__} {fact.finding_id} {fact.rule}"
        case NoticeIssued():
            return f"{fact.level} {fact.notice_id}"
        case NoticeClosed():
            return f"closed {fact.notice_id}"
        case CaseStalled():
            return f"stalled {' '.join(fact.rules)}"
        case _:
            return type(fact).__name__


def moment(on: str, hours: float = 0) -> datetime:
    """So many hours into the day in Shanghai."""
    return start_of(day(on)) + timedelta(hours=hours)
