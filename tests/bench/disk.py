"""The log: how much of the disk's own speed is left for an append, and how much of an append's for a whole command."""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from deploy.demo import SAMPLE_REGION
from deploy.node import POLICIES
from services.casework.domain import casework
from services.casework.domain.case import Case
from services.casework.domain.contact import LogVisit
from shared.bus import origin_of
from shared.events import GENESIS, Asked, document, read
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Answer, Delivery, Request, SQLiteLog, Store
from shared.terms import Role
from tests.bench import casebook
from tests.bench.figures import Effort, Figure, Goal, median_ratio

CASES = 500
PAYLOAD = 600
"""Bytes, about those of a fact's document."""
TOGETHER = 64
ASKED = Asked(actor="bench", role="petition-office", now=datetime(2025, 5, 1, tzinfo=UTC))


def figures(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """fsync, append, command: measured in turns, so that whatever else this machine does troubles them alike."""
    if not wanted & {"fsync", "append", "command"}:
        return []
    return [figure for figure in asyncio.run(_measure(folder, effort)) if figure.row in wanted]


async def _measure(folder: Path, effort: Effort) -> list[Figure]:
    log = SQLiteLog(folder / "append.db")
    store = Store(
        "casework",
        SAMPLE_REGION,
        SQLiteLog(folder / "command.db"),
        casework(Standard.of({path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")})),
        lambda: datetime.now(UTC),
    )
    visits = _visits(store)
    names, payload = count(), os.urandom(PAYLOAD // 2).hex().encode()
    try:
        await store.adopt(list(_openings()))
        with (folder / "fsync").open("ab", buffering=0) as file:

            async def fsync() -> int:
                file.write(payload)
                os.fsync(file.fileno())
                return 1

            async def append() -> int:
                log.append([StoredEvent(f"case-{next(names)}", 1, "VisitLogged:1", payload)])
                return 1

            async def command() -> int:
                await next(visits)()
                return 1

            async def commands() -> int:
                await asyncio.gather(*(next(visits)() for _ in range(TOGETHER)))
                return TOGETHER

            turns = (fsync, append, command, commands)
            rates: dict[Callable[[], Awaitable[int]], list[float]] = {turn: [] for turn in turns}
            for _ in range(effort.rounds):
                for turn in turns:
                    rates[turn].append(await _rate(turn, effort.seconds / 10))
    finally:
        store.close()
        log.close()
    middle = {turn: statistics.median(of) for turn, of in rates.items()}
    return [
        Figure("fsync", f"bare fsync after {PAYLOAD} bytes", middle[fsync], "/s"),
        Figure(
            "append",
            "append of one event (SQLite log)",
            middle[append],
            "/s",
            median_ratio(rates[append], rates[fsync]),
            "fsync",
            Goal(0.7, of_ratio=True),
        ),
        Figure(
            "command",
            "command, one after the other",
            middle[command],
            "/s",
            median_ratio(rates[command], rates[append]),
            "append",
            Goal(0.5, of_ratio=True),
            "load + decide + append + answer",
        ),
        Figure(
            "command",
            f"commands, {TOGETHER} at once",
            middle[commands],
            "/s",
            median_ratio(rates[commands], rates[append]),
            "append",
            note="group commit",
        ),
    ]


async def _rate(turn: Callable[[], Awaitable[int]], seconds: float) -> float:
    done, begun = 0, time.perf_counter()
    while (took := time.perf_counter() - begun) < seconds:
        done += await turn()
    return done / took


def _openings() -> Iterator[Delivery]:
    origin = origin_of(SAMPLE_REGION, "intake")
    for n in range(CASES):
        raw = document(
            casebook.opening(n), region=SAMPLE_REGION, case_id=f"case-{n}", version=1, prevhash=GENESIS, asked=ASKED
        )
        yield Delivery(origin, "bench", n + 1, n, raw)


def _visits(store: Store[Case]) -> Iterator[Callable[[], Awaitable[Answer]]]:
    """Visits without end, case after case."""
    request = Request(Actor(id="bench", role=Role.PETITION_OFFICE, unit=None, region=SAMPLE_REGION))
    for n in count():
        fact = casebook.visit(n % CASES, 20)
        command = LogVisit(**dict(fact) | {"visit_id": f"v-{n}"})
        yield partial(store.handle, f"case-{n % CASES}", command, request)


def envelope(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:  # noqa: ARG001 - a Part
    """Documents written and read back: what every fact costs several times on its way."""
    if "envelope" not in wanted:
        return []
    facts = [fact for said in casebook.life(1).values() for fact in said]

    def write() -> list[bytes]:
        return [
            document(fact, region=SAMPLE_REGION, case_id="case-1", version=1, prevhash=GENESIS, asked=ASKED)
            for fact in facts
        ]

    documents = write()
    size = sum(map(len, documents)) // len(documents)
    written = statistics.median(len(facts) * _runs(write, effort.seconds / 5) for _ in range(3))
    read_back = statistics.median(
        len(facts) * _runs(lambda: [read(raw) for raw in documents], effort.seconds / 5) for _ in range(3)
    )
    return [
        Figure("envelope", "document() of a fact", written, "/s", note=f"{size} bytes, twelve kinds of facts"),
        Figure("envelope", "read() of a document", read_back, "/s"),
    ]


def _runs(work: Callable[[], object], seconds: float) -> float:
    """How often per second this runs."""
    done, ends = 0, time.perf_counter() + seconds
    begun = time.perf_counter()
    while time.perf_counter() < ends:
        work()
        done += 1
    return done / (time.perf_counter() - begun)
