"""A running node: its start, its memory, commands over HTTP, and how soon reporting shows what a command led to."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from statistics import median

import uvloop

from deploy.checks import ROOT
from services.reporting.projections import CASES
from shared.workdays import business_date
from tests.bench import casebook
from tests.bench.figures import Effort, Figure, Goal
from tests.bench.load import Load, closed_loop, open_loop, percentile, post
from tests.bench.node import Running, casework_alone, children, cpu_seconds, embedded, pss_mib

CLIENTS = (1, 16, 64)
REMEMBERED_CASES = 200
"""Cases registered before memory is measured."""
VISIBLE_RATE = 100.0
LOOK_SECONDS = 0.002

visits = count()
"""Numbers visits, so that none is given twice in a run."""


def in_one_process(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """start, memory, http, visible: on one `up`."""
    if not wanted & {"start", "memory", "http", "visible"}:
        return []
    with embedded(folder) as running:
        found = []
        if "start" in wanted:
            found += _start(running)
        if wanted & {"memory", "http", "visible"}:
            running.register(range(REMEMBERED_CASES))
        if "memory" in wanted:
            found.append(_memory(running))
        if wanted & {"http", "visible"}:
            running.register(range(REMEMBERED_CASES, effort.cases))
        if "http" in wanted:
            found += _http(running, "one process", effort)
            running.settle()
        if "visible" in wanted:
            found.append(_visible(running, effort))
        return found


def in_its_own_process(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """http again, on the casework process alone."""
    if "http" not in wanted:
        return []
    with casework_alone(folder, range(effort.cases)) as running:
        return _http(running, "casework alone", effort)


def _start(running: Running) -> list[Figure]:
    found = [
        Figure("start", "`up` until it says so", running.started_in, "s", note="a prepared, empty data folder"),
    ]
    what, entry = "`./huajie --help`, the second time", ROOT / "huajie"
    if (Path(sys.prefix) / "installed").exists():
        took = []
        for _ in range(2):
            begun = time.perf_counter()
            subprocess.run([entry, "--help"], stdout=subprocess.DEVNULL, check=True)
            took.append(time.perf_counter() - begun)
        found.append(Figure("start", what, took[1], "s", goal=Goal(2.0, most=True)))
    else:
        note = "./huajie would first install: 先运行一次 ./huajie"
        found.append(Figure("start", what, None, "s", goal=Goal(2.0, most=True), note=note))
    return found


def _memory(running: Running) -> Figure:
    assert running.guard is not None
    serving, guard = pss_mib(running.pid), pss_mib(running.guard)
    broker = sum(pss_mib(pid) for pid in children(running.guard) if pid != running.pid)
    return Figure(
        "memory",
        f"memory of `up` with {REMEMBERED_CASES} cases (PSS)",
        serving + guard + broker,
        "MiB",
        goal=Goal(300, most=True),
        note=f"services {serving:.0f}, nats-server {broker:.0f}, guard {guard:.0f}",
    )


def _http(running: Running, where: str, effort: Effort) -> list[Figure]:
    found, rates = [], {}
    for clients in CLIENTS:
        cpu = cpu_seconds(running.pid)
        requests = log_visits(running, range(effort.cases))
        load = uvloop.run(closed_loop(running.port("casework"), clients, requests, effort.seconds, warm_up=1.0))
        rates[clients] = load.rate
        share = effort.seconds / (effort.seconds + 1.0)  # of the processor time, the warm-up's left out
        found.append(
            Figure(
                "http",
                f"LogVisit, {clients} client{'s' * (clients > 1)}, {where}",
                load.rate,
                "/s",
                goal=Goal(1500, paced=True) if clients == CLIENTS[-1] else None,
                note=_told(load)
                + f"; server {(cpu_seconds(running.pid) - cpu) * share / len(load.waits) * 1000:.2f} ms CPU"
                f" per command, generator {load.own_cpu / load.seconds:.0%} of a core",
            )
        )
    most = max(CLIENTS)
    times = rates[most] / rates[1]
    what = f"{most} clients ÷ 1 client, {where}"
    return [*found, Figure("http", what, rates[most], "/s", times, "1 client", Goal(3, of_ratio=True))]


def _told(load: Load) -> str:
    refused = f"; {len(load.refused)} refused, first {load.refused[0]}" if load.refused else ""
    return f"p50 {load.wait_ms(50):.1f} ms, p99 {load.wait_ms(99):.1f} ms{refused}"


def log_visits(running: Running, cases: range) -> Iterator[bytes]:
    """A visit in each case in turn, without end, each entered on the day on which it is made."""
    today = business_date(datetime.now(UTC)).isoformat()
    while True:
        for n in cases:
            number = next(visits)
            fact = casebook.visit(n, 20).model_dump(mode="json") | {"visit_id": f"v-{number}", "visited_on": today}
            headers = {"idempotency-key": f"bench-{number}"}
            body = json.dumps(fact, ensure_ascii=False).encode()
            yield post(f"/casework/cases/case-{n}/log-visit", running.token, body, headers)


def _visible(running: Running, effort: Effort) -> Figure:
    """Commands at a fixed rate; when each has been answered, this process looks for it in reporting's own database, read
    only: asking whether anything was committed costs microseconds, and the server nothing.

    Each case has been visited before: a first visit ends what was found of it, and is followed by a dozen facts of supervision.
    """
    first = islice(log_visits(running, range(REMEMBERED_CASES)), REMEMBERED_CASES)
    uvloop.run(closed_loop(running.port("casework"), 16, first))
    running.settle()
    delays, load, missing = uvloop.run(_watch(running, effort))
    return Figure(
        "visible",
        f"from answer to reporting, {VISIBLE_RATE:g} commands/s, p99",
        percentile(delays, 99) * 1000,
        "ms",
        goal=Goal(300, most=True),
        note=f"p50 {median(delays) * 1000:.0f} ms; HTTP {_told(load)}"
        + f"; {missing} never seen" * bool(missing)
        + f"; looked every {LOOK_SECONDS * 1000:g} ms into reporting's database, read only",
    )


async def _watch(running: Running, effort: Effort) -> tuple[list[float], Load, int]:
    cases = range(REMEMBERED_CASES)
    expected: dict[str, deque[tuple[int, float]]] = defaultdict(deque)
    delays: list[float] = []
    with Sheet(running.node.data / "reporting.db") as sheet:
        shown = sheet.visits([f"case-{n}" for n in cases])
        asked = dict(shown)

        def answered(number: int, at: float) -> None:
            case = f"case-{number % len(cases)}"
            asked[case] = asked.get(case, 0) + 1
            expected[case].append((asked[case], at))

        async def look() -> None:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                if not sheet.changed():
                    continue
                rows, now = sheet.visits(list(expected)), time.perf_counter()
                for case, visits in rows.items():
                    waiting = expected[case]
                    while waiting and waiting[0][0] <= visits:
                        delays.append(max(0.0, now - waiting.popleft()[1]))
                    if not waiting:
                        del expected[case]

        looking = asyncio.create_task(look())
        requests = log_visits(running, cases)
        load = await open_loop(running.port("casework"), VISIBLE_RATE, requests, effort.watched_seconds, answered)
        deadline = time.monotonic() + 15
        while expected and time.monotonic() < deadline:  # noqa: ASYNC110 - `look` empties it
            await asyncio.sleep(0.05)
        looking.cancel()
    return delays, load, sum(map(len, expected.values()))


class Sheet:
    """Reporting's sheet of cases in its SQLite file, opened to read only."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        columns = (
            "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name LIKE ?"
        )
        with_visits = f"{columns} AND c.name = 'visits' AND m.name NOT LIKE '%old'"
        (self._table,) = self._database.execute(with_visits, (f"{CASES.name}%",)).fetchone()
        self._version = 0

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def changed(self) -> bool:
        """Whether somebody has committed since we last asked."""
        last = self._version
        (self._version,) = self._database.execute("PRAGMA data_version").fetchone()
        return self._version != last

    def visits(self, cases: Sequence[str]) -> dict[str, int]:
        """How many visits each of these cases shows."""
        asked = f"SELECT key, visits FROM {self._table} WHERE key IN (SELECT value FROM json_each(?))"
        return dict(self._database.execute(asked, (json.dumps(cases),)))
