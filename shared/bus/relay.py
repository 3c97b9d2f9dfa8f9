"""The log is the outbox and the stream's own tail is the cursor: no table, no bookmark that can drift.

On start, on any odd acknowledgement, and after the broker lost its disk, the relay reads the ends of its stream, compares
them with the log and goes on from there. An empty stream means: publish everything again, in order.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

import nats.errors
import nats.js.errors
from eventsourcing.persistence import Notification, PersistenceError
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import PubAck

from shared.bus.outgoing import Outgoing, fitting, outgoing
from shared.bus.streams import Misconfigured, connect, hang_up, heed_cancellation, origin_of, provision, stream_name
from shared.bus.tail import LOOK_BACK, Fork, tail_of
from shared.metrics import RELAY_LAG, RELAY_RESYNCS, RELAYED
from shared.store import Log

logger = logging.getLogger(__name__)

WINDOW = LOOK_BACK // 2
"""Facts on their way at once."""
ANSWER_SECONDS = 5.0
"""How long a window may take to be acknowledged."""
LOOK_SECONDS = 0.1
IDLE_SECONDS = 0.2
"""How long to sleep when nobody has said that the log grew: another process may have."""
RETRY_SECONDS = (0.1, 0.2, 0.5, 1.0)
TROUBLED_SECONDS = 5.0
"""How long to wait before looking again at what only an operator can mend."""


class Full(Exception):
    """The stream may not hold more. Nothing is lost: the log keeps what waits."""

    def __init__(self, stream: str, most: int) -> None:
        super().__init__(
            f"消息流 {stream} 已满（上限 {most} 字节），新的事实留在案卷中等待发布；请调大 max_stream_bytes 和该流的 max_bytes。 / "
            f"stream {stream} is full ({most} bytes) and new facts wait in the log: raise max_stream_bytes and its max_bytes."
        )


class Odd(Exception):
    """Something does not fit: go back to the tail."""


class Relay:
    """Publishes one log to one stream, in order, each fact once. One relay runs per log."""

    def __init__(self, region: str, service: str, log: Log, url: str, max_bytes: int = -1) -> None:
        """`max_bytes`: what the stream may hold at most; -1 for no limit."""
        self.region, self.service, self._log, self._url, self._max_bytes = region, service, log, url, max_bytes
        self._loop = asyncio.get_running_loop()
        self._grew = asyncio.Event()
        self.position = 0
        """The position of the last event that is on the bus."""
        self.trouble: str | None = "not started"
        """Why nothing flows, for people; None when all is well."""

    def wake(self) -> None:
        """Say, from any thread, that the log has grown."""
        with suppress(RuntimeError):  # the loop is closed: nobody is left to wake
            self._loop.call_soon_threadsafe(self._grew.set)

    async def lag(self) -> int:
        """How many events of the log have not been passed yet."""
        return max(0, await asyncio.to_thread(self._log.last_position) - self.position)

    async def run(self) -> None:
        """Relay until cancelled, through every failure of the broker and of the log."""
        failures = 0
        while True:
            heed_cancellation()
            position = self.position
            try:
                if await asyncio.to_thread(self._log.lease):
                    client = await connect(self._url, f"{self.service}-relay")
                    try:
                        await self._relay(client)
                    finally:
                        await hang_up(client)
                self.trouble = None  # another process relays this log
                await asyncio.sleep(1)
            except (Fork, Full, Misconfigured) as found:
                self.trouble = str(found)
                logger.critical("%s relay stopped: %s", self.service, found)
                await asyncio.sleep(TROUBLED_SECONDS)
            except (OSError, TimeoutError, Odd, nats.errors.Error, nats.js.errors.Error, PersistenceError) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                RELAY_RESYNCS.labels(self.service).inc()
                failures = failures + 1 if self.position == position else 0
                await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])

    async def _relay(self, client: Client) -> None:
        """Go on from the tail until the lease is gone. Raises whatever gets in the way."""
        js = client.jetstream(timeout=ANSWER_SECONDS, publish_async_max_pending=2 * WINDOW)
        await provision(js, self.region, self.service, self._max_bytes)
        epoch = await asyncio.to_thread(self._log.epoch)
        tail = await tail_of(js, self.service, self._log, f"{origin_of(self.region, self.service)}.{epoch}")
        self.position, sequence, size = tail.position, tail.sequence, tail.size
        previous, self.trouble = self.position, None
        while True:
            heed_cancellation()
            self._grew.clear()
            events = await asyncio.to_thread(self._next)
            if events is None:
                return
            waiting = list(outgoing(self.region, self.service, epoch, events, previous))
            window = fitting(waiting, self._max_bytes - size if self._max_bytes > 0 else None)
            if window:
                await self._publish(client, js, window, sequence)
                previous, sequence = window[-1].position, sequence + len(window)
                size += sum(message.size for message in window)
                RELAYED.labels(self.service).inc(len(window))
            if len(window) < len(waiting):
                self.position = previous
                raise Full(stream_name(self.service), self._max_bytes)
            if events:
                self.position = events[-1].id
                continue
            RELAY_LAG.labels(self.service).set(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._grew.wait(), IDLE_SECONDS)
            if client.is_closed:
                raise Odd("the broker is away")

    def _next(self) -> Sequence[Notification] | None:
        """The next events of the log; None when another process is the one to publish them now."""
        return self._log.since(self.position, WINDOW) if self._log.lease() else None

    async def _publish(self, client: Client, js: JetStreamContext, window: Sequence[Outgoing], sequence: int) -> None:
        """Send a window in order, and wait until all of it is in the stream, right after `sequence`.

        nats-py itself would wait for ever, also on a connection that is gone.
        """
        pending = [
            await js.publish_async(
                message.subject, message.document, wait_stall=ANSWER_SECONDS, headers=message.headers
            )
            for message in window
        ]
        answers: asyncio.Future[list[PubAck]] = asyncio.gather(*pending)
        try:
            for _ in range(round(ANSWER_SECONDS / LOOK_SECONDS)):
                if (await asyncio.wait({answers}, timeout=LOOK_SECONDS))[0]:
                    break
                if client.is_closed:
                    raise Odd("the broker went away")
            else:
                raise TimeoutError("no acknowledgement")
        finally:
            answers.cancel()
        expected = range(sequence + 1, sequence + 1 + len(window))
        if any(ack.duplicate for ack in answers.result()) or [ack.seq for ack in answers.result()] != list(expected):
            raise Odd("acknowledgements out of line")
