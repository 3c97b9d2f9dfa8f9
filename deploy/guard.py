"""A guard over processes: starts them, starts again one that dies, and stops them all."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.processes import ProcessError, launch, rotate, tail


@dataclass(frozen=True)
class Child:
    """A process to keep running. `ready` is asked from a thread until it says yes, so it may block for a moment."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log_path: Path
    ready: Callable[[], bool]


@dataclass(frozen=True)
class Died:
    """What the guard reports: a child ended with `code` (negative: a signal; 127: it could not be started at all) and
    starts again after `pause` seconds."""

    name: str
    code: int
    pause: float


@dataclass(frozen=True)
class Pace:
    """Seconds: the pause before a restart doubles from `first` to `longest`, and is `first` again after `healthy`."""

    first: float = 0.5
    longest: float = 10.0
    healthy: float = 60.0


@dataclass
class _Life:
    """What the guard knows about one child. Times are of the monotonic clock."""

    child: Child
    pause: float
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    next_start: float = 0.0
    deaths: int = 0
    refused: OSError | None = None
    """Why it could not be started at all, the last time."""


class Guard:
    """Starts children, all at once; restarts one that dies; stops all, one by one, in the reverse order."""

    def __init__(
        self,
        children: Sequence[Child],
        report: Callable[[Died], None],
        *,
        pace: Pace = Pace(),
        patience: float = 180.0,
        grace: float = 10.0,
    ) -> None:
        """`patience`: seconds for a child to become ready the first time; `grace`: seconds from SIGTERM to SIGKILL."""
        self._lives = [_Life(child, pace.first) for child in children]
        self._report, self._pace, self._patience, self._grace = report, pace, patience, grace

    @property
    def pids(self) -> dict[str, int]:
        """The children that run now, by name."""
        return {life.child.name: life.process.pid for life in self._lives if life.process is not None}

    async def run(self, stop: asyncio.Event, all_ready: Callable[[], None] = lambda: None) -> None:
        """Keep the children until `stop` is set, then stop them; they are stopped too when this is cancelled or fails.

        Raises ProcessError when a child is not ready in time or dies three times before it ever was.
        """
        try:
            for life in self._lives:
                await self._bring_up(life, stop)
            if not stop.is_set():
                all_ready()
            while not stop.is_set():
                self._tend()
                await _pause(stop, 0.1)
        finally:
            for life in reversed(self._lives):
                await self._stop(life)

    async def _bring_up(self, life: _Life, stop: asyncio.Event) -> None:
        """Wait until this one is ready; the others start meanwhile."""
        deadline = time.monotonic() + self._patience
        while not stop.is_set():
            self._tend()
            if life.process is not None and await asyncio.to_thread(life.child.ready):
                return
            if life.deaths >= 3 or time.monotonic() > deadline:
                raise self._not_up(life)
            await _pause(stop, 0.05)

    def _not_up(self, life: _Life) -> ProcessError:
        name, log = life.child.name, life.child.log_path
        if life.refused is not None:
            return ProcessError(f"{name} 无法启动：{life.refused}", f"{name} cannot be started: {life.refused}")
        if life.deaths < 3:
            return ProcessError(
                f"{name} 过了 {self._patience:g} 秒仍未就绪；机器可能太忙，请稍后再试，仍不行请看日志 {log}",
                f"{name} is not ready after {self._patience:g} s: the machine may be too busy, try again later, else see {log}",
            )
        return ProcessError(
            f"{name} 启动失败，日志 {log} 的末尾：\n{tail(log)}\n",
            f"{name} did not start; the end of its log is above",
        )

    def _tend(self) -> None:
        """Bury the dead, start what is due."""
        now = time.monotonic()
        for life in self._lives:
            if life.process is not None and (code := life.process.poll()) is not None:
                if now - life.since >= self._pace.healthy:
                    life.pause = self._pace.first
                self._bury(life, code, now)
            elif life.process is None and now >= life.next_start:
                try:
                    life.process, life.since = launch(life.child.argv, life.child.log_path, life.child.env), now
                    life.refused = None
                except OSError as error:  # a full disk, say: one child waits, the others go on
                    life.refused = error
                    self._bury(life, 127, now)  # the shell's code for it
            rotate(life.child.log_path)

    def _bury(self, life: _Life, code: int, now: float) -> None:
        life.process, life.deaths, life.next_start = None, life.deaths + 1, now + life.pause
        self._report(Died(life.child.name, code, life.pause))
        life.pause = min(life.pause * 2, self._pace.longest)

    async def _stop(self, life: _Life) -> None:
        if life.process is None:
            return
        life.process.terminate()
        deadline = time.monotonic() + self._grace
        while life.process.poll() is None:
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.killpg(life.process.pid, signal.SIGKILL)
                life.process.wait()
            await asyncio.sleep(0.02)
        life.process = None


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
