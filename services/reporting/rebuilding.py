"""Rebuilding the read model from the bus, beside the live one.

The streams are merged by the time at which their facts were recorded, so that the rows go through the versions that an
attentive reader would have seen, and a report as known on a day says after a rebuild what it said before.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import nats.errors
import nats.js.errors

from services.reporting.answers import Shape
from shared.bus import replay, stored
from shared.events import recorded_at
from shared.http import Problem
from shared.readmodel import Lost, ReadModel, Rebuild, Superseded
from shared.settings import Settings
from shared.store import Delivery, Gap


class Rebuilt(Shape):
    """What a rebuild read, and how long it took."""

    facts: int
    seconds: float


BATCH = 2000
"""Facts in one transaction."""
REACH_SECONDS = 3.0
"""How long the broker may take to answer at all."""
STALLED_SECONDS = 30.0
"""How long a batch may keep us waiting."""


class Rebuilder:
    """Fills a new generation of tables from the streams' first fact on, and switches when it has caught up."""

    def __init__(self, model: ReadModel, settings: Settings, speakers: tuple[str, ...]) -> None:
        self._model, self._settings, self._speakers = model, settings, speakers
        self._running = asyncio.Lock()
        self._taking = asyncio.Lock()

    async def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take facts into the live tables; while a rebuild comes to its end they wait, so that it does end."""
        async with self._taking:
            await asyncio.to_thread(self._model.receive, deliveries)

    async def rebuild(self) -> dict[str, Any]:
        """Rebuild and switch. Raises Problem when a rebuild is running, or the bus does not hold all that we have heard."""
        if self._running.locked():
            raise _running()
        async with self._running:
            begun = time.perf_counter()
            try:
                facts = await asyncio.wait_for(stored(self._settings.nats_url, self._speakers), REACH_SECONDS)
                generation = await asyncio.to_thread(self._model.begin_rebuild, facts)
                try:
                    facts, done = await self._fill_and_switch(generation)
                finally:
                    await asyncio.to_thread(generation.close)
            except (OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error) as error:
                zh, en = (
                    "消息服务没有回应，未重建；请稍后再试。",
                    "The broker does not answer; nothing was rebuilt. Try again.",
                )
                raise Problem(503, "broker", zh, en, {"Retry-After": "5"}) from error
            except Superseded as error:
                raise _running() from error
            except Lost as error:
                zh, en = str(error).split(" / ")
                raise Problem(503, "rebuild-lost", zh, en, {"Retry-After": "5"}) from error
            except Gap:
                done = False
            if not done:
                raise Problem(
                    409,
                    "bus-incomplete",
                    "消息服务上的事实少于本表已收到的（可能正在从案卷重新发布），未切换；请稍后再试。",
                    "The bus holds less than these tables have heard (it may be refilling from the logs); not switched.",
                )
        return {"facts": facts, "seconds": round(time.perf_counter() - begun, 3)}

    async def _fill_and_switch(self, generation: Rebuild) -> tuple[int, bool]:
        """Answers how many facts were heard, and whether the generation took over."""
        heard = dict[tuple[str, str], int]()
        facts = await self._fill(generation, heard)
        await asyncio.to_thread(generation.index)
        async with self._taking:
            facts += await self._fill(generation, heard)
            return facts, await asyncio.to_thread(generation.switch)

    async def _fill(self, generation: Rebuild, heard: dict[tuple[str, str], int]) -> int:
        """Hand what is on the bus and was not heard before to the generation. Answers how many facts that were."""
        facts, batch = 0, list[Delivery]()
        async for delivery in self._merged():
            if delivery.position <= heard.get((delivery.origin, delivery.epoch), 0):
                continue
            heard[delivery.origin, delivery.epoch] = delivery.position
            batch.append(delivery)
            if len(batch) == BATCH:
                await asyncio.to_thread(generation.receive, batch)
                facts, batch = facts + len(batch), []
        await asyncio.to_thread(generation.receive, batch)
        return facts + len(batch)

    async def _merged(self) -> AsyncIterator[Delivery]:
        """All that the streams hold now: each in its own order, and together in the order of their recording."""
        async with AsyncExitStack() as stack:
            sources = [_Source(self._settings, speaker) for speaker in self._speakers]
            for source in sources:
                stack.push_async_callback(source.stop)
            for source in sources:
                await source.step()
            while open_sources := [source for source in sources if source.head is not None]:
                first = min(open_sources, key=lambda source: source.at)
                assert first.head is not None
                yield first.head
                await first.step()


def _running() -> Problem:
    return Problem(409, "rebuilding", "正在重建，请等待完成。", "A rebuild is already running; wait for it.")


class _Source:
    """One speaker's stream, read ahead by a batch or two. `head` is its next fact, recorded `at`; None at its end."""

    def __init__(self, settings: Settings, speaker: str) -> None:
        self._ready: asyncio.Queue[list[Delivery] | Exception | None] = asyncio.Queue(2)
        self._waiting: deque[Delivery] = deque()
        self._reader = asyncio.create_task(self._read(settings, speaker))
        self.head: Delivery | None = None
        self.at = datetime.min.replace(tzinfo=UTC)

    async def _read(self, settings: Settings, speaker: str) -> None:
        try:
            await replay(settings.nats_url, settings.region, speaker, self._ready.put)
        except Exception as error:
            await self._ready.put(error)
        else:
            await self._ready.put(None)

    async def step(self) -> None:
        """Go on to the next fact. Raises what reading the stream raised."""
        while not self._waiting:
            batch = await asyncio.wait_for(self._ready.get(), STALLED_SECONDS)
            if isinstance(batch, Exception):
                raise batch
            if batch is None:
                self.head = None
                return
            self._waiting.extend(batch)
        self.head = self._waiting.popleft()
        self.at = recorded_at(self.head.document) or self.at  # what cannot be read keeps its place, and will be parked

    async def stop(self) -> None:
        """Stop reading ahead."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
