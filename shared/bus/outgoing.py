"""What the bus is told of an event: its subject, its document as it lies in the log, and its place in the log. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventsourcing.persistence import Notification

from shared.bus.streams import origin_of, subject_of
from shared.store.draft import is_own

OVERHEAD = 64
"""More bytes than a message takes in a stream beside its subject, headers and document."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be published."""

    position: int
    subject: str
    document: bytes
    headers: dict[str, str]

    @property
    def size(self) -> int:
        """At most so many bytes of the stream."""
        named = sum(len(name) + len(value) + 4 for name, value in self.headers.items())
        return OVERHEAD + len(self.subject) + named + len(self.document)


def outgoing(
    region: str, service: str, epoch: str, events: Sequence[Notification], previous: int
) -> Iterator[Outgoing]:
    """The messages of those events that were spoken here; `previous` is the position of the one published before them."""
    origin = origin_of(region, service)
    for event in events:
        if is_own(event.topic):
            headers = {
                "Nats-Msg-Id": f"{origin}.{epoch}:{event.id}",
                "Huajie-Origin": origin,
                "Huajie-Epoch": epoch,
                "Huajie-Position": str(event.id),
                "Huajie-Previous": str(previous),
                "content-type": "application/cloudevents+json",
            }
            yield Outgoing(event.id, subject_of(region, service, event.topic.partition(":")[0]), event.state, headers)
            previous = event.id


def fitting(messages: Sequence[Outgoing], room: int | None) -> Sequence[Outgoing]:
    """Those first messages that surely fit: a full stream might refuse a long fact and take the short one after it."""
    if room is None:
        return messages
    for number, message in enumerate(messages):
        room -= message.size
        if room <= 0:
            return messages[:number]
    return messages
