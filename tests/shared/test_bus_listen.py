"""Law 2 on the wire: whatever happens to the reader, every fact is taken in once and in order, and soon."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.broker import Broker
from shared.bus import Ears, provision
from shared.store import Delivery, Gap
from tests.petitions import REGION
from tests.shared.listening import DURABLE, Reader, all_heard, ears, none_waits, speaking
from tests.shared.on_the_bus import eventually, jetstream, link, of_the_log, relayed, running

pytestmark = pytest.mark.usefixtures("watchful")


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


async def test_who_begins_anew_is_told_to_begin_and_not_that_facts_are_missing(
    broker: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As after an upgrade that made other tables: nothing is wrong, and whoever reads the log is not to look for it."""
    caplog.set_level("INFO", "shared.bus.listen")
    async with speaking(broker, tmp_path) as (store, _):
        before, anew = Reader(), Reader()
        async with running(ears(broker, before).run()):
            await link(store, 0, 700)
            await all_heard(before, store)
        async with running(ears(broker, anew).run()):
            await all_heard(anew, store)
    assert {record.levelname for record in caplog.records} == {"INFO"}
    assert "from the first fact on" in caplog.text


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
            await eventually(lambda: none_waits(hearing.listeners[0]))
    assert len(reader.taken) == 60


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
            await eventually(lambda: none_waits(hearing.listeners[0]))
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
