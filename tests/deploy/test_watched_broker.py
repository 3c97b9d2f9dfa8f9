"""A broker that is alive and stores nothing more, as after a full disk, is started anew once there is room."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import local
from deploy.broker import Broker
from deploy.processes import LOG_LIMIT


async def until(so: Callable[[], object]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(so):  # noqa: ASYNC110 - a server tells nobody
            await asyncio.sleep(0.05)


async def test_a_broker_that_answers_no_more_is_started_again_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.BROKER_SECONDS", 0.1)
    monkeypatch.setattr("deploy.broker.ROOM", 2**60)
    broker, said = Broker(tmp_path / "nats"), list[str]()
    broker.start()
    assert broker.keeps()
    silent = broker.pid
    assert silent is not None
    watching = asyncio.create_task(local._watch_broker(broker, said.append, patience=1))
    try:
        os.kill(silent, signal.SIGSTOP)
        await until(lambda: said)
        assert "请腾出空间" in said[0]
        monkeypatch.setattr("deploy.broker.ROOM", 0)
        await until(broker.keeps)
        assert broker.pid != silent
        assert "starting it again" in said[1]
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        await asyncio.to_thread(broker.stop)


async def test_its_log_is_set_aside_while_it_runs(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "nats")
    broker.start()
    watching = asyncio.create_task(local._watch_broker(broker, print))
    try:
        with broker.log.open("ab") as log:
            log.write(b"x" * LOG_LIMIT)
        await until(lambda: broker.log.stat().st_size < LOG_LIMIT)
        assert broker.log.with_name("nats.log.1").stat().st_size > LOG_LIMIT
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        await asyncio.to_thread(broker.stop)


def test_one_that_is_gone_keeps_nothing(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "nats")
    broker.start()
    assert broker.keeps()
    broker.stop()
    assert not broker.keeps()
