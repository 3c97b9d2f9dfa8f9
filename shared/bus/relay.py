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
from nats.js.api import RawStreamMsg

from shared.bus.streams import Misconfigured, connect, origin_of, provision, stream_name, subject_of
from shared.metrics import RELAY_LAG, RELAY_RESYNCS, RELAYED
from shared.store import Log
from shared.store.draft import is_own

logger = logging.getLogger(__name__)

WINDOW = 256
"""Facts on their way at once."""
ANSWER_SECONDS = 5.0
"""How long a window may take to be acknowledged; nats-py itself would wait for ever."""
IDLE_SECONDS = 0.2
"""How long to sleep when nobody has said that the log grew: another process may have."""
RETRY_SECONDS = (0.1, 0.2, 0.5, 1.0)
TROUBLED_SECONDS = 5.0
"""How long to wait before looking again at what only an operator can mend."""


class Fork(Exception):
    """The stream holds what the log does not: the log was restored from a backup, or somebody else spoke here."""

    def __init__(self, stream: str, zh: str, en: str) -> None:
        super().__init__(
            f"消息流 {stream} {zh}；已停止发布。请先查明是否误用了旧备份或另一份案卷；确认以本案卷为准后，更换 epoch 并删除该流，"
            f"即从头重新发布。 / stream {stream} {en}; nothing is published. Find out whether an old backup or another log is in"
            " use; when this log is the right one, renew its epoch and delete the stream: everything is published again."
        )


class Odd(Exception):
    """Something does not fit: go back to the tail."""


class Relay:
    """Publishes one log to one stream, in order, each fact once. One relay runs per log."""

    def __init__(self, region: str, service: str, log: Log, url: str, max_bytes: int = -1) -> None:
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
        client: Client | None = None
        failures = 0
        try:
            while True:
                position = self.position
                try:
                    if not await asyncio.to_thread(self._log.lease):
                        self.trouble = None  # another process relays this log
                        await asyncio.sleep(1)
                        continue
                    if client is None or client.is_closed:
                        client = await connect(self._url, f"{self.service}-relay")
                    await self._relay(client)
                except (Fork, Misconfigured) as found:
                    self.trouble = str(found)
                    logger.critical("%s relay stopped: %s", self.service, found)
                    await asyncio.sleep(TROUBLED_SECONDS)
                except (OSError, TimeoutError, Odd, nats.errors.Error, nats.js.errors.Error, PersistenceError) as error:
                    _heed_cancellation()
                    self.trouble = f"{type(error).__name__}: {error}"
                    RELAY_RESYNCS.labels(self.service).inc()
                    failures = failures + 1 if self.position == position else 0
                    await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
        finally:
            if client is not None:
                with suppress(Exception):
                    await asyncio.wait_for(client.close(), 2)

    async def _relay(self, client: Client) -> None:
        js = client.jetstream(timeout=ANSWER_SECONDS, publish_async_max_pending=2 * WINDOW)
        await provision(js, self.region, self.service, self._max_bytes)
        epoch = await asyncio.to_thread(self._log.epoch)
        self.position, sequence = await self._ends(js, epoch)
        previous, self.trouble = self.position, None
        while True:
            self._grew.clear()
            events = await asyncio.to_thread(self._next)
            own = [event for event in events if is_own(event.topic)]
            if own:
                sequence = await self._publish(js, epoch, own, previous, sequence)
                previous = own[-1].id
                RELAYED.labels(self.service).inc(len(own))
            if events:
                self.position = events[-1].id
                continue
            RELAY_LAG.labels(self.service).set(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._grew.wait(), IDLE_SECONDS)
            if not client.is_connected:
                raise Odd("the broker is away")

    def _next(self) -> Sequence[Notification]:
        """The next events of the log, while we are still the one to publish them."""
        if not self._log.lease():
            raise Odd("another process relays this log now")
        return self._log.since(self.position, WINDOW)

    async def _ends(self, js: JetStreamContext, epoch: str) -> tuple[int, int]:
        """The position in the log and the sequence in the stream of the last fact on the bus; zeros for an empty stream.

        A stream that does not begin where its log begins, or has holes, would never be whole again. Raises Fork.
        """
        name, origin = stream_name(self.service), f"{origin_of(self.region, self.service)}.{epoch}"
        state = (await js.stream_info(name)).state
        if not state.messages:
            return 0, state.last_seq
        first, last = await js.get_msg(name, state.first_seq), await js.get_msg(name, state.last_seq)
        if (first.headers or {}).get("Huajie-Previous") != "0":
            raise Fork(name, "的开头不是本案卷的第一条事实", "does not begin with the first fact of the log")
        if state.messages != state.last_seq - state.first_seq + 1:
            raise Fork(name, "中间有缺失", "has holes")
        said = (last.headers or {}).get("Nats-Msg-Id", "")
        if not await asyncio.to_thread(self._holds, origin, said, last):
            raise Fork(
                name, f"的末尾 {said} 与案卷 {origin} 不符", f"ends with {said}, which the log {origin} does not hold"
            )
        return int(said.rpartition(":")[2]), state.last_seq

    def _holds(self, origin: str, said: str, last: RawStreamMsg) -> bool:
        spoken, _, position = said.rpartition(":")
        event = self._log.at(int(position)) if spoken == origin and position.isascii() and position.isdigit() else None
        return event is not None and event.state == last.data

    async def _publish(
        self, js: JetStreamContext, epoch: str, events: list[Notification], previous: int, sequence: int
    ) -> int:
        pending = []
        origin = origin_of(self.region, self.service)
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
            pending.append(await js.publish_async(subject, event.state, wait_stall=ANSWER_SECONDS, headers=headers))
            previous = event.id
        acks = await asyncio.wait_for(asyncio.gather(*pending), ANSWER_SECONDS)
        if any(ack.duplicate for ack in acks) or [ack.seq for ack in acks] != list(
            range(sequence + 1, sequence + 1 + len(acks))
        ):
            raise Odd("acknowledgements out of line")
        return sequence + len(acks)


def _heed_cancellation() -> None:
    """Stop when asked to: nats-py takes a cancellation for a window that is full."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
