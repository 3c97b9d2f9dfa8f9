"""Of the stalls that were planted in generated cases all are found, on their day, once, and nothing else is.

Through the log as it runs: facts are adopted in batches, and each day the clock passes over what is due, and over that only;
when very much is, processes judge ahead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from services.supervision.preview import Preview
from services.supervision.rules import STALLING
from shared.events import Fact, read
from shared.events.supervision import CaseStalled, FindingRaised, NoticeIssued
from shared.standard import Standard
from shared.store import Log
from shared.workdays import DAY, business_date
from tests.supervision.lives import overlay
from tests.supervision.planted import (
    AFTERWARDS,
    KINDS,
    WINDOW,
    Kind,
    Planted,
    diligent,
    happened_on,
    on_the_last_day,
    paused,
    planted,
)
from tests.supervision.post import Post, evening_of

FEW, MANY = 25 * len(KINDS), 100_000
LOOKED_AT = 500
"""Facts read at once."""
SAYS = (FindingRaised, CaseStalled, NoticeIssued)


@dataclass
class Said:
    """What supervision said of a case: each with the day on which it said it."""

    findings: list[tuple[str, date]] = field(default_factory=list)
    stalls: list[tuple[frozenset[str], date]] = field(default_factory=list)
    told: list[NoticeIssued] = field(default_factory=list)


async def watched(folder: Path, standard: Standard, cases: int) -> dict[str, Said]:
    """The cases as the watch lives through the window: it hears what the day brings, and judges in the evening."""
    coming = defaultdict[date, list[tuple[str, Fact]]](list)

    def known_before() -> Iterator[tuple[str, Fact]]:
        for case in map(planted, range(cases)):
            for fact in case.facts:
                if (on := happened_on(fact)) <= WINDOW[0]:
                    yield case.case_id, fact
                else:
                    coming[on].append((case.case_id, fact))

    with closing(Post(folder, standard, preview=Preview(folder, None, standard))) as post:
        for today in (*WINDOW, AFTERWARDS):
            heard: Iterable[tuple[str, Fact]] = known_before() if today == WINDOW[0] else coming.pop(today, [])
            post.evening = evening_of(today)
            await post.hear(heard)
            _, skipped = await post.watch.pass_over(post.evening)
            assert skipped == []
            assert post.store.due(post.evening, 1) == []
        assert post.store.parked() == []
        return said_in(post.store.log)


def said_in(log: Log) -> dict[str, Said]:
    """All that supervision's log says of each case."""
    said, position = defaultdict[str, Said](Said), 0
    topics = [f"{kind.__name__}:{kind.schema_version}" for kind in SAYS]
    while events := log.since(position, LOOKED_AT, topics):
        position = events[-1].id
        for event in events:
            recorded = read(event.state)
            of, on = said[recorded.case_id], business_date(recorded.time)
            match recorded.fact:
                case FindingRaised() as fact:
                    of.findings.append((fact.rule, on))
                case CaseStalled() as fact:
                    of.stalls.append((frozenset(fact.rules), on))
                case NoticeIssued() as fact:
                    of.told.append(fact)
    return said


@dataclass
class Count:
    """What came of the signs of one kind of case."""

    cases: int = 0
    planted: int = 0
    found: int = 0
    missed: int = 0
    twice: int = 0
    invented: int = 0


def counted(cases: Iterable[Planted], said: dict[str, Said]) -> dict[Kind, Count]:
    """Signs are found when the rule says so on the day on which they begin, and the stall names them, and somebody is told."""
    counts = {kind: Count() for kind in KINDS}
    for case in cases:
        count, of = counts[case.kind], said.get(case.case_id, Said())
        first = dict(reversed(of.findings))
        right = {rule for rule, on in case.signs.items() if first.get(rule) == on}
        stalled = case.kind.shows & STALLING
        if of.stalls != ([(stalled, case.turn)] if stalled else []) or (stalled and not of.told):
            right -= stalled
        count.cases += 1
        count.planted += len(case.signs)
        count.found += len(right)
        count.missed += len(case.signs) - len(right)
        count.twice += len(of.findings) - len(first) + max(0, len(of.stalls) - 1)
        count.invented += len(first.keys() - case.signs.keys()) + (bool(of.stalls) and not stalled)
    return counts


def table(counts: dict[Kind, Count]) -> str:
    """Kind by kind, for people."""
    lines = [f"{'cases':>9}{'planted':>9}{'found':>9}{'missed':>9}{'twice':>9}{'invented':>9}  kind"]
    for kind, n in counts.items():
        shown = f"{kind.name} ({', '.join(sorted(kind.shows)) or 'nothing to be found'})"
        lines.append(f"{n.cases:9,}{n.planted:9,}{n.found:9,}{n.missed:9,}{n.twice:9,}{n.invented:9,}  {shown}")
    return "\n".join(lines)


def perfect(counts: dict[Kind, Count]) -> bool:
    """Whether all was found, once, and nothing else."""
    return all((n.found, n.missed, n.twice, n.invented) == (n.planted, 0, 0, 0) for n in counts.values())


async def recall(folder: Path, standard: Standard, cases: int) -> dict[Kind, Count]:
    """Build the cases, watch them, and count."""
    said = await watched(folder, standard, cases)
    return counted(map(planted, range(cases)), said)


@pytest.mark.parametrize("cases", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
async def test_every_planted_stall_is_found_on_its_day_and_once_and_none_is_invented(
    national: Standard, tmp_path: Path, cases: int, record_property: Callable[[str, object], None]
) -> None:
    counts = await recall(tmp_path, national, cases)
    shown = f"{cases:,} generated cases\n{table(counts)}"
    record_property("table", shown)
    assert perfect(counts), f"\n{shown}"
    assert sum(n.planted for n in counts.values()) > cases * 3 // 4


@pytest.mark.parametrize("rule", sorted({rule for kind in KINDS for rule in kind.shows}))
async def test_a_rule_that_is_switched_off_is_missed(national: Standard, tmp_path: Path, rule: str) -> None:
    """That all is found says something only because the count can fail."""
    counts = await recall(tmp_path, overlay(national, rule, enabled=False), 2 * len(KINDS))
    blind = {kind for kind, n in counts.items() if n.missed}
    assert blind == {kind for kind in KINDS if rule in kind.shows}, f"\n{table(counts)}"
    assert not any(n.invented or n.twice for n in counts.values())


async def test_a_watch_that_accuses_the_diligent_is_seen(national: Standard, tmp_path: Path) -> None:
    counts = await recall(tmp_path, overlay(national, "idle", days=9), 2 * len(KINDS))
    assert {kind.build for kind, n in counts.items() if n.invented} >= {diligent, paused, on_the_last_day}


async def test_what_is_said_twice_or_a_day_late_is_seen(national: Standard, tmp_path: Path) -> None:
    case = planted(0)
    (rule,) = case.kind.shows
    said = (await watched(tmp_path, national, 1))[case.case_id]
    assert perfect(counted([case], {case.case_id: said}))
    twice = replace(said, findings=said.findings * 2)
    assert counted([case], {case.case_id: twice})[case.kind].twice == 1
    late = replace(said, findings=[(rule, case.turn + DAY)])
    assert counted([case], {case.case_id: late})[case.kind].missed == 1
    assert counted([case], {case.case_id: replace(said, told=[])})[case.kind].missed == 1
    assert counted([case], {})[case.kind].missed == 1
