"""花名册: the directory of all units as a log holds it, kept folded."""

from threading import Lock

from eventsourcing.persistence import PersistenceError

from shared.directory import Directory
from shared.events import read
from shared.events.intake import UNITS
from shared.store.log import Log
from shared.store.refusals import Unavailable

_HEADS = (
    "SELECT originator_id, MAX(originator_version) FROM stored_events WHERE originator_id >= ? AND originator_id < ?"
    " GROUP BY originator_id"
)
_RANGE = ("unit", "unitz")
"""What holds all ids of units, in the order of bytes and in those that pass over a hyphen: their digests are hexadecimal."""


class Roster:
    """Asked, it answers what the log holds now, and reads only what is new: a history is never read twice.

    May be asked from any thread, also while deciding. Raises Unavailable when the log cannot be read.
    """

    def __init__(self, log: Log) -> None:
        self._log, self._lock = log, Lock()
        self._position = -1
        self._heads: dict[str, int] = {}
        self._directory = Directory()

    def __call__(self) -> Directory:
        """The directory as of all that has been committed to the log."""
        try:
            with self._lock:
                return self._grown()
        except PersistenceError as error:
            raise Unavailable(error) from error

    def _grown(self) -> Directory:
        if (position := self._log.last_position()) != self._position:
            heads = {str(unit): int(head) for unit, head in self._log.query(_HEADS, _RANGE) if unit.startswith(UNITS)}
            grown = [unit for unit, head in heads.items() if head > self._heads.get(unit, 0)]
            events = [event for unit in grown for event in self._log.events(unit, self._heads.get(unit, 0))]
            if events:
                self._directory = self._directory.plus(read(event.state) for event in events)
            self._position = position
            self._heads |= {str(event.originator_id): event.originator_version for event in events}
        return self._directory
