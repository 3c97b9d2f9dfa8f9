"""Streams, subjects, relay and listeners: the only way facts get out of a service and into another."""

from shared.bus.ears import Ears
from shared.bus.listen import Listener, Receive
from shared.bus.relay import Fork, Relay
from shared.bus.replay import replay
from shared.bus.streams import Misconfigured, connect, origin_of, provision, stream_name, subject_of, subjects_of

__all__ = [
    "Ears",
    "Fork",
    "Listener",
    "Misconfigured",
    "Receive",
    "Relay",
    "connect",
    "origin_of",
    "provision",
    "replay",
    "stream_name",
    "subject_of",
    "subjects_of",
]
