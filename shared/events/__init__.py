"""The published language of the house: one file per speaking service, and the envelope that carries their facts."""

from shared.events import casework, intake, supervision
from shared.events.envelope import GENESIS, ZONE, Asked, Recorded, Unreadable, case_of, document, is_case, read, sha256
from shared.events.fact import REGISTRY, Fact, Official, Value

__all__ = [
    "GENESIS",
    "REGISTRY",
    "ZONE",
    "Asked",
    "Fact",
    "Official",
    "Recorded",
    "Unreadable",
    "Value",
    "case_of",
    "casework",
    "document",
    "intake",
    "is_case",
    "read",
    "sha256",
    "supervision",
]
