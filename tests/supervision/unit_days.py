"""What the clerks of a town write down, as supervision hears it: documents with the day of the deed and the hour of the entry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from services.supervision.domain import evolve
from services.supervision.domain.units import Conduct
from services.supervision.dossier import Dossier
from services.supervision.unitbook import book_id
from shared.decider import Command
from shared.events import Asked, Fact, Recorded, document, read
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import start_of
from tests.sample import TOWN, accepted, registered
from tests.supervision.lives import moment
from tests.supervision.watching import REGION, Days, log_of, watched

BOOK = book_id(REGION, TOWN)


@dataclass
class Clerks:
    """Whoever enters facts: each speaker's documents of a case are numbered in the order in which they are written."""

    said: list[Recorded] = field(default_factory=list)
    _versions: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def write(
        self,
        case: int,
        fact: Fact,
        at: str = "",
        minutes: int = 0,
        *,
        by: str = "clerk",
        unit: str | None = TOWN,
        role: Role = Role.HANDLER,
        imported: bool = False,
    ) -> None:
        """An entry at noon of the day on which it happened, or of a later one, and so many minutes."""
        claimed = fact.claimed_time()
        assert isinstance(claimed, date)
        noon = start_of(date.fromisoformat(at) if at else claimed) + timedelta(hours=12, minutes=minutes)
        name = f"case-{case}"
        self._versions[fact.speaker, name] += 1
        version = self._versions[fact.speaker, name]
        file = "ledger" if imported else None
        who = Asked(actor=by, role=role, now=noon, unit=unit, imported_from=file)
        raw = document(fact, region=REGION, case_id=name, version=version, prevhash="0" * 64, asked=who)
        self.said.append(read(raw))

    def take_on(self, case: int, on: str = "2026-01-10", unit: str = TOWN, region: str = REGION) -> None:
        """A case is registered, and the unit takes it on."""
        opened = registered(on, unit).model_copy(update={"region": region})
        self.write(case, opened, role=Role.REGISTRAR, unit=None)
        self.write(case, accepted(on, unit), unit=unit)

    def heard(self) -> list[Recorded]:
        """All of it, in the order in which it was written."""
        return sorted(self.said, key=lambda one: one.time)


def mornings(first: str, last: str) -> list[str]:
    """The days from one to another."""
    begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    return [str(begun + timedelta(days=n)) for n in range((ended - begun).days + 1)]


async def days_of(
    folder: Path,
    heard: Iterable[Recorded],
    at: Iterable[str],
    standard: Standard,
    hour: float = 7,
    words: Mapping[datetime, Command] | None = None,
) -> None:
    """The watch at work on these mornings; it hears what was written by then, and people speak of the unit at these moments."""
    await watched(folder, Days([moment(day, hour) for day in at], list(heard), words or {}, about=BOOK), standard)


def conduct_of(folder: Path, book: str = BOOK) -> Conduct | None:
    """What supervision has said of the unit."""
    state = None
    for placed in log_of(folder, book):
        state = evolve(state or Dossier(), placed.recorded)
    return state if isinstance(state, Conduct) else None


def said_of(folder: Path, book: str = BOOK) -> list[Fact]:
    """The same, word for word."""
    return [placed.recorded.fact for placed in log_of(folder, book) if placed.recorded.fact is not None]
