"""One stream per service and node, provisioned by one explicit step that compares and refuses to overwrite."""

import asyncio
import logging

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

log = logging.getLogger(__name__)

DUPLICATE_WINDOW = 120.0
"""Seconds in which the broker itself drops a message id it has seen: a help, never relied upon."""


class Misconfigured(Exception):
    """A stream exists with other settings than ours. It is left as it is: an operator decides."""


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


async def connect(url: str, name: str) -> Client:
    """A connection that never gives up: giving up is what starves the event loop of a listener for ever.

    Raises OSError or nats.errors.Error when the broker is not there at the first try.
    """

    async def note(error: Exception) -> None:
        log.warning("bus connection of %s: %s", name, type(error).__name__)

    probe = await nats.connect(url, name=name, allow_reconnect=False, connect_timeout=5, error_cb=note)
    await probe.close()
    return await nats.connect(
        url, name=name, max_reconnect_attempts=-1, reconnect_time_wait=0.5, connect_timeout=5, error_cb=note
    )


def _wanted(region: str, service: str, max_bytes: int) -> StreamConfig:
    return StreamConfig(
        name=stream_name(service),
        subjects=[subjects_of(region, service)],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        max_bytes=max_bytes,
        max_age=0,
        duplicate_window=DUPLICATE_WINDOW,
        deny_delete=True,
        deny_purge=True,
    )


async def provision(js: JetStreamContext, region: str, service: str, max_bytes: int = -1) -> None:
    """Make the stream when it is not there; compare it when it is. Raises Misconfigured naming every difference."""
    wanted = _wanted(region, service, max_bytes)
    try:
        found = (await js.stream_info(stream_name(service))).config
    except NotFoundError:
        await js.add_stream(wanted)
        return
    compared = ("subjects", "storage", "retention", "discard", "max_bytes", "max_age", "deny_delete", "deny_purge")
    differences = [
        f"{field}: {getattr(found, field)!r} instead of {getattr(wanted, field)!r}"
        for field in compared
        if (getattr(found, field) or None) != (getattr(wanted, field) or None)
    ]
    if differences:
        raise Misconfigured(f"stream {wanted.name}: " + "; ".join(differences))


async def wait_for_stream(js: JetStreamContext, service: str, pause: float = 0.2) -> None:
    """Wait until the speaking service has made its stream."""
    while True:
        try:
            await js.stream_info(stream_name(service))
            return
        except NotFoundError:
            await asyncio.sleep(pause)
