"""花名册: the directory of all units as a log holds it, kept folded."""

from threading import Lock

from eventsourcing.persistence import PersistenceError

from shared.directory import Directory
from shared.events import read
from shared.events.intake import UNITS
from shared.store.log import Log
from shared.store.refusals import Unavailable

_ALL = "SELECT state FROM stored_events WHERE originator_id >= ? AND originator_id < ? ORDER BY originator_id, originator_version"
_RANGE = ("unit", "unitz")
"""What holds all ids of units, in the order of bytes and in those that pass over a hyphen: their digests are hexadecimal."""


MANY = 1000
"""From how many new events of the log on it is quicker to read the histories of all units anew."""


class Roster:
    """Asked, it answers what the log holds now, and reads only what is new.

    May be asked from any thread, also while deciding. Raises Unavailable when the log cannot be read.
    """

    def __init__(self, log: Log) -> None:
        self._log, self._lock = log, Lock()
        self._touched: object = self
        self._position = -MANY
        self._directory = Directory()

    def __call__(self) -> Directory:
        """The directory as of all that has been committed to the log."""
        try:
            with self._lock:
                touched = self._log.touched
                if self._log.shared_writers or touched is not self._touched:
                    self._grow()
                    self._touched = touched
                return self._directory
        except PersistenceError as error:
            raise Unavailable(error) from error

    def _grow(self) -> None:
        position = self._log.last_position()
        new = position - self._position
        if new >= MANY:
            told = [bytes(raw) for (raw,) in self._log.query(_ALL, _RANGE)]
        else:
            events = self._log.since(self._position, new) if new else ()
            told = [event.state for event in events if str(event.originator_id).startswith(UNITS)]
        if told:
            self._directory = self._directory.plus(map(read, told))
        self._position = position
