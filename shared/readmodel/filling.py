"""Filling the tables of a rebuild: by one process, or the cases shared out among several so that every core folds.

A fact changes only rows that no fact of another case changes. So each process folds its cases alone, and only the writing
waits for its turn.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import NamedTuple, Protocol
from zlib import crc32

from shared.crew import crew
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
        self._stack = ExitStack()
        self._shares = [_Share(self._stack.enter_context(crew(1, _begin, what))) for _ in range(processes)]

    def fill(self, new: Sequence[Delivery]) -> None:
        """Hand each fact to the process that has its case."""
        parts: list[list[Delivery]] = [[] for _ in self._shares]
        for delivery in new:
            parts[crc32(case_of(delivery.document).encode()) % len(parts)].append(delivery)
        for share, part in zip(self._shares, parts, strict=True):
            share.fill(part)

    def settle(self) -> None:
        """Wait for all of them."""
        for share in self._shares:
            share.settle()

    def close(self) -> None:
        """Let them go."""
        self._stack.close()


class _Share:
    """Some of the cases, and the one process that fills them in."""

    def __init__(self, hands: ProcessPoolExecutor) -> None:
        self._hands = hands
        self._under_way: deque[Future[None]] = deque()

    def fill(self, new: Sequence[Delivery]) -> None:
        if len(self._under_way) >= AHEAD:
            self._first_of_them_done()
        with _noticed():
            self._under_way.append(self._hands.submit(_fill, new))

    def settle(self) -> None:
        while self._under_way:
            self._first_of_them_done()

    def _first_of_them_done(self) -> None:
        with _noticed():
            self._under_way.popleft().result()


@contextmanager
def _noticed() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as broken:
        raise Lost from broken


_own: list[Filler] = []


def _begin(what: What) -> None:
    _own.append(Filler(what, Database(what.url, what.service)))


def _fill(new: Sequence[Delivery]) -> None:
    _own[0].fill(new)
