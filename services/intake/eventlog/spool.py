"""The events of a log, sorted by case on disk: those of one case may lie anywhere in it, and memory stays flat all the same."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic_core import from_json, to_json

from services.intake.eventlog.moments import Fault, Moment

TABLE = """CREATE TABLE moments (case_id TEXT NOT NULL, at TEXT NOT NULL, place INTEGER NOT NULL, activity TEXT NOT NULL,
    said TEXT NOT NULL, fault TEXT)"""
SETTINGS = ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-4096", "secure_delete=OFF")


class Spool:
    """A database for the time of one import, in a folder of its own that only its user can open. Close it: it goes with it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="huajie-")
        self._database = sqlite3.connect(Path(self._folder.name) / "moments.db", isolation_level=None)
        for setting in SETTINGS:
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute(TABLE)

    def fill(self, moments: Iterable[Moment]) -> None:
        """Take in all of them, then sort them."""
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO moments VALUES (?,?,?,?,?,?)", map(_row, moments))
        self._database.execute("COMMIT")
        self._database.execute("CREATE INDEX sorted ON moments (case_id, at, place)")

    def cases(self) -> Iterator[tuple[str, int]]:
        """Every case, and how many events it has; "" stands for the events that name no case."""
        yield from self._database.execute("SELECT case_id, COUNT(*) FROM moments GROUP BY case_id ORDER BY case_id")

    def of(self, case_id: str) -> Iterator[Moment]:
        """The events of a case, in the order of their moments, then of the file."""
        rows = self._database.execute(
            "SELECT case_id, at, place, activity, said, fault FROM moments WHERE case_id = ? ORDER BY at, place",
            (case_id,),
        )
        return map(_moment, rows)

    def count(self) -> int:
        """How many cases there are."""
        return int(self._database.execute("SELECT COUNT(DISTINCT case_id) FROM moments").fetchone()[0])

    def close(self) -> None:
        """Forget everything."""
        self._database.close()
        self._folder.cleanup()


def _row(moment: Moment) -> tuple[str, str, int, str, str, str | None]:
    at = moment.at.isoformat(timespec="microseconds") if moment.at else ""
    fault = to_json(moment.fault).decode() if moment.fault else None
    return moment.case_id, at, moment.place, moment.activity, to_json(moment.values).decode(), fault


def _moment(row: tuple[str, str, int, str, str, str | None]) -> Moment:
    case_id, at, place, activity, said, fault = row
    moment = datetime.fromisoformat(at) if at else None
    return Moment(place, case_id, moment, activity, from_json(said), Fault(*from_json(fault)) if fault else None)
