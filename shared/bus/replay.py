"""Reading a stream from its first fact, once, beside those who listen to it."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from shared.bus.listen import BATCH, delivery_of
from shared.bus.streams import connect, hang_up, stream_name, subjects_of
from shared.store import Delivery


async def stored(url: str, speakers: Iterable[str]) -> int:
    """How many facts the streams of these speakers hold now. Raises OSError, TimeoutError or a nats error."""
    client, facts = await connect(url, "stored"), 0
    try:
        js = client.jetstream(timeout=10)
        for speaker in speakers:
            with suppress(NotFoundError):
                facts += (await js.stream_info(stream_name(speaker))).state.messages
    finally:
        await hang_up(client)
    return facts


async def replay(url: str, region: str, speaker: str, receive: Callable[[list[Delivery]], Awaitable[None]]) -> None:
    """Hand everything that a speaker's stream holds now to `receive`, in order. No stream: nothing.

    Raises OSError, TimeoutError or a nats error when the broker, or the stream while it is read, goes away.
    """
    client = await connect(url, f"replay-{speaker}")
    try:
        js = client.jetstream(timeout=10)
        try:
            left = (await js.stream_info(stream_name(speaker))).state.messages
        except NotFoundError:
            return
        config = ConsumerConfig(ack_policy=AckPolicy.NONE, inactive_threshold=60)
        reader = await js.pull_subscribe(subjects_of(region, speaker), stream=stream_name(speaker), config=config)
        while left > 0:
            messages = await reader.fetch(min(BATCH, left), timeout=10)
            await receive([delivery_of(message) for message in messages])
            left -= len(messages)
        await reader.unsubscribe()
    finally:
        await hang_up(client)
