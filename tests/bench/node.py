"""A node as users start it, in processes of its own, and what it costs in memory, time and processor."""

import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from urllib.parse import urlsplit

import uvloop

from deploy.broker import Broker
from deploy.client import Client
from deploy.demo import SAMPLE_REGION, SAMPLE_REGIONS
from deploy.node import Node
from deploy.processes import DataLock, ProcessError, launch, tail
from shared.identity import Actor
from shared.keyring import Keyring
from shared.terms import Role
from tests.bench import casebook
from tests.bench.load import closed_loop, post

PATIENCE = 120.0
GRACE = 30.0


@dataclass
class Running:
    """A node that runs: the process to burden, and where it answers."""

    node: Node
    pid: int
    """The process that serves; the first, when there are several."""
    guard: int | None
    """The `up` above it."""
    addresses: dict[str, str]
    started_in: float = 0.0
    """Seconds from its start until `up` said so."""

    def __post_init__(self) -> None:
        actor = Actor(id="bench", role=Role.PETITION_OFFICE, unit=None, region=SAMPLE_REGION)
        keyring = Keyring(self.node.data / "identity.key")
        self.token = keyring.issue(actor, lifetime=timedelta(hours=1), now=datetime.now(UTC))

    def port(self, service: str) -> int:
        """Where a service listens."""
        return urlsplit(self.addresses[service]).port or 80

    def register(self, cases: range) -> None:
        """Register these cases through the door that everybody uses, and wait until everybody has heard of them."""
        requests = (self._registration(n) for n in cases)
        load = uvloop.run(closed_loop(self.port("intake"), 16, requests))
        if load.refused:
            raise ProcessError(f"登记被拒：{load.refused[0]}", f"a registration was refused: {load.refused[0]}")
        self.settle()

    def settle(self, patience: float = PATIENCE) -> float:
        """Wait until all that was said is heard and judged. Answers the seconds that took."""
        begun = time.perf_counter()
        with Client(self.node, Role.SUPERVISOR) as client:
            if not client.settled(patience):
                raise ProcessError("事实长时间未送达", "facts do not arrive")
        return time.perf_counter() - begun

    def _registration(self, n: int) -> bytes:
        said = casebook.opening(n).model_dump_json(exclude={"petitioner_id"})
        person = f'"petitioner":{{"name":"张某某","phone":"1390000{n:04d}"}}'
        return post(f"/intake/cases/case-{n}/register-case", self.token, f"{said[:-1]},{person}}}".encode())


@contextmanager
def embedded(folder: Path, *options: str, prepare: Callable[[Node], None] = lambda _: None) -> Iterator[Running]:
    """`up`, as a process of its own: nats-server, and all services in one process unless options say otherwise.

    `prepare` sees the data folder before.
    """
    node = Node(folder / "up")
    node.prepare(SAMPLE_REGION, SAMPLE_REGIONS)
    prepare(node)
    begun = time.perf_counter()
    with _process([sys.executable, "-m", "deploy", "up", "--data", str(node.data), *options], folder / "up.log") as up:

        def announced() -> bool:
            with suppress(ProcessError):
                return node.running().pid == up.pid
            return False

        _wait(announced, up, folder / "up.log")
        started_in = time.perf_counter() - begun
        serving = next(pid for pid in children(up.pid) if b"deploy.serve" in _command(pid))
        yield Running(node, serving, up.pid, node.running().addresses, started_in)


@contextmanager
def casework_alone(folder: Path, cases: range) -> Iterator[Running]:
    """The casework process alone, as `up --separate` starts it, after intake has registered these cases and gone."""
    node = Node(folder / "alone")
    node.prepare(SAMPLE_REGION, SAMPLE_REGIONS)
    broker = Broker(node.data / "nats")
    broker.start()
    try:
        env = {**os.environ, **node.settings(SAMPLE_REGION, broker.url).to_environment()}
        addresses = {name: f"http://127.0.0.1:{node.port(name)}" for name in ("casework", "intake")}

        def serve(service: str) -> list[str]:
            port = str(urlsplit(addresses[service]).port)
            return [sys.executable, "-m", "deploy.serve", service, "--port", port, "--parent", str(os.getpid())]

        with DataLock(node.data), _process(serve("casework"), folder / "casework.log", env) as casework:
            with _process(serve("intake"), folder / "intake.log", env) as intake:
                for service, process in (("casework", casework), ("intake", intake)):
                    live = f"{addresses[service]}/{service}/health/live"
                    _wait(partial(_answers, live), process, folder / f"{service}.log")
                node.announce(SAMPLE_REGION, addresses)
                Running(node, casework.pid, None, addresses).register(cases)
            del addresses["intake"]
            node.announce(SAMPLE_REGION, addresses)
            yield Running(node, casework.pid, None, addresses)
    finally:
        broker.stop()


def children(pid: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def pss_mib(pid: int) -> float:
    """Proportional set size in MiB: what is shared by n processes counts one n-th (Linux)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ProcessError(f"进程 {pid} 没有 PSS", f"process {pid} has no PSS")


def cpu_seconds(pid: int) -> float:
    """What a process has burnt so far (Linux)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _process(argv: list[str], log: Path, env: dict[str, str] | None = None) -> Iterator[Popen[bytes]]:
    """A process that is told to stop at the end; one that does not is killed, with those below it."""
    process = launch(argv, log, env)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except TimeoutExpired:
            for pid in (*children(process.pid), process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def _wait(ready: Callable[[], bool], process: Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ProcessError(f"进程未能启动：\n{tail(log)}\n", "a process did not start; the end of its log is above")
        time.sleep(0.01)


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=1) as answer:
        return bool(answer.status == 200)
    return False


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
