"""handle, adopt, history: how facts get into a service's own log and out again."""

from pathlib import Path

from shared.store.beside import Among, Life
from shared.store.books import Books, Pages
from shared.store.inbox import Delivery, Gap, Heard, fresh
from shared.store.log import Log, LogLocked
from shared.store.obeying import Answer, Request
from shared.store.postgres import PostgresLog
from shared.store.refusals import Conflict, Forbidden, KeyReused, Outside, Refused, Stale, Unavailable, Uncertain, cure
from shared.store.roster import Roster
from shared.store.sqlite import SQLiteLog
from shared.store.store import Clock, Store

__all__ = [
    "Among",
    "Answer",
    "Books",
    "Clock",
    "Conflict",
    "Delivery",
    "Forbidden",
    "Gap",
    "Heard",
    "KeyReused",
    "Life",
    "Log",
    "LogLocked",
    "Outside",
    "Pages",
    "PostgresLog",
    "Refused",
    "Request",
    "Roster",
    "SQLiteLog",
    "Stale",
    "Store",
    "Unavailable",
    "Uncertain",
    "cure",
    "fresh",
    "open_log",
]


def open_log(service: str, folder: Path, dsn: str | None = None) -> Log:
    """The log of a service: a file in the folder, or a schema of the database that the DSN names."""
    return PostgresLog(dsn, service) if dsn else SQLiteLog(folder / f"{service}.db")
