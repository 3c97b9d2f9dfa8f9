"""What tests of the bus share: things that run beside the test, waiting for what will be so, and reading a whole stream."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.broker import Broker
from shared.bus import Relay, connect, replay
from shared.store import Delivery, Log, Store
from shared.store.draft import is_own
from tests.petitions import REGION, Link, Petitions, asking, opened


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run these beside the block; a failure of theirs fails the test."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


async def eventually(check: Callable[[], bool | Awaitable[bool]], seconds: float = 90.0) -> None:
    """Wait until it is so; fail when it is not so in time."""
    ends = time.monotonic() + seconds
    while True:
        so = check()
        if so if isinstance(so, bool) else await so:
            return
        assert time.monotonic() < ends, "it did not come about in time"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def jetstream(url: str) -> AsyncIterator[JetStreamContext]:
    """An operator's own connection."""
    client: Client = await connect(url, "operator")
    try:
        yield client.jetstream(timeout=5)
    finally:
        await client.close()


async def on_the_stream(url: str, speaker: str = "intake") -> list[Delivery]:
    """Everything that a stream holds."""
    found: list[Delivery] = []

    async def take(deliveries: list[Delivery]) -> None:
        found.extend(deliveries)

    await replay(url, REGION, speaker, take)
    return found


def of_the_log(log: Log, speaker: str = "intake") -> list[Delivery]:
    """Everything that the log has to say, as it ought to be on its stream."""
    found: list[Delivery] = []
    for event in log.since(0, 1_000_000):
        if is_own(event.topic):
            previous = found[-1].position if found else 0
            found.append(Delivery(f"{REGION}.{speaker}", log.epoch(), event.id, previous, event.state))
    return found


@pytest.fixture
async def store(log: Log) -> AsyncIterator[Store[Petitions]]:
    """A store on either kind of log."""
    async with opened(log) as made:
        yield made


async def link(store: Store[Petitions], first: int, last: int) -> None:
    """So many petitions, over a few cases."""
    commands = (store.handle(f"case-{n % 7}", Link(petitions=(f"p-{n}",)), asking()) for n in range(first, last))
    await asyncio.gather(*commands)


async def slay(broker: Broker) -> None:
    """kill -9 the broker."""
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGKILL)
    await eventually(lambda: not broker.alive)


async def relayed(relay: Relay, log: Log, seconds: float = 90.0) -> None:
    """Wait until the relay has passed all of the log."""
    await eventually(lambda: relay.position == log.last_position() and relay.trouble is None, seconds)
