"""A case with a long history: how much longer a command on it takes than one on a fresh case, with its state at hand and
right after a start, when it has to be folded first."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median

import uvloop

from tests.bench.figures import Effort, Figure, Goal
from tests.bench.load import closed_loop
from tests.bench.node import Running, embedded
from tests.bench.serving import log_visits

FACTS = 500
CASES = 10
"""So many cases have a long history, and so many none."""
ROUNDS = 20
"""Commands on each, when their state is at hand."""
LONG, FRESH = range(CASES), range(CASES, 2 * CASES)


def figures(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:  # noqa: ARG001 - a part's shape
    """long-case: the medians' difference, cached and cold."""
    if "long-case" not in wanted:
        return []
    with embedded(folder) as running:
        running.register(range(2 * CASES))
        uvloop.run(closed_loop(running.port("casework"), 16, islice(log_visits(running, LONG), CASES * FACTS)))
        running.settle()
        at_hand = _longer(running, ROUNDS)
    with embedded(folder) as running:
        running.settle()
        cold = _longer_at_first(running)
    goal = Goal(10, most=True, paced=True)
    return [
        Figure("long-case", f"LogVisit on {FACTS} facts, longer than on a fresh case", at_hand, "ms", goal=goal),
        Figure("long-case", "the same, the first time after a start", cold, "ms", goal=goal),
    ]


def _longer(running: Running, rounds: int) -> float:
    """Milliseconds by which the median wait of one client on the long cases exceeds that on the fresh ones."""
    return 1000 * (median(_waits(running, LONG, rounds)) - median(_waits(running, FRESH, rounds)))


def _longer_at_first(running: Running) -> float:
    """The same, once each, as when people come one after the other: what a command sets off has come to its end before the next
    one, or in one process that waits for the verdict on the case before.
    """
    waits: dict[range, list[float]] = {FRESH: [], LONG: []}
    for pair in zip(FRESH, LONG, strict=True):
        for cases, n in zip(waits, pair, strict=True):
            waits[cases] += _waits(running, range(n, n + 1), 1)
            running.settle()
    return 1000 * (median(waits[LONG]) - median(waits[FRESH]))


def _waits(running: Running, cases: range, rounds: int) -> Sequence[float]:
    requests = islice(log_visits(running, cases), len(cases) * rounds)
    return uvloop.run(closed_loop(running.port("casework"), 1, requests)).waits
