"""Where a stream ends, and whether it is the stream of this log: what a relay goes on from."""

import asyncio
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg

from shared.bus.streams import stream_name
from shared.store import Log
from shared.store.draft import is_own

LOOK_BACK = 512
"""How many facts before the last one are looked at: more than are ever on their way at once."""


class Fork(Exception):
    """The stream holds what the log does not, or lacks what it ought to hold: another log, an old backup, a damaged disk."""

    def __init__(self, stream: str, zh: str, en: str) -> None:
        super().__init__(
            f"消息流 {stream} {zh}；已停止发布。请先查明是否误用了旧备份或另一份案卷；确认以本案卷为准后，更换 epoch 并删除该流"
            f"（停止后执行 ./huajie restored），即从头重新发布。 / stream {stream} {en}; nothing is published. Find out whether an"
            " old backup or another log is in use; when this log is the right one, renew its epoch and delete the stream (stop,"
            " then ./huajie restored): everything is published again."
        )


@dataclass(frozen=True)
class Tail:
    """The end of a stream. An empty stream has position and sequence 0."""

    position: int
    """The position in the log of the last fact on the bus."""
    sequence: int
    size: int
    """The bytes that the stream holds."""


async def tail_of(js: JetStreamContext, service: str, log: Log, origin: str) -> Tail:
    """Read the ends of a service's stream and compare them with its log. `origin` names the log with its epoch.

    A stream that does not begin where its log begins, or lacks one of those that were last on their way, would never be
    whole again. Raises Fork.
    """
    name = stream_name(service)
    state = (await js.stream_info(name)).state
    if not state.messages:
        return Tail(0, state.last_seq, state.bytes)
    first, last = await js.get_msg(name, state.first_seq), await js.get_msg(name, state.last_seq)
    earlier = await js.get_msg(name, max(state.first_seq, state.last_seq - LOOK_BACK))
    if (first.headers or {}).get("Huajie-Previous") != "0":
        raise Fork(name, "的开头不是本案卷的第一条事实", "does not begin with the first fact of the log")
    positions = [await asyncio.to_thread(_position, log, origin, message) for message in (earlier, last)]
    if None in positions:
        said = (last.headers or {}).get("Nats-Msg-Id", "")
        raise Fork(
            name, f"的末尾 {said} 与案卷 {origin} 不符", f"ends with {said}, which the log {origin} does not hold"
        )
    before, position = (found or 0 for found in positions)
    if await asyncio.to_thread(_said_between, log, before, position) != state.last_seq - (earlier.seq or 0):
        raise Fork(name, "的末尾有缺失", "has a hole near its end")
    return Tail(position, state.last_seq, state.bytes)


def _position(log: Log, origin: str, message: RawStreamMsg) -> int | None:
    """Where the log says what the message says; None when it does not."""
    spoken, _, position = (message.headers or {}).get("Nats-Msg-Id", "").rpartition(":")
    event = log.at(int(position)) if spoken == origin and position.isascii() and position.isdigit() else None
    return event.id if event is not None and event.state == message.data else None


def _said_between(log: Log, after: int, upto: int) -> int:
    """How many facts the log has said after one position and up to another."""
    facts = 0
    while after < upto:
        events = [event for event in log.since(after, LOOK_BACK) if event.id <= upto]
        facts += sum(is_own(event.topic) for event in events)
        after = events[-1].id
    return facts
