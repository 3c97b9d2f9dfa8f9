"""预审: when very much is due, processes of their own judge ahead of the one that writes.

They only read. What is to be said of a case, and when it must be asked again, is said by whoever writes, if the case still
stands as it stood and the directory is what it was; all others are judged there, as ever.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from pathlib import Path

from services.supervision.domain.judging import foretold
from services.supervision.dossier import Dossier, evolve
from services.supervision.replay.asking import again, ask
from shared.crew import crew
from shared.directory import Directory
from shared.events import GENESIS, Recorded, read, sha256
from shared.events.histories import kind_of
from shared.standard import Standard
from shared.store.archive import open_archive
from shared.store.beside import Foreseen, Owed

CORES = os.cpu_count() or 1
MANY = 5_000
"""From how many due cases on it is worth starting processes: each reads all rules first."""
AT_ONCE = 200
"""Cases that a process takes up at a time."""

Previewed = Iterator[tuple[Sequence[Owed], "Future[Sequence[Foreseen]]"]]
"""Some of what is due, and what is foreseen of it."""


@dataclass(frozen=True)
class Preview:
    """Where supervision's log lies, and what verdicts go by."""

    folder: Path
    dsn: str | None
    standard: Standard
    processes: int = CORES
    many: int = MANY

    @contextmanager
    def of(self, owed: Sequence[Owed], as_of: datetime, directory: Directory) -> Iterator[Previewed]:
        """Judge these as of a moment. Whoever waits for one that was killed is told by BrokenProcessPool."""
        going_by = Panel(self.folder, self.dsn, self.standard, directory)
        with crew(self.processes, _begin, going_by) as hands:
            chunks = [owed[at : at + AT_ONCE] for at in range(0, len(owed), AT_ONCE)]
            yield iter([(chunk, hands.submit(_foreseen, chunk, as_of)) for chunk in chunks])


@dataclass(frozen=True)
class Panel:
    """评判席: what a process judges by. It travels there once."""

    folder: Path
    dsn: str | None
    standard: Standard
    directory: Directory

    def foreseen(self, owed: Iterable[Owed], as_of: datetime) -> Iterator[Foreseen]:
        """What is to be said of each. What has changed since it fell due, or cannot be judged, is left out."""
        cases = {one.history: one for one in owed if kind_of(one.history) == "case"}
        with open_archive("supervision", self.folder, self.dsn) as archive:
            for history, events in archive.several([*cases]):
                if len(events) == cases[history].version:
                    try:
                        yield from self.ask(cases[history], [read(raw) for _, raw in events], as_of)
                    except Exception:
                        continue

    def ask(self, owed: Owed, history: Sequence[Recorded], as_of: datetime) -> Iterator[Foreseen]:
        """What is to be said of a case, by all its documents; nothing when a rule could not be decided."""
        dossier = reduce(evolve, history, Dossier())
        known = partial(_same, self.directory)
        answer = ask(self.standard, known, dossier, as_of)
        verdicts = answer.verdicts or {}
        if dossier.registered is None or any(one.undecided for one in verdicts.values()):
            return
        told = dossier.saying(foretold(dossier.words, answer.facts))
        moment = again(self.standard, known, told, answer, as_of)
        if answer.facts or moment is None or moment > as_of:
            own = next((one.raw for one in reversed(history) if one.service == "supervision"), None)
            yield Foreseen(owed, moment, tuple(answer.facts), sha256(own) if own else GENESIS)


def _same(directory: Directory) -> Directory:
    return directory


_own: list[Panel] = []


def _begin(going_by: Panel) -> None:
    _own.append(going_by)


def _foreseen(owed: Sequence[Owed], as_of: datetime) -> Sequence[Foreseen]:
    return list(_own[0].foreseen(owed, as_of))
