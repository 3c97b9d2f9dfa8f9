"""Whose stream it is: a relay goes on only after what its own log has said, on a stream with our settings; else it stands still."""

import asyncio
import gc
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from nats.aio.transport import TcpTransport
from nats.js.api import StreamConfig

from deploy.broker import Broker
from shared.bus import Misconfigured, Relay, provision, stream_name, subjects_of
from shared.bus.streams import Line, connect, hang_up
from shared.store import SQLiteLog, Store
from tests.petitions import REGION, Link, Petitions, asking, opened
from tests.shared.on_the_bus import eventually, jetstream, link, of_the_log, on_the_stream, relayed, running

SOON: dict[str, Any] = {"connect_timeout": 0.1, "reconnect_time_wait": 0.05}
"""Seconds, of which nats-py takes parts though it says that it does not."""


async def stands_still(relay: Relay, broker: Broker, store: Store[Petitions]) -> str:
    """Wait for the relay's trouble, and see that it publishes nothing. Answers the trouble."""
    before = await on_the_stream(broker.url)
    await eventually(lambda: relay.trouble not in (None, "not started"))
    await link(store, 9000, 9010)
    relay.wake()
    await asyncio.sleep(0.5)
    assert await on_the_stream(broker.url) == before
    assert relay.trouble is not None
    return relay.trouble


@asynccontextmanager
async def forked(broker: Broker, tmp_path: Path, lost: int) -> AsyncIterator[tuple[Relay, Store[Petitions]]]:
    """A log restored from a backup that lacks the last so many facts of those that are on the bus."""
    log = SQLiteLog(tmp_path / "intake.db")
    async with opened(log) as store:
        await link(store, 0, 100 - lost)
        log.epoch()
        with sqlite3.connect(tmp_path / "intake.db") as source:
            source.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
        source.close()
        await link(store, 100 - lost, 100)
        relay = Relay(REGION, "intake", log, broker.url)
        async with running(relay.run()):
            await relayed(relay, log)
    log.close()
    restored = SQLiteLog(tmp_path / "backup.db")
    async with opened(restored) as store:
        yield Relay(REGION, "intake", restored, broker.url), store
    restored.close()


@pytest.mark.parametrize("since", [0, 10, 50])
async def test_a_log_restored_from_an_older_backup_stands_still_until_its_epoch_is_renewed(
    broker: Broker, tmp_path: Path, since: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is shorter than the stream, as long, or has grown past it with other facts."""
    monkeypatch.setattr("shared.bus.relay.TROUBLED_SECONDS", 0.2)
    async with forked(broker, tmp_path, lost=10) as (relay, store):
        await link(store, 500, 500 + since)
        async with running(relay.run()):
            trouble = await stands_still(relay, broker, store)
            assert "已停止发布" in trouble
            assert "renew its epoch" in trouble
            store.log.renew_epoch()
            assert await stands_still(relay, broker, store) == relay.trouble
            async with jetstream(broker.url) as js:
                await js.delete_stream(stream_name("intake"))
            await relayed(relay, store.log)
            assert await on_the_stream(broker.url) == of_the_log(store.log)


async def test_a_log_restored_whole_goes_on(broker: Broker, tmp_path: Path) -> None:
    async with forked(broker, tmp_path, lost=0) as (relay, store), running(relay.run()):
        await link(store, 100, 110)
        await relayed(relay, store.log)
        assert await on_the_stream(broker.url) == of_the_log(store.log)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_stream_on_which_somebody_else_spoke_last_gets_nothing(broker: Broker, store: Store[Petitions]) -> None:
    relay = Relay(REGION, "intake", store.log, broker.url)
    async with running(relay.run()):
        await link(store, 0, 10)
        await relayed(relay, store.log)
    async with jetstream(broker.url) as js:
        await js.publish("facts.61.04.99.intake.Forged", b"{}")
    relay = Relay(REGION, "intake", store.log, broker.url)
    async with running(relay.run()):
        assert "stream INTAKE ends with" in await stands_still(relay, broker, store)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_stream_that_does_not_begin_with_the_first_fact_is_noticed(
    broker: Broker, store: Store[Petitions]
) -> None:
    await link(store, 0, 10)
    third = of_the_log(store.log)[2]
    async with jetstream(broker.url) as js:
        await provision(js, REGION, "intake")
        headers = {"Nats-Msg-Id": f"{third.origin}.{third.epoch}:3", "Huajie-Position": "3", "Huajie-Previous": "2"}
        await js.publish("facts.61.04.99.intake.RepeatPetitionLinked", third.document, headers=headers)
    relay = Relay(REGION, "intake", store.log, broker.url)
    async with running(relay.run()):
        assert "does not begin with the first fact" in await stands_still(relay, broker, store)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_stream_with_a_hole_near_its_end_is_noticed(broker: Broker, store: Store[Petitions]) -> None:
    relay = Relay(REGION, "intake", store.log, broker.url)
    async with running(relay.run()):
        await link(store, 0, 700)
        await relayed(relay, store.log)
    await link(store, 700, 710)
    lost, later = of_the_log(store.log)[-2:]
    async with jetstream(broker.url) as js:
        headers = {"Nats-Msg-Id": f"{later.origin}.{later.epoch}:{later.position}"}
        await js.publish("facts.61.04.99.intake.RepeatPetitionLinked", later.document, headers=headers)
    relay = Relay(REGION, "intake", store.log, broker.url)
    async with running(relay.run()):
        assert "has a hole" in await stands_still(relay, broker, store)
    assert lost not in await on_the_stream(broker.url)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_stream_with_other_settings_gets_nothing_until_they_are_put_right(
    broker: Broker, store: Store[Petitions], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.bus.relay.TROUBLED_SECONDS", 0.2)
    relay = Relay(REGION, "intake", store.log, broker.url)
    async with jetstream(broker.url) as js:
        await js.add_stream(StreamConfig("INTAKE", subjects=[subjects_of(REGION, "intake")], max_age=3600))
        async with running(relay.run()):
            assert "max_age: 3600" in await stands_still(relay, broker, store)
            await js.delete_stream("INTAKE")
            await relayed(relay, store.log)
    assert await on_the_stream(broker.url) == of_the_log(store.log)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_full_stream_refuses_new_facts_and_loses_none(
    broker: Broker, store: Store[Petitions], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.bus.relay.TROUBLED_SECONDS", 0.2)
    small, ample = (Relay(REGION, "intake", store.log, broker.url, room) for room in (100_000, 10_000_000))
    async with running(small.run()):
        await link(store, 0, 70)
        await store.handle("case-1", Link(petitions=("x" * 60_000, "short")), asking())
        await link(store, 70, 80)
        await eventually(lambda: "is full (100000 bytes)" in str(small.trouble))
        await asyncio.sleep(0.5)
        assert await on_the_stream(broker.url) == of_the_log(store.log)[:70]  # no short one slips past the long one
    async with running(ample.run()):
        await eventually(lambda: "max_bytes: 100000 != 10000000" in str(ample.trouble))
        async with jetstream(broker.url) as js:
            config = (await js.stream_info("INTAKE")).config
            config.max_bytes = 10_000_000
            await js.update_stream(config)
        await relayed(ample, store.log)
    assert await on_the_stream(broker.url) == of_the_log(store.log)


async def test_nothing_is_provisioned_over_what_is_there(broker: Broker) -> None:
    """Every setting that could lose, change or refuse a fact is compared; the stream stays as the operator made it."""
    ours = {"subjects": [subjects_of(REGION, "intake")], "max_age": 0, "deny_delete": True, "deny_purge": True}
    others: list[dict[str, object]] = [
        {"max_age": 3600.0},
        {"max_msgs": 1000},
        {"max_msgs_per_subject": 1},
        {"max_msg_size": 1000},
        {"max_bytes": 1_000_000},
        {"duplicate_window": 5.0},
        {"deny_delete": False},
        {"deny_purge": False},
        {"allow_rollup_hdrs": True, "deny_purge": False},
        {"no_ack": True},
        {"storage": "memory"},
        {"retention": "workqueue"},
        {"discard": "old"},
        {"subjects": ["facts.61.04.99.intake.>", "more.>"]},
    ]
    async with jetstream(broker.url) as js:
        await provision(js, REGION, "intake")
        await provision(js, REGION, "intake")
        made = (await js.stream_info("INTAKE")).config
        await js.delete_stream("INTAKE")
        assert made.as_dict().items() >= {**ours, "storage": "file", "discard": "new"}.items()
        for other in others:
            await js.add_stream(made.evolve(**other))
            before = (await js.stream_info("INTAKE")).config
            with pytest.raises(Misconfigured, match=str(next(iter(other)))) as found:
                await provision(js, REGION, "intake")
            assert "请改回这些设置" in str(found.value)
            assert (await js.stream_info("INTAKE")).config == before
            await js.delete_stream("INTAKE")


def test_a_connection_to_a_broker_that_hangs_leaves_no_socket_behind(broker: Broker) -> None:
    """What is left open is found when it is collected, and fails the test."""

    async def talk_and_go(pid: int) -> None:
        client = await connect(broker.url, "test")
        os.kill(pid, signal.SIGSTOP)
        client._pending.append(bytes(20_000_000))  # more than fits in the socket, and publishing it would wait for ever
        client._pending_data_size += 20_000_000
        await hang_up(client)

    pid = broker.pid
    assert pid is not None
    try:
        asyncio.run(talk_and_go(pid))
        gc.collect()
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_whoever_connects_again_lets_go_of_each_socket_that_was_not_answered() -> None:
    """Under load a broker may accept a connection and say nothing; a client that tries on holds one socket, and none at last."""
    met, left = 0, 0

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal met, left
        met += 1
        if met == 1:
            writer.write(b'INFO {"max_payload": 1048576}\r\n')
            await reader.readuntil(b"PING\r\n")
            writer.write(b"PONG\r\n")
        else:
            with suppress(ConnectionError):
                await reader.read()
            left += 1
        writer.transport.abort()

    mute = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    client = Line()
    async with mute:
        port = mute.sockets[0].getsockname()[1]
        await client.connect(f"nats://127.0.0.1:{port}", **SOON)
        await eventually(lambda: met >= 4)
        assert left >= met - 2
        await hang_up(client)
        await eventually(lambda: left == met - 1)
        tried = met
        await asyncio.sleep(0.5)
        assert met == tried


async def test_whoever_was_hung_up_while_connecting_holds_no_socket(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stop that nats-py does not notice: it comes just as the connection is made."""
    made = TcpTransport.connect

    async def just_as_it_is_made(transport: TcpTransport, *args: Any, **kwargs: Any) -> None:
        await made(transport, *args, **kwargs)
        client.hung_up = True

    monkeypatch.setattr(TcpTransport, "connect", just_as_it_is_made)
    client = Line()
    with pytest.raises(asyncio.CancelledError):
        await client.connect(broker.url)
    transport: Any = client._transport
    assert transport._io_writer.transport.is_closing()
