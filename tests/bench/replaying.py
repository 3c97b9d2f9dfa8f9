"""Replay: how many facts a second `./huajie replay` reads, folds and judges anew on all cores, and in how much memory."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from deploy.checks import ROOT
from deploy.demo import SAMPLE_REGION, SAMPLE_REGIONS
from deploy.node import POLICIES, Node
from deploy.processes import ProcessError
from services.supervision.domain import evolve, next_moment
from services.supervision.domain.judging import asked_at
from services.supervision.domain.sweeps import SWEEPS
from services.supervision.dossier import Dossier
from services.supervision.replay.asking import ask
from services.supervision.rules import TABLES
from shared.directory import Directory
from shared.events import GENESIS, Asked, Fact, document, read
from shared.events.supervision import SweepCompleted
from shared.standard import Standard
from shared.store import SQLiteLog
from shared.workdays import DAY, start_of
from tests.bench.casebook import APPENDED, FIRST_DAY, life
from tests.bench.figures import Effort, Figure, Goal
from tests.bench.node import children, pss_mib

PATTERN = "case-0000000"
"""The one case that is lived through; the others are the same under other names."""
DAYS = 150
Told = tuple[datetime, str, bytes]
"""When it was recorded, its topic, its document."""


def figures(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """replay: a year's log of one county, judged anew by what was gone by."""
    if "replay" not in wanted:
        return []
    Node(folder).prepare(SAMPLE_REGION, SAMPLE_REGIONS)
    facts = _write(folder, effort.replayed)
    begun, peak = time.perf_counter(), 0.0
    argv = [sys.executable, "-m", "deploy", "replay", "--json", "--data", str(folder)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE) as running:
        while running.poll() is None:
            peak = max(peak, _memory(running.pid))
            time.sleep(0.1)
        said: dict[str, Any] = json.loads(running.communicate()[0])
    seconds = time.perf_counter() - begun
    note = f"{said['facts']:,} facts, {said['judged']:,} verdicts, " + ("equal" if said["equal"] else "NOT equal")
    return [
        Figure(
            "replay", "facts replayed, by all cores", facts / seconds, "/s", goal=Goal(80_000, paced=True), note=note
        ),
        Figure("replay", "its memory at most (PSS)", peak, "MiB", goal=Goal(500, most=True)),
    ]


def _memory(pid: int) -> float:
    """Of a process and its children, in MiB; what has just ended has none."""
    total = 0.0
    for each in (pid, *children(pid)):
        with suppress(OSError, ProcessError):
            total += pss_mib(each)
    return total


def _write(folder: Path, facts: int) -> int:
    """A log with about so many facts. Answers how many."""
    told, daily = _lived()
    cases = max(1, facts // len(told))
    log = SQLiteLog(folder / "supervision.db")
    try:
        waiting: list[StoredEvent] = []
        for event in _events(told, daily, cases):
            waiting.append(event)
            if len(waiting) == APPENDED:
                log.append(waiting)
                waiting = []
        log.append(waiting)
    finally:
        log.close()
    return cases * len(told)


def _events(told: Sequence[Told], daily: Sequence[datetime], cases: int) -> Iterator[StoredEvent]:
    """All cases step by step, and a sweep each day."""
    swept = 0
    for version, (at, topic, raw) in enumerate(told, 1):
        while swept < len(daily) and daily[swept] < at:
            swept += 1
            yield _sweep(daily[swept - 1], swept)
        for n in range(cases):
            case_id = f"case-{n:07}"
            yield StoredEvent(case_id, version, topic, raw.replace(PATTERN.encode(), case_id.encode()))
    for at in daily[swept:]:
        swept += 1
        yield _sweep(at, swept)


def _sweep(at: datetime, version: int) -> StoredEvent:
    fact = SweepCompleted(as_of=at, policy="", cases=0, due=0, decided=0, skipped=(), positions={})
    return StoredEvent(SWEEPS, version, "SweepCompleted:1", _document(fact, SWEEPS, version, at))


def _lived() -> tuple[list[Told], list[datetime]]:
    """What intake and casework said of one case, and what supervision said to it, judging as it is due every day."""
    standard = Standard.of({path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}, TABLES)
    heard = [read(raw) for speaker in ("intake", "casework") for raw in _spoken(speaker)]
    heard.sort(key=lambda fact: fact.time)
    dossier, due = Dossier(), None
    told, daily, version = list[Told](), list[datetime](), 0
    for n in range(DAYS):
        for at in (start_of(FIRST_DAY + n * DAY), start_of(FIRST_DAY + n * DAY) + timedelta(hours=13)):
            while heard and heard[0].time <= at:
                fact = heard.pop(0)
                told.append((fact.time, f"adopted:{fact.type}", fact.raw))
                state = evolve(dossier, fact)
                assert isinstance(state, Dossier)
                dossier, due, version = state, at, version + 1
            if due is not None and due <= at:
                for said in ask(standard, Directory, dossier, at).facts:
                    version += 1
                    raw = _document(said, PATTERN, version, at)
                    told.append((at, f"{type(said).__name__}:1", raw))
                    state = evolve(dossier, read(raw))
                    assert isinstance(state, Dossier)
                    dossier = state
                due = next_moment(standard, dossier, at)
        daily.append(start_of(FIRST_DAY + n * DAY))
    return told, daily


def _spoken(speaker: str) -> Iterator[bytes]:
    for version, fact in enumerate(life(0)[speaker], 1):
        claimed = fact.claimed_time()
        assert claimed is not None
        yield _document(fact, PATTERN, version, start_of(claimed) + timedelta(hours=12))


def _document(fact: Fact, case_id: str, version: int, at: datetime) -> bytes:
    asked = Asked("supervision", "system", at, cause=asked_at(at))
    return document(fact, region=SAMPLE_REGION, case_id=case_id, version=version, prevhash=GENESIS, asked=asked)
