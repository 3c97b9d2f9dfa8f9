"""Rows that must agree with the log, written beside the events in the same transaction.

How far each log has been heard, which facts wait, which case must be asked again when, and which cases a
unit has to do with. Every statement can be repeated, and none lets an older truth overwrite a newer one: with several writing
processes, the slower one must not win.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from shared.events import GENESIS, Fact
from shared.store.inbox import Delivery

Rows = Sequence[tuple[str, tuple[Any, ...]]]
"""Statements with `?` for their parameters."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS heard (origin TEXT, epoch TEXT, position BIGINT NOT NULL, PRIMARY KEY (origin, epoch))",
    "CREATE TABLE IF NOT EXISTS parked (origin TEXT, epoch TEXT, position BIGINT, previous BIGINT NOT NULL,"
    " case_id TEXT NOT NULL, error TEXT NOT NULL, document {blob} NOT NULL, PRIMARY KEY (origin, epoch, position))",
    "CREATE TABLE IF NOT EXISTS due (case_id TEXT PRIMARY KEY, at TEXT NOT NULL, version BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS due_at ON due (at)",
    "CREATE TABLE IF NOT EXISTS book (name TEXT, case_id TEXT, unit TEXT NOT NULL, region TEXT NOT NULL,"
    " until TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (name, case_id))",
    "CREATE INDEX IF NOT EXISTS book_case ON book (case_id)",
)

NAME = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
RENAME = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_HEAR = (
    "INSERT INTO heard VALUES (?, ?, ?) ON CONFLICT (origin, epoch) DO UPDATE SET position = excluded.position"
    " WHERE excluded.position > heard.position"
)
_PARK = "INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin, epoch, position) DO NOTHING"
_UNPARK = "DELETE FROM parked WHERE origin = ? AND epoch = ? AND position = ?"
_DUE = (
    "INSERT INTO due VALUES (?, ?, ?) ON CONFLICT (case_id) DO UPDATE SET at = excluded.at, version = excluded.version"
    " WHERE excluded.version >= due.version"
)
_FALL_DUE = (
    "INSERT INTO due SELECT originator_id, ?, MAX(originator_version) FROM stored_events"
    " WHERE originator_id IN (SELECT originator_id FROM stored_events WHERE topic = ?){among} GROUP BY originator_id"
    " ON CONFLICT (case_id) DO UPDATE SET at = excluded.at, version = excluded.version"
    " WHERE excluded.version >= due.version"
)
_OF_TOPIC = "SUM(CASE WHEN topic = ? THEN 1 ELSE 0 END)"
_OPEN = (
    "SELECT originator_id FROM stored_events WHERE topic IN (?, ?, ?, ?, ?) GROUP BY originator_id"
    f" HAVING {_OF_TOPIC} > 0 AND {_OF_TOPIC} <= {_OF_TOPIC} AND {_OF_TOPIC} <= {_OF_TOPIC}"
)
_BOOKS_DUE = "UPDATE due SET at = ? WHERE case_id LIKE ? AND at > ?"
_LATER = "UPDATE due SET at = ? WHERE case_id = ? AND at = ? AND version = ?"
_NO_MORE = "DELETE FROM due WHERE case_id = ? AND at = ? AND version = ?"
_NOT_DUE = "DELETE FROM due WHERE case_id = ? AND version <= ?"
_BOOK = (
    "INSERT INTO book VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name, case_id) DO UPDATE SET until = excluded.until,"
    " version = excluded.version WHERE excluded.version >= book.version"
)
_PLACED = "DELETE FROM book WHERE name = ? AND case_id = ? AND version <= ?"
_BOOK_DUE = (
    "INSERT INTO due VALUES (?, ?, 1) ON CONFLICT (case_id) DO UPDATE SET version = due.version + 1,"
    " at = CASE WHEN excluded.at < due.at THEN excluded.at ELSE due.at END"
)


class Life(NamedTuple):
    """By which types of facts, adopted here, a case is open: what opens one; and what shuts it, each with what undoes it."""

    opened: str
    closed: tuple[str, str]
    merged: tuple[str, str]

    @property
    def open(self) -> tuple[str, Sequence[str]]:
        """The statement that selects the open cases, and its parameters."""
        topics = [adopted_topic(kind) for kind in (self.opened, *self.closed, *self.merged)]
        return _OPEN, [*topics, *topics]


class Among(NamedTuple):
    """Some of the cases: those with a fact of one of these types, None for all; and, if so said, those that are open."""

    life: Life
    having: frozenset[str] | None = None
    still_open: bool = False


class Owed(NamedTuple):
    """That a history must be asked: since when, and as it stood at which version."""

    history: str
    at: str
    version: int


class Foreseen(NamedTuple):
    """What is to be said of a history as it stood when it fell due, and when it must be asked again; None for never."""

    owed: Owed
    at: datetime | None
    facts: tuple[Fact, ...] = ()
    prevhash: str = GENESIS
    """The digest of what was last said of it here."""


NOBODYS = ""
"""The book of what no unit is known for: it is counted, and never asked."""
STILL = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Booked:
    """In which books a case stands, and until when it matters there."""

    books: Mapping[str, tuple[str, str]]
    """By the history of the book: the unit and its region."""
    until: date | None
    """The day on which something was last written of it; None while it is open."""
    at: datetime
    """When the books are to be asked: not at once, so that what comes on one day is read once."""


def heard(log: tuple[str, str], position: int) -> Rows:
    """That we have heard a log, by (origin, epoch), up to a position."""
    return [(_HEAR, (*log, position))]


def parked(deliveries: Sequence[Delivery], case_id: str, why: str) -> Rows:
    """That facts of a case wait, and why."""
    return [
        (_PARK, (d.origin, d.epoch, d.position, d.previous, _storable(case_id), _storable(why), d.document))
        for d in deliveries
    ]


def unparked(deliveries: Sequence[Delivery]) -> Rows:
    """That facts no longer wait."""
    return [(_UNPARK, (d.origin, d.epoch, d.position)) for d in deliveries]


def due(case_id: str, version: int, at: datetime | None) -> Rows:
    """When the case, as it stands at this version, must be asked again; None for never."""
    return [(_NOT_DUE, (case_id, version))] if at is None else [(_DUE, (case_id, sortable(at), version))]


def later(owed: Owed, at: datetime | None) -> Rows:
    """When what was asked must be asked again. Where anything has let it fall due anew in the meantime, that stays."""
    return [(_NO_MORE, tuple(owed)) if at is None else (_LATER, (sortable(at), *owed))]


def fall_due(among: Among, at: datetime) -> Rows:
    """That some cases must be asked again, whenever they would have been asked."""
    topic, having = adopted_topic(among.life.opened), [adopted_topic(kind) for kind in sorted(among.having or ())]
    if among.having is None:
        return [(_FALL_DUE.format(among=""), (sortable(at), topic))]
    parts = (
        [f"SELECT originator_id FROM stored_events WHERE topic IN ({', '.join('?' for _ in having)})"] if having else []
    )
    if among.still_open:
        still_open, topics = among.life.open
        parts.append(still_open)
        having += topics
    if not parts:
        return []
    some = " OR ".join(f"originator_id IN ({part})" for part in parts)
    return [(_FALL_DUE.format(among=f" AND ({some})"), (sortable(at), topic, *having))]


def all_books_due(at: datetime) -> Rows:
    """That every book must be asked again."""
    return [(_BOOKS_DUE, (sortable(at), "book-%", sortable(at)))]


def adopted_topic(kind: str) -> str:
    """The topic of a fact of this type that was adopted."""
    return f"adopted:{kind}"


def booked(case_id: str, version: int, where: Booked) -> Rows:
    """In which books the case, as it stands at this version, has its place. It leaves none but nobody's."""
    until = where.until.isoformat() if where.until else STILL
    rows = [(_BOOK, (name, case_id, *whose, until, version)) for name, whose in where.books.items()]
    return rows if NOBODYS in where.books else [*rows, (_PLACED, (NOBODYS, case_id, version))]


def books_due(names: Mapping[str, datetime]) -> Rows:
    """When books must be asked because something was written in them. Who laid down another moment without having seen it
    does not take this one away: `version` counts what was written, and only ever rises.
    """
    return [(_BOOK_DUE, (name, sortable(at))) for name, at in names.items() if name != NOBODYS]


def sortable(moment: datetime) -> str:
    """UTC as text of one width, so that the order of the text is the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text, and whoever spoke to us may have sent one."""
    return text.replace("\0", "\ufffd")
