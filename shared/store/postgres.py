"""A log in a PostgreSQL schema: any number of writing processes, one of which relays."""

from collections.abc import Sequence
from typing import Any

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow

from shared.store.log import TABLES_BESIDE, Beside, Log

LOCK_SECONDS = 5
"""How long an append may wait for the table lock before the command is refused as unavailable. The default is for ever."""


def _native(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()


class AppendOnlyRecorder(PostgresApplicationRecorder):
    """The recorder with its table lock, and with our rows in the same transaction.

    The lock makes commit order and position order the same. The library's `enable_db_functions` drops it, and then a
    reader that tails the log loses events: it is never on here.
    """

    def __init__(self, datastore: PostgresDatastore) -> None:
        if datastore.enable_db_functions:
            raise ValueError("enable_db_functions must stay off: a tailing reader would lose events")
        super().__init__(datastore)
        schema = datastore.schema
        function = f"CREATE OR REPLACE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS"
        self._hardening = (
            f"{function} $$BEGIN RAISE EXCEPTION 'the log is append-only'; END$$",
            f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.stored_events"
            f" EXECUTE FUNCTION {schema}.refuse()",
            *(statement.format(blob="BYTEA") for statement in TABLES_BESIDE),
        )

    def create_table(self) -> None:
        schema = self.datastore.schema
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(_native(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        super().create_table()
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(_native(f"SET LOCAL search_path TO {schema}"))
            for statement in self._hardening:
                cursor.execute(_native(statement))

    def _insert_events(
        self,
        curs: psycopg.Cursor[DictRow],
        stored_events: Sequence[StoredEvent],  # noqa: ARG002 - the library's own hook
        *,
        beside: Beside = (),
        **_: Any,
    ) -> None:
        if beside:
            curs.execute(_native(f"SET LOCAL search_path TO {self.datastore.schema}"))
        for statement, parameters in beside:
            curs.execute(_native(statement), parameters)


class PostgresLog(Log):
    """One schema per service. The role that writes needs no more than INSERT and SELECT on the events."""

    shared_writers = True

    def __init__(self, dsn: str, schema: str) -> None:
        parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
        self._dsn, self._schema = dsn, schema
        self._relay_lock: psycopg.Connection | None = None
        self._datastore = PostgresDatastore(
            parts.get("dbname", "huajie"),
            parts.get("host", "127.0.0.1"),
            parts.get("port", "5432"),
            parts.get("user", "huajie"),
            parts.get("password", ""),
            pool_size=4,
            max_overflow=8,
            lock_timeout=LOCK_SECONDS,
            schema=schema,
            originator_id_type="text",
        )
        self.recorder = AppendOnlyRecorder(self._datastore)
        if not self.query("SELECT to_regclass(?)", (f"{schema}.due",))[0][0]:
            self.recorder.create_table()

    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute(_native(f"SET LOCAL search_path TO {self._schema}"))
            cursor.execute(_native(statement), parameters)
            return [tuple(row.values()) for row in cursor.fetchall()]

    def lease(self) -> bool:
        """An advisory lock of a connection of its own: when that connection is lost, so is the lease."""
        try:
            if self._relay_lock is not None:
                self._relay_lock.execute("SELECT 1")
                return True
            connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=LOCK_SECONDS)
        except psycopg.OperationalError:
            self._relay_lock = None
            return False
        row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (f"huajie:{self._schema}",)).fetchone()
        if row is None or not row[0]:
            connection.close()
            return False
        self._relay_lock = connection
        return True

    def close(self) -> None:
        if self._relay_lock is not None:
            self._relay_lock.close()
        self._datastore.close()
