"""Verify: what is changed in a log, taken out of it or written anew is noticed; and what cannot be is known."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from deploy.node import Node
from deploy.processes import ProcessError
from deploy.verifying import DIFFERS, WHOLE, verify, verify_node
from shared.events.envelope import GENESIS, sha256
from tests.house import REGION, house

LI = {"id": "li", "name": "李某", "post": "副镇长"}
NAME = "case-1"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The logs of a house in which a case was handled, judged and answered for."""
    folder = tmp_path_factory.mktemp("house")
    with house(folder) as it:
        casework = f"/casework/cases/{it.arrived(it.register(NAME))}"
        it.give(f"{casework}/accept-case", {"unit": "柳林镇", "accepted_on": "2026-01-06"})
        it.give(f"{casework}/assign-leader", {"leader": LI, "unit": "柳林镇", "assigned_on": "2026-01-07"})
        met = {"visit_id": "v", "kind": "home", "visited_on": "2026-01-08", "official": LI}
        it.give(f"{casework}/log-visit", met)
        it.settle()
    return folder / "data"


@pytest.fixture
def data(told: Path, tmp_path: Path) -> Path:
    return shutil.copytree(told, tmp_path / "data")


@contextmanager
def log_of(data: Path, service: str) -> Iterator[sqlite3.Connection]:
    """A log as whoever owns the machine may write it: what keeps it append-only is out of the way."""
    with closing(sqlite3.connect(data / f"{service}.db")) as log:
        for (trigger,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            log.execute(f'DROP TRIGGER "{trigger}"')
        yield log
        log.commit()


def own(log: sqlite3.Connection) -> list[tuple[int, bytes]]:
    """What a service itself said of the case."""
    said = "SELECT rowid, state FROM stored_events WHERE originator_id = ? AND topic NOT LIKE 'adopted:%'"
    return log.execute(f"{said} ORDER BY originator_version", (NAME,)).fetchall()


def wrong(data: Path) -> set[tuple[str, str]]:
    return {(fault.service, fault.history) for fault in verify(data, None).faults}


def put(log: sqlite3.Connection, rowid: int, state: bytes) -> None:
    log.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (state, rowid))


def test_what_nobody_touched_is_whole(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    node = Node(data)
    (data / "node.toml").write_text(f'region = "{REGION}"\n', "utf-8")
    assert verify_node(node, as_json=False) == WHOLE
    assert verify(data, None).copies >= 4
    with log_of(data, "casework") as log:
        put(log, own(log)[0][0], b"{}")
    assert verify_node(node, as_json=True) == DIFFERS
    assert verify_node(node, as_json=False) == DIFFERS
    assert NAME in capsys.readouterr().out
    (data / "intake.db").unlink()
    with pytest.raises(ProcessError, match="no log"):
        verify_node(node, as_json=True)
    with pytest.raises(ProcessError, match="no data folder"):
        verify_node(Node(data / "none"), as_json=True)


@pytest.mark.parametrize("at", [0, 1, -1])
@pytest.mark.parametrize(
    ("word", "other"),
    [(b"2026-01-0", b"2026-01-1"), ("李某".encode(), "李五".encode()), (b'"li"', b'"wu"')],
)
def test_a_changed_fact(data: Path, at: int, word: bytes, other: bytes) -> None:
    """Also the newest, and also when it happened: somebody else holds it as it was said."""
    with log_of(data, "casework") as log:
        rowid, state = own(log)[at]
        put(log, rowid, state.replace(word, other))
        changed = word in state
    assert (("supervision", NAME) in wrong(data)) is changed


@pytest.mark.parametrize("at", [0, 1, -1])
def test_a_fact_that_was_taken_out(data: Path, at: int) -> None:
    with log_of(data, "casework") as log:
        log.execute("DELETE FROM stored_events WHERE rowid = ?", (own(log)[at][0],))
    assert ("supervision", NAME) in wrong(data)


def test_two_facts_that_were_swapped(data: Path) -> None:
    with log_of(data, "casework") as log:
        (one, first), (two, second) = own(log)[:2]
        put(log, one, second)
        put(log, two, first)
    assert ("casework", NAME) in wrong(data)


def test_a_history_that_was_chained_anew(data: Path) -> None:
    """Whole in itself: what it says is not what was heard."""
    with log_of(data, "casework") as log:
        before, was = GENESIS, GENESIS
        for rowid, state in own(log):
            anew = state.replace(b"2026-01-07", b"2026-01-06").replace(was.encode(), before.encode())
            was, before = sha256(state), sha256(anew)
            put(log, rowid, anew)
    assert wrong(data) >= {("supervision", NAME)}
    assert ("casework", NAME) not in wrong(data)


def test_a_fact_that_the_watch_no_longer_holds(data: Path) -> None:
    with log_of(data, "supervision") as log:
        log.execute("DELETE FROM stored_events WHERE topic = 'adopted:LeaderAssigned'")
    assert wrong(data) == {("supervision", NAME)}


def test_the_last_words_of_supervision_have_no_witness(data: Path) -> None:
    """Nobody takes them in (docs/adr/0015). One before the last is chained."""
    with log_of(data, "supervision") as log:
        *_, (before, _), (last, _) = own(log)
        log.execute("DELETE FROM stored_events WHERE rowid = ?", (last,))
    assert wrong(data) == set()
    with log_of(data, "supervision") as log:
        *_, (before, state), _ = own(log)
        put(log, before, state.replace(b'"time":"2026', b'"time":"2025'))
    assert wrong(data) == {("supervision", NAME)}
