"""The one way to listen: pulled in batches, in order, acknowledged after the batch is on disk, watched over.

The batch is the unit of `receive`: it dedupes, finds gaps and commits. What it cannot write now is tried again in place,
so that order holds; a lost consumer, which looks just like silence, is noticed by asking for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import nats.errors
import nats.js.errors
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as Acknowledge
from nats.js.api import ConsumerConfig

from shared.bus.streams import connect, origin_of, stream_name, subjects_of, wait_for_stream
from shared.metrics import HEARD, LISTEN_LAG, LISTEN_RESTARTS
from shared.store import Delivery, Gap

logger = logging.getLogger(__name__)

BATCH = 500
LINGER_SECONDS = 0.1
"""How long a batch waits to fill: what a fact may lose on its way in quiet times."""
HEARING_SECONDS = 0.05
WATCH_SECONDS = 5.0
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)

Receive = Callable[[Sequence[Delivery]], Awaitable[None]]
"""Takes a batch in, in one transaction. Raises Gap, or anything else for: not now, try again."""


async def _undecoded(message: StreamMessage[Any]) -> Any:
    """Hand the handler the raw messages: the bytes are read once, by the code that needs them."""
    return message.raw_message


class Listener:
    """Listens, for one service, to the stream of another."""

    def __init__(self, service: str, region: str, speaker: str, receive: Receive) -> None:
        self.service, self.speaker, self._receive = service, speaker, receive
        self._region, self._origin = region, origin_of(region, speaker)
        self._durable = f"{service}-{region}"
        self._subscriber: Any = None
        self._restart = asyncio.Event()
        self._start_over = False
        self.trouble: str | None = "not started"
        """Why nothing is heard, for people; None when all is well."""
        self._js: JetStreamContext | None = None

    async def run(self, broker: NatsBroker, js: JetStreamContext) -> None:
        """Listen until cancelled, through every failure of the broker and the loss of our consumer."""
        self._js = js
        while True:
            try:
                await self._listen(broker, js)
            except (OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                await asyncio.sleep(0.5)
            finally:
                await self._stop()

    async def _listen(self, broker: NatsBroker, js: JetStreamContext) -> None:
        await wait_for_stream(js, self.speaker)
        if self._start_over:
            with suppress(nats.js.errors.NotFoundError):
                await js.delete_consumer(stream_name(self.speaker), self._durable)
            self._start_over = False
        self._restart.clear()
        self._subscriber = broker.subscriber(
            subjects_of(self._region, self.speaker),
            stream=JStream(stream_name(self.speaker), declare=False),
            durable=self._durable,
            pull_sub=PullSub(batch_size=BATCH, batch=True, timeout=LINGER_SECONDS),
            config=ConsumerConfig(ack_policy=Acknowledge.ALL, ack_wait=60, max_deliver=-1, max_ack_pending=2 * BATCH),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            decoder=_undecoded,
            persistent=False,
            include_in_schema=False,
        )
        self._subscriber(self._hear)
        await self._subscriber.start()
        self.trouble = None
        while not self._restart.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._restart.wait(), WATCH_SECONDS)
            info = await js.consumer_info(stream_name(self.speaker), self._durable)
            LISTEN_LAG.labels(self.service, self._origin).set(info.num_pending or 0)

    async def _stop(self) -> None:
        if self._subscriber is not None:
            LISTEN_RESTARTS.labels(self.service, self._origin).inc()
            with suppress(Exception):
                await self._subscriber.stop()
            self._subscriber = None

    async def lag(self) -> int:
        """How many facts wait for us on the bus. Raises when the broker, the stream or our consumer is not there."""
        return max(0, await self.newest() - await self.heard_up_to())

    async def newest(self) -> int:
        """The stream's sequence number of the newest fact on the bus."""
        return (await self._context().stream_info(stream_name(self.speaker))).state.last_seq

    async def heard_up_to(self) -> int:
        """The stream's sequence number up to which everything is on our disk."""
        info = await self._context().consumer_info(stream_name(self.speaker), self._durable)
        return info.ack_floor.stream_seq if info.ack_floor else 0

    def _context(self) -> JetStreamContext:
        if self._js is None:
            raise ConnectionError("not connected to the broker yet")
        return self._js

    async def _hear(self, messages: list[Msg]) -> None:
        if self._restart.is_set():
            return
        deliveries = [delivery_of(message) for message in messages]
        for attempt in range(1_000_000):
            try:
                await self._receive(deliveries)
                break
            except Gap as gap:
                logger.error("%s: gap, starting over: %s", self.service, gap)
                self.trouble, self._start_over = str(gap), True
                self._restart.set()
                return
            except Exception as error:
                self.trouble = f"{type(error).__name__}: {error}"
                logger.warning("%s cannot take in %d facts: %s", self.service, len(messages), self.trouble)
                await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                for message in messages:
                    await message.in_progress()
        self.trouble = None
        HEARD.labels(self.service, self._origin).inc(len(messages))
        await messages[-1].ack()


def delivery_of(message: Msg) -> Delivery:
    """A message of the bus, with the place in its log that its headers tell."""
    headers = message.headers or {}
    return Delivery(
        origin=headers.get("Huajie-Origin", ""),
        epoch=headers.get("Huajie-Epoch", ""),
        position=int(headers.get("Huajie-Position", "0")),
        previous=int(headers.get("Huajie-Previous", "0")),
        document=message.data,
    )


class Ears:
    """All the listeners of a service, on one connection. Hearing nothing never keeps a service from working."""

    def __init__(self, url: str, service: str) -> None:
        self._url, self._service = url, service
        self.listeners: list[Listener] = []

    def listens(self, region: str, speaker: str, receive: Receive) -> None:
        """Declare, before `run`, that this service listens to a speaker."""
        self.listeners.append(Listener(self._service, region, speaker, receive))

    async def catch_up(self) -> None:
        """Wait until everything that is on the bus now has been heard: before that, silence proves nothing."""
        while True:
            try:
                newest = [await listener.newest() for listener in self.listeners]
                while any(  # noqa: ASYNC110 - the broker tells it only when asked
                    [await listener.heard_up_to() < seq for listener, seq in zip(self.listeners, newest, strict=True)]
                ):
                    await asyncio.sleep(HEARING_SECONDS)
                return
            except (OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error):
                await asyncio.sleep(5 * HEARING_SECONDS)

    async def run(self) -> None:
        """Connect, however long it takes, and listen until cancelled."""
        while True:
            try:
                client = await connect(self._url, f"{self._service}-ears")
                break
            except (OSError, TimeoutError, nats.errors.Error) as error:
                for listener in self.listeners:
                    listener.trouble = f"broker: {error}"
                await asyncio.sleep(0.5)
        broker = NatsBroker(
            self._url,
            logger=None,
            apply_types=False,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            error_cb=_note,
        )
        try:
            await broker.connect()
            js = client.jetstream(timeout=5)
            await asyncio.gather(*(listener.run(broker, js) for listener in self.listeners))
        finally:
            for close in (broker.stop(), client.close()):
                with suppress(Exception):
                    await asyncio.wait_for(close, 3)


async def _note(error: Exception) -> None:
    logger.warning("bus: %s", type(error).__name__)
