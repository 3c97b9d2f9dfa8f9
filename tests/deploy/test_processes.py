"""Processes of this machine: a private log that is set aside when long, one owner per folder, an end with whoever started them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.processes import AlreadyRunning, DataLock, born, launch, rotate, tail

ROOT = Path(__file__).parents[2]


def test_a_child_gets_its_environment_no_input_and_a_private_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "one.log"
    launch(["/bin/sh", "-c", "read line; echo $?; echo $WORD; echo oops >&2"], log, {"WORD": "化解"}).wait(5)
    assert log.read_text() == "1\n化解\noops\n"
    assert log.stat().st_mode & 0o077 == 0


def test_a_long_log_is_set_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch(mode=0o600)
    with log.open("a") as writer:
        writer.write("old\n" * 10)
        writer.flush()
        rotate(log, limit=40)
        assert log.read_text() == "old\n" * 10
        rotate(log, limit=39)
        writer.write("new\n")
    assert log.read_text() == "new\n"
    assert (tmp_path / "log.1").read_text() == "old\n" * 10
    assert (tmp_path / "log.1").stat().st_mode & 0o077 == 0
    rotate(tmp_path / "missing")


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("".join(f"第{n}行\n" for n in range(5000)))
    assert tail(tmp_path / "log", lines=2) == "第4998行\n第4999行"
    assert tail(tmp_path / "missing") == ""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the folder."""
    program = (
        "import sys, time, pathlib, deploy.processes as p; p.DataLock(pathlib.Path(sys.argv[1])).acquire();"
        "print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        yield owner
        owner.kill()


def test_a_folder_has_one_owner_and_names_it(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    with pytest.raises(AlreadyRunning, match=f"process {owner.pid}") as refusal:
        DataLock(tmp_path).acquire()
    assert refusal.value.pid == owner.pid
    assert str(tmp_path) in refusal.value.zh


def test_what_a_killed_owner_left_is_no_obstacle(tmp_path: Path, owner: subprocess.Popen[str]) -> None:
    owner.kill()
    owner.wait()
    assert (tmp_path / "up.lock").read_text() == f"{owner.pid}\n"
    with DataLock(tmp_path):
        assert (tmp_path / "up.lock").read_text() == f"{os.getpid()}\n"


def test_a_folder_given_up_is_free_again(tmp_path: Path) -> None:
    with DataLock(tmp_path / "new"), pytest.raises(AlreadyRunning):
        DataLock(tmp_path / "new").acquire()
    with DataLock(tmp_path / "new"), DataLock(tmp_path / "new", "nats.lock"):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="the signal at the parent's death is Linux's")
def test_a_child_ends_when_its_guard_is_killed() -> None:
    child = (
        "import os, sys, time, deploy.processes as p; p.die_with(int(sys.argv[1]));"
        "print(os.getpid(), flush=True); time.sleep(60)"
    )
    guard = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], str(os.getpid())])"
    with subprocess.Popen(
        [sys.executable, "-c", guard, child],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert born(pid)
        process.kill()
        assert process.stdout.read() == ""  # the child held the other end
    deadline = time.monotonic() + 5
    while born(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="the signal at the parent's death is Linux's")
def test_a_child_does_not_begin_when_its_guard_is_gone() -> None:
    program = "import deploy.processes as p; p.die_with(1 << 22); print('began')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""
