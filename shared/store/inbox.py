"""Facts that arrive from other services: what is new, what was heard before, and whether something is missing. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Heard = Mapping[tuple[str, str], int]
"""The last position heard of each log, by (origin, epoch)."""


class Delivery(NamedTuple):
    """A document as it came over the bus, with its place in the log it came from."""

    origin: str
    epoch: str
    position: int
    previous: int
    """The position, in the same log, of the published fact before this one; 0 for the first."""
    document: bytes


class Gap(Exception):
    """Something is missing before a delivery: the log's own chain of positions says so."""

    def __init__(self, delivery: Delivery, heard: int) -> None:
        self.heard = heard
        super().__init__(
            f"{delivery.origin}（{delivery.epoch}）缺少事实：已收到第 {heard} 条，而第 {delivery.position} 条之前应为第"
            f" {delivery.previous} 条 / a fact of {delivery.origin} ({delivery.epoch}) is missing: heard up to {heard}, but"
            f" {delivery.position} follows {delivery.previous}"
        )


def fresh(deliveries: Iterable[Delivery], heard: Heard) -> tuple[list[Delivery], dict[tuple[str, str], int]]:
    """The deliveries not heard before, in order, and how far we have heard after them.

    Raises Gap when a delivery does not follow on what was heard.
    """
    positions = dict(heard)
    new: list[Delivery] = []
    for delivery in deliveries:
        log = (delivery.origin, delivery.epoch)
        known = positions.get(log, 0)
        if delivery.position <= known:
            continue
        if delivery.previous != known:
            raise Gap(delivery, known)
        positions[log] = delivery.position
        new.append(delivery)
    return new, positions
