"""The guard of the local nats-server, with a real one: nothing a killed process leaves behind is an obstacle."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import nats
import pytest

from deploy.broker import Broker, BrokerError, find_server, server_version

ROOT = Path(__file__).parents[2]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path / "nats")
    yield broker
    broker.stop()


def program(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def publish(url: str) -> int:
    """Store one message; how many there are now."""

    async def one() -> int:
        client = await nats.connect(url, max_reconnect_attempts=1)
        try:
            stream = client.jetstream()
            await stream.add_stream(name="PROOF", subjects=["proof"])
            return (await stream.publish("proof", b"1")).seq
        finally:
            await client.close()

    return asyncio.run(one())


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def running_with(conf: Path) -> list[str]:
    """The processes whose command line names this file."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.fsencode(conf) in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found


def has_ended(pid: int) -> bool:
    """Whether this process is gone, or waits only to be buried."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() == b""
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_what_was_stored_is_there_after_a_stop_and_the_address_stays(broker: Broker) -> None:
    broker.start()
    url = broker.url
    assert publish(url) == 1
    broker.stop()
    assert not broker.alive
    assert broker.pid is None
    broker.start()
    assert broker.url == url
    assert publish(url) == 2


def test_a_copy_of_the_folder_has_what_was_stored_but_is_not_taken_for_the_first(
    broker: Broker, tmp_path: Path
) -> None:
    """Found: two nodes that were copies took the same port at once, and the one would have spoken to the other's server."""
    broker.start()
    assert publish(broker.url) == 1
    broker.stop()
    copy = Broker(Path(shutil.copytree(broker.folder, tmp_path / "copy")))
    try:
        copy.start()
        assert copy.url != broker.url
        assert copy._name != broker._name
        assert publish(copy.url) == 2
    finally:
        copy.stop()


def test_nobody_enters_without_the_password(broker: Broker) -> None:
    broker.start()
    port = int(broker.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as stranger, stranger.makefile("rb") as lines:
        assert b'"auth_required":true' in lines.readline()
        stranger.sendall(b"CONNECT {}\r\nPING\r\n")
        assert lines.readline() == b"-ERR 'Authorization Violation'\r\n"


def test_its_files_are_its_owners_alone(broker: Broker) -> None:
    broker.start()
    for path in [broker.folder, *broker.folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_of_any_name_will_do(tmp_path: Path) -> None:
    broker = Broker(tmp_path / '信访 "$数据" \\n #1')
    broker.start()
    try:
        assert publish(broker.url) == 1
        assert (broker.folder / "jetstream").is_dir()
    finally:
        broker.stop()


def test_a_second_owner_of_the_folder_is_refused_by_name(broker: Broker) -> None:
    broker.start()
    second = Broker(broker.folder)
    with pytest.raises(BrokerError, match=f"process {os.getpid()}") as refusal:
        second.start()
    assert str(broker.folder) in refusal.value.zh
    assert broker.alive
    broker.stop()
    second.start()
    second.stop()


def test_starting_twice_is_starting_once(broker: Broker) -> None:
    broker.start()
    pid = broker.pid
    broker.start()
    assert broker.pid == pid


def test_a_killed_server_is_seen_and_comes_back_at_its_address(broker: Broker) -> None:
    broker.start()
    url, pid = broker.url, broker.pid
    assert publish(url) == 1
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not broker.alive)
    broker.start()
    assert broker.url == url
    assert publish(url) == 2


def test_what_a_killed_guard_left_running_is_taken_over(broker: Broker) -> None:
    guard = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time, pathlib, deploy.broker as b; guard = b.Broker(pathlib.Path(sys.argv[1])); guard.start();"
            "print(guard.pid, guard.url, flush=True); time.sleep(60)",
            str(broker.folder),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert guard.stdout is not None
    with guard, guard.stdout:
        pid, url = guard.stdout.readline().split()
        assert publish(url) == 1
        with pytest.raises(BrokerError, match=f"process {guard.pid}"):
            broker.start()
        guard.kill()
    assert Path(f"/proc/{pid}").exists()

    reading = [sys.executable, "-c", "input()", str(broker.folder / "nats.conf")]
    with subprocess.Popen(reading, stdin=subprocess.PIPE) as bystander:
        broker.start()
        wait_until(lambda: has_ended(int(pid)))
        assert broker.pid != int(pid)
        assert broker.url == url
        assert publish(url) == 2
        assert bystander.poll() is None
        bystander.kill()


def test_a_stop_during_a_start_leaves_nothing_running(broker: Broker) -> None:
    starting = threading.Thread(target=broker.start)
    starting.start()
    wait_until(lambda: (broker.folder / "nats.conf").exists())
    broker.stop()
    starting.join()
    assert not broker.alive
    assert not running_with(broker.folder / "nats.conf")


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        broker = Broker(tmp_path, port)
        with pytest.raises(BrokerError, match=f"port {port} is in use") as refusal:
            broker.start()
    assert f"端口 {port} 已被占用" in refusal.value.zh
    broker.start()
    assert broker.url.endswith(f":{port}")
    broker.stop()


def test_the_kept_port_is_chosen_anew_when_somebody_has_it(broker: Broker) -> None:
    broker.start()
    broker.stop()
    url = broker.url
    with socket.create_server(("127.0.0.1", int(url.rpartition(":")[2]))):
        broker.start()
        assert broker.url.rpartition(":")[0] == url.rpartition(":")[0]
        assert broker.url != url


def test_a_wipe_loses_the_disk_but_not_the_address(broker: Broker) -> None:
    broker.start()
    with pytest.raises(BrokerError, match="stop the nats-server first"):
        broker.wipe()
    broker.stop()
    url = broker.url
    broker.wipe()
    assert not (broker.folder / "jetstream").exists()
    broker.wipe()
    broker.start()
    assert broker.url == url


def test_after_a_wipe_the_streams_are_gone(broker: Broker) -> None:
    broker.start()
    assert [publish(broker.url), publish(broker.url)] == [1, 2]
    broker.stop()
    broker.wipe()
    broker.start()
    assert publish(broker.url) == 1


def test_a_server_that_will_not_start_shows_its_last_words(broker: Broker) -> None:
    broker.folder.mkdir()
    (broker.folder / "jetstream").write_text("a file where the store should be")
    with pytest.raises(BrokerError, match="directory") as refusal:
        broker.start()
    assert str(broker.log) in refusal.value.zh
    assert not broker.alive
    (broker.folder / "jetstream").unlink()
    broker.start()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BrokerError, match="file/nats"):
        Broker(tmp_path / "file" / "nats").start()


def test_a_server_that_never_answers_is_stopped(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = program(tmp_path / "silent", '[ "$1" != --version ] || exec echo nats-server: v2.9.10', "exec sleep 60")
    monkeypatch.setenv("NATS_SERVER", str(silent))
    with pytest.raises(BrokerError, match="did not start"):
        broker.start(patience=0.2)
    assert not broker.alive


@pytest.mark.parametrize(("said", "version"), [("v2.9.0", (2, 9, 0)), ("v2.10.27", (2, 10, 27)), ("v3.0.1", (3, 0, 1))])
def test_a_server_from_2_9_on_will_do(tmp_path: Path, said: str, version: tuple[int, int, int]) -> None:
    assert server_version(program(tmp_path / "nats-server", f"echo nats-server: {said}")) == version


@pytest.mark.parametrize("said", ["v2.8.4", "v1.4.1"])
def test_an_older_server_is_refused(tmp_path: Path, said: str) -> None:
    old = program(tmp_path / "nats-server", f"echo nats-server: {said}")
    with pytest.raises(BrokerError, match=f"{old} is {said}, older than 2.9") as refusal:
        server_version(old)
    assert "低于 2.9" in refusal.value.zh


@pytest.mark.parametrize(
    ("line", "reason"), [("echo hello", "is not a nats-server"), ("exit 1", "is not a nats-server")]
)
def test_another_program_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(BrokerError, match=reason):
        server_version(program(tmp_path / "other", line))


def test_a_file_that_is_no_program_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nats-server").write_bytes(b"\x7fELF")
    monkeypatch.setenv("NATS_SERVER", str(tmp_path / "nats-server"))
    with pytest.raises(BrokerError, match=f"{tmp_path}/nats-server is not a program"):
        find_server()
    (tmp_path / "nats-server").chmod(0o755)
    with pytest.raises(BrokerError, match="does not run"):
        server_version(find_server())


def test_the_named_server_comes_first_then_the_path_then_the_usual_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = program(tmp_path / "mine"), program(tmp_path / "nats-server")
    monkeypatch.setenv("NATS_SERVER", str(mine))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_server() == mine
    monkeypatch.delenv("NATS_SERVER")
    assert find_server() == other
    monkeypatch.setenv("PATH", "/nowhere")
    if usual := [path for path in (Path("/usr/sbin/nats-server"), Path("/usr/bin/nats-server")) if path.exists()]:
        assert find_server() == usual[0]
    else:
        with pytest.raises(BrokerError, match="apt-get install -y nats-server"):
            find_server()
