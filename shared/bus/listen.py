"""The one way to listen: pulled in batches, in order, acknowledged after the batch is on disk, watched over.

The batch is the unit of `receive`: it dedupes, finds gaps and commits. What it cannot write now is tried again in place,
so that order holds; a lost consumer, which looks just like silence, is noticed by asking for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import chain, repeat
from typing import Any

import nats.errors
import nats.js.errors
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsBroker, PullSub
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as Acknowledge
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.bus.streams import heed_cancellation, origin_of, stream_name, subjects_of, wait_for_stream
from shared.metrics import HEARD, LISTEN_LAG, LISTEN_RESTARTS
from shared.store import Delivery, Gap

logger = logging.getLogger(__name__)

BATCH = 500
WAIT_SECONDS = 5.0
"""How long one request waits at the broker for a fact."""
LINGER_SECONDS = 0.025
"""How long a batch waits for more once it has a fact: what a fact may lose on its way in quiet times."""
ACK_SECONDS = 60
FROM_THE_FIRST = 2
"""After so many gaps one after the other a listener starts at the first fact."""
WATCH_SECONDS = 5.0
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
BUS_ERRORS = (OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error)

Receive = Callable[[Sequence[Delivery]], Awaitable[None]]
"""Takes a batch in, in one transaction. Raises Gap, or anything else for: not now, try again."""


async def _undecoded(message: StreamMessage[Any]) -> Any:
    """Hand the handler the raw messages: the bytes are read once, by the code that needs them."""
    return message.raw_message


class Pull:
    """A pull subscription as FastStream needs it: one fact as soon as there is one, then what else is there.

    FastStream 0.7.8 goes on asking for the rest of a batch until its time is over, knows one of the two timeouts that nats-py
    raises when it is, and drops the facts in hand on the other.
    """

    def __init__(self, subscription: JetStreamContext.PullSubscription) -> None:
        self._subscription = subscription

    async def fetch(self, batch: int, timeout: float) -> list[Msg]:  # noqa: ASYNC109 - FastStream calls it so
        """Up to a batch of messages. Raises nats.errors.TimeoutError when none came."""
        if batch < BATCH:
            raise nats.errors.TimeoutError  # FastStream has some, and asks for more
        try:
            messages = await self._subscription.fetch(1, timeout)
        except TimeoutError as error:
            raise nats.errors.TimeoutError from error
        with suppress(*BUS_ERRORS):
            messages += await self._subscription.fetch(batch - 1, LINGER_SECONDS)
        return messages

    async def unsubscribe(self) -> None:
        """Give the subscription up."""
        await self._subscription.unsubscribe()


class Listener:
    """Listens, for one service, to the stream of another."""

    def __init__(self, service: str, region: str, speaker: str, receive: Receive) -> None:
        self.service, self.speaker, self._receive = service, speaker, receive
        self._stream, self._subjects = stream_name(speaker), subjects_of(region, speaker)
        self._origin, self._durable = origin_of(region, speaker), f"{service}-{region}"
        self._subscriber: Any = None
        self._stopping = asyncio.Event()
        self._gaps, self._batches, self._busy = 0, 0, False
        self.trouble: str | None = "not started"
        """Why nothing is heard, for people; None when all is well."""
        self._js: JetStreamContext | None = None

    def attach(self, js: JetStreamContext) -> None:
        """Let us ask the broker how far we are, also while another process listens in our name."""
        self._js = js

    async def run(self, broker: NatsBroker) -> None:
        """Listen until cancelled, through every failure of the broker and the loss of our consumer."""
        while True:
            try:
                await self._listen(broker)
            except BUS_ERRORS as error:
                self.trouble = f"{type(error).__name__}: {error}"
            finally:
                await self.stop()
            heed_cancellation()
            await asyncio.sleep(RETRY_SECONDS[min(self._gaps, len(RETRY_SECONDS) - 1)])

    async def _listen(self, broker: NatsBroker) -> None:
        js = self._context()
        await wait_for_stream(js, self.speaker)
        await self._prepare(js)
        self._stopping.clear()
        self._subscriber = broker.subscriber(
            self._subjects,
            stream=JStream(self._stream, declare=False),
            durable=self._durable,
            pull_sub=PullSub(batch_size=BATCH, batch=True, timeout=WAIT_SECONDS),
            config=self._wanted(),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            decoder=_undecoded,
            persistent=False,
            include_in_schema=False,
        )
        self._subscriber(self._hear)
        await self._subscriber.start()
        self._subscriber.subscription = Pull(self._subscriber.subscription)
        self.trouble = None if not self._gaps else self.trouble
        stuck = 0
        while not self._stopping.is_set():
            heed_cancellation()
            batches = self._batches
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), WATCH_SECONDS)
            info = await js.consumer_info(self._stream, self._durable)
            LISTEN_LAG.labels(self.service, self._origin).set(info.num_pending or 0)
            waiting = bool(info.num_pending or info.num_ack_pending)
            stuck = stuck + 1 if waiting and batches == self._batches and not self._busy else 0
            if stuck == 2:
                raise TimeoutError("facts are waiting, and nothing arrives")

    def _wanted(self, first: int = 1) -> ConsumerConfig:
        return ConsumerConfig(
            durable_name=self._durable,
            filter_subject=self._subjects,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=first,
            ack_policy=Acknowledge.ALL,
            ack_wait=ACK_SECONDS,
            max_deliver=-1,
            max_ack_pending=2 * BATCH,
        )

    async def _prepare(self, js: JetStreamContext) -> None:
        """Have a consumer that hands out, at once and in order, the last fact that was acknowledged and all after it.

        A consumer is cheap, and made anew on each start: what its predecessor was given and did not acknowledge would come
        back only after ACK_SECONDS, behind newer facts. What we have heard is on our own disk; should that have been restored
        from a backup, the last acknowledged fact shows it by the gap before it.
        """
        first = 1
        with suppress(NotFoundError):
            found = await js.consumer_info(self._stream, self._durable)
            if found.ack_floor is not None and self._gaps < FROM_THE_FIRST:
                first = max(first, found.ack_floor.stream_seq)
            await js.delete_consumer(self._stream, self._durable)
        await js.add_consumer(self._stream, self._wanted(first))

    async def stop(self) -> None:
        """Stop taking batches; the one being taken in is finished, or comes again."""
        self._stopping.set()
        if self._subscriber is not None:
            LISTEN_RESTARTS.labels(self.service, self._origin).inc()
            with suppress(Exception):
                await self._subscriber.stop()
            self._subscriber = None

    def deafen(self) -> None:
        """Stop pulling at once: on a connection that was closed for good, pulling would never let others run."""
        if self._subscriber is not None:
            self._subscriber.running = False
        self._stopping.set()

    async def lag(self) -> int:
        """How many facts wait for us on the bus. Raises when the broker, the stream or our consumer is not there."""
        return max(0, await self.newest() - await self.heard_up_to())

    async def newest(self) -> int:
        """The stream's sequence number of the newest fact on the bus."""
        return (await self._context().stream_info(self._stream)).state.last_seq

    async def heard_up_to(self) -> int:
        """The stream's sequence number up to which everything is on our disk."""
        info = await self._context().consumer_info(self._stream, self._durable)
        return info.ack_floor.stream_seq if info.ack_floor else 0

    def _context(self) -> JetStreamContext:
        if self._js is None:
            raise ConnectionError("not connected to the broker yet")
        return self._js

    async def _hear(self, messages: list[Msg]) -> None:
        deliveries = [delivery_of(message) for message in messages]
        self._busy = True
        try:
            for pause in chain(RETRY_SECONDS, repeat(RETRY_SECONDS[-1])):
                if self._stopping.is_set() or await self._taken(deliveries):
                    break
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)
                with suppress(*BUS_ERRORS):
                    for message in messages:
                        await message.in_progress()
            if not self._stopping.is_set():
                await messages[-1].ack()
        finally:
            self._busy = False

    async def _taken(self, deliveries: Sequence[Delivery]) -> bool:
        """Whether the batch is on disk now. After a gap we start again where we are; when that does not fill it, from the
        first fact."""
        try:
            await self._receive(deliveries)
        except Gap as gap:
            if gap.heard or self._gaps:
                logger.error("%s: %s", self.service, gap)
                self.trouble = str(gap)
            else:  # new tables, say: nothing is missing until the first fact cannot be had
                logger.info("%s hears %s from the first fact on", self.service, self._origin)
            self._gaps += 1 if gap.heard else FROM_THE_FIRST
            self._stopping.set()
            return False
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
            logger.warning("%s cannot take in %d facts: %s", self.service, len(deliveries), self.trouble)
            return False
        self.trouble, self._gaps = None, 0
        self._batches += 1
        HEARD.labels(self.service, self._origin).inc(len(deliveries))
        return True


def delivery_of(message: Msg) -> Delivery:
    """A message of the bus, with the place in its log that its headers tell; position 0 for what no log has spoken."""
    headers = message.headers or {}
    position, previous = headers.get("Huajie-Position", ""), headers.get("Huajie-Previous", "")
    placed = (position + previous).isascii() and position.isdigit() and previous.isdigit()
    return Delivery(
        origin=headers.get("Huajie-Origin", ""),
        epoch=headers.get("Huajie-Epoch", ""),
        position=int(position) if placed else 0,
        previous=int(previous) if placed else 0,
        document=message.data,
    )
