"""Law 4: the stream is what the log says, in order, each fact once, whatever the broker goes through."""

import asyncio
import random
from pathlib import Path

import pytest
from eventsourcing.persistence import OperationalError, StoredEvent

from deploy.broker import Broker
from shared.bus import Relay, stream_name
from shared.store import PostgresLog, SQLiteLog, Store
from shared.store.draft import LARGEST
from tests.petitions import REGION, Link, Petitions, Speaker, asking, opened, said
from tests.shared.on_the_bus import eventually, jetstream, link, of_the_log, on_the_stream, relayed, running, slay


async def test_only_own_facts_are_published_and_each_names_the_one_before(
    broker: Broker, store: Store[Petitions]
) -> None:
    speaker, log = Speaker(), store.log
    await store.adopt([speaker.accept("case-1")])
    await link(store, 0, 5)
    await store.adopt([speaker.accept(f"case-{n}") for n in range(300)])
    await link(store, 5, 7)
    if isinstance(log, PostgresLog):  # a refused insert uses up a position
        for _ in range(3):
            with pytest.raises(Exception, match="duplicate"):
                log.append([StoredEvent("case-1", 1, "X:1", b"")])
    await link(store, 7, 9)
    relay = Relay(REGION, "intake", log, broker.url)
    async with running(relay.run()):
        await relayed(relay, log)
        assert await relay.lag() == 0
        published = await on_the_stream(broker.url)
    assert published == of_the_log(log)
    assert len(published) == 9
    assert [d.previous for d in published] == [0, *(d.position for d in published[:-1])]
    async with jetstream(broker.url) as js:
        message = await js.get_msg(stream_name("intake"), 9)
        assert message.subject == "facts.61.04.99.intake.RepeatPetitionLinked"
        assert message.headers is not None
        assert message.headers["Nats-Msg-Id"] == f"{REGION}.intake.{log.epoch()}:{published[-1].position}"


async def test_a_fact_is_on_the_bus_soon_after_its_command_was_answered(
    broker: Broker, store: Store[Petitions]
) -> None:
    relay = Relay(REGION, "intake", store.log, broker.url)
    store.on_append(relay.wake)
    async with running(relay.run()):
        await relayed(relay, store.log)
        for n in range(20):
            await link(store, n, n + 1)
            await eventually(lambda: relay.position == store.log.last_position(), 1)
        assert await on_the_stream(broker.url) == of_the_log(store.log)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_wiped_broker_gets_everything_again_from_the_first_fact(
    broker: Broker, store: Store[Petitions]
) -> None:
    relay = Relay(REGION, "intake", store.log, broker.url)
    store.on_append(relay.wake)
    async with running(relay.run()):
        for lost in range(2):
            await link(store, 600 * lost, 600 * lost + 500)
            await relayed(relay, store.log)
            await slay(broker)
            await asyncio.to_thread(broker.stop)
            broker.wipe()
            await link(store, 600 * lost + 500, 600 * lost + 600)
            await asyncio.to_thread(broker.start)
        await eventually(lambda: relay.position == 1200)
        assert await on_the_stream(broker.url) == of_the_log(store.log)
        async with jetstream(broker.url) as js:
            state = (await js.stream_info(stream_name("intake"))).state
            assert (state.first_seq, state.last_seq, state.messages) == (1, 1200, 1200)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_broker_killed_again_and_again_under_load_ends_with_every_fact_once(
    broker: Broker, store: Store[Petitions]
) -> None:
    relay, chance = Relay(REGION, "intake", store.log, broker.url), random.Random(4)
    store.on_append(relay.wake)

    async def load() -> None:
        for n in range(0, 6000, 40):
            await link(store, n, n + 40)

    async with running(relay.run()):
        loading = asyncio.create_task(load())
        for _ in range(5):
            await asyncio.sleep(chance.uniform(0.1, 0.5))
            await slay(broker)
            await asyncio.to_thread(broker.start)
        await loading
        await relayed(relay, store.log, 30)
        assert await on_the_stream(broker.url) == of_the_log(store.log)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_two_relays_forced_on_one_log_publish_nothing_twice(broker: Broker, store: Store[Petitions]) -> None:
    relays = [Relay(REGION, "intake", store.log, broker.url) for _ in range(2)]
    await link(store, 0, 2000)
    async with running(*(relay.run() for relay in relays)):
        for n in range(2000, 3000, 50):
            await link(store, n, n + 50)
            relays[n // 50 % 2].wake()
        for relay in relays:
            await eventually(lambda relay=relay: relay.position == store.log.last_position())  # type: ignore[misc]  # bound now
    assert await on_the_stream(broker.url) == of_the_log(store.log)


async def test_of_two_processes_one_relays_and_when_it_goes_the_other_goes_on(broker: Broker, dsn: str) -> None:
    one, other = PostgresLog(dsn, "intake"), PostgresLog(dsn, "intake")
    first, second = Relay(REGION, "intake", one, broker.url), Relay(REGION, "intake", other, broker.url)
    async with opened(one) as store, running(first.run()) as (task,):
        await link(store, 0, 100)
        await relayed(first, one)
        async with running(second.run()):
            await eventually(lambda: second.trouble is None)
            await link(store, 100, 200)
            await relayed(first, one)
            assert second.position == 0
            task.cancel()
            await asyncio.wait({task})
            one._lease.close()  # type: ignore[union-attr]  # its process has gone
            await link(store, 200, 300)
            await relayed(second, other)
            assert await on_the_stream(broker.url) == of_the_log(one)
    one.close()
    other.close()


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_log_that_cannot_be_read_for_a_while_is_a_trouble_not_an_end(
    broker: Broker, store: Store[Petitions], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> list[StoredEvent]:
        raise OperationalError("no connection")

    relay = Relay(REGION, "intake", store.log, broker.url)
    async with running(relay.run()):
        await link(store, 0, 10)
        await relayed(relay, store.log)
        with monkeypatch.context() as fault:
            fault.setattr(store.log, "since", gone)
            await eventually(lambda: "no connection" in str(relay.trouble))
        await link(store, 10, 20)
        await relayed(relay, store.log)


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
async def test_a_relay_stops_when_told_to_whatever_it_is_doing(broker: Broker, store: Store[Petitions]) -> None:
    await link(store, 0, 3000)
    relay = Relay(REGION, "intake", store.log, broker.url)
    for pause in (0.0, 0.01, 0.05, 0.1, 0.2, 0.3):
        task = asyncio.create_task(relay.run())
        await asyncio.sleep(pause)
        task.cancel()
        assert (await asyncio.wait({task}, timeout=30))[0], f"after {pause}"
    await asyncio.to_thread(broker.stop)
    task = asyncio.create_task(relay.run())
    await asyncio.sleep(0.3)
    task.cancel()
    assert (await asyncio.wait({task}, timeout=30))[0]
    relay.wake()


async def test_the_longest_fact_that_a_log_takes_is_carried(broker: Broker, tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "intake.db")
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("x",)), asking())
        spare = LARGEST - len(log.since(0, 1)[0].state) - 10
        await store.handle("case-1", Link(petitions=("y" * spare, "z")), asking())
        relay = Relay(REGION, "intake", log, broker.url)
        async with running(relay.run()):
            await relayed(relay, log)
        assert await on_the_stream(broker.url) == of_the_log(log)
    log.close()


async def test_facts_of_the_relay_are_the_facts_of_the_log(broker: Broker, tmp_path: Path) -> None:
    log = SQLiteLog(tmp_path / "intake.db")
    async with opened(log) as store:
        relay = Relay(REGION, "intake", log, broker.url)
        async with running(relay.run()):
            await link(store, 0, 3)
            await relayed(relay, log)
        assert [d.document for d in await on_the_stream(broker.url)] == [event.state for event in log.since(0, 9)]
        assert said(store, "case-1") == ["p-1"]
    log.close()
