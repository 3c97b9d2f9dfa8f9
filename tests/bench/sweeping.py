"""督查: how soon a fact leads to a verdict, how many cases a sweep gets through, and whether what is not due costs anything."""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from eventsourcing.persistence import StoredEvent

from deploy.node import POLICIES
from services.supervision.domain.judging import Assess
from services.supervision.preview import CORES, Preview
from services.supervision.rules import TABLES
from shared.events import GENESIS, Asked, document
from shared.events.casework import ProgressReported
from shared.standard import Standard
from shared.store import Log, Request
from shared.store.beside import Rows, due, sortable
from shared.terms import Role
from shared.workdays import DAY, start_of
from tests.bench.figures import Effort, Figure, Goal, median_ratio
from tests.bench.load import percentile
from tests.supervision.planted import KINDS, REGION, WINDOW, happened_on, planted
from tests.supervision.post import SYSTEM, Post, evening_of

EVENING = evening_of(WINDOW[0])
NOON = timedelta(hours=12)
"""When a fact was recorded, on the day on which it happened."""
LIVES = 10 * len(KINDS)
"""So many different lives; the cases beyond them live one of these under a name of their own."""
LAID_DOWN = 2_000
"""Cases laid down in one transaction."""
VERDICTS = 500


def figures(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """verdict, sweep: on logs that are laid down at once, as if each fact had been adopted before."""
    standard = Standard.of({path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}, TABLES)
    found: list[Figure] = []
    if "verdict" in wanted:
        found += asyncio.run(_verdicts(folder, standard))
    if "sweep" in wanted:
        found += asyncio.run(_sweep(folder, standard, effort))
        found += asyncio.run(_among(folder, standard, effort))
    return found


async def _verdicts(folder: Path, standard: Standard) -> list[Figure]:
    """A report comes in, and the case is judged on it: both are on disk."""
    waits = []
    with closing(_post(folder / "verdict", standard)) as post:
        _lay_down(post.store.log, VERDICTS)
        await post.watch.pass_over(EVENING)
        for n in range(VERDICTS):
            report = ProgressReported(report_id="report-0", reported_on=WINDOW[0], text="继续跟进")
            begun = time.perf_counter()
            await post.hear([(f"case-{n}", report)])
            await post.store.handle(f"case-{n}", Assess(as_of=EVENING), Request(SYSTEM))
            waits.append(time.perf_counter() - begun)
    note = f"p50 {median(waits) * 1000:.1f} ms; heard and judged, both on disk"
    return [Figure("verdict", "a case judged after one more fact, p99", percentile(waits, 99) * 1000, "ms", note=note)]


async def _sweep(folder: Path, standard: Standard, effort: Effort) -> list[Figure]:
    """All cases are due, and none is at hand."""
    with closing(_post(folder / "sweep", standard)) as post:
        _lay_down(post.store.log, effort.stored)
        cpu, begun = sum(os.times()[:4]), time.perf_counter()
        decided, _ = await post.watch.pass_over(EVENING)
        took, cpu = time.perf_counter() - begun, sum(os.times()[:4]) - cpu  # also of processes that judge ahead
        assert decided == effort.stored
    note = f"{cpu / decided * 1000:.2f} ms CPU each; none at hand; of one in three something is said that day"
    what = f"sweep of {decided:,} due cases"
    return [Figure("sweep", what, decided / took, "cases/s", goal=Goal(10_000, paced=True), note=note)]


async def _among(folder: Path, standard: Standard, effort: Effort) -> list[Figure]:
    """The same few are due, among many open cases and among a hundredth of them; turn by turn."""
    few, sizes = effort.stored // 100, (effort.stored * 10, effort.stored // 10)
    passes: dict[int, list[float]] = {size: [] for size in sizes}
    records = []
    with ExitStack() as stack:
        posts = {size: stack.enter_context(closing(_post(folder / f"among-{size}", standard))) for size in sizes}
        for size, post in posts.items():
            _lay_down(post.store.log, few)
            _open(post.store.log, size - few)
            begun = time.perf_counter()
            await post.watch.pass_over(EVENING)
            records.append(time.perf_counter() - begun)
        for _ in range(effort.rounds):
            for size, post in posts.items():
                _due_again(post.store.log)
                begun = time.perf_counter()
                await post.watch.pass_over(EVENING)
                passes[size].append(time.perf_counter() - begun)
    many, fewer = sizes
    return [
        Figure(
            "sweep",
            f"{few:,} due among {many:,} open",
            median(passes[many]) * 1000,
            "ms",
            median_ratio(passes[many], passes[fewer]),
            f"among {fewer:,}",
            Goal(1.5, of_ratio=True, most=True),
            f"the first pass of the day, which counts all that is open for its record: {records[0]:.1f} s"
            f" ÷ {records[1]:.1f} s",
        )
    ]


def _post(folder: Path, standard: Standard) -> Post:
    folder.mkdir()
    return Post(folder, standard, preview=Preview(folder, None, standard) if CORES > 1 else None)


def _lay_down(log: Log, cases: int) -> None:
    """Cases with all that is known of them on the first evening, and due then."""
    lives = [list(_life(n)) for n in range(min(LIVES, cases))]
    numbers = iter(range(cases))
    while some := list(islice(numbers, LAID_DOWN)):
        events: list[StoredEvent] = []
        rows: list[tuple[str, tuple[object, ...]]] = []
        for n in some:
            of, name = n % LIVES, f"case-{n}"
            events += (
                StoredEvent(name, version, topic, raw.replace(b"case-%d" % of, name.encode()))
                for version, (topic, raw) in enumerate(lives[of], start=1)
            )
            rows += due(name, len(lives[of]), EVENING)
        log.append(events, rows)


def _life(n: int) -> Iterator[tuple[str, bytes]]:
    """Topic and document of each fact of the n-th planted case."""
    case, spoken = planted(n), dict[str, int]()
    for fact in case.facts:
        if happened_on(fact) <= WINDOW[0]:
            version = spoken[fact.speaker] = spoken.get(fact.speaker, 0) + 1
            asked = Asked("handler-1", Role.HANDLER, start_of(happened_on(fact)) + NOON)
            yield (
                f"adopted:{type(fact).__name__}",
                document(fact, region=REGION, case_id=case.case_id, version=version, prevhash=GENESIS, asked=asked),
            )


def _open(log: Log, cases: int) -> None:
    """Cases that are open, and not due for long: their documents are not read, and say nothing."""
    later = EVENING + 90 * DAY
    numbers = iter(range(cases))
    while some := [f"open-{n}" for n in islice(numbers, 10 * LAID_DOWN)]:
        rows: Rows = [row for name in some for row in due(name, 1, later)]
        log.append([StoredEvent(name, 1, "adopted:CaseRegistered", b"{}") for name in some], rows)


def _due_again(log: Log) -> None:
    """What was laid down is due once more."""
    again = "UPDATE due SET at = ? WHERE case_id >= 'case-' AND case_id < 'case.'"
    log.append((), [(again, (sortable(EVENING),))])
