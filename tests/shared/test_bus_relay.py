"""Law 4: the stream is what the log says, in order, each fact once, whatever the broker goes through; else it stands still."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from eventsourcing.persistence import OperationalError, StoredEvent
from nats.js.api import StreamConfig

from deploy.broker import Broker
from shared.bus import Misconfigured, Relay, provision, stream_name, subjects_of
from shared.store import Log, PostgresLog, SQLiteLog, Store
from shared.store.draft import LARGEST
from tests.petitions import REGION, Link, Petitions, Speaker, asking, opened, said
from tests.shared.on_the_bus import eventually, jetstream, of_the_log, on_the_stream, relayed, running, slay


@pytest.fixture
async def store(log: Log) -> AsyncIterator[Store[Petitions]]:
    """A store on either kind of log."""
    async with opened(log) as made:
        yield made


async def link(store: Store[Petitions], first: int, last: int) -> None:
    """So many petitions, over a few cases."""
    commands = (store.handle(f"case-{n % 7}", Link(petitions=(f"p-{n}",)), asking()) for n in range(first, last))
    await asyncio.gather(*commands)


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
