"""One stream per service and node, provisioned by one explicit step that compares and refuses to overwrite."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

log = logging.getLogger(__name__)

DUPLICATE_WINDOW = 120.0
"""Seconds in which the broker itself drops a message id it has seen: a help, never relied upon."""
HANG_UP_SECONDS = 2.0
"""How long the other side may take to be told that we go."""
NOTE_SECONDS = 10.0
"""How long an error of one kind is not noted again."""


class Misconfigured(Exception):
    """A stream exists with other settings than ours. It is left as it is: an operator decides."""

    def __init__(self, stream: str, differences: str) -> None:
        super().__init__(
            f"消息流 {stream} 的设置与本系统不同，未作任何改动：{differences}。请改回这些设置，或删除该流后由本系统重建。 / "
            f"stream {stream} has other settings than ours and is left as it is: {differences}. Set them back, or delete the"
            " stream: it is made and filled again."
        )


def stream_name(service: str) -> str:
    """The stream of a service: its name in capitals."""
    return service.upper()


def origin_of(region: str, service: str) -> str:
    """Names a log among all nodes."""
    return f"{region}.{service}"


def subject_of(region: str, service: str, fact: str) -> str:
    """`facts.<province>.<city>.<county>.<service>.<Fact>`; a level above writes 00 below itself. No ids in subjects."""
    return f"facts.{region[0:2]}.{region[2:4]}.{region[4:6]}.{service}.{fact}"


def subjects_of(region: str, service: str) -> str:
    """All subjects of a service at a node."""
    return subject_of(region, service, ">")


class Line(Client):
    """A client that holds one socket at a time, and none once it was hung up.

    nats-py 2.16 forgets a socket on which the broker did not answer in time when it makes the next one, and makes another when
    it is stopped just as it connects again: on Python 3.11 `wait_for` takes that stop for an answer.
    """

    hung_up = False

    async def _connect_to_server(self, s: Any) -> None:
        self.cut()
        await super()._connect_to_server(s)
        if self.hung_up:
            self.cut()
            raise asyncio.CancelledError

    def cut(self) -> None:
        """Let go of the socket at once, if there is one."""
        writer: Any = getattr(self._transport, "_io_writer", None)
        if writer is not None:
            writer.transport.abort()


async def reach(url: str, name: str) -> None:
    """See whether the broker answers, by a connection that is closed again. Raises OSError or nats.errors.Error.

    A client that retries for ever would not say that its first attempt failed.
    """
    await hang_up(await connect(url, name))


async def connect(url: str, name: str) -> Line:
    """A connection that does not outlive a failure: whoever uses it starts afresh, and knows what has arrived.

    A client that reconnects by itself sends what was left in its buffer, behind what was lost with the old connection:
    that would tear a hole into a stream. Raises OSError or nats.errors.Error when the broker does not answer.
    """
    client = Line()
    try:
        await client.connect(url, name=name, allow_reconnect=False, connect_timeout=5, error_cb=noted(name))
        heed_cancellation()
    except BaseException:
        await hang_up(client)
        raise
    return client


async def hang_up(client: Line) -> None:
    """Close a connection, and its socket whatever becomes of that: nats-py gives up on the way when the other side is gone, and
    does nothing at all when a task of its own began to close and was stopped.
    """
    client.hung_up = True
    try:
        with suppress(Exception):
            await asyncio.wait_for(client.close(), HANG_UP_SECONDS)
    finally:
        client.cut()


def heed_cancellation() -> None:
    """Stop when asked to: nats-py takes a cancellation for a failure of its own, and goes on."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def noted(name: str) -> Callable[[Exception], Awaitable[None]]:
    """A callback that notes errors of a connection by their kind, now and then: there may be one for every message.

    Their texts may hold a URL with its password.
    """
    last: dict[str, float] = {}

    async def note(error: Exception) -> None:
        kind, now = type(error).__name__, time.monotonic()
        if now - last.get(kind, -NOTE_SECONDS) >= NOTE_SECONDS:
            last[kind] = now
            log.warning("bus connection of %s: %s", name, kind)

    return note


def _wanted(region: str, service: str, max_bytes: int) -> StreamConfig:
    return StreamConfig(
        name=stream_name(service),
        subjects=[subjects_of(region, service)],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        max_bytes=max_bytes,
        max_msgs=-1,
        max_msgs_per_subject=-1,
        max_msg_size=-1,
        max_age=0,
        duplicate_window=DUPLICATE_WINDOW,
        deny_delete=True,
        deny_purge=True,
        allow_rollup_hdrs=False,
    )


COMPARED = (
    "subjects", "storage", "retention", "discard", "max_bytes", "max_msgs", "max_msgs_per_subject", "max_msg_size",
    "max_age", "duplicate_window", "deny_delete", "deny_purge", "allow_rollup_hdrs", "sealed", "no_ack", "mirror", "sources",
)  # fmt: skip
"""What decides whether facts could be lost, changed or refused. Replicas and placement are the operator's own."""


async def provision(js: JetStreamContext, region: str, service: str, max_bytes: int = -1) -> None:
    """Make the stream when it is not there; compare it when it is. Raises Misconfigured naming every difference."""
    wanted = _wanted(region, service, max_bytes)
    try:
        found = (await js.stream_info(stream_name(service))).config
    except NotFoundError:
        await js.add_stream(wanted)
        return
    differences = [
        f"{field}: {getattr(found, field)!r} != {getattr(wanted, field)!r}"
        for field in COMPARED
        if (getattr(found, field) or None) != (getattr(wanted, field) or None)
    ]
    if differences:
        raise Misconfigured(stream_name(service), "; ".join(differences))


async def wait_for_stream(js: JetStreamContext, service: str, pause: float = 0.2) -> None:
    """Wait until the speaking service has made its stream."""
    while True:
        try:
            await js.stream_info(stream_name(service))
            return
        except NotFoundError:
            await asyncio.sleep(pause)
