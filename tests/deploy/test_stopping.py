"""Which signals tell a node to stop."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from deploy.local import stop_on_signals


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    """A hang-up ends a process, also where whoever runs the tests has told them to outlive one; it is put back after each test."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_node_stops_when_it_is_told_to_or_its_terminal_is_gone(number: signal.Signals) -> None:
    """Found: a terminal that was closed killed the node in the midst of it, and left its nats-server running."""
    stop_on_signals(stop := asyncio.Event())
    try:
        os.kill(os.getpid(), number)
        assert await asyncio.wait_for(stop.wait(), 10)
    finally:
        asyncio.get_running_loop().remove_signal_handler(number)


async def test_whoever_was_told_to_outlive_the_terminal_does() -> None:
    """As by nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop_on_signals(stop := asyncio.Event())
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.sleep(0.1)
    assert not stop.is_set()
