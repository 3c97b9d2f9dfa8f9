"""巡查: the record of the watch itself. Pure."""

from datetime import datetime
from typing import ClassVar

from shared.decider import Command
from shared.events.supervision import SweepCompleted, SweepSkipped
from shared.terms import Role

SWEEPS = "sweeps"
"""The history under which the sweeps themselves are recorded."""


class RecordSweep(Command):
    """巡查记录: one pass over what was due is finished."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})
    history: ClassVar[str] = "sweeps"

    as_of: datetime
    policy: str
    cases: int
    due: int
    decided: int
    skipped: tuple[SweepSkipped, ...]
    positions: dict[str, int]
    open_cases: int | None = None
    unwatched: int | None = None
    units: int | None = None
    unplaced: int | None = None


def record_sweep(command: RecordSweep) -> list[SweepCompleted]:
    """The pass as a fact."""
    return [SweepCompleted(**dict(command))]
