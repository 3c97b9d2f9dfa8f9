"""A log is read whole, history by history, by somebody who cannot write it; what comes later is not in it."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from shared.store import Log
from shared.store.archive import Archive, NoLog, open_archive


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Archive]:
    """Opens the archive of the log that the test writes."""
    dsn = request.getfixturevalue("dsn") if "postgres" in request.node.callspec.id else None
    return lambda through=None: open_archive("intake", tmp_path, dsn, through)


@pytest.mark.parametrize(("log", "opened"), [("sqlite", "sqlite"), ("postgres", "postgres")], indirect=True)
def test_histories_come_one_after_the_other_up_to_where_the_log_ended(log: Log, opened: Callable[..., Archive]) -> None:
    log.append([StoredEvent(f"case-{n % 3}", n // 3 + 1, "t", str(n).encode()) for n in range(9)])
    with opened() as archive:
        log.append([StoredEvent("case-1", 4, "t", b"later"), StoredEvent("case-9", 1, "t", b"later")])
        assert archive.through == 9
        everything = {name: [raw for _, raw in events] for name, events in archive.histories("", "zzz")}
        assert everything == {f"case-{n}": [str(n + 3 * m).encode() for m in range(3)] for n in range(3)}
        assert [position for position, _ in archive.history("case-2")] == [3, 6, 9]
        assert archive.history("case-9") == []
        some = {name: len(events) for name, events in archive.several(["case-2", "case-9", "case-0"])}
        assert (some, list(archive.several([]))) == ({"case-0": 3, "case-2": 3}, [])
        ranges = list(archive.ranges(5))
        assert sum(events for _, _, events in ranges) == 11
        found = [name for first, last, _ in ranges for name, _ in archive.histories(first, last)]
        assert found == ["case-0", "case-1", "case-2"]
        with pytest.raises((sqlite3.OperationalError, psycopg.Error)):
            list(archive.rows("DELETE FROM due WHERE at <> ?", ("",)))
    with opened(4) as archive:
        assert [len(events) for _, events in archive.histories("", "zzz")] == [2, 1, 1]


def test_where_there_is_no_log_nothing_is_made(tmp_path: Path, dsn: str) -> None:
    with pytest.raises(NoLog):
        open_archive("intake", tmp_path)
    with pytest.raises(NoLog):
        open_archive("intake", tmp_path, dsn)
    assert list(tmp_path.iterdir()) == []


def test_where_a_log_cannot_be_read_no_session_stays(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as beside:
        beside.execute("CREATE SCHEMA intake")
        beside.execute("CREATE TABLE intake.stored_events (originator_id TEXT)")
        with pytest.raises(psycopg.Error, match="notification_id") as told:
            open_archive("intake", Path(), dsn)
        held = told.value  # as whoever prints it holds it, and with it all that was at hand
        others = "SELECT COUNT(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = ''"
        ends = time.monotonic() + 30
        while beside.execute(f"{others} AND datname = current_database()").fetchone() != (0,):
            assert time.monotonic() < ends, held
            time.sleep(0.02)
