"""Law 3: kill -9 of any process at any time, under load, loses no answered command and doubles nothing.

Law 4 beside it: now and then the broker's disk is lost as well.
"""

import asyncio
import multiprocessing
import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from nats.js.errors import NotFoundError

from deploy.broker import Broker
from shared.bus import stream_name
from shared.events import read
from shared.events.chain import verify_chain
from shared.store import SQLiteLog
from tests.shared.on_the_bus import jetstream, of_the_log, on_the_stream
from tests.system import fault_node

Part = Callable[..., None]


class House:
    """The processes, each killed and started again at will."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.folder, self.broker = folder, broker
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.system.fault_node"])
        self.processes: dict[Part, ForkServerProcess] = {}
        self._starts = 0

    def start(self, part: Part, *, idle: bool = False) -> None:
        """Start a part; an idle writer only relays."""
        self._starts += 1
        names = [] if part in (fault_node.adopt, fault_node.report) else ["" if idle else f"run{self._starts}"]
        process = self._context.Process(target=part, args=(self.folder, self.broker.url, *names), daemon=True)
        process.start()
        self.processes[part] = process

    def kill(self, part: Part) -> None:
        """kill -9, and wait until it is gone. None goes by itself."""
        process = self.processes.pop(part)
        gone = process.exitcode
        process.kill()
        process.join()
        process.close()
        assert gone is None, f"{part.__name__} had ended by itself: {gone}"

    def kill_broker(self, *, wiped: bool = False) -> None:
        """kill -9 the broker, perhaps lose its disk, and start it again."""
        process = self.broker._process
        assert process is not None
        process.kill()
        process.wait()
        self.broker.stop()
        if wiped:
            self.broker.wipe()
        self.broker.start()

    def answered(self) -> list[tuple[str, str]]:
        """The commands that were answered, as (case, petition)."""
        lines = (self.folder / "answered").read_text().splitlines()
        return [(case_id, petition) for case_id, petition in map(str.split, lines)]

    def position(self, name: str, query: str) -> Any:
        """A number out of a database that others may be writing."""
        with closing(sqlite3.connect(f"file:{self.folder / name}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchone()[0] or 0

    def all_heard(self) -> bool:
        """Whether both readers have heard all of the log."""
        try:
            said = self.position("intake.db", "SELECT MAX(rowid) FROM stored_events")
            adopted = self.position("casework.db", "SELECT MAX(position) FROM heard")
            return bool(said == adopted == self.position("reporting.db", "SELECT MAX(position) FROM heard_1"))
        except sqlite3.OperationalError:
            return False

    def all_relayed(self) -> bool:
        """Whether the stream holds all of the log: what a broker lost that was killed is published again, also when everybody
        had heard it.
        """
        said = self.position("intake.db", "SELECT COUNT(*) FROM stored_events")
        return bool(asyncio.run(_facts_on(self.broker.url)) == said)


async def _facts_on(url: str) -> int:
    async with jetstream(url) as js:
        try:
            return (await js.stream_info(stream_name("intake"))).state.messages
        except NotFoundError:
            return 0


@pytest.fixture
def house(tmp_path: Path, broker: Broker) -> Iterator[House]:
    made = House(tmp_path / "house", broker)
    made.folder.mkdir()
    yield made
    for part in list(made.processes):
        made.kill(part)


def wait_for(check: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < ends, "it did not come about in time"
        time.sleep(0.05)


async def check(house: House) -> None:
    """Every answered command is in the log, and log, stream, adopted histories and rows all say the same, once."""
    with (
        closing(SQLiteLog(house.folder / "intake.db")) as log,
        closing(SQLiteLog(house.folder / "casework.db")) as heard,
    ):
        said: dict[str, list[str]] = defaultdict(list)
        documents: dict[str, list[bytes]] = defaultdict(list)
        for event in log.since(0, 10_000_000):
            documents[str(event.originator_id)].append(event.state)
            said[str(event.originator_id)].append(read(event.state).fact.petition_id)  # type: ignore[union-attr]  # no others
        for case_id, petition in house.answered():
            assert said[case_id].count(petition) == said[case_id].count(f"{petition}b") == 1
        for case_id, mine in said.items():
            assert len(set(mine)) == len(mine)
            assert [p for p in mine if p.endswith("b")] == [f"{p}b" for p in mine if not p.endswith("b")]
            verify_chain(documents[case_id])
            assert [event.state for event in heard.events(case_id)] == documents[case_id]
        assert await on_the_stream(house.broker.url) == of_the_log(log)
        assert heard.last_position() == log.last_position()
    with closing(fault_node.model_of(house.folder)) as model, model.reading() as (connection, tables):
        rows = connection.execute(sa.select(tables.sheets["cases"])).all()
        assert {row.key: (row.petitions, row.last) for row in rows} == {c: (len(p), p[-1]) for c, p in said.items()}
        numbers = {row.key: row.number for row in connection.execute(sa.select(tables.sheets["links"]))}
        assert numbers == {f"{c}/{p}": n + 1 for c, mine in said.items() for n, p in enumerate(mine)}


def havoc(house: House, parts: Sequence[Part], seed: int, blows: int) -> None:
    """Let them work, strike at random, and see what is left."""
    chance = random.Random(seed)
    for part in parts:
        house.start(part)
    wait_for(lambda: (house.folder / "answered").exists() and len(house.answered()) > 50, 30)
    for _ in range(blows):
        time.sleep(chance.uniform(0.1, 0.9))
        victim = chance.randrange(len(parts) + 2)
        if victim >= len(parts):
            house.kill_broker(wiped=victim > len(parts))
        else:
            house.kill(parts[victim])
            time.sleep(chance.choice((0.0, 0.0, 0.5)))
            house.start(parts[victim])
    writer = parts[0]
    house.kill(writer)
    house.start(writer, idle=True)
    wait_for(lambda: house.all_heard() and house.all_relayed(), 60)
    for part in parts:
        house.kill(part)
    asyncio.run(check(house))


SEPARATE: tuple[Part, ...] = (fault_node.write, fault_node.adopt, fault_node.report)
TOGETHER: tuple[Part, ...] = (fault_node.all_of_it,)


def test_processes_of_their_own_that_are_killed_lose_and_double_nothing(house: House) -> None:
    havoc(house, SEPARATE, seed=1, blows=10)


def test_one_process_for_all_that_is_killed_loses_and_doubles_nothing(house: House) -> None:
    havoc(house, TOGETHER, seed=2, blows=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 13))
def test_long_havoc_loses_and_doubles_nothing(house: House, seed: int) -> None:
    havoc(house, TOGETHER if seed % 3 == 0 else SEPARATE, seed, blows=60)
