"""What readers ask of units and campaigns: a quarter's points with their facts, targets beside what speaks against them."""

from collections import defaultdict
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.reporting.filters import named
from services.reporting.queries import Units, known, may_read, may_read_books, of_unit, stem
from shared.bearers import called
from shared.directory import Directory
from shared.events import Called, Named
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables
from shared.standard import Standard
from shared.terms import CaseState, Measure
from shared.workdays import DAY, business_date


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


SHOWN = (
    "name", "region", "units", "categories", "phases", "targets", "opened_on", "ends_on", "phase", "accepted_on",
    "conclusion", "open_cases",
)  # fmt: skip


def campaigns(model: ReadModel, actor: Actor, as_of: datetime | None = None) -> list[Row]:
    """专项 of the asker's region; somebody of a unit sees those in which that unit takes part, and of the cases that were left
    open the ones that they may read. The newest first.
    """
    bound = actor.role in UNIT_BOUND
    with model.reading() as (connection, tables):
        source = known(tables, "campaigns", as_of)
        query = sa.select(source).where(source.c.region.startswith(actor.reach, autoescape=True))
        rows = connection.execute(query.order_by(source.c.opened_on.desc(), source.c.key)).mappings().all()
        found = [
            {"campaign": row["key"], **{name: row[name] for name in SHOWN}}
            for row in rows
            if not bound or actor.is_of(*((unit, row["opened_on"]) for unit in row["units"]))
        ]
        for row in found:
            if bound and row["open_cases"]:
                its = tables.sheets["cases"].c.key
                readable = sa.select(its).where(may_read(tables, actor), its.in_(row["open_cases"]))
                theirs = set(connection.execute(readable).scalars())
                row["open_cases"] = [case_id for case_id in row["open_cases"] if case_id in theirs]
    return found


def campaign(
    model: ReadModel, directory: Directory, actor: Actor, campaign_id: str, day: date, as_of: datetime | None
) -> Row | None:
    """One campaign with its figures; None when it is not there, or not for this actor to see.

    Its cases are those of its region, units and kinds, whatever the units are called by a day. What was merged counts as the
    case that it goes on in.
    """
    row = next((row for row in campaigns(model, actor, as_of) if row["campaign"] == campaign_id), None)
    if row is None:
        return None
    with model.reading() as (connection, tables):
        cases = known(tables, "cases", as_of)
        wanted = cases_of(cases, row, taking_part(directory, row, day))
        total, reached = _reached(connection, cases, wanted)
        against = (sa.func.count().filter(cases.c.relapses > 0), sa.func.coalesce(sa.func.sum(cases.c.repeats), 0))
        relapsed, repeats = connection.execute(sa.select(*against).where(wanted)).one()
        found = known(tables, "findings", as_of)
        its = sa.select(sa.func.count()).where(found.c.open.is_(True))
        open_findings = connection.execute(
            its.where(found.c.case_id.in_(sa.select(cases.c.key).where(wanted)))
        ).scalar_one()
        filings = _filings(connection, tables, directory, actor, row)
    figures = [
        {**target, "numerator": (n := reached[target["measure"]]), "denominator": total,
         "rate": round(n / total, 4) if total else None}
        for target in row["targets"]
    ]  # fmt: skip
    beside = {"relapsed": relapsed, "repeats": repeats, "open_findings": open_findings}
    return {**row, "figures": figures, **beside, "filings": filings}


def taking_part(directory: Directory, row: Row, day: date) -> Units:
    """By which names, of which days, the units of a campaign are meant: those that bore these names when it was opened, and
    whose duties they have by a day.
    """

    def meant(name: str) -> Units:
        unit = directory.bearer((name, row["opened_on"]), row["region"])
        return called(directory, unit.name_on(day) if unit else name, row["region"], day) or (Called(name),)

    return [its for name in row["units"] for its in meant(name)]


def cases_of(cases: Any, row: Row, units: Units) -> sa.ColumnElement[bool]:
    """The cases of a campaign: of its region, units and kinds."""
    reach = stem(row["region"])
    inside: sa.ColumnElement[bool] = cases.c.registered.is_(True) & named(units, cases.c.unit, cases.c.unit_on)
    inside &= cases.c.region.startswith(reach, autoescape=True) & (cases.c.state != CaseState.MERGED.value)
    inside &= cases.c.refused_on.is_(None)
    if row["categories"]:
        inside &= sa.or_(*(cases.c.categories.contains(word) for word in row["categories"]))
    return inside


def _reached(connection: sa.Connection, cases: Any, wanted: sa.ColumnElement[bool]) -> tuple[int, dict[str, int]]:
    """How many cases there are, and how many of them by each measure."""
    closed = cases.c.state == CaseState.CLOSED.value
    by = {Measure.CLOSED.value: closed, Measure.RESOLVED.value: closed & (cases.c.relapses == 0)}
    counts = (sa.func.count().filter(counted) for counted in by.values())
    total, *reached = connection.execute(sa.select(sa.func.count(), *counts).where(wanted)).one()
    return total, dict(zip(by, reached, strict=True))


FILED = ("report", "what", "unit", "due_on", "filed_on", "days_late", "missed", "figures", "filed_at")


def _filings(connection: sa.Connection, tables: Tables, directory: Directory, actor: Actor, row: Row) -> list[Row]:
    """What was filed, each figure beside what is recounted for the unit: as the ledger was known when it was recorded."""
    filings = tables.sheets["filings"].c
    query = sa.select(*(filings[name] for name in FILED))
    query = query.where(filings.campaign == row["campaign"]).order_by(filings.due_on, filings.report, filings.unit)
    if actor.role in UNIT_BOUND:
        query = query.where(of_unit(actor, filings.unit, sa.literal(row["opened_on"], sa.Date)))
    found = []
    for filing in (dict(each) for each in connection.execute(query).mappings()):
        figures, filed_at = filing.pop("figures") or [], filing.pop("filed_at")
        if figures:
            moment = datetime.fromisoformat(filed_at)
            cases, one = known(tables, "cases", moment), {**row, "units": [filing["unit"]]}
            units = taking_part(directory, one, business_date(moment))
            total, reached = _reached(connection, cases, cases_of(cases, one, units))
            figures = [_beside(figure, reached[figure["measure"]], total) for figure in figures]
        found.append({**filing, "figures": figures})
    return found


def _beside(figure: Row, cases: int, total: int) -> Row:
    """报数与台账: a figure, what the ledger says, and whether they differ."""
    differs = (figure["cases"], figure["total"]) != (cases, total)
    return {**figure, "counted_cases": cases, "counted_total": total, "differs": differs}
