"""巡查: what supervision says about its own watching."""

from datetime import datetime

from shared.events.fact import Value
from shared.events.supervision.spoken import SupervisionFact


class SweepSkipped(Value):
    """A case that a sweep did not decide, and why."""

    case_id: str
    reason: str


class SweepCompleted(SupervisionFact):
    """巡查: one pass over the cases whose answer could have changed, with its proof of completeness (law 8)."""

    as_of: datetime
    policy: str
    cases: int
    due: int
    decided: int
    skipped: tuple[SweepSkipped, ...]
    positions: dict[str, int]
    open_cases: int | None = None
    """How many registered cases are open, by the log itself; None in sweeps before it was counted."""
    unwatched: int | None = None
    """How many cases nobody would ever have asked again, of those that were looked at: the open ones, and each day some others.
    Anything but none is an alarm.
    """
    units: int | None = None
    """How many units have a book, which is asked like a case; None in sweeps before there were any."""
    unplaced: int | None = None
    """How many cases hold work of which no unit is known: it stands in nobody's book."""
