"""What readers ask of units and campaigns: a quarter's points with their facts, targets beside what speaks against them."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from services.reporting.queries import known, may_read, may_read_units
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables
from shared.standard import Standard
from shared.terms import CaseState, Measure
from shared.workdays import DAY


def quarter(name: str) -> tuple[date, date]:
    """The first and the last day of a quarter such as `2026Q3`."""
    year, n = int(name[:4]), int(name[5])
    first = date(year, 3 * n - 2, 1)
    return first, (date(year + 1, 1, 1) if n == 4 else date(year, 3 * n + 1, 1)) - DAY


def scores(model: ReadModel, standard: Standard, actor: Actor, name: str, as_of: datetime | None) -> dict[str, Any]:
    """季度考核: each unit's points by the policy of the quarter's last day, each traced to a fact; as known at a moment.

    What was withdrawn counts no more. Somebody of a unit sees that unit's.
    """
    first, last = quarter(name)
    policy = standard.policy_on(last)
    with model.reading() as (connection, tables):
        marks, about, ours = known(tables, "marks", as_of), tables.sheets["cases"], tables.sheets["campaigns"].c
        theirs = sa.select(ours.key).where(ours.region.startswith(actor.reach, autoescape=True))
        books = sa.select(tables.sheets["units"].c.key).where(may_read_units(tables, actor))
        query = (
            sa.select(marks)
            .outerjoin(about, about.c.key == marks.c.case_id)
            .where(marks.c.on.between(first, last), marks.c.void.is_(False), marks.c.unit != "")
            .where(may_read(tables, actor) | marks.c.case_id.in_(theirs) | marks.c.case_id.in_(books))
            .order_by(marks.c.unit, marks.c.on, marks.c.key)
        )
        if actor.role in UNIT_BOUND:
            query = query.where(marks.c.unit == (actor.unit or ""))
        rows = connection.execute(query).mappings().all()
    by_unit: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        item = {column: row[column] for column in ("case_id", "mark", "on", "ref", "fact_id")}
        by_unit[row["unit"]].append({**item, "points": policy.scores.get(row["mark"], 0)})
    found = [
        {"unit": unit, "points": sum(item["points"] for item in items), "items": items}
        for unit, items in by_unit.items()
    ]
    found.sort(key=lambda score: (-score["points"], score["unit"]))
    return {"quarter": name, "policy": policy.version, "scores": found}


SHOWN = (
    "name", "region", "units", "categories", "phases", "targets", "opened_on", "ends_on", "phase", "accepted_on",
    "conclusion", "open_cases",
)  # fmt: skip


def campaigns(model: ReadModel, actor: Actor, as_of: datetime | None = None) -> list[Row]:
    """专项 of the asker's region; somebody of a unit sees those in which that unit takes part. The newest first."""
    with model.reading() as (connection, tables):
        source = known(tables, "campaigns", as_of)
        query = sa.select(source).where(source.c.region.startswith(actor.reach, autoescape=True))
        rows = connection.execute(query.order_by(source.c.opened_on.desc(), source.c.key)).mappings().all()
    return [
        {"campaign": row["key"], **{name: row[name] for name in SHOWN}}
        for row in rows
        if actor.role not in UNIT_BOUND or actor.unit in row["units"]
    ]


def campaign(model: ReadModel, actor: Actor, campaign_id: str, as_of: datetime | None) -> Row | None:
    """One campaign with its figures; None when it is not there, or not for this actor to see.

    Its cases are those of its region, units and kinds. What was merged counts as the case that it goes on in.
    """
    row = next((row for row in campaigns(model, actor, as_of) if row["campaign"] == campaign_id), None)
    if row is None:
        return None
    with model.reading() as (connection, tables):
        cases = known(tables, "cases", as_of)
        wanted = _cases_of(cases, row)
        closed = sa.func.count().filter(cases.c.state == CaseState.CLOSED.value)
        settled = sa.func.count().filter((cases.c.state == CaseState.CLOSED.value) & (cases.c.relapses == 0))
        counts = (sa.func.count(), closed, settled, sa.func.count().filter(cases.c.relapses > 0))
        asked = sa.select(*counts, sa.func.coalesce(sa.func.sum(cases.c.repeats), 0)).where(wanted)
        total, n_closed, n_settled, relapsed, repeats = connection.execute(asked).one()
        found = known(tables, "findings", as_of)
        its = sa.select(sa.func.count()).where(found.c.open.is_(True))
        open_findings = connection.execute(
            its.where(found.c.case_id.in_(sa.select(cases.c.key).where(wanted)))
        ).scalar_one()
        filings = _filings(connection, tables, actor, campaign_id)
    reached = {Measure.CLOSED.value: n_closed, Measure.RESOLVED.value: n_settled}
    figures = [
        {**target, "numerator": (n := reached[target["measure"]]), "denominator": total,
         "rate": round(n / total, 4) if total else None}
        for target in row["targets"]
    ]  # fmt: skip
    beside = {"relapsed": relapsed, "repeats": repeats, "open_findings": open_findings}
    return {**row, "figures": figures, **beside, "filings": filings}


def _cases_of(cases: Any, row: Row) -> sa.ColumnElement[bool]:
    region = row["region"]
    reach = region.removesuffix("00").removesuffix("00") if len(region) == 6 else region
    inside: sa.ColumnElement[bool] = cases.c.registered.is_(True) & cases.c.unit.in_(row["units"])
    inside &= cases.c.region.startswith(reach, autoescape=True) & (cases.c.state != CaseState.MERGED.value)
    if row["categories"]:
        inside &= sa.or_(*(cases.c.categories.contains(word) for word in row["categories"]))
    return inside


def _filings(connection: sa.Connection, tables: Tables, actor: Actor, campaign_id: str) -> list[Row]:
    filings = tables.sheets["filings"].c
    query = sa.select(*(filings[n] for n in ("report", "what", "unit", "due_on", "filed_on", "days_late", "missed")))
    query = query.where(filings.campaign == campaign_id).order_by(filings.due_on, filings.report, filings.unit)
    if actor.role in UNIT_BOUND:
        query = query.where(filings.unit == (actor.unit or ""))
    return [dict(row) for row in connection.execute(query).mappings()]
