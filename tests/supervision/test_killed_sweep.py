"""Law 8: a sweep that is killed half way, and started again, leaves nothing out, says nothing twice, and counts what is there."""

import multiprocessing
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from services.supervision.domain.sweeps import SWEEPS
from shared.events import read
from shared.events.supervision import SweepCompleted
from shared.standard import Standard
from shared.store import Log, SQLiteLog
from shared.store.beside import sortable
from tests.supervision.planted import WINDOW, happened_on, planted
from tests.supervision.post import Post, evening_of, first_evening, sweep

CASES = 400
UNITS = 8
"""How many units have a hand in them: each is asked about its book."""
PATIENCE_SECONDS = 120


async def test_a_killed_sweep_goes_on_where_it_was(national: Standard, tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for folder in (killed, whole):
        with closing(Post(folder, national)) as post:
            cases = map(planted, range(CASES))
            await post.hear((c.case_id, f) for c in cases for f in c.facts if happened_on(f) <= WINDOW[0])
    assert due_in(killed) == CASES + UNITS

    left = killed_half_way(killed)
    assert 0 < left < CASES + UNITS
    await first_evening(killed)
    await first_evening(whole)

    ended, other = (SQLiteLog(folder / "supervision.db") for folder in (killed, whole))
    with closing(ended), closing(other):
        assert said_in(ended) == said_in(other)
        (record,), (undisturbed,) = sweeps_in(ended), sweeps_in(other)
    assert (undisturbed.due, undisturbed.decided, undisturbed.units) == (CASES + UNITS, CASES + UNITS, UNITS)
    assert (record.due, record.decided, record.skipped) == (left, left, ())
    assert (record.cases, record.open_cases, record.unwatched) == (CASES, CASES, 0)
    assert record.positions == undisturbed.positions
    assert due_in(killed) == 0

    await first_evening(killed)  # and once more: the day is on record
    with closing(SQLiteLog(killed / "supervision.db")) as log:
        assert sweeps_in(log) == [record]


def killed_half_way(folder: Path) -> int:
    """Begin a sweep, and kill -9 it once some of it is on disk. Answers how many cases are due still."""
    process = multiprocessing.get_context("forkserver").Process(target=sweep, args=(folder,), daemon=True)
    process.start()
    patience = time.monotonic() + PATIENCE_SECONDS
    while due_in(folder) == CASES + UNITS and time.monotonic() < patience:
        time.sleep(0.002)
    process.kill()
    process.join()
    assert process.exitcode == -9
    process.close()
    return due_in(folder)


def due_in(folder: Path) -> int:
    """How many cases and units are due on the first evening, as any reader of the file sees it."""
    with closing(sqlite3.connect(folder / "supervision.db")) as connection:
        at = sortable(evening_of(WINDOW[0]))
        return int(connection.execute("SELECT COUNT(*) FROM due WHERE at <= ?", (at,)).fetchone()[0])


def said_in(log: Log) -> Counter[tuple[str, bytes]]:
    """What supervision itself says of cases, to the letter, and how often."""
    own: Counter[tuple[str, bytes]] = Counter()
    for n in range(CASES):
        own.update(
            (f"case-{n}", event.state) for event in log.events(f"case-{n}") if not event.topic.startswith("adopted:")
        )
    return own


def sweeps_in(log: Log) -> list[SweepCompleted]:
    """The sweeps on record."""
    facts = (read(event.state).fact for event in log.events(SWEEPS))
    return [fact for fact in facts if isinstance(fact, SweepCompleted)]
