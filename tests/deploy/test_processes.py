"""The process guard with real processes: order, restarts, a clean end, and one owner per folder."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.processes import AlreadyRunning, Child, DataLock, Died, Guard, Pace, ProcessError, launch, rotate, tail

ROOT = Path(__file__).parents[2]
QUICK = Pace(first=0.01, longest=0.04, healthy=60)


class Journal:
    """What the children wrote, in the order in which they wrote it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal"
        self.path.touch()

    @property
    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()

    def child(self, name: str, then: str = "while :; do sleep 0.02; done") -> Child:
        """A child that notes its start and its asked-for end, and is ready when its start is noted."""
        script = f'note() {{ echo "$1 {name}" >>"{self.path}"; }}; trap "note stop; exit 0" TERM; note start; {then}'
        log = self.path.with_name(f"{name}.log")
        return Child(name, ["sh", "-c", script], {**os.environ}, log, lambda: f"start {name}" in self.lines)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("still waiting after five seconds")


def no_death(report: Died) -> None:
    pytest.fail(f"{report.name} died with {report.code}")


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_all_children_are_ready_before_it_is_said_and_stop_in_the_reverse_order(journal: Journal) -> None:
    stop = asyncio.Event()
    guard = Guard([journal.child(name) for name in ("one", "two", "three")], no_death)

    def all_ready() -> None:
        assert sorted(journal.lines) == ["start one", "start three", "start two"]
        stop.set()

    await guard.run(stop, all_ready)
    assert journal.lines[3:] == ["stop three", "stop two", "stop one"]
    assert guard.pids == {}


async def test_a_killed_child_is_reported_and_starts_again(journal: Journal) -> None:
    reports: list[Died] = []
    stop, ready = asyncio.Event(), asyncio.Event()
    guard = Guard([journal.child("one"), journal.child("two")], reports.append, pace=QUICK)
    running = asyncio.create_task(guard.run(stop, ready.set))
    await ready.wait()
    before = guard.pids
    os.kill(before["one"], signal.SIGKILL)
    await until(lambda: journal.lines.count("start one") == 2)
    assert guard.pids["two"] == before["two"]
    assert guard.pids["one"] != before["one"]
    assert reports == [Died("one", -signal.SIGKILL, 0.01)]
    stop.set()
    await running


async def test_the_pause_doubles_up_to_a_limit(journal: Journal) -> None:
    reports: list[Died] = []
    stop = asyncio.Event()
    guard = Guard([journal.child("one", then="exit 3")], reports.append, pace=QUICK)
    running = asyncio.create_task(guard.run(stop))
    await until(lambda: len(reports) == 5)
    stop.set()
    await running
    assert reports == [Died("one", 3, pause) for pause in (0.01, 0.02, 0.04, 0.04, 0.04)]


async def test_the_pause_is_short_again_after_good_health(journal: Journal) -> None:
    reports: list[Died] = []
    stop = asyncio.Event()
    child = journal.child("one", then="sleep 0.1; exit 3")
    running = asyncio.create_task(Guard([child], reports.append, pace=Pace(0.01, 10, healthy=0.1)).run(stop))
    await until(lambda: len(reports) == 4)
    stop.set()
    await running
    assert {report.pause for report in reports} == {0.01}


async def test_a_child_that_dies_before_it_was_ready_ends_all_with_its_last_words(journal: Journal) -> None:
    reports: list[Died] = []
    broken = Child("two", ["sh", "-c", "echo no such policy >&2; exit 2"], {}, journal.path.with_name("l"), bool)
    guard = Guard([journal.child("one"), broken], reports.append, pace=QUICK)
    with pytest.raises(ProcessError, match="no such policy") as failure:
        await guard.run(asyncio.Event())
    assert "two 启动失败" in failure.value.zh
    assert [report.code for report in reports] == [2, 2, 2]
    assert journal.lines == ["start one", "stop one"]


async def test_a_child_that_is_never_ready_ends_all(journal: Journal) -> None:
    sleeper = Child("one", ["sleep", "60"], {**os.environ}, journal.path.with_name("log"), bool)
    guard = Guard([sleeper], no_death, patience=0.2)
    with pytest.raises(ProcessError, match=r"one is not ready after 0\.2 s: the machine may be too busy"):
        await guard.run(asyncio.Event())
    assert guard.pids == {}


async def test_a_program_that_is_not_there_ends_all(journal: Journal) -> None:
    missing = Child("one", ["/nowhere/one"], {}, journal.path.with_name("log"), bool)
    reports: list[Died] = []
    with pytest.raises(ProcessError, match=r"one cannot be started: .*/nowhere/one"):
        await Guard([missing], reports.append, pace=QUICK).run(asyncio.Event())
    assert [report.code for report in reports] == [127, 127, 127]


async def test_a_stop_is_heard_while_a_child_is_not_yet_ready(journal: Journal) -> None:
    stop = asyncio.Event()
    sleeper = Child("one", ["sleep", "60"], {**os.environ}, journal.path.with_name("log"), bool)
    guard = Guard([sleeper], no_death)
    running = asyncio.create_task(guard.run(stop, lambda: pytest.fail("never ready")))
    await until(lambda: "one" in guard.pids)
    stop.set()
    async with asyncio.timeout(5):
        await running
    assert guard.pids == {}


async def test_a_child_deaf_to_the_request_is_killed_with_its_own_children(journal: Journal) -> None:
    stop = asyncio.Event()
    deaf = journal.child("one", then=f'trap "" TERM; sleep 60 & echo $! >>"{journal.path}"; wait; sleep 60')
    guard = Guard([deaf], no_death, grace=0.2)
    running = asyncio.create_task(guard.run(stop))
    await until(lambda: len(journal.lines) == 2)
    pids = [*guard.pids.values(), int(journal.lines[1])]
    stop.set()
    await running
    await until(lambda: not any(map(runs, pids)))


async def test_a_cancelled_guard_leaves_nothing_running(journal: Journal) -> None:
    guard = Guard([journal.child("one")], no_death)
    running = asyncio.create_task(guard.run(asyncio.Event()))
    await until(lambda: journal.lines == ["start one"])
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert journal.lines == ["start one", "stop one"]


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


# --- one owner per folder ---


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
        assert runs(pid)
        process.kill()
        assert process.stdout.read() == ""  # the child held the other end
    deadline = time.monotonic() + 5
    while runs(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="the signal at the parent's death is Linux's")
def test_a_child_does_not_begin_when_its_guard_is_gone() -> None:
    program = "import deploy.processes as p; p.die_with(1 << 22); print('began')"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""
