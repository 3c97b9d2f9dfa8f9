"""The processes that tests of faults kill: one that writes and relays, one that adopts, one that projects.

Each is a function to be run in a process of its own, until it is killed.
"""

import asyncio
import os
import random
from collections.abc import Coroutine, Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.bus import Ears, Relay
from shared.events import Recorded
from shared.events.intake import RepeatPetitionLinked
from shared.readmodel import Change, Get, ReadModel, Sheet
from shared.store import Delivery, SQLiteLog, Store
from tests.petitions import REGION, Clock, Link, asking, petitions

CASES = Sheet("cases", {"petitions": sa.Integer, "last": sa.Text}, versioned=True)
LINKS = Sheet("links", {"case_id": sa.Text, "number": sa.Integer})
HANDS = 16
"""Commands given at the same time."""


def project(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Petitions are counted per case, and numbered."""
    if isinstance(recorded.fact, RepeatPetitionLinked):
        number = ((get("cases", recorded.case_id) or {}).get("petitions") or 0) + 1
        yield "cases", recorded.case_id, {"petitions": number, "last": recorded.fact.petition_id}
        yield (
            "links",
            f"{recorded.case_id}/{recorded.fact.petition_id}",
            {"case_id": recorded.case_id, "number": number},
        )


def model_of(folder: Path) -> ReadModel:
    """The read model that the projector fills."""
    return ReadModel(f"sqlite:///{folder / 'reporting.db'}", "reporting", [CASES, LINKS], project)


def write(folder: Path, url: str, name: str) -> None:
    """Obey commands without end, note each one that was answered, and relay. Without a name: only relay."""

    async def run() -> None:
        store = Store("intake", REGION, SQLiteLog(folder / "intake.db"), petitions(), Clock())
        relay = Relay(REGION, "intake", store.log, url)
        store.on_append(relay.wake)
        answered, numbers = os.open(folder / "answered", os.O_WRONLY | os.O_CREAT | os.O_APPEND), count()

        async def hand(chance: random.Random) -> None:
            while True:
                case_id, petition = f"case-{chance.randrange(20)}", f"{name}-{next(numbers)}"
                await store.handle(case_id, Link(petitions=(petition, f"{petition}b")), asking(petition))
                os.write(answered, f"{case_id} {petition}\n".encode())
                await asyncio.sleep(0.005)

        hands: list[Coroutine[Any, Any, None]] = [hand(random.Random(n)) for n in range(HANDS)] if name else []
        await asyncio.gather(relay.run(), *hands)

    asyncio.run(run())


def adopt(folder: Path, url: str) -> None:
    """Take every fact of intake into a log of casework."""

    async def run() -> None:
        store = Store("casework", REGION, SQLiteLog(folder / "casework.db"), petitions(), Clock())
        ears = Ears(url, "casework")
        ears.listens(REGION, "intake", store.adopt)
        await ears.run()

    asyncio.run(run())


def report(folder: Path, url: str) -> None:
    """Project every fact of intake."""

    async def run() -> None:
        model = model_of(folder)

        async def receive(deliveries: Sequence[Delivery]) -> None:
            await asyncio.to_thread(model.receive, deliveries)

        ears = Ears(url, "reporting")
        ears.listens(REGION, "intake", receive)
        await ears.run()

    asyncio.run(run())


def all_of_it(folder: Path, url: str, name: str) -> None:
    """Writer, adopter and projector in one process, as in the embedded mode."""

    async def run() -> None:
        await asyncio.gather(*(asyncio.to_thread(part, *rest) for part, *rest in parts))

    parts: list[tuple[Any, ...]] = [(write, folder, url, name), (adopt, folder, url), (report, folder, url)]
    asyncio.run(run())
