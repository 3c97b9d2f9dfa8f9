"""A service's own append-only log: the only durable truth, on SQLite or PostgreSQL.

Stands on the recorders of `eventsourcing`. Rows that must agree with the log (how far we have listened, which cases are
parked, what is due when) are written beside the events in the same transaction.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent

from shared.store.beside import NAME, RENAME, Rows

_EPOCH = "SELECT value FROM meta WHERE name = 'epoch'"


class LogLocked(Exception):
    """Another process writes this log already."""

    def __init__(self, place: str) -> None:
        self.zh = f"案卷 {place} 正由另一个进程写入；请先停止那个进程，或换一个数据目录。"
        self.en = f"{place} is being written by another process: stop that one first, or use another data folder."
        super().__init__(f"{self.zh} / {self.en}")


class Log(ABC):
    """What the store and the relay need of a log. Positions are unique, rising and never used again."""

    recorder: ApplicationRecorder
    shared_writers: bool
    """Whether other processes may append too, so that what is cached must be refreshed before deciding."""
    touched: object = None
    """Another object each time that this process has appended, or tried to."""

    def append(self, events: Sequence[StoredEvent], beside: Rows = ()) -> Sequence[int]:
        """Append in one transaction and answer the positions.

        Raises eventsourcing's PersistenceError: IntegrityError when a version exists already (also after a commit whose
        answer was lost: compare before saying conflict), DataError for what the database refuses to keep, any other when
        it cannot be written now.
        """
        try:
            return self.recorder.insert_events(events, beside=beside) or ()
        finally:
            self.touched = object()

    def events(self, case_id: str, after: int = 0) -> Sequence[StoredEvent]:
        """A case's events above a version, in order."""
        return self.recorder.select_events(case_id, gt=after)

    def histories(self, case_ids: Sequence[str]) -> Mapping[str, Sequence[tuple[int, bytes]]]:
        """The events of several cases, as (version, document) in order. A case that has none is not among them."""
        found: dict[str, list[tuple[int, bytes]]] = {}
        read = (
            "SELECT originator_id, originator_version, state FROM stored_events"
            f" WHERE originator_id IN ({', '.join('?' for _ in case_ids)}) ORDER BY originator_id, originator_version"
        )
        for case_id, version, state in self.query(read, case_ids) if case_ids else ():
            found.setdefault(str(case_id), []).append((int(version), bytes(state)))
        return found

    def since(self, position: int, limit: int, topics: Sequence[str] = ()) -> Sequence[Notification]:
        """The next events of the whole log after a position, in the order of their commits; only those of `topics`, if given."""
        return self.recorder.select_notifications(position, limit, topics=topics, inclusive_of_start=False)

    def at(self, position: int) -> Notification | None:
        """The event at exactly this position."""
        found = self.recorder.select_notifications(position, 1)
        return found[0] if found and found[0].id == position else None

    def last_position(self) -> int:
        """The position of the newest event, 0 for an empty log."""
        return self.recorder.max_notification_id() or 0

    def epoch(self) -> str:
        """The name of this very log, given on first asking. Positions mean something only together with it."""
        if not (rows := self.query(_EPOCH)):
            self.append((), [(NAME, ("epoch", secrets.token_hex(4)))])
            rows = self.query(_EPOCH)
        return str(rows[0][0])

    def renew_epoch(self) -> str:
        """Give the log a new name, after it was restored from a backup that may have lost its end.

        Its stream must be removed too: the relay never mixes two epochs in one.
        """
        self.append((), [(RENAME, ("epoch", secrets.token_hex(4)))])
        return self.epoch()

    @abstractmethod
    def query(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read from the tables beside the log."""

    @abstractmethod
    def lease(self) -> bool:
        """Whether this process is the one that relays this log and listens for it; tries to become it.

        Held until close or until the process dies; may be asked from any thread.
        """

    @abstractmethod
    def close(self) -> None:
        """Release connections and locks."""
