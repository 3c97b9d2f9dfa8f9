"""What a log and the rows beside it say of themselves: which cases there are, what is due, how far has been heard. Reads only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from eventsourcing.persistence import PersistenceError, StoredEvent

from shared.events import Recorded, read
from shared.events.histories import OTHERS
from shared.store import beside
from shared.store.log import Log
from shared.store.refusals import Unavailable

UNASKED = 1000
"""How many cases that time will not ask again are looked at one by one."""


class Standing:
    """How a log stands. All of it raises Unavailable when the log cannot be read."""

    log: Log

    def history(self, case_id: str) -> list[Recorded]:
        """All that this log holds about a case, in order."""
        return [read(event.state) for event in self._events(case_id)]

    def books(self) -> tuple[list[str], int]:
        """Which books there are, and how many cases hold something that stands in nobody's."""
        rows = self._query("SELECT name, COUNT(*) FROM book GROUP BY name ORDER BY name")
        cases = {str(name): int(many) for name, many in rows}
        return [name for name in cases if name != beside.NOBODYS], cases.get(beside.NOBODYS, 0)

    def due(self, moment: datetime, limit: int) -> list[str]:
        """Cases whose answer may have changed by this moment, longest due first."""
        rows = self._query("SELECT case_id FROM due WHERE at <= ? ORDER BY at LIMIT ?", beside.sortable(moment), limit)
        return [str(row[0]) for row in rows]

    def owed(self, moment: datetime, limit: int) -> list[beside.Owed]:
        """The same, each with since when it is due, and as it stood at which version."""
        owed = "SELECT case_id, at, version FROM due WHERE at <= ? ORDER BY at LIMIT ?"
        return [beside.Owed(str(c), str(at), int(v)) for c, at, v in self._query(owed, beside.sortable(moment), limit)]

    def cases(self) -> int:
        """How many cases this log knows. Histories that are about something else are none."""
        none = " AND ".join("originator_id NOT LIKE ?" for _ in OTHERS)
        beginnings = (f"{beginning}%" for beginning in OTHERS)
        return int(
            self._query(f"SELECT COUNT(DISTINCT originator_id) FROM stored_events WHERE {none}", *beginnings)[0][0]
        )

    def open_cases(self, life: beside.Life) -> tuple[int, list[str]]:
        """How many cases are open by the types of the facts adopted here, and which of them time will not ask again."""
        still_open, topics = life.open
        counted = self._query(f"SELECT COUNT(*) FROM ({still_open}) AS still_open", *topics)[0][0]
        idle = self._query(
            f"SELECT originator_id FROM ({still_open}) AS still_open WHERE originator_id NOT IN (SELECT case_id FROM due)"
            f" LIMIT {UNASKED}",
            *topics,
        )
        return int(counted), [str(row[0]) for row in idle]

    def resting(self, opened: str, turn: int) -> list[str]:
        """Of the cases that time will not ask again, open or closed, a thousand: turn by turn all of them."""
        topic = beside.adopted_topic(opened)
        rest = "FROM stored_events WHERE topic = ? AND originator_id NOT IN (SELECT case_id FROM due)"
        pages = -(-int(self._query(f"SELECT COUNT(*) {rest}", topic)[0][0]) // UNASKED) or 1
        rows = self._query(
            f"SELECT originator_id {rest} ORDER BY originator_id LIMIT ? OFFSET ?",
            topic,
            UNASKED,
            turn % pages * UNASKED,
        )
        return [str(row[0]) for row in rows]

    def case_ids(self, after: str, limit: int) -> list[str]:
        """The next cases of this log in the order of their ids, for going over all of them a few at a time."""
        rows = self._query(
            "SELECT DISTINCT originator_id FROM stored_events WHERE originator_id > ? ORDER BY originator_id LIMIT ?",
            after,
            limit,
        )
        return [str(row[0]) for row in rows]

    def heard(self) -> dict[tuple[str, str], int]:
        """How far we have listened to each log, by (origin, epoch)."""
        return {(str(o), str(e)): int(p) for o, e, p in self._query("SELECT origin, epoch, position FROM heard")}

    def parked(self) -> list[tuple[str, str]]:
        """The facts that wait, as (case, why)."""
        return [(str(c), str(e)) for c, e in self._query("SELECT case_id, error FROM parked ORDER BY position")]

    def _query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with available():
            return self.log.query(statement, parameters)

    def _events(self, case_id: str, after: int = 0) -> Sequence[StoredEvent]:
        with available():
            return self.log.events(case_id, after)


@contextmanager
def available() -> Iterator[None]:
    """Whatever a database cannot do now is Unavailable to whoever asked."""
    try:
        yield
    except PersistenceError as error:
        raise Unavailable(error) from error
