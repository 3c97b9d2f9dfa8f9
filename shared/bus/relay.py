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
from nats.js.api import PubAck, RawStreamMsg

from shared.bus.streams import Misconfigured, connect, heed_cancellation, origin_of, provision, stream_name, subject_of
from shared.metrics import RELAY_LAG, RELAY_RESYNCS, RELAYED
from shared.store import Log
from shared.store.draft import is_own

logger = logging.getLogger(__name__)

WINDOW = 256
"""Facts on their way at once."""
ANSWER_SECONDS = 5.0
"""How long a window may take to be acknowledged."""
LOOK_SECONDS = 0.1
IDLE_SECONDS = 0.2
"""How long to sleep when nobody has said that the log grew: another process may have."""
RETRY_SECONDS = (0.1, 0.2, 0.5, 1.0)
OVERHEAD = 64
"""More bytes than a message takes in a stream beside its subject, headers and document."""
TROUBLED_SECONDS = 5.0
"""How long to wait before looking again at what only an operator can mend."""


class Fork(Exception):
    """The stream holds what the log does not, or lacks what it ought to hold: another log, an old backup, a damaged disk."""

    def __init__(self, stream: str, zh: str, en: str) -> None:
        super().__init__(
            f"消息流 {stream} {zh}；已停止发布。请先查明是否误用了旧备份或另一份案卷；确认以本案卷为准后，更换 epoch 并删除该流，"
            f"即从头重新发布。 / stream {stream} {en}; nothing is published. Find out whether an old backup or another log is in"
            " use; when this log is the right one, renew its epoch and delete the stream: everything is published again."
        )


class Full(Exception):
    """The stream may not hold more. Nothing is lost: the log keeps what waits."""

    def __init__(self, stream: str, room: int) -> None:
        super().__init__(
            f"消息流 {stream} 已满（上限 {room} 字节），新的事实留在案卷中等待发布；请调大 max_stream_bytes 和该流的 max_bytes。 / "
            f"stream {stream} is full ({room} bytes) and new facts wait in the log: raise max_stream_bytes and its max_bytes."
        )


class Odd(Exception):
    """Something does not fit: go back to the tail."""


class Relay:
    """Publishes one log to one stream, in order, each fact once. One relay runs per log."""

    def __init__(self, region: str, service: str, log: Log, url: str, max_bytes: int = -1) -> None:
        self.region, self.service, self._log, self._url, self._max_bytes = region, service, log, url, max_bytes
        self._loop = asyncio.get_running_loop()
        self._grew = asyncio.Event()
        self._bytes = 0
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
                        with suppress(Exception):
                            await asyncio.wait_for(client.close(), 2)
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
        self.position, sequence = await self._ends(js, epoch)
        previous, self.trouble = self.position, None
        while True:
            heed_cancellation()
            self._grew.clear()
            events = await asyncio.to_thread(self._next)
            if events is None:
                return
            own = [event for event in events if is_own(event.topic)]
            if own:
                acks = await self._acknowledged(client, await self._publish(js, epoch, own, previous))
                if (
                    any(ack.duplicate for ack in acks)
                    or acks[0].seq != sequence + 1
                    or acks[-1].seq != sequence + len(own)
                ):
                    raise Odd("acknowledgements out of line")
                previous, sequence = own[-1].id, sequence + len(own)
                RELAYED.labels(self.service).inc(len(own))
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

    async def _ends(self, js: JetStreamContext, epoch: str) -> tuple[int, int]:
        """The position in the log and the sequence in the stream of the last fact on the bus; zeros for an empty stream.

        A stream that does not begin where its log begins, or lacks one of those that were last on their way, would never be
        whole again. Raises Fork.
        """
        name, origin = stream_name(self.service), f"{origin_of(self.region, self.service)}.{epoch}"
        state = (await js.stream_info(name)).state
        self._bytes = state.bytes
        if not state.messages:
            return 0, state.last_seq
        first, last = await js.get_msg(name, state.first_seq), await js.get_msg(name, state.last_seq)
        earlier = await js.get_msg(name, max(state.first_seq, state.last_seq - 2 * WINDOW))
        if (first.headers or {}).get("Huajie-Previous") != "0":
            raise Fork(name, "的开头不是本案卷的第一条事实", "does not begin with the first fact of the log")
        said = (last.headers or {}).get("Nats-Msg-Id", "")
        between = await asyncio.to_thread(self._between, origin, earlier, last)
        if between is None:
            raise Fork(
                name, f"的末尾 {said} 与案卷 {origin} 不符", f"ends with {said}, which the log {origin} does not hold"
            )
        if between != state.last_seq - (earlier.seq or 0):
            raise Fork(name, "的末尾有缺失", "has a hole near its end")
        return int(said.rpartition(":")[2]), state.last_seq

    def _between(self, origin: str, earlier: RawStreamMsg, last: RawStreamMsg) -> int | None:
        """How many facts the log has said from one message of the stream to another; None when it did not say both."""
        positions = []
        for message in (earlier, last):
            spoken, _, position = (message.headers or {}).get("Nats-Msg-Id", "").rpartition(":")
            if spoken != origin or not (position.isascii() and position.isdigit()):
                return None
            event = self._log.at(int(position))
            if event is None or event.state != message.data:
                return None
            positions.append(event.id)
        position, facts = positions[0], 0
        while position < positions[1]:
            events = [event for event in self._log.since(position, WINDOW) if event.id <= positions[1]]
            facts += sum(is_own(event.topic) for event in events)
            position = events[-1].id
        return facts

    async def _publish(
        self, js: JetStreamContext, epoch: str, events: list[Notification], previous: int
    ) -> list["asyncio.Future[PubAck]"]:
        """Send a window, in order. Answers what to wait for."""
        origin = origin_of(self.region, self.service)
        window: list[tuple[str, bytes, dict[str, str]]] = []
        for event in events:
            headers = {
                "Nats-Msg-Id": f"{origin}.{epoch}:{event.id}",
                "Huajie-Origin": origin,
                "Huajie-Epoch": epoch,
                "Huajie-Position": str(event.id),
                "Huajie-Previous": str(previous),
                "content-type": "application/cloudevents+json",
            }
            subject = subject_of(self.region, self.service, event.topic.partition(":")[0])
            window.append((subject, event.state, headers))
            previous = event.id
        self._make_sure_of_room(window)
        return [
            await js.publish_async(subject, document, wait_stall=ANSWER_SECONDS, headers=headers)
            for subject, document, headers in window
        ]

    async def _acknowledged(self, client: Client, pending: list["asyncio.Future[PubAck]"]) -> list[PubAck]:
        """Wait for the window's acknowledgements; nats-py itself would wait for ever, also on a connection that is gone."""
        acks = asyncio.gather(*pending)
        try:
            for _ in range(round(ANSWER_SECONDS / LOOK_SECONDS)):
                if (await asyncio.wait({acks}, timeout=LOOK_SECONDS))[0]:
                    return await acks
                if client.is_closed:
                    raise Odd("the broker went away")
            raise TimeoutError("no acknowledgement")
        finally:
            acks.cancel()

    def _make_sure_of_room(self, window: Sequence[tuple[str, bytes, dict[str, str]]]) -> None:
        """Send a window only when all of it fits: a full stream might refuse a long fact and take the short one after it."""
        for subject, document, headers in window:
            self._bytes += (
                OVERHEAD + len(subject) + len(document) + sum(len(k) + len(v) + 4 for k, v in headers.items())
            )
        if 0 < self._max_bytes <= self._bytes:
            raise Full(stream_name(self.service), self._max_bytes)
