"""What readers ask of the rows: lists, one case, counts, the resolution rate. All obey the asker's scope, as reading one does.

Whose case it is now decides who may see it, also as it was known at an earlier moment.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json, to_json

from services.reporting.filters import Filter, NoticeFilter, UnitFilter, led_by, named
from services.reporting.sheets import HIDDEN
from shared.events import Called
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables


class BadCursor(ValueError):
    """A cursor that we did not give out."""


Units = Sequence[Called]
"""Who is meant by the units that are asked for; none are meant by the words alone."""


def may_read(tables: Tables, actor: Actor) -> sa.ColumnElement[bool]:
    """The cases that this actor may read: the rule of `check_may_read`, as SQL on the live rows."""
    cases, holders = tables.sheets["cases"].c, tables.sheets["holders"].c
    inside = cases.registered.is_(True) & cases.region.startswith(actor.reach, autoescape=True)
    recused = tables.sheets["recused"].c
    inside &= cases.key.not_in(sa.select(recused.case_id).where(recused.official == actor.id))
    if actor.role in UNIT_BOUND:
        inside &= cases.key.in_(sa.select(holders.case_id).where(of_unit(actor, holders.unit, holders.on)))
    return inside


def of_unit(actor: Actor, unit: sa.ColumnElement[str], on: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Whether a unit, as it was named on a day, is the actor's: the rule of `Actor.is_of`, as SQL."""
    return named(actor.called or ((Called(actor.unit),) if actor.unit else ()), unit, on)


def stem(region: str) -> str:
    """What the codes of all places in a region begin with: 6104 for 610400."""
    return region.removesuffix("00").removesuffix("00") if len(region) == 6 else region


def may_read_books(tables: Tables, actor: Actor) -> sa.ColumnElement[bool]:
    """The units of which this actor may read what was found of them as a whole: those of the region; of a unit, its own."""
    books = tables.sheets["books"].c
    inside = books.region.startswith(actor.reach, autoescape=True)
    return inside & of_unit(actor, books.unit, books.on) if actor.role in UNIT_BOUND else inside


def known(tables: Tables, sheet: str, as_of: datetime | None) -> Any:
    """The rows of a sheet as known at a moment, as something to select from."""
    live = tables.sheets[sheet]
    if as_of is None:
        return live
    old, moment = tables.old[sheet], as_of.astimezone(UTC)  # SQLite keeps no zone: what is stored is UTC
    now = sa.select(live).where(live.c.known_from <= moment)
    names = [column.name for column in live.c]
    then = sa.select(*(old.c[name] for name in names)).where(old.c.known_from <= moment, old.c.known_to > moment)
    return sa.union_all(now, then).subquery()


def wanted_cases(tables: Tables, source: Any, actor: Actor, asked: Filter, units: Units = ()) -> sa.ColumnElement[bool]:
    """Which cases are asked for, of those that this actor may read."""
    cases, inside = source.c, may_read(tables, actor)
    if asked.as_of is None:
        wanted = inside
    else:
        wanted = cases.registered.is_(True) & cases.key.in_(sa.select(tables.sheets["cases"].c.key).where(inside))
    for name in ("state", "channel"):
        if words := getattr(asked, name):
            wanted &= cases[name].in_(words)
    if asked.unit:
        wanted &= of_any(asked.unit, units, cases.unit, cases.unit_on)
    if asked.leader:
        wanted &= led_by(asked.leader, cases.leader_id, cases.leader)
    if asked.number:
        wanted &= cases.original_number == asked.number
    if asked.region:
        wanted &= cases.region.startswith(asked.region, autoescape=True)
    asked_or_not = (
        (asked.stalled, cases.stalled_since.is_not(None)),
        (asked.backlog, cases.backlog.is_(True)),
        (asked.in_hand, cases.unit != ""),
        (asked.relapsed, cases.relapses > 0),
        (asked.refused, cases.refused_on.is_not(None)),
    )
    for said, so in asked_or_not:
        if said is not None:
            wanted &= so if said else ~so
    if asked.received_from is not None:
        wanted &= cases.received_on >= asked.received_from
    if asked.received_to is not None:
        wanted &= cases.received_on <= asked.received_to
    return wanted


def of_any(
    asked: Sequence[str], units: Units, unit: sa.ColumnElement[str], on: sa.ColumnElement[date]
) -> sa.ColumnElement[bool]:
    """Whether a unit, as it was named on a day, is one of those that are asked for."""
    return named(units or map(Called, asked), unit, on)


def cases(
    model: ReadModel, actor: Actor, asked: Filter, limit: int, cursor: str | None, units: Units = ()
) -> dict[str, Any]:
    """A page of cases, longest stalled first, then by date received; `next` is the cursor of the page after.

    A case that moves while somebody turns the pages may be shown at both places, or at none; `as_of` keeps all in place.
    """
    with model.reading() as (connection, tables):
        source = known(tables, "cases", asked.as_of)
        query = sa.select(source).where(wanted_cases(tables, source, actor, asked, units))
        return page("cases", connection, query, source, limit, cursor)


def case(model: ReadModel, actor: Actor, case_id: str, as_of: datetime | None) -> tuple[Row, Row] | None:
    """One case: as shown, and the raw row; None when it is not there, or not for this actor to see."""
    with model.reading() as (connection, tables):
        source = known(tables, "cases", as_of)
        wanted = wanted_cases(tables, source, actor, Filter(as_of=as_of))
        row = connection.execute(sa.select(source).where(source.c.key == case_id, wanted)).mappings().first()
    return None if row is None else (_shown(row), dict(row))


def findings(model: ReadModel, case_id: str, as_of: datetime | None = None) -> list[Row]:
    """The findings of a case, newest last. Whether the asker may see the case was asked before."""
    with model.reading() as (connection, tables):
        source = known(tables, "findings", as_of)
        query = sa.select(source).where(source.c.case_id == case_id).order_by(source.c.since, source.c.key)
        return [_shown(row) for row in connection.execute(query).mappings()]


def unit_findings(model: ReadModel, actor: Actor, asked: UnitFilter, units: Units = ()) -> list[Row]:
    """What was found of units as a whole, what holds first, then the newest; and by whom it is to be answered: the unit."""
    with model.reading() as (connection, tables):
        source, books = known(tables, "findings", asked.as_of), tables.sheets["books"]
        query = (
            sa.select(source, books.c.region)
            .join(books, books.c.key == source.c.case_id)
            .where(may_read_books(tables, actor))
            .order_by(source.c.open.desc(), source.c.since.desc(), source.c.key)
        )
        if asked.unit:
            query = query.where(of_any(asked.unit, units, books.c.unit, books.c.on))
        if asked.open is not None:
            query = query.where(source.c.open.is_(asked.open))
        return [{"book_id": row["case_id"], **_of_unit(row)} for row in connection.execute(query).mappings()]


def _of_unit(row: Mapping[Any, Any]) -> Row:
    return {name: value for name, value in _shown(row).items() if name != "case_id"}


def notices(model: ReadModel, actor: Actor, live: bool | None, limit: int, case_id: str | None = None) -> list[Row]:
    """Notices, the highest rung first, then what must be answered soonest."""
    asked = NoticeFilter(live=live, case_id=case_id)
    found: list[Row] = notices_page(model, actor, asked, limit, None)["notices"]
    return found


def notices_page(
    model: ReadModel, actor: Actor, asked: NoticeFilter, limit: int, cursor: str | None, units: Units = ()
) -> dict[str, Any]:
    """A page of notices, about cases and about units as a whole, in that order. A notice that arrived before its case waits
    for it: whose it is, is not known.
    """
    with model.reading() as (connection, tables):
        query, source = _notices(tables, actor, asked, units)
        return page("notices", connection, query, source, limit, cursor)


def live_notices(model: ReadModel, actor: Actor) -> int:
    """How many notices are live of those that this actor may read."""
    with model.reading() as (connection, tables):
        query, _ = _notices(tables, actor, NoticeFilter(live=True))
        return int(connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


def _notices(tables: Tables, actor: Actor, asked: NoticeFilter, units: Units = ()) -> tuple[sa.Select[Any], Any]:
    source, about, books = known(tables, "notices", asked.as_of), tables.sheets["cases"], tables.sheets["books"]
    query = (
        sa.select(source, about.c.original_number)
        .outerjoin(about, about.c.key == source.c.case_id)
        .outerjoin(books, books.c.key == source.c.case_id)
        .where(may_read(tables, actor) | may_read_books(tables, actor))
    )
    if asked.live is not None:
        query = query.where(source.c.live.is_(asked.live))
    if asked.case_id is not None:
        query = query.where(source.c.case_id == asked.case_id)
    if asked.unit:
        query = query.where(of_any(asked.unit, units, source.c.unit, source.c.issued_on))
    if asked.level:
        query = query.where(source.c.level.in_(asked.level))
    return query, source


def page(
    name: str, connection: sa.Connection, query: sa.Select[Any], source: Any, limit: int, cursor: str | None
) -> dict[str, Any]:
    """A page by place and key. A row that keeps its place is on exactly one page, whatever comes and goes meanwhile."""
    order = (source.c.place, source.c.key)
    if cursor is not None:
        query = query.where(sa.tuple_(*order) > sa.tuple_(*decoded(cursor, 2)))
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    return {name: [_shown(row) for row in rows[:limit]], "next": last and encoded(last["place"], last["key"])}


def _shown(row: Mapping[Any, Any]) -> Row:
    shown = {name: value for name, value in row.items() if name not in HIDDEN}
    return shown if "case_id" in row else {"case_id": row["key"], **shown}


def encoded(*place: str) -> str:
    """The cursor of a row that stands at this place of its list."""
    return base64.urlsafe_b64encode(to_json(place)).decode().rstrip("=")


def decoded(cursor: str, parts: int) -> tuple[str, ...]:
    """The place after which a page begins. Raises BadCursor."""
    try:
        place = from_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise BadCursor from error
    if not isinstance(place, list) or len(place) != parts or not all(isinstance(its, str) for its in place):
        raise BadCursor
    if any("\0" in its for its in place):
        raise BadCursor
    return tuple(place)
