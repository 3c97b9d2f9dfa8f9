"""Law 2 on the wire: whatever happens to broker, consumer or reader, every fact is taken in once and in order, and soon."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from deploy.broker import Broker
from shared.bus import Ears, Listener, Relay, provision, stream_name, subjects_of
from shared.store import Delivery, Gap, PostgresLog, SQLiteLog, Store, fresh
from tests.petitions import NOON, REGION, Link, Petitions, asking, opened, petitions
from tests.shared.on_the_bus import eventually, jetstream, of_the_log, relayed, running, slay

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


async def link(store: Store[Petitions], first: int, last: int) -> None:
    commands = (store.handle(f"case-{n % 7}", Link(petitions=(f"p-{n}",)), asking()) for n in range(first, last))
    await asyncio.gather(*commands)


def ears(broker: Broker, reader: Reader) -> Ears:
    made = Ears(broker.url, "casework")
    made.listens(REGION, "intake", reader.receive)
    return made


async def all_heard(reader: Reader, store: Store[Petitions], seconds: float = 20) -> None:
    """Every fact of the log has been taken in, once and in order."""
    await eventually(lambda: len(reader.taken) >= store.log.last_position(), seconds)
    assert reader.taken == of_the_log(store.log)


@pytest.fixture(autouse=True)
def _watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.bus.listen.WATCH_SECONDS", 0.4)
    monkeypatch.setattr("shared.bus.ears.WATCH_SECONDS", 0.4)


async def test_everything_is_heard_in_order_and_it_is_known_when(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    async with speaking(broker, tmp_path) as (store, relay):
        await link(store, 0, 1200)
        hearing = ears(broker, reader)
        (listener,) = hearing.listeners
        with pytest.raises(ConnectionError):
            await listener.lag()
        async with running(hearing.run()):
            await relayed(relay, store.log)
            await asyncio.wait_for(hearing.catch_up(), 10)
            assert reader.taken == of_the_log(store.log)
            assert max(reader.batches) > 100
            assert await listener.lag() == 0
            reader.away = True
            await link(store, 1200, 1210)
            await relayed(relay, store.log)
            assert await listener.lag() == 10
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(hearing.catch_up(), 0.5)
            reader.away = False
            await asyncio.wait_for(hearing.catch_up(), 10)
            assert reader.taken == of_the_log(store.log)


async def test_a_trickle_is_heard_as_it_comes_and_nothing_has_to_be_heard_again(
    broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    readers = [Reader() for _ in range(6)]
    hearing = [Ears(broker.url, f"reader{n}") for n in range(len(readers))]
    for heard, reader in zip(hearing, readers, strict=True):
        heard.listens(REGION, "intake", reader.receive)
    async with speaking(broker, tmp_path) as (store, _), running(*(heard.run() for heard in hearing)):
        for n in range(400):
            await link(store, n, n + 1)
            await asyncio.sleep(0.001 * (n % 13))
        for reader in readers:
            await all_heard(reader, store)
    assert "missing" not in caplog.text
    assert min(len(reader.batches) for reader in readers) > 20  # it came in many small batches, not at the end


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


async def test_what_cannot_be_written_now_is_tried_again_in_place(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    hearing = ears(broker, reader)
    async with speaking(broker, tmp_path) as (store, _), running(hearing.run()):
        await link(store, 0, 50)
        await all_heard(reader, store)
        reader.away = True
        for n in range(50, 100):
            await link(store, n, n + 1)
        await eventually(lambda: "the database is away" in str(hearing.listeners[0].trouble))
        await asyncio.sleep(1)
        assert len(reader.taken) == 50
        reader.away = False
        await all_heard(reader, store)
        await eventually(lambda: hearing.listeners[0].trouble is None)


async def test_who_has_forgotten_what_was_heard_starts_over(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    hearing = ears(broker, reader)
    async with speaking(broker, tmp_path) as (store, _), running(hearing.run()):
        await link(store, 0, 700)
        await all_heard(reader, store)
        reader.heard.clear()  # restored from a backup
        reader.taken.clear()
        await link(store, 700, 710)
        await all_heard(reader, store)
        await eventually(lambda: hearing.listeners[0].trouble is None)


async def test_who_was_restored_from_a_backup_is_up_to_date_again_before_anything_new_is_said(
    broker: Broker, tmp_path: Path
) -> None:
    reader = Reader()
    async with speaking(broker, tmp_path) as (store, _):
        await link(store, 0, 30)
        async with running(ears(broker, reader).run()):
            await all_heard(reader, store)
        reader.heard = dict.fromkeys(reader.heard, 20)
        reader.taken = reader.taken[:20]
        async with running(ears(broker, reader).run()):
            await all_heard(reader, store)


async def test_a_gap_that_stays_is_told_and_does_not_keep_the_broker_busy(broker: Broker, tmp_path: Path) -> None:
    starts: list[float] = []

    async def never(deliveries: Sequence[Delivery]) -> None:
        starts.append(time.monotonic())
        raise Gap(deliveries[0], 7)

    hearing = Ears(broker.url, "casework")
    hearing.listens(REGION, "intake", never)
    async with speaking(broker, tmp_path) as (store, _), running(hearing.run()):
        await link(store, 0, 10)
        await eventually(lambda: len(starts) == 3)
        trouble = str(hearing.listeners[0].trouble)
        assert "缺少" in trouble
        assert "missing" in trouble
        assert starts[2] - starts[1] > starts[1] - starts[0] > 0.2


async def test_a_batch_that_was_not_acknowledged_comes_again_at_once(broker: Broker, tmp_path: Path) -> None:
    """The reader is killed between its commit and its acknowledgement: its successor must not wait for ack_wait."""
    reader = Reader()
    acknowledged = asyncio.Event()

    class Killed(Reader):
        async def receive(self, deliveries: Sequence[Delivery]) -> None:
            await reader.receive(deliveries)
            acknowledged.set()
            await asyncio.sleep(60)

    async with speaking(broker, tmp_path) as (store, _):
        await link(store, 0, 20)
        for first in (20, 40):
            acknowledged.clear()
            async with running(ears(broker, Killed()).run()):
                await asyncio.wait_for(acknowledged.wait(), 10)
            await link(store, first, first + 20)
        hearing = ears(broker, reader)
        async with running(hearing.run()):
            begun = time.monotonic()
            await all_heard(reader, store)
            assert time.monotonic() - begun < 5
            await eventually(lambda: _zero(hearing.listeners[0]))
    assert len(reader.taken) == 60


async def _zero(listener: Listener) -> bool:
    return await listener.lag() == 0


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
            await eventually(lambda: _zero(hearing.listeners[0]))


async def test_what_no_log_has_spoken_is_passed_over(broker: Broker) -> None:
    reader = Reader()
    subject = "facts.61.04.99.intake.Forged"
    async with jetstream(broker.url) as js:
        await provision(js, REGION, "intake")
        await js.publish(subject, b"no headers")
        for position, previous in (("x", "0"), ("-5", "0"), ("٣", "0"), ("5", ""), ("", "")):
            await js.publish(subject, b"{", headers={"Huajie-Position": position, "Huajie-Previous": previous})
        hearing = ears(broker, reader)
        async with running(hearing.run()):
            await eventually(lambda: hearing.listeners[0].trouble is None)
            await eventually(lambda: _zero(hearing.listeners[0]))
    assert reader.taken == []
    assert reader.heard == {}


async def test_listening_declares_no_stream_and_changes_none(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    hearing = ears(broker, reader)
    async with jetstream(broker.url) as js, running(hearing.run()):
        await asyncio.sleep(1)
        assert await js.streams_info() == []
        async with speaking(broker, tmp_path) as (store, _):
            await link(store, 0, 10)
            await all_heard(reader, store)
        config = (await js.stream_info("INTAKE")).config
        config.max_age, config.max_msgs, config.description = 86400, 5000, "the operator's"
        await js.update_stream(config)
        await js.delete_consumer("INTAKE", DURABLE)
        await asyncio.sleep(2)
        found = (await js.stream_info("INTAKE")).config
        assert (found.max_age, found.max_msgs, found.description) == (86400, 5000, "the operator's")


async def test_listening_stops_when_told_to_whatever_it_is_doing(broker: Broker, tmp_path: Path) -> None:
    reader = Reader()
    async with speaking(broker, tmp_path) as (store, _):
        await link(store, 0, 500)
        for pause in (0.0, 0.02, 0.1, 0.3, 1.0):
            reader.away = pause > 0.2  # once in the middle of trying again
            task = asyncio.create_task(ears(broker, reader).run())
            await asyncio.sleep(pause)
            begun = time.monotonic()
            task.cancel()
            assert (await asyncio.wait({task}, timeout=8))[0], f"after {pause}"
            assert time.monotonic() - begun < 4
    await asyncio.to_thread(broker.stop)
    task = asyncio.create_task(ears(broker, reader).run())
    await asyncio.sleep(0.3)
    task.cancel()
    assert (await asyncio.wait({task}, timeout=8))[0]


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
