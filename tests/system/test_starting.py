"""A node is started, stopped, killed and taken over; what stands in its way is told in a sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from deploy.processes import ProcessError
from tests.system.node import LEADERLESS, READY, Up, command, environment, ledger


def test_without_a_node_every_command_says_so(tmp_path: Path) -> None:
    for words in (("cases",), ("stalled",), ("explain", "x"), ("status",), ("rebuild", "reporting")):
        done = command(*words, "--data", tmp_path)
        assert done.returncode == 1
        assert "./huajie up" in done.stderr


def test_a_new_folder_wants_a_region_and_keeps_it(tmp_path: Path) -> None:
    done = command("up", "--data", tmp_path / "new")
    assert done.returncode == 1
    assert "--region" in done.stderr
    done = command("up", "--data", tmp_path / "new", "--region", "61")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = command("up", "--data", tmp_path / "file", "--region", "610499")
    assert done.returncode == 1
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


def test_whoever_reads_may_stop_reading() -> None:
    nobody, ours = os.pipe()
    os.close(nobody)
    argv = [sys.executable, "-m", "deploy", "--help"]
    done = subprocess.run(argv, env=environment(), stdout=ours, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(ours)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("up", "--data", tmp_path / "other", "--region", "610499", "--port", str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_it_survives_the_loss_of_each_process_and_stops_cleanly(tmp_path: Path) -> None:
    node = Up(tmp_path / "data")
    try:
        first = ledger(tmp_path / "1.xlsx", [LEADERLESS])
        assert command("import", first, "--data", node.data).returncode == 0
        os.kill(node.children()["all"], signal.SIGKILL)
        node.wait_for("died")
        deadline = time.monotonic() + 180
        while not any(case["original_number"] == "HY-002" for case in _cases(node)):
            assert time.monotonic() < deadline
        os.kill(node.children()["nats-server"], signal.SIGKILL)
        node.wait_for("nats-server died")
        second = ledger(tmp_path / "2.xlsx", [("HY-077", *LEADERLESS[1:5], "水渠年久失修要求维修", 2, "", "")])
        deadline = time.monotonic() + 180
        while command("import", second, "--data", node.data).returncode != 0:
            assert time.monotonic() < deadline, node.said()
        node.settle()
        assert {case["original_number"] for case in _cases(node)} == {"HY-002", "HY-077"}
        children = node.children()
        assert node.stop() == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in children.values())
        assert command("status", "--data", node.data).returncode == 1
    finally:
        node.stop()


def test_after_kill_9_the_next_start_takes_over(tmp_path: Path) -> None:
    node = Up(tmp_path / "data")
    first = ledger(tmp_path / "1.xlsx", [LEADERLESS])
    assert command("import", first, "--data", node.data).returncode == 0
    node.stop(signal.SIGKILL)
    again = Up(node.data, "--separate")
    try:
        assert set(again.children()) == {"nats-server", "intake", "casework", "supervision", "reporting"}
        again.settle()
        assert [case["original_number"] for case in _cases(again)] == ["HY-002"]
        assert READY in again.said()
    finally:
        assert again.stop(signal.SIGINT) == 0


def _cases(node: Up) -> list[dict[str, str]]:
    try:
        found: list[dict[str, str]] = node.get("/reporting/cases")["cases"]
    except ProcessError:  # it is being started again
        return []
    return found
