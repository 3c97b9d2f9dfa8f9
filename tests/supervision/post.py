"""督查岗: supervision's log and the clock over it, with the days set by hand: no bus, and nothing else is left out."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from deploy.node import POLICIES
from services.supervision.clock import Watch
from services.supervision.domain import State, next_moment, supervision
from services.supervision.library import LogLibrary, booked
from services.supervision.preview import Preview
from services.supervision.rules import TABLES
from shared.bus import Ears, origin_of
from shared.directory import Directory
from shared.events import GENESIS, Asked, Fact, document
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Delivery, SQLiteLog, Store
from shared.terms import Role
from shared.workdays import start_of
from tests.supervision.planted import REGION, WINDOW, happened_on

BATCH = 500
"""Facts adopted at once."""
SYSTEM = Actor(id="supervision", role=Role.SYSTEM, unit=None, region=REGION)


def evening_of(day: date) -> datetime:
    """When the day's facts have been heard, and the clock passes over what is due."""
    return start_of(day) + timedelta(hours=22)


@dataclass
class Spoken:
    """What intake and casework say, as supervision hears it: a chain of positions for each, noon of the day of each fact."""

    versions: Counter[tuple[str, str]] = field(default_factory=Counter)
    positions: Counter[str] = field(default_factory=Counter)

    def delivery(self, case_id: str, fact: Fact) -> Delivery:
        speaker, noon = fact.speaker, start_of(happened_on(fact)) + timedelta(hours=12)
        self.versions[speaker, case_id] += 1
        self.positions[speaker] += 1
        raw = document(
            fact,
            region=REGION,
            case_id=case_id,
            version=self.versions[speaker, case_id],
            prevhash=GENESIS,
            asked=Asked(actor="handler-1", role=Role.HANDLER, now=noon, unit="柳林镇人民政府"),
        )
        at = self.positions[speaker]
        return Delivery(origin_of(REGION, speaker), "planted", at, at - 1, raw)


class Post:
    """The log in a folder, and its watch. To be made where an event loop runs, and closed."""

    def __init__(
        self, folder: Path, standard: Standard, today: date = WINDOW[0], preview: Preview | None = None
    ) -> None:
        self.evening = evening_of(today)
        self._spoken = Spoken()
        log = SQLiteLog(folder / "supervision.db")
        library = LogLibrary(log)
        self.store: Store[State] = Store(
            "supervision",
            REGION,
            log,
            supervision(standard, library=library),
            lambda: self.evening,
            partial(next_moment, standard, library=library),
            booked,
        )
        ears = Ears("nats://nobody", "supervision")
        self.watch = Watch(self.store, ears, standard, lambda: self.evening, SYSTEM, 1.0, Directory, preview)

    async def hear(self, facts: Iterable[tuple[str, Fact]]) -> None:
        """Adopt facts of cases, in batches."""
        deliveries = (self._spoken.delivery(case_id, fact) for case_id, fact in facts)
        while batch := list(islice(deliveries, BATCH)):
            await self.store.adopt(batch)

    def close(self) -> None:
        self.store.close()


async def first_evening(folder: Path) -> None:
    """One pass of the first evening, by the national policy."""
    standard = Standard.of({path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}, TABLES)
    with closing(Post(folder, standard)) as post:
        await post.watch.pass_over(post.evening)


def sweep(folder: Path) -> None:
    """The same in a process of its own, which may be killed."""
    asyncio.run(first_evening(folder))
