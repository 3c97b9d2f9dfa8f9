"""A speaker and a reader, and the ears between them: what tests of listening share."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from deploy.broker import Broker
from shared.bus import Ears, Listener, Relay
from shared.store import Delivery, SQLiteLog, Store, fresh
from tests.petitions import REGION, Petitions, opened
from tests.shared.on_the_bus import eventually, of_the_log, running

DURABLE = f"casework-{REGION}"


class Reader:
    """Takes batches in as a service does, all or nothing; can be told to be away, or to fall over."""

    def __init__(self) -> None:
        self.heard: dict[tuple[str, str], int] = {}
        self.taken: list[Delivery] = []
        self.batches: list[int] = []
        self.away = False
        self.times: dict[int, float] = {}

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionError("the database is away")
        new, heard = fresh(deliveries, self.heard)
        self.taken += new
        self.heard = heard
        self.batches.append(len(deliveries))
        now = time.perf_counter()
        self.times |= {delivery.position: now for delivery in new}


@asynccontextmanager
async def speaking(broker: Broker, tmp_path: Path) -> AsyncIterator[tuple[Store[Petitions], Relay]]:
    """A speaker whose log is relayed."""
    with closing(SQLiteLog(tmp_path / "intake.db")) as log:
        async with opened(log) as store:
            relay = Relay(REGION, "intake", log, broker.url)
            store.on_append(relay.wake)
            async with running(relay.run()):
                yield store, relay


def ears(broker: Broker, reader: Reader) -> Ears:
    made = Ears(broker.url, "casework")
    made.listens(REGION, "intake", reader.receive)
    return made


async def all_heard(reader: Reader, store: Store[Petitions], seconds: float = 20) -> None:
    """Every fact of the log has been taken in, once and in order."""
    await eventually(lambda: len(reader.taken) >= store.log.last_position(), seconds)
    assert reader.taken == of_the_log(store.log)


async def none_waits(listener: Listener) -> bool:
    return await listener.lag() == 0


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults are noticed soon."""
    monkeypatch.setattr("shared.bus.listen.WATCH_SECONDS", 0.4)
    monkeypatch.setattr("shared.bus.ears.WATCH_SECONDS", 0.4)
