"""How fast this machine is just now, beside the one on which the goals were set.

A rate that is a goal in facts or commands per second means nothing on a slower or a busy machine. The same small piece of
work, reading one document with pydantic, ran `REFERENCE` times a second on the reference machine; what it does here, now,
divides every rate before it is held against such a goal.
"""

import time
from datetime import UTC, datetime
from statistics import median
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

REFERENCE = 394_000
"""Documents a second on the machine of the goals (two cores of a virtual machine, Python 3.11, pydantic 2.14)."""
ROUNDS, DOCUMENTS = 9, 4_000


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Asked(_Part):
    correlation: UUID
    cause: UUID
    actor: str
    region: str
    version: int = 1


class _Document(_Part):
    number: UUID
    version: int
    at: datetime
    event: UUID
    asked: _Asked
    title: str
    body: str
    kind: str
    places: tuple[str, ...]
    urgency: Annotated[int, Field(ge=0, le=5)]


_ID = UUID("6f0c1d5e-2b7a-4f55-9a53-0d9a2c61b7e4")
_RAW = _Document(
    number=_ID, version=1, at=datetime(2026, 11, 20, 4, tzinfo=UTC), event=_ID, kind="land", urgency=2,
    asked=_Asked(correlation=_ID, cause=_ID, actor="registrar-1", region="610431"),
    title="t" * 30, body="b" * 150, places=("61", "6104", "610431"),
).model_dump_json()  # fmt: skip


def pace() -> float:
    """This machine's speed now: 1 is the reference machine's, 0.5 half of it."""
    rates = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(DOCUMENTS):
            _Document.model_validate_json(_RAW)
        rates.append(DOCUMENTS / (time.perf_counter() - begun))
    return median(rates) / REFERENCE
