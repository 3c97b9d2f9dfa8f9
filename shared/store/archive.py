"""A log as somebody reads it who never writes: whole histories one after the other, beside the process that writes, or after it."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

History = tuple[str, list[tuple[int, bytes]]]
"""A history's id, and its documents with their positions, in its own order."""

AT_ONCE = 2000
"""Events in one fetch."""


class NoLog(Exception):
    """There is no log at this place."""


class Archive(ABC):
    """A log up to the position at which it was opened: what is appended later is not in it. Use it in a `with`."""

    table: str
    position: str

    def __init__(self, through: int | None = None) -> None:
        last = f"SELECT MAX({self.position}) FROM {self.table}"
        self.through = through if through is not None else int(next(iter(self.rows(last, ())))[0] or 0)
        """The last position that is in it."""

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def ranges(self, size: int) -> Iterator[tuple[str, str, int]]:
        """Which histories to read together, as (first id, last id, events): about so many events in each range."""
        first, last, events = "", "", 0
        counted = f"SELECT originator_id, COUNT(*) FROM {self.table} GROUP BY originator_id ORDER BY originator_id"
        for history, many in self.rows(counted, ()):
            first, last, events = first or history, history, events + many
            if events >= size:
                yield first, last, events
                first, events = "", 0
        if first:
            yield first, last, events

    def histories(self, first: str, last: str) -> Iterator[History]:
        """The histories from one id to another, both included, in order."""
        return self._where("originator_id >= ? AND originator_id <= ?", (first, last))

    def several(self, names: Sequence[str]) -> Iterator[History]:
        """These histories, in order. What there is none of is left out."""
        return self._where(f"originator_id IN ({', '.join('?' for _ in names)})", names) if names else iter(())

    def _where(self, which: str, names: Sequence[str]) -> Iterator[History]:
        read = (
            f"SELECT {self.position}, originator_id, state FROM {self.table}"
            f" WHERE {which} AND {self.position} <= ? ORDER BY originator_id, originator_version"
        )
        for history, events in groupby(self.rows(read, (*names, self.through)), key=itemgetter(1)):
            yield str(history), [(position, bytes(state)) for position, _, state in events]

    def history(self, name: str) -> list[tuple[int, bytes]]:
        """One history; empty when there is none."""
        return [event for _, events in self.histories(name, name) for event in events]

    def in_book(self, name: str) -> list[tuple[str, str, str]]:
        """Which cases stand in the book of a unit, each with the unit's name and region as they stand there."""
        book = self.table.replace("stored_events", "book")
        read = f"SELECT case_id, unit, region FROM {book} WHERE name = ? ORDER BY case_id"
        return [(str(case_id), str(unit), str(region)) for case_id, unit, region in self.rows(read, (name,))]

    @abstractmethod
    def rows(self, statement: str, parameters: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        """What a statement with `?` for its parameters reads, some rows at a time."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""


class SQLiteArchive(Archive):
    """A log in a file. Raises NoLog."""

    table, position = "stored_events", "rowid"

    def __init__(self, path: Path, through: int | None = None) -> None:
        if not path.exists():
            raise NoLog(path)
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            super().__init__(through)
        except BaseException:
            self._connection.close()
            raise

    def rows(self, statement: str, parameters: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        with closing(self._connection.execute(statement, parameters)) as cursor:
            while some := cursor.fetchmany(AT_ONCE):
                yield from some

    def close(self) -> None:
        self._connection.close()


class PostgresArchive(Archive):
    """A log in a schema, in a session that may only read. Raises NoLog."""

    position = "notification_id"

    def __init__(self, dsn: str, schema: str, through: int | None = None) -> None:
        import psycopg  # only who keeps logs there needs it

        self.table = f"{schema}.stored_events"
        self._numbers = count()
        self._connection = psycopg.connect(dsn)
        try:
            self._connection.read_only = True
            found = self._connection.execute("SELECT to_regclass(%s)", (self.table,)).fetchone()
            if found is None or found[0] is None:
                raise NoLog(self.table)
            super().__init__(through)
        except BaseException:
            self._connection.close()
            raise

    def rows(self, statement: str, parameters: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        with self._connection.cursor(name=f"archive_{next(self._numbers)}") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(statement.replace("?", "%s").encode(), parameters)
            yield from cursor

    def close(self) -> None:
        self._connection.close()


def open_archive(service: str, folder: Path, dsn: str | None = None, through: int | None = None) -> Archive:
    """The log of a service to be read: a file in the folder, or a schema of the database that the DSN names. Raises NoLog."""
    return PostgresArchive(dsn, service, through) if dsn else SQLiteArchive(folder / f"{service}.db", through)
