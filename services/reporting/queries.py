"""What readers ask of the rows: lists, one case, counts, the resolution rate. All obey the asker's scope, as reading one does."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables
from shared.terms import CaseState

HIDDEN = frozenset(
    {"key", "registered", "handling", "unit_registered", "unit_dispatched", "unit_accepted", "known_from"}
)
GROUPS = ("state", "unit", "leader", "region", "channel")


class BadCursor(ValueError):
    """A cursor that we did not give out."""


@dataclass(frozen=True)
class Filter:
    """Which cases are asked for; None leaves a column open."""

    state: str | None = None
    unit: str | None = None
    leader: str | None = None
    number: str | None = None
    stalled: bool | None = None
    as_of: datetime | None = None
    """As known at this moment; None for now."""


def scope_of(columns: Any, actor: Actor) -> sa.ColumnElement[bool]:
    """The rows that this actor may see: the same rule as for one case, as SQL."""
    inside: sa.ColumnElement[bool] = columns.region.startswith(actor.reach, autoescape=True)
    if actor.role in UNIT_BOUND:
        inside &= sa.or_(*(columns[name] == actor.unit for name in ("unit", "unit_registered", "unit_dispatched")))
    return inside


def _cases(tables: Tables, as_of: datetime | None) -> Any:
    """The rows of the cases as known at a moment, as something to select from."""
    live, old = tables.sheets["cases"], tables.old["cases"]
    if as_of is None:
        return live
    now = sa.select(live).where(live.c.known_from <= as_of)
    names = [column.name for column in live.c]
    then = sa.select(*(old.c[name] for name in names)).where(old.c.known_from <= as_of, old.c.known_to > as_of)
    return sa.union_all(now, then).subquery()


def _wanted(source: Any, actor: Actor, asked: Filter) -> sa.ColumnElement[bool]:
    columns = source.c
    wanted: sa.ColumnElement[bool] = columns.registered.is_(True) & scope_of(columns, actor)
    if asked.state:
        wanted &= columns.state == asked.state
    if asked.unit:
        wanted &= columns.unit == asked.unit
    if asked.leader:
        wanted &= sa.or_(columns.leader_id == asked.leader, columns.leader == asked.leader)
    if asked.number:
        wanted &= columns.original_number == asked.number
    if asked.stalled is not None:
        wanted &= columns.stalled_since.is_not(None) if asked.stalled else columns.stalled_since.is_(None)
    return wanted


def cases(model: ReadModel, actor: Actor, asked: Filter, limit: int, cursor: str | None) -> dict[str, Any]:
    """A page of cases, longest stalled first, then by date received; `next` is the cursor of the page after."""
    with model.reading() as (connection, tables):
        source = _cases(tables, asked.as_of)
        order = (
            sa.func.coalesce(sa.cast(source.c.stalled_since, sa.Text), "9")
            .op("||")(sa.cast(source.c.received_on, sa.Text))
            .op("||")(source.c.key)
        )
        query = sa.select(source, order.label("place")).where(_wanted(source, actor, asked))
        if cursor is not None:
            query = query.where(order > _decode(cursor))
        rows = connection.execute(query.order_by(order).limit(limit + 1)).mappings().all()
    page = [_shown(row) for row in rows[:limit]]
    return {"cases": page, "next": _encode(rows[limit - 1]["place"]) if len(rows) > limit else None}


def case(model: ReadModel, actor: Actor, case_id: str, as_of: datetime | None) -> tuple[Row, Row] | None:
    """One case: as shown, and the raw row for its scope; None when it is not there."""
    with model.reading() as (connection, tables):
        source = _cases(tables, as_of)
        found = connection.execute(
            sa.select(source).where(source.c.key == case_id, source.c.registered.is_(True), scope_of(source.c, actor))
        )
        row = found.mappings().first()
    return None if row is None else (_shown(row), dict(row))


def findings(model: ReadModel, case_id: str) -> list[Row]:
    """The findings of a case, newest last."""
    with model.reading() as (connection, tables):
        table = tables.sheets["findings"]
        rows = connection.execute(sa.select(table).where(table.c.case_id == case_id).order_by(table.c.known_from))
        return [_shown(row) for row in rows.mappings()]


def notices(model: ReadModel, actor: Actor, live: bool | None, limit: int, case_id: str | None = None) -> list[Row]:
    """Notices, the highest rung and the longest waiting first."""
    with model.reading() as (connection, tables):
        table, about = tables.sheets["notices"], tables.sheets["cases"]
        rung = sa.case({"accountability": 0, "supervision": 1, "reminder": 2}, value=table.c.level, else_=3)
        query = (
            sa.select(table, about.c.original_number)
            .join(about, about.c.key == table.c.case_id)
            .where(scope_of(about.c, actor))
            .order_by(rung, table.c.due_on, table.c.key)
            .limit(limit)
        )
        if live is not None:
            query = query.where(table.c.live.is_(live))
        if case_id is not None:
            query = query.where(table.c.case_id == case_id)
        return [_shown(row) for row in connection.execute(query).mappings()]


def counts(model: ReadModel, actor: Actor, by: str, as_of: datetime | None) -> list[Row]:
    """How many cases there are, and how many of them are stalled, by one column."""
    with model.reading() as (connection, tables):
        source = _cases(tables, as_of)
        column = source.c[by]
        query = (
            sa.select(column.label("value"), sa.func.count().label("cases"), sa.func.count(source.c.stalled_since))
            .where(_wanted(source, actor, Filter()))
            .group_by(column)
            .order_by(sa.desc("cases"), column)
        )
        return [{by: value, "cases": n, "stalled": stalled} for value, n, stalled in connection.execute(query)]


def resolution_rate(model: ReadModel, actor: Actor, as_of: datetime | None) -> Row:
    """化解率: cases closed and not relapsed ÷ cases on the books. No official formula is known (domain §3.2); both numbers
    are always shown, with the relapses beside them.
    """
    with model.reading() as (connection, tables):
        source = _cases(tables, as_of)
        closed = sa.func.count().filter(source.c.state == CaseState.CLOSED.value)
        relapsed = sa.func.count().filter(source.c.relapses > 0)
        total, settled, back = connection.execute(
            sa.select(sa.func.count(), closed, relapsed).where(_wanted(source, actor, Filter()))
        ).one()
    return {
        "numerator": settled,
        "denominator": total,
        "rate": round(settled / total, 4) if total else None,
        "relapsed": back,
        "definition": "已办结且未反弹 ÷ 在册 / closed and not relapsed ÷ on the books",
    }


def _shown(row: Mapping[Any, Any]) -> Row:
    shown = {name: value for name, value in row.items() if name not in HIDDEN and name != "place"}
    return {"case_id": row["key"], **shown} if "case_id" not in row else shown


def _encode(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise BadCursor(cursor) from error
