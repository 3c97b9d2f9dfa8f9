"""Rows that must agree with the log, written beside the events in the same transaction.

How far each log has been heard, which facts wait, and which case must be asked again when. Every statement can be repeated,
and none lets an older truth overwrite a newer one: with several writing processes, the slower one must not win.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

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
_ALL_DUE = (
    "INSERT INTO due SELECT originator_id, ?, MAX(originator_version) FROM stored_events"
    " WHERE originator_id IN (SELECT originator_id FROM stored_events WHERE topic = ?) GROUP BY originator_id"
    " ON CONFLICT (case_id) DO UPDATE SET at = excluded.at, version = excluded.version"
    " WHERE excluded.version >= due.version"
)
_NOT_DUE = "DELETE FROM due WHERE case_id = ? AND version <= ?"


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


def all_due(opened: str, at: datetime) -> Rows:
    """That every case must be asked again: every history into which a fact of this type was adopted."""
    return [(_ALL_DUE, (sortable(at), f"adopted:{opened}"))]


def sortable(moment: datetime) -> str:
    """UTC as text of one width, so that the order of the text is the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text, and whoever spoke to us may have sent one."""
    return text.replace("\0", "\ufffd")
