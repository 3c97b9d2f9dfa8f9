"""Law 2 on the wire: broker or consumer may be lost, wiped or strange; every fact is taken in once and in order, and soon."""

import asyncio
import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from faststream.nats import NatsBroker

from deploy.broker import Broker
from shared.bus import Ears, stream_name, subjects_of
from shared.store import PostgresLog, Store
from tests.petitions import NOON, REGION, petitions
from tests.shared.listening import DURABLE, Reader, all_heard, ears, none_waits, speaking
from tests.shared.on_the_bus import eventually, jetstream, link, relayed, running, slay

pytestmark = pytest.mark.usefixtures("watchful")


async def test_a_consumer_that_is_deleted_while_we_listen_is_made_again(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    async with (
        speaking(broker, tmp_path) as (store, _),
        running(ears(broker, reader).run()),
        jetstream(broker.url) as js,
    ):
        for n in range(3):
            await link(store, 100 * n, 100 * n + 100)
            await all_heard(reader, store)
            assert await js.delete_consumer(stream_name("intake"), DURABLE)
        await link(store, 300, 310)
        await all_heard(reader, store, 8)


async def test_a_wiped_broker_is_healed_and_nothing_is_heard_twice(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    async with speaking(broker, tmp_path) as (store, relay), running(ears(broker, reader).run()):
        for n in range(2):
            await link(store, 300 * n, 300 * n + 200)
            await all_heard(reader, store)
            await slay(broker)
            await asyncio.to_thread(broker.stop)
            broker.wipe()
            await link(store, 300 * n + 200, 300 * n + 300)
            await asyncio.to_thread(broker.start)
        await all_heard(reader, store)
        await relayed(relay, store.log)


async def test_a_broker_killed_again_and_again_costs_no_fact(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    async with speaking(broker, tmp_path) as (store, _), running(ears(broker, reader).run()):

        async def load() -> None:
            for n in range(0, 3000, 30):
                await link(store, n, n + 30)

        loading = asyncio.create_task(load())
        for _ in range(4):
            await asyncio.sleep(0.3)
            await slay(broker)
            await asyncio.to_thread(broker.start)
        await loading
        await all_heard(reader, store, 40)


async def test_a_pull_that_ended_without_a_word_is_noticed(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    hearing = ears(broker, reader)
    async with speaking(broker, tmp_path) as (store, _), running(hearing.run()):
        await link(store, 0, 10)
        await all_heard(reader, store)
        for task in hearing.listeners[
            0
        ]._subscriber.tasks:  # as nats-py does to whoever waits on a connection that it closes
            task.cancel()
        await link(store, 10, 20)
        await all_heard(reader, store, 8)


async def test_a_consumer_with_other_settings_is_replaced(broker: Broker, tmp_path: Path) -> None:
    """A consumer that an older version left would acknowledge otherwise, or hand out more than we can keep in order."""
    reader = Reader()
    async with speaking(broker, tmp_path) as (store, relay), jetstream(broker.url) as js:
        await link(store, 0, 40)
        await relayed(relay, store.log)
        old = await js.pull_subscribe(subjects_of(REGION, "intake"), durable=DURABLE, stream=stream_name("intake"))
        await old.fetch(5)
        hearing = ears(broker, reader)
        async with running(hearing.run()):
            await all_heard(reader, store)
            info = await js.consumer_info(stream_name("intake"), DURABLE)
            assert str(info.config.ack_policy) == "all"
            await eventually(lambda: none_waits(hearing.listeners[0]))


def with_password(broker: Broker, word: str) -> str:
    """Change the password in the broker's configuration. Answers the one before."""
    conf = broker.folder / "nats.conf"
    text = conf.read_text()
    found = re.search(r'password: "([^"]+)"', text)
    assert found is not None
    conf.write_text(text.replace(found[1], word))
    return found[1]


@pytest.mark.parametrize("by", ["restart", "reload"])
async def test_a_broker_that_refuses_us_for_a_while_neither_starves_us_nor_is_given_up(
    broker: Broker, tmp_path: Path, by: str
) -> None:
    """FastStream ends reconnecting on an authorization error; nats-py closes for good when one strikes a live connection."""

    async def change(word: str) -> str:
        before = with_password(broker, word)
        if by == "reload":
            assert broker.pid is not None
            os.kill(broker.pid, signal.SIGHUP)
        else:
            await asyncio.to_thread(broker.stop)
            await asyncio.to_thread(broker.start)
        return before

    reader = Reader()
    hearing = ears(broker, reader)
    async with speaking(broker, tmp_path) as (store, relay), running(hearing.run()):
        await link(store, 0, 10)
        await all_heard(reader, store)
        password = await change("another")
        worst, last = 0.0, time.perf_counter()
        for _ in range(60):
            await asyncio.sleep(0.05)
            worst, last = max(worst, time.perf_counter() - last), time.perf_counter()
        assert worst < 1, "the event loop was starved"
        assert relay.trouble
        assert hearing.listeners[0].trouble
        await link(store, 10, 20)
        await change(password)
        await all_heard(reader, store)
        await eventually(lambda: not relay.trouble and not hearing.listeners[0].trouble)


async def test_of_two_processes_one_listens_and_when_it_goes_the_other_goes_on(
    broker: Broker, dsn: str, tmp_path: Path
) -> None:
    logs = [PostgresLog(dsn, "casework") for _ in range(2)]
    stores = [Store("casework", REGION, log, petitions(), lambda: NOON) for log in logs]
    hearing = []
    for log, store in zip(logs, stores, strict=True):
        made = Ears(broker.url, "casework")
        made.listens(REGION, "intake", store.adopt)
        made.lease = log.lease
        hearing.append(made)
    async with speaking(broker, tmp_path) as (intake, relay), running(hearing[0].run()) as (first,):
        await eventually(lambda: hearing[0].listeners[0].trouble is None)
        async with running(hearing[1].run()):
            await link(intake, 0, 1000)
            await relayed(relay, intake.log)
            await asyncio.wait_for(hearing[1].catch_up(), 15)
            assert logs[0].last_position() == 1000
            first.cancel()
            await asyncio.wait({first})
            await asyncio.to_thread(stores[0].close)
            await link(intake, 1000, 1100)
            await eventually(lambda: logs[1].last_position() == 1100)
            for n in range(7):
                assert stores[1].history(f"case-{n}") == intake.history(f"case-{n}")
    await asyncio.to_thread(stores[1].close)


async def test_a_broker_that_answers_no_connection_is_given_up_with_its_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.bus.ears.CONNECT_SECONDS", 0.3)
    hung_up = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read()
        hung_up.set()
        writer.close()

    async with await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TimeoutError):
            await Ears(f"nats://127.0.0.1:{port}", "casework")._listen()
        await asyncio.wait_for(hung_up.wait(), 5)


async def test_whoever_is_stopped_twice_lets_go_of_the_socket_all_the_same(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second stop comes while the broker is still being told; under load that takes long."""
    made, stopping = list[Any](), asyncio.Event()

    async def slowly(its: Any, *_: object) -> None:
        made.append(its)
        stopping.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(NatsBroker, "stop", slowly)
    async with speaking(broker, tmp_path) as (store, _):
        reader = Reader()
        hearing = asyncio.create_task(ears(broker, reader).run())
        await link(store, 0, 10)
        await all_heard(reader, store)
        hearing.cancel()
        await stopping.wait()
        hearing.cancel()
        await asyncio.wait({hearing}, timeout=10)
    (its,) = made
    assert its.client._transport._io_writer.transport.is_closing()
