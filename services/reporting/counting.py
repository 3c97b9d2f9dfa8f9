"""计数: how many cases there are by one column, and how many of them are resolved. Within the asker's scope, as lists are."""

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

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

    numerator: int = Field(description="已办结且从未反弹")
    denominator: int = Field(description="在册")
    rate: float | None
    relapsed: int = Field(description="曾反弹，含反弹后又办结的 / ever relapsed, closed again or not")
    refused: int = Field(description="不予受理，不计入在册 / not taken up, and left out")
    merged: int = Field(description="并入他案，不计入在册 / merged into another, and left out")
    definition: str


CalledNow = Callable[[Named, str], str]
"""How a unit that a case of a region names is called now."""


def counts(model: ReadModel, actor: Actor, by: str, asked: Filter | None = None, units: Units = ()) -> list[Row]:
    """How many cases there are, are stalled, and how often they came again, by one column: where most is idle first, never
    in the order of how much was petitioned. A case of several fields (领域) counts in each, as it does in the annual report.
    """
    if by == "leader":
        return _by_leader(model, actor, asked or Filter(), units)
    rows = _counted(model, actor, (by,), asked or Filter(), units)
    return _idlest_first(_by_field(rows) if by == "categories" else rows, by)


def _by_field(rows: list[Row]) -> list[Row]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for field in row.pop("categories").split(","):
            found[field].update(row)
    return [{"categories": field, **found[field]} for field in found]


def _by_leader(model: ReadModel, actor: Actor, asked: Filter, units: Units) -> list[Row]:
    """Leaders are told apart by id: one in another post since is one, as they were named last."""
    found: dict[str | None, Counter[str]] = defaultdict(Counter)
    names: dict[str | None, tuple[str, str | None]] = {}
    for row in _counted(model, actor, ("leader_id", "leader"), asked, units, latest="leader_at"):
        leader_id, leader, at = (row.pop(name) for name in ("leader_id", "leader", "latest"))
        names[leader_id] = max(names.get(leader_id, ("", None)), (at or "", leader), key=lambda said: said[0])
        found[leader_id].update(row)
    return _idlest_first([{"leader": names[it][1], "leader_id": it, **found[it]} for it in found], "leader")


def by_unit(
    model: ReadModel, actor: Actor, called: CalledNow, asked: Filter | None = None, units: Units = ()
) -> list[Row]:
    """The same by unit. A unit that was renamed is one unit, under the name that it has now."""
    called_now = cache(called)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _counted(model, actor, ("unit", "unit_on", "region"), asked or Filter(), units):
        unit, on, region = (row.pop(name) for name in ("unit", "unit_on", "region"))
        found[called_now((unit, on), region) if unit else ""].update(row)
    return _idlest_first([{"unit": name, **found[name]} for name in found], "unit")


def _idlest_first(rows: list[Row], by: str) -> list[Row]:
    return sorted(rows, key=lambda row: (-row["stalled"], row[by] or "", row.get("leader_id") or ""))


def _counted(
    model: ReadModel, actor: Actor, by: tuple[str, ...], asked: Filter, units: Units, latest: str | None = None
) -> list[Row]:
    with model.reading() as (connection, tables):
        source = known(tables, "cases", asked.as_of)
        columns = [source.c[name] for name in by]
        beside = [sa.func.max(source.c[latest]).label("latest")] if latest else []
        total, stalled = sa.func.count().label("cases"), sa.func.count(source.c.stalled_since).label("stalled")
        repeats = sa.func.coalesce(sa.func.sum(source.c.repeats), 0).label("repeats")
        query = (
            sa.select(*columns, *beside, total, stalled, repeats)
            .where(wanted_cases(tables, source, actor, asked, units))
            .group_by(*columns)
        )
        return [dict(row) for row in connection.execute(query).mappings()]


def settled(cases: Any) -> sa.ColumnElement[bool]:
    """化解: a case that is closed and never relapsed. One that relapsed and was closed again is closed, and no more."""
    so: sa.ColumnElement[bool] = (cases.c.state == CaseState.CLOSED.value) & (cases.c.relapses == 0)
    return so


def resolution_rate(model: ReadModel, actor: Actor, asked: Filter | None = None, units: Units = ()) -> Row:
    """化解率: cases closed and never relapsed ÷ cases on the books, as campaigns count it. No official formula is known (domain
    §3.2); both numbers are always shown, with the relapses beside them. A case that was merged counts as the one it goes on in;
    it and what was not taken up (不予受理) are left out, and said to be.
    """
    asked = asked or Filter()
    with model.reading() as (connection, tables):
        source = known(tables, "cases", asked.as_of)
        merged, refused = source.c.state == CaseState.MERGED.value, source.c.refused_on.is_not(None)
        there = ~merged & ~refused
        parts = {
            "numerator": there & settled(source),
            "denominator": there,
            "relapsed": there & (source.c.relapses > 0),
            "refused": ~merged & refused,
            "merged": merged,
        }
        counted = (sa.func.count().filter(part).label(name) for name, part in parts.items())
        query = sa.select(*counted).where(wanted_cases(tables, source, actor, asked, units))
        said = dict(connection.execute(query).mappings().one())
    total = said["denominator"]
    return {
        **said,
        "rate": round(said["numerator"] / total, 4) if total else None,
        "definition": "已办结且从未反弹 ÷ 在册 / closed and never relapsed ÷ on the books",
    }
