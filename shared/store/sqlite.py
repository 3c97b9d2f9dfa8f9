"""A log in one SQLite file: WAL, a flush to disk per commit, one writing process."""

import fcntl
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from shared.store.beside import TABLES, Rows
from shared.store.log import Log, LogLocked

CLOSE_SECONDS = 30
"""How long a reader may keep a log from being closed; its connection then ends with the process."""


class DurablePool(SQLiteConnectionPool):
    """Connections that flush every commit to disk, whatever default this SQLite was built with."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute("PRAGMA synchronous=FULL")
        return connection

    def close(self) -> None:
        """Close all connections, when nobody reads any more: to close one under a statement crashes the interpreter."""
        with self._put_condition:
            if self._put_condition.wait_for(lambda: not self._in_use, CLOSE_SECONDS):
                super().close()


class AppendOnlyRecorder(SQLiteApplicationRecorder):
    """Positions that survive dump and restore and are never used again, on a table that refuses update and delete.

    The stock table numbers events by an implicit rowid, which a dump renumbers and a deleted tail re-uses.
    """

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore)
        self.insert_events_statement = (
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?,?,?,?)"
        )

    def construct_create_table_statements(self) -> list[str]:
        return [
            "CREATE TABLE IF NOT EXISTS stored_events (rowid INTEGER PRIMARY KEY AUTOINCREMENT,"
            " originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL, topic TEXT NOT NULL,"
            " state BLOB NOT NULL, UNIQUE (originator_id, originator_version))",
            *(
                f"CREATE TRIGGER IF NOT EXISTS no_{verb} BEFORE {verb} ON stored_events"
                " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ),
            # INSERT OR REPLACE deletes without asking the trigger on DELETE.
            "CREATE TRIGGER IF NOT EXISTS no_REPLACE BEFORE INSERT ON stored_events WHEN EXISTS (SELECT 1 FROM stored_events"
            " WHERE rowid = NEW.rowid"
            " OR (originator_id = NEW.originator_id AND originator_version = NEW.originator_version))"
            " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
            *(table.format(blob="BLOB") for table in TABLES),
        ]

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], *, beside: Rows = (), **_: Any
    ) -> Sequence[int] | None:
        positions = super()._insert_events(c, stored_events)
        for statement, parameters in beside:
            c.execute(statement, parameters)
        return positions


class SQLiteLog(Log):
    """A file of its own per service. Raises LogLocked when another process has it open."""

    shared_writers = False

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock: IO[str] = path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise LogLocked(str(path)) from None
        self._datastore = SQLiteDatastore(str(path), originator_id_type="text")
        self._datastore.pool = DurablePool(db_name=str(path))
        self.recorder = AppendOnlyRecorder(self._datastore)
        try:
            self.recorder.create_table()
            path.chmod(0o600)
        except BaseException:  # a full disk, a file that is none of ours: whoever tries again must find it free
            self.close()
            raise

    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute(statement, parameters)
            return [tuple(row) for row in cursor.fetchall()]

    def lease(self) -> bool:
        """Always: the lock taken on opening lets one process write, and that process is the relay."""
        return True

    def close(self) -> None:
        self._datastore.close()
        self._lock.close()
