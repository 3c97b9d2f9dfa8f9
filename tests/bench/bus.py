"""The bus: how fast a log is relayed beside bare publishing, and how fast a read model is rebuilt."""

import asyncio
import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import uvloop
from nats.js.api import StorageType, StreamConfig

from deploy.broker import Broker
from deploy.demo import SAMPLE_REGION
from deploy.node import Node
from services.reporting.projections import SHEETS, project
from services.reporting.rebuilding import Rebuilder
from shared.bus import Relay, connect
from shared.readmodel import ReadModel
from shared.store import Log
from tests.bench import casebook
from tests.bench.figures import Effort, Figure, Goal

PENDING = 1000
"""Messages on their way at once when publishing bare."""


def figures(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """relay, rebuild: on one prepared set of logs."""
    if not wanted & {"relay", "rebuild"}:
        return []
    found: list[Figure] = []
    logs = casebook.logs(folder / "logs", effort.facts)
    broker = Broker(folder / "nats")
    try:
        if "rebuild" in wanted:
            found.append(_rebuild(folder, logs, effort))
        broker.start()
        found += uvloop.run(_over_the_bus(folder, broker.url, logs, wanted))
    finally:
        broker.stop()
        for log in logs.values():
            log.close()
    return found


def _rebuild(folder: Path, logs: Mapping[str, Log], effort: Effort) -> Figure:
    """Deliveries that are in memory already, so that nothing but the read model is measured."""
    batches = casebook.merged(logs)
    facts, rates = sum(map(len, batches)), []
    gc.freeze()  # what we prepared is no burden that a rebuild would carry
    model = _model(folder, "rebuild")
    try:
        for _ in range(effort.repeats):
            begun = time.perf_counter()
            with closing(model.begin_rebuild(facts)) as rebuild:
                for batch in batches:
                    rebuild.receive(batch)
                rebuild.switch()
            rates.append(facts / (time.perf_counter() - begun))
    finally:
        model.close()
        gc.unfreeze()
    return Figure(
        "rebuild",
        "read model from deliveries",
        statistics.median(rates),
        "facts/s",
        goal=Goal(40_000, paced=True),
        note=f"{facts:,} facts, {casebook.FACTS_PER_CASE} per case",
    )


async def _over_the_bus(folder: Path, url: str, logs: Mapping[str, Log], wanted: frozenset[str]) -> list[Figure]:
    found = []
    relayed = {speaker: await _relay(url, speaker, log) for speaker, log in logs.items()}
    if "relay" in wanted:
        facts = logs["casework"].last_position()
        bare = await _publish(url, logs["casework"])
        found += [
            Figure("relay", "nats-py publish_async of the same bytes", bare, "facts/s", note=f"{facts:,} facts"),
            Figure(
                "relay",
                "relay of a log to an empty stream",
                relayed["casework"],
                "facts/s",
                relayed["casework"] / bare,
                "publish_async",
                Goal(0.25, of_ratio=True),
            ),
        ]
    if "rebuild" in wanted:
        model = _model(folder, "from-bus")
        settings = Node(folder).settings(SAMPLE_REGION, url)
        said = await Rebuilder(model, settings, tuple(logs)).rebuild()
        model.close()
        rate = said["facts"] / said["seconds"]
        found.append(Figure("rebuild", "read model from JetStream, end to end", rate, "facts/s"))
    return found


async def _relay(url: str, speaker: str, log: Log) -> float:
    """Facts per second from the log to an empty stream, the making of the stream counted in."""
    relay, last = Relay(SAMPLE_REGION, speaker, log, url), log.last_position()
    begun = time.perf_counter()
    running = asyncio.create_task(relay.run())
    try:
        while relay.position < last:  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.002)
        return last / (time.perf_counter() - begun)
    finally:
        while not running.done():  # Python 3.11 may lose one: wait_for swallows what comes with its result
            running.cancel()
            await asyncio.wait({running}, timeout=0.5)


async def _publish(url: str, log: Log) -> float:
    """The same documents, each with an id, published by nats-py as fast as it can."""
    documents = [delivery.document for delivery in casebook.deliveries("casework", log)]
    client = await connect(url, "bench")
    try:
        js = client.jetstream(timeout=30, publish_async_max_pending=PENDING)
        await js.add_stream(StreamConfig(name="BARE", subjects=["bare.>"], storage=StorageType.FILE))
        begun, pending = time.perf_counter(), []
        for number, document in enumerate(documents):
            headers = {"Nats-Msg-Id": str(number)}
            pending.append(await js.publish_async("bare.fact", document, headers=headers))
        await asyncio.wait_for(asyncio.gather(*pending), 60)
        return len(documents) / (time.perf_counter() - begun)
    finally:
        await client.close()


def _model(folder: Path, name: str) -> ReadModel:
    return ReadModel(f"sqlite:///{folder / name}.db", "reporting", SHEETS, project)
