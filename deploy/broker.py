"""The local nats-server that huajie starts and guards (消息服务). The truth is in the logs; this one may be wiped."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from deploy.ports import free_port, is_free
from deploy.processes import AlreadyRunning, DataLock, ProcessError, launch, tail

FLOOR = (2, 9, 0)
"""The oldest nats-server we run on: Debian 12's."""

ROOM = 16 * 1024 * 1024
"""Bytes: with less on the disk a server that has stopped storing would soon stop again."""


class BrokerError(ProcessError):
    """The local nats-server cannot be run. The two texts name the cause and the cure."""


def find_server() -> Path:
    """The nats-server to run: $NATS_SERVER, else PATH, /usr/sbin, /usr/bin; raises BrokerError."""
    if named := os.environ.get("NATS_SERVER"):
        if found := shutil.which(named):
            return Path(found)
        raise BrokerError(
            f"NATS_SERVER={named} 不是可执行文件；请改正或去掉它",
            f"NATS_SERVER={named} is not a program: correct it or leave it out",
        )
    for path in (None, "/usr/sbin", "/usr/bin"):
        if found := shutil.which("nats-server", path=path):
            return Path(found)
    raise BrokerError(
        "找不到 nats-server；请执行 sudo apt-get install -y nats-server，或用 NATS_SERVER 指明",
        "no nats-server found: run sudo apt-get install -y nats-server, or name yours in NATS_SERVER",
    )


def server_version(path: Path) -> tuple[int, int, int]:
    """What this nats-server says it is; raises BrokerError when it says nothing or is below the floor."""
    try:
        said = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=10
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokerError(
            f"{path} 不能运行（{error}）；请用 NATS_SERVER 指明另一个",
            f"{path} does not run ({error}): name another in NATS_SERVER",
        ) from error
    if not (match := re.search(r"v(\d+)\.(\d+)\.(\d+)", said)):
        raise BrokerError(
            f"{path} 不是 nats-server；请用 NATS_SERVER 指明另一个",
            f"{path} is not a nats-server: name another in NATS_SERVER",
        )
    version = int(match[1]), int(match[2]), int(match[3])
    if version < FLOOR:
        raise BrokerError(
            f"{path} 是 {match[0]}，低于 2.9；请升级，或用 NATS_SERVER 指明较新的",
            f"{path} is {match[0]}, older than 2.9: upgrade it, or name a newer one in NATS_SERVER",
        )
    return version


class Broker:
    """A nats-server with JetStream on 127.0.0.1, its files in `folder`, owned by one process at a time.

    Two servers on one folder would both start and spoil its streams: a file lock keeps a second guard out, and a server
    left behind by a killed guard is stopped before a new one starts. It is found by its command line, which names our
    configuration file; tying its life to ours (PR_SET_PDEATHSIG) would tie it to the thread that called `start`.
    """

    def __init__(self, folder: Path, port: int | None = None) -> None:
        """`port`: None takes a free one and keeps it for the next start, so that clients can reconnect."""
        self.folder = folder.resolve()
        self._asked = port
        self._lock = DataLock(self.folder, "nats.lock")
        self._turn = threading.RLock()  # a stop waits for a start under way in another thread
        self._process: subprocess.Popen[bytes] | None = None
        self._name, self._password, self._port = "", "", 0

    @property
    def alive(self) -> bool:
        """Whether the server runs; False after it was killed, until `start` is called again."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._process.pid if self._process is not None and self.alive else None

    def keeps(self, patience: float = 5.0) -> bool:
        """Whether JetStream answers, within so many seconds. After it found no room on the disk it never does again, until
        the server is started anew.
        """
        with suppress(OSError), self._lines(patience) as lines:
            login = json.dumps({"user": "huajie", "pass": self._password, "verbose": False})
            lines.write(f"CONNECT {login}\r\nSUB kept 1\r\nPUB $JS.API.INFO kept 0\r\n\r\n".encode())
            lines.flush()
            return any(line.startswith(b"MSG kept ") for line in lines)
        return False

    @property
    def has_room(self) -> bool:
        """Whether the disk has room for the server to be started."""
        return shutil.disk_usage(self.folder).free >= ROOM

    @property
    def url(self) -> str:
        """Where clients connect; holds the password, so it goes into environments, never into logs or command lines."""
        return f"nats://huajie:{self._password}@127.0.0.1:{self._port}"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.folder / "nats.log"

    def start(self, patience: float = 60.0) -> None:
        """Own the folder, start the server and return once it answers, at most `patience` seconds later.

        Does nothing while it runs; starts it again, on the same port, after it died. Raises BrokerError and leaves the
        folder free.
        """
        with self._turn:
            if self.alive:
                return
            self.stop()
            server = find_server()
            server_version(server)
            try:
                self._lock.acquire()
                _stop_orphans(self._conf)
                self._configure()
                self._process = launch([str(server), "--config", str(self._conf)], self.log)
                self._await(self._process, patience)
            except AlreadyRunning as error:
                raise BrokerError(error.zh, error.en) from None
            except OSError as error:
                self.stop()
                raise BrokerError(
                    f"无法在 {self.folder} 运行 nats-server（{error}）",
                    f"cannot run nats-server in {self.folder} ({error})",
                ) from error
            except BaseException:
                self.stop()
                raise

    def stop(self, grace: float = 10.0) -> None:
        """Stop the server (SIGTERM, after `grace` seconds SIGKILL) and free the folder; does nothing when stopped."""
        with self._turn:
            if self._process is not None:
                self._process.terminate()
                try:
                    self._process.wait(grace)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
                self._process = None
            self._lock.release()

    def wipe(self) -> None:
        """Lose the broker's disk: all on it can be published again. Only when stopped. Raises BrokerError, OSError."""
        if self._process is not None:
            raise BrokerError("请先停止 nats-server", "stop the nats-server first")
        try:
            with self._lock:
                _stop_orphans(self._conf)
                with suppress(FileNotFoundError):
                    shutil.rmtree(self.folder / "jetstream")
        except AlreadyRunning as error:
            raise BrokerError(error.zh, error.en) from None

    @property
    def _conf(self) -> Path:
        return self.folder / "nats.conf"

    def _configure(self) -> None:
        """Write the configuration; the port, name and password of the last one are kept, unless the folder is a copy of another:
        both would be taken for one, and what one says be sent to the other.
        """
        store = json.dumps(str(self.folder), ensure_ascii=False)
        last = self._conf.read_text(encoding="utf-8") if self._conf.exists() else ""
        if f"store_dir: {store} " not in last:
            last = ""

        def kept(pattern: str) -> str:
            return match[1] if (match := re.search(pattern, last)) else ""

        name = kept(r'server_name: "(huajie-[0-9a-f]+)"') or f"huajie-{secrets.token_hex(4)}"
        self._password = kept(r'password: "([\w-]+)"') or secrets.token_urlsafe(24)
        self._name, self._port = name, self._choose_port(int(kept(r"127\.0\.0\.1:(\d+)") or 0))
        draft = self._conf.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(
            encoding="utf-8",
            data=f'server_name: "{name}"\n'
            f'listen: "127.0.0.1:{self._port}"\n'
            f"jetstream {{ store_dir: {store} }}\n"
            f'authorization {{ user: "huajie", password: "{self._password}" }}\n',
        )
        draft.replace(self._conf)

    def _choose_port(self, last: int) -> int:
        if self._asked is None:
            return free_port(last)
        if not is_free(self._asked):
            raise BrokerError(
                f"端口 {self._asked} 已被占用；请停止占用它的程序，或换一个端口",
                f"port {self._asked} is in use: stop the program that has it, or choose another port",
            )
        return self._asked

    def _await(self, process: subprocess.Popen[bytes], patience: float) -> None:
        """JetStream has read its streams by the time the port opens, so the first line of a connection says ready."""
        deadline = time.monotonic() + patience
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise BrokerError(
                    f"nats-server 启动失败，日志 {self.log} 的末尾：\n{tail(self.log)}\n",
                    "nats-server did not start; the end of its log is above",
                )
            time.sleep(0.01)

    def _answers(self) -> bool:
        with suppress(OSError, ValueError), self._lines(1) as lines:
            greeting = lines.readline().removeprefix(b"INFO ")
            return bool(json.loads(greeting)["server_name"] == self._name)  # not whoever else took the port
        return False

    @contextmanager
    def _lines(self, patience: float) -> Iterator[BinaryIO]:
        """A connection to the server, whose every word comes within so many seconds."""
        with (
            socket.create_connection(("127.0.0.1", self._port), timeout=patience) as connection,
            connection.makefile("rwb") as lines,
        ):
            yield cast(BinaryIO, lines)


def _orphans(conf: Path) -> list[int]:
    """The servers that run with this configuration file (Linux; elsewhere none is seen)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            _, *arguments = (process / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            if arguments == [b"--config", os.fsencode(conf)]:
                found.append(int(process.name))
    return found


def _stop_orphans(conf: Path, grace: float = 10.0) -> None:
    """Stop what a killed guard left behind; called only by the owner of the folder. Raises OSError, BrokerError."""
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
        for pid in _orphans(conf):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while _orphans(conf) and time.monotonic() < deadline:
            time.sleep(0.02)
    if left := _orphans(conf):
        raise BrokerError(
            f"无法停止遗留的 nats-server（进程 {left}）", f"cannot stop a nats-server left over (process {left})"
        )
