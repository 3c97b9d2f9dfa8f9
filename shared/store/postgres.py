"""A log in a PostgreSQL schema: any number of writing processes, one of which relays and listens."""

import threading
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import PoolTimeout

from shared.store.beside import TABLES, Rows
from shared.store.log import Log

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_SECONDS = 5
"""How long an append may wait for its turn, and anything for a connection, before it is refused as unavailable."""
CONNECTIONS = 12
SHUTTING_DOWN = ("57P01", "57P02", "57P03")


def _native(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()


def despite_dead_connections(work: Callable[P, T]) -> Callable[P, T]:
    """Try the next connection of the pool when one turns out to be dead, as all do after the database was restarted.

    The library's own retry would also wait ten times for a database that is away, or for a lock.
    """

    @wraps(work)
    def trying(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(CONNECTIONS):
            try:
                return work(*args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                cause = error.__cause__
                if isinstance(cause, PoolTimeout) or not isinstance(cause, psycopg.Error):
                    raise
                if cause.sqlstate is not None and cause.sqlstate not in SHUTTING_DOWN:
                    raise
        return work(*args, **kwargs)

    return trying


class Datastore(PostgresDatastore):
    """Connections as the DSN says, whole: its TLS settings count. Our schema is where unqualified names are found."""

    def __init__(self, dsn: str, schema: str) -> None:
        super().__init__(
            "", "", "", "", "",
            connect_timeout=PATIENCE_SECONDS, pool_size=4, max_overflow=CONNECTIONS - 4, schema=schema,
            originator_id_type="text",
        )  # fmt: skip
        parts = conninfo_to_dict(dsn)
        options = f"{parts.pop('options', '') or ''} -c search_path={schema} -c lock_timeout={PATIENCE_SECONDS}s"
        self.pool.kwargs = {"connect_timeout": PATIENCE_SECONDS} | parts | {"options": options, "row_factory": dict_row}
        self.pool.reconnect_timeout = 1.0  # give up soon: the next caller tries again, and need not wait for a back-off


class AppendOnlyRecorder(PostgresApplicationRecorder):
    """One writing transaction at a time, so that commit order and position order are the same.

    The stock recorder locks the table, for which its role would need more than INSERT and SELECT; an advisory lock gives
    the same order. The library's `enable_db_functions` takes no lock, and then a reader that tails the log loses events: it
    is never on here, and its function is not even made.
    """

    select_events = despite_dead_connections(PostgresApplicationRecorder.select_events.__wrapped__)
    select_notifications = despite_dead_connections(PostgresApplicationRecorder.select_notifications.__wrapped__)
    max_notification_id = despite_dead_connections(PostgresApplicationRecorder.max_notification_id.__wrapped__)
    insert_events = despite_dead_connections(PostgresApplicationRecorder.insert_events.__wrapped__)

    def __init__(self, datastore: PostgresDatastore) -> None:
        if datastore.enable_db_functions:
            raise ValueError("enable_db_functions must stay off: a tailing reader would lose events")
        super().__init__(datastore)
        del self.sql_create_statements[self.create_insert_function_statement_index]

    def create_table(self) -> None:
        """Make what is missing; the first of several processes that start together does it."""
        schema = self.datastore.schema
        with self.datastore.get_connection() as turn:
            turn.execute("SELECT pg_advisory_lock(hashtext(%s))", (f"huajie tables {schema}",))
            try:
                turn.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
                super().create_table()
                for statement in (*_hardening(schema), *(table.format(blob="BYTEA") for table in TABLES)):
                    turn.execute(_native(statement))
            finally:
                turn.execute("SELECT pg_advisory_unlock(hashtext(%s))", (f"huajie tables {schema}",))

    def _insert_events(
        self,
        curs: psycopg.Cursor[DictRow],
        stored_events: Sequence[StoredEvent],  # noqa: ARG002 - the library's own hook
        *,
        beside: Rows = (),
        **_: Any,
    ) -> None:
        curs.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", (f"huajie log {self.datastore.schema}",), prepare=True
        )
        for statement, parameters in beside:
            curs.execute(_native(statement), parameters)

    def _lock_table(self, curs: psycopg.Cursor[DictRow]) -> None:
        """Locked already, before the rows beside."""

    def _notify_channel(self, curs: psycopg.Cursor[DictRow]) -> None:
        """Nobody listens: the relay is woken by the writer, and asks."""


def _hardening(schema: str) -> Sequence[str]:
    return (
        f"CREATE OR REPLACE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'the log is append-only'; END$$",
        f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.stored_events"
        f" EXECUTE FUNCTION {schema}.refuse()",
    )


class PostgresLog(Log):
    """One schema per service. The role that writes needs no more than INSERT and SELECT on the events."""

    shared_writers = True

    def __init__(self, dsn: str, schema: str) -> None:
        self._dsn, self._schema = dsn, schema
        self._leasing = threading.Lock()
        self._lease: psycopg.Connection | None = None
        self._datastore = Datastore(dsn, schema)
        self.recorder = AppendOnlyRecorder(self._datastore)
        if not self.query("SELECT to_regclass(?)", (f"{schema}.book",))[0][0]:
            self.recorder.create_table()

    @despite_dead_connections
    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._datastore.cursor() as cursor:
            cursor.execute(_native(statement), parameters)
            return [tuple(row.values()) for row in cursor.fetchall()]

    def lease(self) -> bool:
        """An advisory lock of a connection of its own: when that connection is lost, so is the lease."""
        with self._leasing:
            try:
                if self._lease is not None:
                    self._lease.execute("SELECT 1")
                    return True
                connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=PATIENCE_SECONDS)
                found = connection.execute(
                    "SELECT pg_try_advisory_lock(hashtext(%s))", (f"huajie lease {self._schema}",)
                )
                if (row := found.fetchone()) is None or not row[0]:
                    connection.close()
                    return False
                self._lease = connection
                return True
            except psycopg.Error:
                if self._lease is not None:
                    self._lease.close()
                    self._lease = None
                return False

    def close(self) -> None:
        if self._lease is not None:
            self._lease.close()
        self._datastore.close()
