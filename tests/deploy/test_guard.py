"""The guard with real processes: order, restarts, and a clean end."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.guard import Child, Died, Guard, Pace
from deploy.processes import ProcessError, born

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
    assert guard.pids == {}
    await until(lambda: not any(map(born, pids)))


async def test_a_cancelled_guard_leaves_nothing_running(journal: Journal) -> None:
    guard = Guard([journal.child("one")], no_death)
    running = asyncio.create_task(guard.run(asyncio.Event()))
    await until(lambda: journal.lines == ["start one"])
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert journal.lines == ["start one", "stop one"]


# --- one owner per folder ---
