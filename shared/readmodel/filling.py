"""Filling the tables of a rebuild: by one process, or the cases shared out among several so that every core folds.

A fact changes only rows that no fact of another case changes. So each process folds its cases alone, and only the writing
waits for its turn.
"""

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple, Protocol
from zlib import crc32

from shared.events import case_of
from shared.readmodel.engine import Database
from shared.readmodel.folding import Project
from shared.readmodel.generations import check_filling
from shared.readmodel.rows import Rows, park_the_unwritable
from shared.readmodel.tables import Sheet, define
from shared.store import Delivery

ALONE = 20_000
"""Up to so many facts, starting more processes takes longer than they would save."""
MOST = 4
"""More processes than these only wait for each other to write."""
AHEAD = 2
"""Batches under way to a process, so that it always has work."""
SELDOM = 100_000
"""New objects between two collections of a process that makes no cycles: at the usual pace collecting took a tenth of the time."""


class Lost(Exception):
    """A process of the rebuild died; what it had folded is not in the tables."""

    def __init__(self) -> None:
        super().__init__(
            "重建的一个进程中途退出，未切换；请再试。 / a process of the rebuild died; nothing was switched. Try again."
        )


class What(NamedTuple):
    """What is filled, as another process can be told: by reference where it is code."""

    url: str
    service: str
    sheets: Sequence[Sheet]
    project: Project
    number: int


class Filler:
    """Folds the facts of some cases into a generation that was empty when it began."""

    def __init__(self, what: What, database: Database) -> None:
        self._what, self._database = what, database
        self._tables = define(what.sheets, what.number, database.dialect)
        self._rows = Rows(what.number, began_empty=True)

    def fill(self, new: Sequence[Delivery]) -> None:
        """Take facts in that were not heard before. Raises Superseded."""
        park_the_unwritable(self._fill, new)

    def _fill(self, new: Sequence[Delivery], refused: str | None) -> None:
        with self._database.reading() as connection:
            check_filling(connection, self._what.number)
            batch = self._rows.fold(connection, self._tables, self._what.project, new, refused)
        with self._database.writing() as connection:
            check_filling(connection, self._what.number)
            batch.write(connection)
        self._rows.keep(batch)

    def settle(self) -> None:
        """Wait until everything is written: it is."""

    def close(self) -> None:
        """Stop: there is nothing to stop."""


class Filling(Protocol):
    """Who takes facts in that were not heard before."""

    def fill(self, new: Sequence[Delivery]) -> None:
        """Take facts in, now or soon. Raises what taking them, or earlier ones, in raised."""

    def settle(self) -> None:
        """Wait until everything is written. Raises what writing it raised."""

    def close(self) -> None:
        """Stop, whatever is left to do."""


def filling(what: What, database: Database, facts: int) -> Filling:
    """Who fills a generation with about so many facts."""
    processes = min(os.cpu_count() or 1, MOST)
    return Filler(what, database) if processes == 1 or facts <= ALONE else Shared(what, processes)


class Shared:
    """Shares the cases out among processes."""

    def __init__(self, what: What, processes: int) -> None:
        self._processes = [_Process(what) for _ in range(processes)]

    def fill(self, new: Sequence[Delivery]) -> None:
        """Hand each fact to the process that has its case."""
        shares: list[list[Delivery]] = [[] for _ in self._processes]
        for delivery in new:
            shares[crc32(case_of(delivery.document).encode()) % len(shares)].append(delivery)
        for process, share in zip(self._processes, shares, strict=True):
            process.fill(share)

    def settle(self) -> None:
        """Wait for all of them."""
        for process in self._processes:
            process.settle()

    def close(self) -> None:
        """Stop all of them."""
        for process in self._processes:
            process.close()


class _Process:
    """A filler in a process of its own. It ends with this one, even when this one is killed: their pipe breaks then."""

    def __init__(self, what: What) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, what), daemon=True)
        self._process.start()
        theirs.close()
        self._turns = ThreadPoolExecutor(1)
        self._under_way: deque[Future[None]] = deque()

    def fill(self, share: Sequence[Delivery]) -> None:
        if len(self._under_way) >= AHEAD:
            self._under_way.popleft().result()
        self._under_way.append(self._turns.submit(self._send, share))

    def _send(self, share: Sequence[Delivery]) -> None:
        try:
            self._pipe.send(share)
            error = self._pipe.recv()
        except (OSError, EOFError) as broken:
            raise Lost from broken
        if error is not None:
            raise error

    def settle(self) -> None:
        while self._under_way:
            self._under_way.popleft().result()

    def close(self) -> None:
        self._process.kill()  # what it has not committed is void with the generation
        self._process.join()
        self._turns.shutdown(cancel_futures=True)
        self._pipe.close()


def _serve(pipe: Connection, what: What) -> None:
    """Fill what comes through the pipe, and answer each time with None or with what was raised, until the pipe breaks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; ours to obey is the pipe
    gc.freeze()
    gc.set_threshold(SELDOM)
    filler = Filler(what, Database(what.url, what.service))
    with suppress(EOFError, OSError):
        while True:
            share, error = pipe.recv(), None
            try:
                filler.fill(share)
            except Exception as raised:
                error = raised
            pipe.send(error)
