"""A county's supervision for tests of replay: a real log, a real watch, and a clock that is told when they are at work."""

import asyncio
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from services.supervision.app import adopted
from services.supervision.clock import Watch
from services.supervision.domain import next_moment, supervision
from services.supervision.domain.sweeps import SWEEPS
from services.supervision.library import KIND, LogLibrary, booked
from services.supervision.publishing import publish
from services.supervision.replay import Placed, Scene, Window, imagined, repeated, sweeps
from services.supervision.replay.beside import Replayed
from services.supervision.rules import TABLES
from shared.bus import Ears
from shared.decider import Command, Rejected
from shared.events import Recorded, read
from shared.events.intake import UNITS
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Delivery, Refused, Request, Roster, SQLiteLog, Store
from shared.store.archive import open_archive
from shared.terms import Role
from tests.supervision.lives import moment

REGION = "610499"
ALL = Window(moment("2020-01-01"), moment("2030-01-01"))
SYSTEM = Actor(id="supervision", role=Role.SYSTEM, unit=None, region=REGION)
SUPERVISOR = Actor(id="s-1", role=Role.SUPERVISOR, unit=None, region=REGION)


@dataclass
class Days:
    """What happens: when the watch is at work, what it then hears, and what people tell it."""

    at_work: Iterable[datetime] = field(repr=False)
    heard: Sequence[Recorded] = field(repr=False)
    words: Mapping[datetime, Command] = field(default_factory=dict)
    twice: bool = False
    """Whether everything comes over the bus twice."""
    about: str = "case-1"
    """Of which history people speak."""


async def watched(folder: Path, days: Days, standard: Standard, texts: Mapping[str, str] | None = None) -> None:
    """Let the watch work through the days, with a log in this folder: one start of the service."""
    now = moment("2026-01-01")
    log = SQLiteLog(folder / "supervision.db")
    roster = Roster(log)
    library = LogLibrary(log, roster)
    decider = supervision(standard, roster, library)
    due = partial(next_moment, standard, library=library, directory=roster)
    store = Store("supervision", REGION, log, decider, lambda: now, due, booked)
    try:
        ears = Ears("nats://127.0.0.1:1", "supervision")
        watch = Watch(
            store, ears, standard, lambda: now, SYSTEM, 1.0, roster, leads_to=library.leads_to, units=library.units
        )
        waiting = list(days.heard)
        for now in sorted({*days.at_work, *days.words}):
            await store.lay_books(KIND)
            if texts is not None:
                await publish(store, texts, SYSTEM)
            known = [fact for fact in waiting if fact.time <= now]
            waiting = waiting[len(known) :]
            before = store.heard()
            for fact in known:
                position = before.get((fact.service, "e"), 0) + 1
                delivery = Delivery(fact.service, "e", position, position - 1, fact.raw)
                for _ in range(1 + days.twice):
                    await adopted(store, roster, [delivery])
                before[fact.service, "e"] = position
            if now in days.words:
                with suppress(Rejected, Refused):
                    await store.handle(days.about, days.words[now], Request(SUPERVISOR))
            await watch.pass_over(now)
    finally:
        store.close()


@contextmanager
def county(days: Days, standard: Standard) -> Iterator[Path]:
    """The folder of a county whose watch has worked through these days."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(watched(Path(folder), days, standard))
        yield Path(folder)


def log_of(folder: Path, name: str = "case-1") -> list[Placed]:
    """A history as it lies in the log."""
    with open_archive("supervision", folder) as archive:
        return [Placed(position, read(raw)) for position, raw in archive.history(name)]


def scene_of(folder: Path, standard: Standard) -> Scene:
    """What surrounds it."""
    with open_archive("supervision", folder) as archive:
        units = [
            event for name, events in archive.histories("unit", "unitz") if name.startswith(UNITS) for event in events
        ]
        return Scene(
            [(0, standard)],
            sweeps(log_of(folder, SWEEPS)),
            [Placed(position, read(raw)) for position, raw in sorted(units)],
        )


def once_more(folder: Path, standard: Standard, window: Window = ALL) -> Replayed:
    """The case replayed by what was gone by."""
    return repeated(scene_of(folder, standard), "case-1", log_of(folder), window)


def by_another(folder: Path, standard: Standard, other: Standard, window: Window = ALL) -> Replayed:
    """The case replayed by another standard."""
    return imagined(scene_of(folder, standard), other, "case-1", log_of(folder), window)


def of_folder(folder: Path) -> Standard:
    """The standard that a folder of policies makes."""
    return Standard.of({path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}, TABLES)
