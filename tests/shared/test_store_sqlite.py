"""The log in a file: append-only, positions for ever, one writing process, and what a full disk does to it."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from eventsourcing.persistence import PersistenceError

from shared.store import LogLocked, SQLiteLog, Unavailable
from shared.store.archive import SQLiteArchive
from tests.petitions import Link, asking, opened, said

Restore = Callable[[Path, Path], None]


def copied_by_iterdump(old: Path, new: Path) -> None:
    with sqlite3.connect(old) as source, sqlite3.connect(new) as target:
        target.executescript("\n".join(source.iterdump()))
    source.close()
    target.close()


def copied_by_the_sqlite_shell(old: Path, new: Path) -> None:
    dump = subprocess.run(["sqlite3", old, ".dump"], capture_output=True, check=True).stdout
    subprocess.run(["sqlite3", new], input=dump, check=True)


def copied_by_vacuum(old: Path, new: Path) -> None:
    with sqlite3.connect(old) as source:
        source.execute("VACUUM INTO ?", (str(new),))
    source.close()


async def filled(path: Path) -> None:
    """A log with five events, one of them lost to a refused transaction: its position is not used again."""
    log = SQLiteLog(path)
    async with opened(log) as store:
        for petition in "abcde":
            await store.handle("case-1", Link(petitions=(petition,)), asking())
    log.epoch()
    log.close()


@pytest.mark.parametrize("copy", [copied_by_iterdump, copied_by_the_sqlite_shell, copied_by_vacuum])
async def test_a_restored_dump_has_the_same_positions_and_goes_on_after_them(tmp_path: Path, copy: Restore) -> None:
    if copy is copied_by_the_sqlite_shell and not _shell():
        pytest.skip("the sqlite3 shell is not installed")
    await filled(tmp_path / "intake.db")
    copy(tmp_path / "intake.db", tmp_path / "restored.db")
    old, new = SQLiteLog(tmp_path / "intake.db"), SQLiteLog(tmp_path / "restored.db")
    assert new.since(0, 100) == old.since(0, 100)
    assert new.epoch() == old.epoch()
    async with opened(new) as store:
        await store.handle("case-1", Link(petitions=("f",)), asking(expected=5))
        assert (new.last_position(), said(store)) == (6, list("abcdef"))
    for statement in ("UPDATE stored_events SET topic = 'x'", "DELETE FROM stored_events"):
        with sqlite3.connect(tmp_path / "restored.db") as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        connection.close()
    old.close()
    new.close()


def _shell() -> bool:
    try:
        return subprocess.run(["sqlite3", "--version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = x'00' WHERE rowid = 2",
        "UPDATE stored_events SET rowid = 99 WHERE rowid = 2",
        "DELETE FROM stored_events WHERE rowid = (SELECT MAX(rowid) FROM stored_events)",
        "DELETE FROM stored_events",
        "INSERT OR REPLACE INTO stored_events VALUES (2, 'case-9', 1, 'Forged:1', x'00')",
        "INSERT OR REPLACE INTO stored_events (originator_id, originator_version, topic, state)"
        " VALUES ('case-1', 2, 'Forged:1', x'00')",
        "REPLACE INTO stored_events SELECT rowid, originator_id, originator_version, 'Forged:1', state FROM stored_events",
    ],
)
async def test_what_is_in_the_log_is_neither_changed_nor_taken_out_nor_overwritten(
    tmp_path: Path, statement: str
) -> None:
    await filled(tmp_path / "intake.db")
    log = SQLiteLog(tmp_path / "intake.db")
    before = log.since(0, 100)
    with (
        sqlite3.connect(tmp_path / "intake.db") as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    connection.close()
    assert log.since(0, 100) == before
    log.close()


async def test_a_position_is_never_used_again_even_when_the_end_was_cut_off_by_force(tmp_path: Path) -> None:
    await filled(tmp_path / "intake.db")
    with sqlite3.connect(tmp_path / "intake.db") as connection:
        connection.execute("DROP TRIGGER no_DELETE")
        connection.execute("DELETE FROM stored_events WHERE rowid > 3")
    connection.close()
    log = SQLiteLog(tmp_path / "intake.db")
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("x",)), asking())
        assert [event.id for event in log.since(0, 100)] == [1, 2, 3, 6]
    log.close()


async def test_the_epoch_stays_until_somebody_renews_it(tmp_path: Path) -> None:
    await filled(tmp_path / "intake.db")
    log = SQLiteLog(tmp_path / "intake.db")
    first = log.epoch()
    log.close()
    log = SQLiteLog(tmp_path / "intake.db")
    assert log.epoch() == first
    second = log.renew_epoch()
    assert second != first
    assert log.epoch() == second
    assert log.last_position() == 5
    log.close()
    other = SQLiteLog(tmp_path / "other.db")
    assert other.epoch() not in (first, second)
    other.close()


def test_a_second_process_is_refused_while_the_first_writes(tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "intake.db")
    opening = f"from pathlib import Path; from shared.store import SQLiteLog; SQLiteLog(Path({str(tmp_path)!r}) / 'intake.db')"
    second = subprocess.run([sys.executable, "-c", opening], capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "LogLocked" in second.stderr
    assert "请先停止那个进程" in second.stderr
    with pytest.raises(LogLocked):
        SQLiteLog(tmp_path / "intake.db")
    log.close()
    third = subprocess.run([sys.executable, "-c", opening], capture_output=True, text=True, check=False)
    assert third.returncode == 0, third.stderr


def test_every_connection_flushes_each_commit_to_disk(tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "intake.db")
    assert log.query("PRAGMA synchronous") == [(2,)]
    assert log.query("PRAGMA journal_mode") == [("wal",)]
    log.close()


def test_nobody_else_on_the_machine_may_read_the_file(tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "intake.db")
    assert (tmp_path / "intake.db").stat().st_mode & 0o077 == 0
    log.close()


def test_a_full_disk_refuses_in_a_sentence_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """The process may write no file longer than 400 kB, and then again any: what SQLite sees of a full disk."""
    argv = [sys.executable, "-m", "tests.shared.full_disk", str(tmp_path / "intake.db")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answered, refusal, after, stored = done.stdout.splitlines()
    assert "暂时无法读写案卷" in refusal
    assert int(answered) > 10
    assert (after, int(stored)) == ("back to work", int(answered) + 400)


async def test_a_log_that_may_not_grow_refuses_all_of_a_batch_or_none(tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "intake.db")
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        pages = log.query("PRAGMA page_count")[0][0]
        for connection in list(log._datastore.pool._pool):
            connection.cursor().execute(f"PRAGMA max_page_count={pages + 4}")
        many = tuple(f"petition-{n}" for n in range(200))
        with pytest.raises(Unavailable, match="make room"):
            await store.handle("case-1", Link(petitions=many), asking("key-1"))
        assert (said(store), log.last_position()) == (["a"], 1)
        for connection in list(log._datastore.pool._pool):
            connection.cursor().execute("PRAGMA max_page_count=100000")
        await store.handle("case-1", Link(petitions=many), asking("key-1"))
        assert said(store) == ["a", *many]
    log.close()


def test_a_log_is_closed_when_the_last_reader_is_done(tmp_path: Path) -> None:
    slow = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT COUNT(*) FROM n"
    for n in range(3):
        log, said, begun = SQLiteLog(tmp_path / f"{n}.db"), list[object](), Event()

        def read(log: SQLiteLog = log, said: list[object] = said, begun: Event = begun) -> None:
            begun.set()
            said.extend(log.query(slow))

        reader = Thread(target=read)
        reader.start()
        begun.wait()
        sleep(0.05)
        log.close()
        reader.join()
        assert said == [(2000000,)]


def test_a_database_that_is_no_log_is_let_go_of(tmp_path: Path) -> None:
    file = tmp_path / "intake.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE VIEW stored_events AS SELECT 1 AS one")
    with pytest.raises(PersistenceError):
        SQLiteLog(file)
    (tmp_path / "empty.db").touch()
    with pytest.raises(sqlite3.Error):
        SQLiteArchive(tmp_path / "empty.db")
    assert not [link for link in Path("/proc/self/fd").iterdir() if tmp_path in link.resolve().parents]
    file.unlink()
    SQLiteLog(file).close()
