"""卷宗: what supervision knows of a case. Each speaker's facts are kept apart in that speaker's own order, so that the
dossier, and with it every verdict, is the same for any interleaving of the logs. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from shared.events import Fact, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    HistoryImported,
    LeaderAssigned,
    LeaderReplaced,
)
from shared.events.intake import CaseDispatched, CaseRegistered
from shared.events.supervision import (
    CaseStalled,
    FindingRaised,
    FindingResolved,
    NoticeClosed,
    NoticeIssued,
    StallCleared,
    SupervisionFact,
)

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact as it lies in the dossier: what happened, on which day as claimed, and when it was recorded."""

    id: str
    fact: Fact
    on: date
    recorded: datetime
    imported: bool

    @property
    def type(self) -> str:
        return type(self.fact).__name__


@dataclass(frozen=True)
class Dossier:
    """A case's facts by speaker, and what supervision itself has said about it."""

    intake: tuple[Noted, ...] = ()
    casework: tuple[Noted, ...] = ()
    findings: dict[str, FindingRaised] = field(default_factory=dict)
    """Open findings, by rule."""
    raised: int = 0
    stalled: CaseStalled | None = None
    notice: NoticeIssued | None = None
    """The live notice: at most one."""
    notices: int = 0

    def __iter__(self) -> Iterator[Noted]:
        """Intake's and casework's facts in the order in which they are claimed to have happened."""
        return iter(sorted((*self.intake, *self.casework), key=lambda noted: (noted.on, noted.id)))

    def all(self, kind: type[F]) -> list[tuple[Noted, F]]:
        """The facts of a type, in their speaker's order."""
        return [(n, n.fact) for n in (*self.intake, *self.casework) if isinstance(n.fact, kind)]

    def last(self, kind: type[F]) -> tuple[Noted, F] | None:
        """The newest fact of a type."""
        found = self.all(kind)
        return found[-1] if found else None

    @property
    def registered(self) -> tuple[Noted, CaseRegistered] | None:
        return self.last(CaseRegistered)

    @property
    def accepted(self) -> tuple[Noted, CaseAccepted] | None:
        found = self.all(CaseAccepted)
        return found[0] if found else None

    @property
    def closed(self) -> tuple[Noted, CaseClosed] | None:
        """The closing that stands: none when the case has relapsed since."""
        ends = [n for n in self.casework if isinstance(n.fact, CaseClosed | CaseRelapsed)]
        return (ends[-1], ends[-1].fact) if ends and isinstance(ends[-1].fact, CaseClosed) else None

    @property
    def relapse(self) -> tuple[Noted, CaseRelapsed] | None:
        """The relapse that opened the present round, when the case is open again."""
        return None if self.closed else self.last(CaseRelapsed)

    @property
    def round(self) -> tuple[Noted, ...]:
        """What casework has recorded since the case was last opened."""
        starts = [i for i, noted in enumerate(self.casework) if isinstance(noted.fact, CaseRelapsed)]
        return self.casework[starts[-1] + 1 :] if starts else self.casework

    @property
    def leader(self) -> LeaderAssigned | LeaderReplaced | None:
        found = [n.fact for n in self.casework if isinstance(n.fact, LeaderAssigned | LeaderReplaced)]
        return found[-1] if found else None

    @property
    def unit(self) -> str:
        """The unit that answers for the case now: who accepted it, else who was sent it, else who was named at first."""
        if self.accepted:
            return self.accepted[1].unit
        dispatched = self.last(CaseDispatched)
        if dispatched:
            return dispatched[1].unit
        return self.registered[1].unit if self.registered else ""

    @property
    def history_missing(self) -> bool:
        """Whether earlier history was announced and has not been laid down yet."""
        return bool(self.registered and self.registered[1].history_follows) and not self.all(HistoryImported)


def evolve(dossier: Dossier, recorded: Recorded) -> Dossier:
    """What one more fact adds to the dossier."""
    fact = recorded.fact
    if fact is None:
        return dossier
    if isinstance(fact, SupervisionFact):
        return _said(dossier, fact)
    noted = Noted(recorded.id, fact, recorded.occurred_on, recorded.time, recorded.imported_from is not None)
    if recorded.service == "intake":
        return replace(dossier, intake=(*dossier.intake, noted))
    return replace(dossier, casework=(*dossier.casework, noted))


def _said(dossier: Dossier, fact: SupervisionFact) -> Dossier:
    match fact:
        case FindingRaised():
            return replace(dossier, findings={**dossier.findings, fact.rule: fact}, raised=dossier.raised + 1)
        case FindingResolved():
            return replace(dossier, findings={r: f for r, f in dossier.findings.items() if r != fact.rule})
        case CaseStalled():
            return replace(dossier, stalled=fact)
        case StallCleared():
            return replace(dossier, stalled=None)
        case NoticeIssued():
            return replace(dossier, notice=fact, notices=dossier.notices + 1)
        case NoticeClosed():
            return replace(dossier, notice=None)
        case _:
            return dossier
