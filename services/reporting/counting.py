"""计数: how many cases there are by one column, and how many of them are resolved. Within the asker's scope, as lists are."""

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from services.reporting.answers import Shape
from services.reporting.filters import Filter
from services.reporting.queries import Units, known, wanted_cases
from shared.events import Named
from shared.identity import Actor
from shared.readmodel import ReadModel, Row
from shared.terms import CaseState


class Count(BaseModel):
    """One line: the column asked for with its value, and how many."""

    model_config = ConfigDict(extra="allow")

    cases: int
    stalled: int = Field(description="其中挂账空转")
    repeats: int = Field(description="重复信访次数，按事项而不按人 / how often the matters came again")


class Counts(Shape):
    """件数 by one column."""

    by: str
    counts: list[Count]


class Rate(Shape):
    """化解率, with its arithmetic."""

    numerator: int = Field(description="已办结且未反弹")
    denominator: int = Field(description="在册")
    rate: float | None
    relapsed: int = Field(description="曾反弹")
    refused: int = Field(description="不予受理，不计入在册 / not taken up, and left out")
    definition: str


CalledNow = Callable[[Named, str], str]
"""How a unit that a case of a region names is called now."""


def as_named(unit: Named, _region: str) -> str:
    """Where nothing is known of units: as the case names it."""
    return unit[0]


def counts(model: ReadModel, actor: Actor, by: str, asked: Filter | None = None, units: Units = ()) -> list[Row]:
    """How many cases there are, are stalled, and how often they came again, by one column. Leaders are told apart by id."""
    columns = ("leader", "leader_id") if by == "leader" else (by,)
    return _counted(model, actor, columns, asked or Filter(), units)


def by_unit(
    model: ReadModel, actor: Actor, called: CalledNow, asked: Filter | None = None, units: Units = ()
) -> list[Row]:
    """The same by unit. A unit that was renamed is one unit, under the name that it has now."""
    called_now = cache(called)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _counted(model, actor, ("unit", "unit_on", "region"), asked or Filter(), units):
        unit, on, region = (row.pop(name) for name in ("unit", "unit_on", "region"))
        found[called_now((unit, on), region) if unit else ""].update(row)
    return [{"unit": name, **found[name]} for name in sorted(found, key=lambda name: (-found[name]["cases"], name))]


def _counted(model: ReadModel, actor: Actor, by: tuple[str, ...], asked: Filter, units: Units) -> list[Row]:
    with model.reading() as (connection, tables):
        source = known(tables, "cases", asked.as_of)
        columns = [source.c[name] for name in by]
        total, stalled = sa.func.count().label("cases"), sa.func.count(source.c.stalled_since).label("stalled")
        repeats = sa.func.coalesce(sa.func.sum(source.c.repeats), 0).label("repeats")
        query = (
            sa.select(*columns, total, stalled, repeats)
            .where(wanted_cases(tables, source, actor, asked, units))
            .group_by(*columns)
            .order_by(sa.desc("cases"), *columns)
        )
        return [dict(row) for row in connection.execute(query).mappings()]


def resolution_rate(model: ReadModel, actor: Actor, asked: Filter | None = None, units: Units = ()) -> Row:
    """化解率: cases closed and not relapsed ÷ cases on the books. No official formula is known (domain §3.2); both numbers
    are always shown, with the relapses beside them. A case that was merged counts as the one it goes on in; what was not taken
    up (不予受理) is left out, and said to be.
    """
    asked = asked or Filter()
    with model.reading() as (connection, tables):
        source = known(tables, "cases", asked.as_of)
        closed = sa.func.count().filter(source.c.state == CaseState.CLOSED.value)
        taken, relapsed = source.c.refused_on.is_(None), sa.func.count().filter(source.c.relapses > 0)
        counted = (sa.func.count().filter(taken), closed, relapsed, sa.func.count().filter(~taken))
        query = sa.select(*counted).where(wanted_cases(tables, source, actor, asked, units))
        total, settled, back, refused = connection.execute(query.where(source.c.state != CaseState.MERGED.value)).one()
    return {
        "numerator": settled,
        "denominator": total,
        "rate": round(settled / total, 4) if total else None,
        "relapsed": back,
        "refused": refused,
        "definition": "已办结且未反弹 ÷ 在册 / closed and not relapsed ÷ on the books",
    }
