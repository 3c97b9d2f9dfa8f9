"""The database of a read model: what a transaction sees, and who may write.

Everything in it can be rebuilt from the logs, so a commit need not be flushed to disk at once; it must only never be half
there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json

from shared.engines import let_go

BUSY_SECONDS = 10


class Database:
    """One database, for readers who see one state and for one writer at a time. Its errors do not repeat what is in rows."""

    def __init__(self, url: str, service: str) -> None:
        self._service = service
        self._leasing = threading.Lock()
        self._lease: sa.Connection | None = None
        if url.startswith("sqlite"):
            self._engine = sa.create_engine(url, hide_parameters=True, json_serializer=_json)
            self._writer = self._engine.execution_options(writing=True)
            sa.event.listen(self._engine, "connect", _prepare)
            sa.event.listen(self._engine, "begin", _begin)
        else:
            self._engine = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, json_serializer=_json)
            self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")

    @property
    def shared(self) -> bool:
        """Whether other processes may use it too."""
        return self._engine.dialect.name != "sqlite"

    @property
    def dialect(self) -> sa.Dialect:
        """The language of the database."""
        return self._engine.dialect

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state, whatever is written meanwhile."""
        with self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ") if self.shared else connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer is in, here or in another process."""
        with self._writer.begin() as connection:
            if self.shared:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(self._key("rows"))))
            yield connection

    def lease(self) -> bool:
        """Whether this process is the one that listens for these rows; tries to become it.

        On PostgreSQL an advisory lock of a connection of its own: when that connection is lost, so is the lease.
        """
        if not self.shared:
            return True
        with self._leasing:
            try:
                if self._lease is None:
                    connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                    if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(self._key("lease")))).scalar():
                        connection.close()
                        return False
                    self._lease = connection
                self._lease.execute(sa.select(1))
                return True
            except sa.exc.SQLAlchemyError:
                self._release()
                return False

    def close(self) -> None:
        """Release the lease, and the connections as soon as nobody reads any more."""
        with self._leasing:
            self._release()
        let_go(self._engine)

    def _release(self) -> None:
        """Give the lease up, and end its connection: back in the pool it would hold the lock on."""
        if self._lease is not None:
            self._lease.invalidate()
            self._lease.close()
            self._lease = None

    def _key(self, what: str) -> Any:
        return sa.func.hashtext(f"huajie {what} {self._service}")


def _json(value: Any) -> str:
    return to_json(value).decode()


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late to see one state
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")
