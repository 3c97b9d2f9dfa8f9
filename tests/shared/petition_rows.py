"""A read model of petitions, on SQLite and PostgreSQL: what tests of the read model share."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.events import Recorded
from shared.events.casework import CaseAccepted
from shared.events.intake import RepeatPetitionLinked
from shared.readmodel import Change, Get, Instant, ReadModel, Sheet
from shared.store import Delivery
from tests.petitions import NOON, POISON, Clinic, Speaker, linked

CASES = Sheet(
    "cases",
    {"petitions": sa.Integer, "last": sa.Text, "unit": sa.Text, "moment": Instant},
    indexed=("unit",),
    versioned=True,
)


LINKS = Sheet("links", {"case_id": sa.Text, "number": sa.Integer})


CLINIC = Clinic()


def project(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Petitions are counted per case and listed; the unit is the one that accepted."""
    case_id = recorded.case_id
    match recorded.fact:
        case RepeatPetitionLinked(petition_id=petition):
            before = get("cases", case_id) or {}
            count = (before.get("petitions") or 0) + 1
            yield (
                "links",
                f"{case_id}/{petition}",
                {"case_id": case_id, "number": 2**70 if petition == "huge" else count},
            )
            if petition == "misspelt":
                yield "cases", case_id, {"petitionz": count}
            yield "cases", case_id, {"petitions": count, "last": petition, "moment": recorded.occurred_at}
        case CaseAccepted(unit=unit):
            yield "cases", case_id, {"unit": unit}
            if unit == POISON and not CLINIC.cured:
                raise ArithmeticError("this fact is too much")
        case _:
            pass


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'reporting.db'}"
    dsn: str = request.getfixturevalue("dsn")
    return dsn.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def model(url: str) -> Iterator[ReadModel]:
    CLINIC.cured = False
    made = ReadModel(url, "reporting", [CASES, LINKS], project)
    yield made
    made.close()


class County:
    """Intake and casework, each with a log."""

    def __init__(self, epoch: str = "e1") -> None:
        self.intake, self.casework = Speaker("intake", epoch), Speaker("casework", epoch, step=2)

    def link(self, case_id: str, petition: str, at: int = 0) -> Delivery:
        return self.intake.say(case_id, linked(petition), NOON + timedelta(minutes=at))

    def accept(self, case_id: str, unit: str, at: int = 0) -> Delivery:
        return self.casework.say(
            case_id, CaseAccepted(unit=unit, accepted_on=NOON.date()), NOON + timedelta(minutes=at)
        )


Short = dict[str, tuple[object, ...]]


def cases(model: ReadModel) -> Short:
    with model.reading() as (connection, tables):
        table = tables.sheets["cases"]
        return {row.key: (row.petitions, row.last, row.unit) for row in connection.execute(sa.select(table))}


def as_known(model: ReadModel, minute: int) -> Short:
    """The cases as known at a minute after noon."""
    moment = NOON + timedelta(minutes=minute)
    with model.reading() as (connection, tables):
        live, old = tables.sheets["cases"], tables.old["cases"]
        now = sa.select(live.c.key, live.c.petitions, live.c.last, live.c.unit).where(live.c.known_from <= moment)
        then = sa.select(old.c.key, old.c.petitions, old.c.last, old.c.unit)
        then = then.where(old.c.known_from <= moment, old.c.known_to > moment)
        found = connection.execute(sa.union_all(now, then)).all()
    assert len(found) == len({row.key for row in found})
    return {row.key: (row.petitions, row.last, row.unit) for row in found}


def links(model: ReadModel) -> list[str]:
    with model.reading() as (connection, tables):
        return sorted(connection.scalars(sa.select(tables.sheets["links"].c.key)))


def rebuilt(model: ReadModel, batches: Sequence[Sequence[Delivery]]) -> bool:
    rebuild = model.begin_rebuild()
    for batch in batches:
        rebuild.receive(batch)
    return rebuild.switch()
