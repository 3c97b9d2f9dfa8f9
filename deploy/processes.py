"""Processes that huajie starts on this machine: one owner per data folder, their logs, and how they end with their guard."""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
