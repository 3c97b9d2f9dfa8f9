"""事实在卷: a fact as supervision holds it, with its day, its place among the others, and who entered it. Pure."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from shared.events import Fact, Recorded
from shared.events.casework import CaseworkFact
from shared.events.intake import IntakeFact
from shared.identity import UNIT_BOUND

F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Noted(NamedTuple, Generic[F_co]):
    """A fact as it lies in the dossier: what happened, on which day as claimed, and when it was recorded. A tuple, because
    one is made of every fact of every case.
    """

    id: str
    fact: F_co
    on: date
    recorded: datetime
    place: tuple[date, bool, int]
    """Its place in the dossier: by day; of one day intake's come first, and each speaker's in its own order."""
    imported: bool
    """Whether a ledger claims it, and nobody said it here: what a ledger has no column for, it cannot be asked for."""
    unit: str
    """The unit whose clerk entered it; empty where it is nobody's hand."""

    @property
    def type(self) -> str:
        return type(self.fact).__name__

    @property
    def label(self) -> str:
        """What people call it: the word before the colon in the text of its class."""
        return (type(self.fact).__doc__ or self.type).partition(":")[0]

    @property
    def label_en(self) -> str:
        """The same in English: `VisitLogged` is a visit logged."""
        return _spaced(self.type)


@lru_cache(maxsize=1024)
def _spaced(name: str) -> str:
    """The words of a name, in small letters: one for each type of fact."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower()


def written_by(recorded: Recorded) -> str:
    """The unit whose clerk entered a fact. The petition office and the system write for others: then it is nobody's hand."""
    return recorded.unit or "" if recorded.role in UNIT_BOUND else ""


def note(recorded: Recorded, fact: IntakeFact | CaseworkFact) -> Noted[Fact]:
    """What intake or casework said, as it is noted."""
    on = recorded.occurred_on
    return Noted(
        recorded.id,
        fact,
        on,
        recorded.time,
        (on, fact.speaker != "intake", recorded.version),
        recorded.imported_from is not None,
        written_by(recorded),
    )
