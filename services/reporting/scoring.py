"""季度考核: a unit's points in a quarter or a year, each with the fact that it is traced to."""

from collections import defaultdict
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.queries import known, may_read, may_read_books, of_unit
from shared.directory import Directory
from shared.events import Named
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row
from shared.standard import Standard
from shared.terms import Mark
from shared.workdays import DAY


class ScoreItem(Shape):
    """计分事项: one point or several, and the fact that they are traced to."""

    case_id: str
    mark: Mark
    on: date
    ref: str = Field(description="问题、通知、提请或报送事项的编号")
    fact_id: str
    points: int


class Score(Shape):
    """季度考核: a unit's quarter."""

    unit: str
    points: int
    items: list[ScoreItem]


class Scores(Shape):
    """季度考核, each point with its fact."""

    quarter: str
    policy: str = Field(description="分值所依据的口径版本")
    scores: list[Score]


def quarter(name: str) -> tuple[date, date]:
    """The first and the last day of a quarter such as `2026Q3`, or of a whole year: `2026`."""
    year, months = int(name[:4]), range(3 * int(name[5]) - 2, 3 * int(name[5]) + 1) if name[5:] else range(1, 13)
    after = date(year + 1, 1, 1) if months[-1] == 12 else date(year, months[-1] + 1, 1)
    return date(year, months[0], 1), after - DAY


def quarter_of(day: date) -> str:
    """The quarter in which a day lies."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def scores(
    model: ReadModel,
    standard: Standard,
    directory: Directory,
    actor: Actor,
    name: str,
    day: date,
    as_of: datetime | None,
) -> dict[str, Any]:
    """季度考核: each unit's points by the policy of the quarter's last day, each traced to a fact; as known at a moment.

    A year's points are those of its four quarters. What was withdrawn counts no more, and what the policy gives no points
    for is not listed. A unit that was renamed is one unit, under its name of the day; whoever has its duties since is another.
    Somebody of a unit sees that unit's.
    """
    first, last = quarter(name)
    policy = standard.policy_on(last)
    with model.reading() as (connection, tables):
        marks, about, ours = known(tables, "marks", as_of), tables.sheets["cases"], tables.sheets["campaigns"].c
        theirs = sa.select(ours.key).where(ours.region.startswith(actor.reach, autoescape=True))
        whole = tables.sheets["books"].c
        books = sa.select(whole.key).where(may_read_books(tables, actor))
        places = (sa.select(its.region).where(its.key == marks.c.case_id).scalar_subquery() for its in (ours, whole))
        query = (
            sa.select(marks, sa.func.coalesce(about.c.region, *places).label("region"))
            .outerjoin(about, about.c.key == marks.c.case_id)
            .where(marks.c.on.between(first, last), marks.c.void.is_(False), marks.c.unit != "")
            .where(may_read(tables, actor) | marks.c.case_id.in_(theirs) | marks.c.case_id.in_(books))
            .order_by(marks.c.unit, marks.c.on, marks.c.key)
        )
        if actor.role in UNIT_BOUND:
            query = query.where(of_unit(actor, marks.c.unit, marks.c.on))
        rows = connection.execute(query).mappings().all()

    @cache
    def whose(unit: Named, region: str) -> tuple[str, str]:
        bearer = directory.bearer(unit, region, as_of)
        return (bearer.unit_id, bearer.name_on(day) or unit[0]) if bearer else ("", unit[0])

    by_unit: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        item = {column: row[column] for column in ("case_id", "mark", "on", "ref", "fact_id")}
        its = standard.policy_on(quarter(quarter_of(row["on"]))[1])
        if points := its.scores.get(row["mark"], 0):
            by_unit[whose((row["unit"], row["on"]), row["region"])].append({**item, "points": points})
    found = [
        {"unit": unit, "points": sum(item["points"] for item in items), "items": items}
        for (_, unit), items in by_unit.items()
    ]
    found.sort(key=lambda score: (-score["points"], score["unit"]))
    return {"quarter": name, "policy": policy.version, "scores": found}
