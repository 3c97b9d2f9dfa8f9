"""预审: when very much is due, processes of their own judge ahead of the one that writes.

Of most cases there is nothing to say: these are told here, each with the moment at which it must be asked again. All others
are judged by whoever writes, as ever, by the log as it then is: in no other way is anything said.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from pathlib import Path

from services.supervision.dossier import Dossier, evolve
from services.supervision.replay.asking import again, ask
from shared.crew import crew
from shared.directory import Directory
from shared.events import read
from shared.events.histories import kind_of
from shared.standard import Standard
from shared.store.archive import open_archive
from shared.store.beside import Later, Owed

CORES = os.cpu_count() or 1
MANY = 5_000
"""From how many due cases on it is worth starting processes: each reads all rules first."""
AT_ONCE = 200
"""Cases that a process takes up at a time."""

Previewed = Iterator[tuple[Sequence[Owed], "Future[list[Later]]"]]
"""Some of what is due, and which of it nothing is to be said of."""


@dataclass(frozen=True)
class Preview:
    """Where supervision's log lies, and what verdicts go by. `directory` is asked anew for every round."""

    folder: Path
    dsn: str | None
    standard: Standard
    directory: Callable[[], Directory]
    processes: int = CORES
    many: int = MANY

    @contextmanager
    def of(self, owed: Sequence[Owed], as_of: datetime) -> Iterator[Previewed]:
        """Judge these as of a moment. Whoever waits for one that was killed is told by BrokenProcessPool."""
        going_by = Panel(self.folder, self.dsn, self.standard, self.directory())
        with crew(self.processes, _begin, going_by) as hands:
            chunks = [owed[at : at + AT_ONCE] for at in range(0, len(owed), AT_ONCE)]
            yield iter([(chunk, hands.submit(_silent, chunk, as_of)) for chunk in chunks])


@dataclass(frozen=True)
class Panel:
    """评判席: what a process judges by. It travels there once."""

    folder: Path
    dsn: str | None
    standard: Standard
    directory: Directory

    def silent(self, owed: Iterable[Owed], as_of: datetime) -> Iterator[Later]:
        """Those of which nothing is to be said now, and when to ask them again. What has changed since it fell due is none."""
        cases = {one.history: one for one in owed if kind_of(one.history) == "case"}
        with open_archive("supervision", self.folder, self.dsn) as archive:
            for history, events in archive.several([*cases]):
                if len(events) == cases[history].version:
                    try:
                        yield from self.ask(cases[history], (raw for _, raw in events), as_of)
                    except Exception:
                        continue

    def ask(self, owed: Owed, documents: Iterable[bytes], as_of: datetime) -> Iterator[Later]:
        """When a case must be asked again, by all its documents; nothing when there is anything to be said, or undecided."""
        dossier = reduce(evolve, map(read, documents), Dossier())
        known = partial(_same, self.directory)
        answer = ask(self.standard, known, dossier, as_of)
        verdicts = answer.verdicts or {}
        if dossier.registered and not answer.facts and not any(one.undecided for one in verdicts.values()):
            moment = again(self.standard, known, dossier, answer, as_of)
            if moment is None or moment > as_of:
                yield Later(owed, moment)


def _same(directory: Directory) -> Directory:
    return directory


_own: list[Panel] = []


def _begin(going_by: Panel) -> None:
    _own.append(going_by)


def _silent(owed: Sequence[Owed], as_of: datetime) -> list[Later]:
    return list(_own[0].silent(owed, as_of))
