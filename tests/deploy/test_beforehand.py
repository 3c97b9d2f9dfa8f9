"""What stands in the way of a start is told with its cause and its cure, and nothing has been started."""

import asyncio
import os
from contextlib import closing
from pathlib import Path

import pytest

from deploy import local
from deploy.beforehand import check_logs
from deploy.node import Node
from deploy.processes import ProcessError
from deploy.replaying import replay_node
from deploy.restoring import renew
from shared.store import SQLiteLog


def refused(node: Node) -> ProcessError:
    """What a start says, which leaves nothing behind that would be in the way of the next."""
    with pytest.raises(ProcessError) as told:
        asyncio.run(local.run(node, "610431", print, asyncio.Event()))
    assert not (node.data / "nats").exists()
    assert not (node.data / "running.json").exists()
    return told.value


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("intake", "./huajie restored"),
        ("supervision", "./huajie restored"),
        ("vault", "./huajie restored"),
        ("reporting", "move it away"),
    ],
)
def test_a_damaged_log_is_named(tmp_path: Path, name: str, cure: str) -> None:
    file = tmp_path / f"{name}.db"
    file.write_bytes(os.urandom(4096))
    told = refused(Node(tmp_path))
    assert str(file) in told.zh
    assert str(file) in told.en
    assert cure in told.en
    with pytest.raises(ProcessError, match=f"{name}.db"):
        renew(Node(tmp_path))
    with pytest.raises(ProcessError, match=f"{name}.db"):
        replay_node(Node(tmp_path), None, None, None, as_json=True)


def test_a_log_that_is_still_written_is_not_renewed_and_named(tmp_path: Path) -> None:
    """By a process that a killed `up` left behind, and that is about to end."""
    node = Node(tmp_path)
    node.prepare("610431")
    with closing(SQLiteLog(tmp_path / "intake.db")) as log:
        epoch = log.epoch()
    with closing(SQLiteLog(tmp_path / "casework.db")), pytest.raises(ProcessError, match=r"casework\.db"):
        renew(node)
    with closing(SQLiteLog(tmp_path / "intake.db")) as log:
        assert log.epoch() == epoch
    assert renew(node)["intake"] != epoch


def test_sound_ones_are_left_as_they_are(tmp_path: Path) -> None:
    node = Node(tmp_path)
    SQLiteLog(tmp_path / "intake.db").close()
    before = (tmp_path / "intake.db").read_bytes()
    check_logs(node.settings("610431", ""))
    assert (tmp_path / "intake.db").read_bytes() == before


@pytest.mark.parametrize(
    ("dsn", "cause"),
    [
        ("postgresql//huajie:secret@db", "is no PostgreSQL DSN"),
        ("postgresql://huajie:secret@127.0.0.1:9/x", "start it"),
    ],
)
def test_a_database_that_is_none_or_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dsn: str, cause: str
) -> None:
    monkeypatch.setenv("HUAJIE_DSN", dsn)
    told = refused(Node(tmp_path))
    assert "HUAJIE_DSN" in told.zh
    assert cause in told.en
    assert "secret" not in str(told)
