"""Of the stalls that were planted in generated cases all are found, on their day, once, and nothing else is.

Through the log as it runs: facts are adopted in batches, and each day the clock passes over what is due, and over that only.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from services.supervision.clock import Watch
from services.supervision.domain import State, next_moment, supervision
from services.supervision.rules import STALLING
from shared.bus import Ears, origin_of
from shared.events import GENESIS, Asked, Fact, document, read
from shared.events.supervision import CaseStalled, FindingRaised, NoticeIssued
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Delivery, SQLiteLog, Store
from shared.terms import Role
from shared.workdays import DAY, business_date, start_of
from tests.supervision.lives import overlay
from tests.supervision.planted import (
    AFTERWARDS,
    KINDS,
    REGION,
    WINDOW,
    Kind,
    Planted,
    diligent,
    happened_on,
    on_the_last_day,
    paused,
    planted,
)

FEW, MANY = 25 * len(KINDS), 100_000
BATCH = 500
"""Facts adopted at once."""
SAYS = (FindingRaised, CaseStalled, NoticeIssued)
SYSTEM = Actor(id="supervision", role=Role.SYSTEM, unit=None, region=REGION)


@dataclass
class Said:
    """What supervision said of a case: each with the day on which it said it."""

    findings: list[tuple[str, date]] = field(default_factory=list)
    stalls: list[tuple[frozenset[str], date]] = field(default_factory=list)
    told: list[NoticeIssued] = field(default_factory=list)


@dataclass
class Bus:
    """What intake and casework say, as supervision hears it: a chain of positions for each."""

    versions: Counter[tuple[str, str]] = field(default_factory=Counter)
    positions: Counter[str] = field(default_factory=Counter)

    def delivery(self, case_id: str, fact: Fact) -> Delivery:
        speaker, noon = fact.speaker, start_of(happened_on(fact)) + timedelta(hours=12)
        self.versions[speaker, case_id] += 1
        self.positions[speaker] += 1
        raw = document(
            fact,
            region=REGION,
            case_id=case_id,
            version=self.versions[speaker, case_id],
            prevhash=GENESIS,
            asked=Asked(actor="handler-1", role=Role.HANDLER, now=noon, unit="柳林镇人民政府"),
        )
        at = self.positions[speaker]
        return Delivery(origin_of(REGION, speaker), "planted", at, at - 1, raw)


async def watched(folder: Path, standard: Standard, cases: int) -> dict[str, Said]:
    """The cases as the watch lives through the window: it hears what the day brings, and judges in the evening."""
    evening = start_of(WINDOW[0])
    log = SQLiteLog(folder / "supervision.db")
    store: Store[State] = Store(
        "supervision", REGION, log, supervision(standard), lambda: evening, partial(next_moment, standard)
    )
    watch = Watch(store, Ears("nats://nobody", "supervision"), standard, lambda: evening, SYSTEM, 1.0)
    bus, coming = Bus(), defaultdict[date, list[tuple[str, Fact]]](list)

    def known_before() -> Iterator[tuple[str, Fact]]:
        for number in range(cases):
            case = planted(number)
            for fact in case.facts:
                if (on := happened_on(fact)) <= WINDOW[0]:
                    yield case.case_id, fact
                else:
                    coming[on].append((case.case_id, fact))

    try:
        for today in (*WINDOW, AFTERWARDS):
            evening = start_of(today) + timedelta(hours=22)
            heard: Iterable[tuple[str, Fact]] = known_before() if today == WINDOW[0] else coming.pop(today, [])
            deliveries = (bus.delivery(case_id, fact) for case_id, fact in heard)
            while batch := list(islice(deliveries, BATCH)):
                await store.adopt(batch)
            _, skipped = await watch.pass_over(evening)
            assert skipped == []
            assert store.due(evening, 1) == []
        assert store.parked() == []
        return said_in(log)
    finally:
        store.close()


def said_in(log: SQLiteLog) -> dict[str, Said]:
    """All that supervision's log says of each case."""
    said, position = defaultdict[str, Said](Said), 0
    topics = [f"{kind.__name__}:{kind.schema_version}" for kind in SAYS]
    while events := log.since(position, BATCH, topics):
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
