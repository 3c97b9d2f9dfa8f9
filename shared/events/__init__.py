"""The published language of the house: a folder per speaking service, and the envelope that carries their facts."""

from shared.events import casework, intake, supervision
from shared.events.envelope import (
    GENESIS,
    ZONE,
    Asked,
    Recorded,
    Unreadable,
    case_of,
    document,
    read,
    recorded_at,
    sha256,
)
from shared.events.fact import REGISTRY, Fact, Official, Value
from shared.events.naming import Called, Named, is_one_of

__all__ = [
    "GENESIS",
    "REGISTRY",
    "ZONE",
    "Asked",
    "Called",
    "Fact",
    "Named",
    "Official",
    "Recorded",
    "Unreadable",
    "Value",
    "case_of",
    "casework",
    "document",
    "intake",
    "is_one_of",
    "read",
    "recorded_at",
    "sha256",
    "supervision",
]
