"""Streams, subjects, relay and listeners: the only way facts get out of a service and into another."""

from shared.bus.ears import Ears
from shared.bus.listen import Listener, Receive
from shared.bus.relay import Full, Relay
from shared.bus.replay import replay, stored
from shared.bus.streams import Misconfigured, connect, origin_of, provision, stream_name, subject_of, subjects_of
from shared.bus.tail import Fork

__all__ = [
    "Ears",
    "Fork",
    "Full",
    "Listener",
    "Misconfigured",
    "Receive",
    "Relay",
    "connect",
    "origin_of",
    "provision",
    "replay",
    "stored",
    "stream_name",
    "subject_of",
    "subjects_of",
]
