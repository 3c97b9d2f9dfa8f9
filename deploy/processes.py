"""Processes that huajie starts on this machine: one owner per data folder, and a guard that keeps children running."""

import asyncio
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LOG_LIMIT = 10_000_000
"""Bytes after which a log is set aside as `.1`; the one before it is dropped."""


class ProcessError(Exception):
    """A process cannot be started or kept. The two texts name the cause and the cure."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class AlreadyRunning(ProcessError):
    """Another process owns this folder; `pid` is None when it has not yet said who it is."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = "?" if pid is None else pid
        super().__init__(
            f"数据目录 {folder} 正由另一个 huajie（进程 {who}）使用；请先停止它，或换一个目录",
            f"the data folder {folder} is in use by another huajie (process {who}): stop it first, or use another",
        )
        self.pid = pid


class DataLock:
    """One owner per folder. The kernel opens the lock when its owner dies: a file left by `kill -9` is no obstacle."""

    def __init__(self, folder: Path, name: str = "up.lock") -> None:
        self.path = folder / name
        self._fd: int | None = None

    def acquire(self) -> None:
        """Own the folder, which is made if need be; raises AlreadyRunning, OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            written = os.pread(fd, 32, 0).strip()
            os.close(fd)
            raise AlreadyRunning(self.path.parent, int(written) if written.isdigit() else None) from None
        self._fd = fd
        try:
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:  # a full disk
            self.release()
            raise OSError(error.errno, error.strerror, str(self.path)) from None

    def release(self) -> None:
        """Give the folder up. The file stays: removing it would let two owners lock two files of one name."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


def rotate(log: Path, limit: int = LOG_LIMIT) -> None:
    """Set a log aside once it is over the limit (bytes), also while its writer appends; does nothing if it cannot."""
    with suppress(OSError):
        if log.stat().st_size > limit:
            shutil.copy(log, log.with_name(log.name + ".1"))
            os.truncate(log, 0)


def tail(log: Path, lines: int = 10) -> str:
    """The last lines of a log, for an error message; empty when there is none."""
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 8192))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    return ""


def launch(argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a process that only its guard should stop: no input, a log only its owner reads, and a group of its own, so
    that Ctrl-C at the terminal reaches the guard alone. Raises OSError."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    rotate(log)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(
            argv, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0, umask=0o077
        )
    finally:
        os.close(output)


def die_with(parent: int) -> None:
    """Called early by a guarded process: be told to stop (SIGTERM) when its guard, the process `parent`, dies unasked.

    Linux only, elsewhere nothing. The kernel watches the thread that started us, so the guard starts its children from
    its main thread. Raises SystemExit when the guard is gone already.
    """
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, ctypes.c_ulong(signal.SIGTERM))
        if os.getppid() != parent:
            raise SystemExit(0)


def born(pid: int) -> str | None:
    """When a process was started, in the kernel's words: it tells the process from a later one that bears its number.

    None when it has ended, also when nobody has buried it yet. Where there is no /proc, the same of whatever runs.
    """
    try:
        # the second word is the program's name in brackets, in which anything may stand; the state follows, and 19 on, the start
        state, *rest = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return None if state in "ZX" else rest[18]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # it runs, as somebody else
    return ""


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
