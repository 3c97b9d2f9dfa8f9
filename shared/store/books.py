"""单位台账: the facts of the cases that a unit has to do with, as a log holds them: no other case is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.events import Recorded, read
from shared.store.log import Log

_WHOSE = "SELECT unit, region FROM book WHERE name = ? LIMIT 1"
_FACTS = (
    "SELECT state FROM book JOIN stored_events ON originator_id = case_id WHERE name = ? AND until >= ? AND topic IN ({})"
    " ORDER BY originator_id, originator_version"
)


@dataclass(frozen=True, slots=True)
class Pages:
    """What is written of a unit's cases, also by others."""

    unit: str
    region: str
    facts: tuple[Recorded, ...]


class Books:
    """Asked for a book by its history, it answers what has been committed to the log: the facts of these types of each case
    that is open, or in which something was written on a day or later. None for a book in which nothing stands.

    May be asked from any thread, also while deciding. Raises what the log raises.
    """

    def __init__(self, log: Log, types: Sequence[str]) -> None:
        self._log, self._topics = log, [f"adopted:{kind}" for kind in types]

    def whose(self, name: str) -> tuple[str, str] | None:
        """Under which name of a unit the book stands, and in which region; None for one in which nothing stands."""
        rows = self._log.query(_WHOSE, (name,))
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def __call__(self, name: str, since: date) -> Pages | None:
        whose = self.whose(name)
        if whose is None:
            return None
        facts = _FACTS.format(", ".join("?" for _ in self._topics))
        rows = self._log.query(facts, (name, since.isoformat(), *self._topics))
        return Pages(*whose, tuple(read(bytes(row[0])) for row in rows))
