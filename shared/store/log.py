"""A service's own append-only log: the only durable truth, on SQLite or PostgreSQL.

Stands on the recorders of `eventsourcing`. Rows that must agree with the log (how far we have listened, which cases are
parked, what is due when) are written beside the events in the same transaction.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent

Beside = Sequence[tuple[str, tuple[Any, ...]]]
"""Statements with `?` for their parameters, to run in the transaction of an append."""

TABLES_BESIDE = (
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS heard (origin TEXT, epoch TEXT, position BIGINT NOT NULL, PRIMARY KEY (origin, epoch))",
    "CREATE TABLE IF NOT EXISTS parked (origin TEXT, epoch TEXT, position BIGINT, previous BIGINT NOT NULL,"
    " case_id TEXT NOT NULL, error TEXT NOT NULL, document {blob} NOT NULL, PRIMARY KEY (origin, epoch, position))",
    "CREATE TABLE IF NOT EXISTS due (case_id TEXT PRIMARY KEY, at TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS due_at ON due (at)",
)


class LogLocked(Exception):
    """Another process writes this log already."""


class Log(ABC):
    """What the store and the relay need of a log. Positions are unique, rising and never used again."""

    recorder: ApplicationRecorder
    shared_writers: bool
    """Whether other processes may append too, so that what is cached must be refreshed before deciding."""

    def append(self, events: Sequence[StoredEvent], beside: Beside = ()) -> Sequence[int]:
        """Append in one transaction and answer the positions.

        Raises eventsourcing's IntegrityError when a version exists already (also after a commit whose answer was lost:
        compare before saying conflict) and OperationalError when the database cannot be written.
        """
        return self.recorder.insert_events(events, beside=beside) or ()

    def events(self, case_id: str, after: int = 0) -> Sequence[StoredEvent]:
        """A case's events above a version, in order."""
        return self.recorder.select_events(case_id, gt=after)

    def since(self, position: int, limit: int) -> Sequence[Notification]:
        """The next events of the whole log after a position, in the order of their commits."""
        return self.recorder.select_notifications(position, limit, inclusive_of_start=False)

    def at(self, position: int) -> Notification | None:
        """The event at exactly this position."""
        found = self.recorder.select_notifications(position, 1)
        return found[0] if found and found[0].id == position else None

    def last_position(self) -> int:
        """The position of the newest event, 0 for an empty log."""
        return self.recorder.max_notification_id() or 0

    def epoch(self) -> str:
        """The name of this very log. It changes when a log is restored from a backup that may have lost its end."""
        rows = self.query("SELECT value FROM meta WHERE name = ?", ("epoch",))
        return str(rows[0][0]) if rows else self.renew_epoch()

    def renew_epoch(self) -> str:
        """Give the log a new name, after it was restored from a backup."""
        epoch = secrets.token_hex(4)
        upsert = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self.append((), [(upsert, ("epoch", epoch))])
        return epoch

    @abstractmethod
    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read from the tables beside the log."""

    @abstractmethod
    def lease(self) -> bool:
        """Whether this process is the log's one relay; tries to become it. Held until close or until the process dies."""

    @abstractmethod
    def close(self) -> None:
        """Release connections and locks."""
