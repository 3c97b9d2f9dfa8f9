"""专项: the campaigns, each with its targets beside what speaks against them, and what was reported beside what the ledger says."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.counting import settled
from services.reporting.filters import named
from services.reporting.queries import Units, known, may_read, of_unit, stem
from shared.bearers import called
from shared.directory import Directory
from shared.events import Called
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables
from shared.terms import CaseState, Measure
from shared.workdays import business_date


class CampaignRow(Shape):
    """专项."""

    campaign: str
    name: str
    region: str
    units: list[str]
    categories: list[str]
    phases: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    opened_on: date
    ends_on: date
    phase: str | None = Field(description="现阶段")
    accepted_on: date | None = Field(description="验收日")
    conclusion: str | None
    open_cases: list[str] | None = Field(description="验收时未化解的案件")
    unmet: list[dict[str, Any]] | None = Field(description="验收时未达到的目标，按各单位所报；各单位不见")


class Campaigns(Shape):
    """专项, newest first."""

    campaigns: list[CampaignRow]


class Figure(Shape):
    """目标与实绩."""

    measure: Measure
    percent: int = Field(description="目标")
    numerator: int
    denominator: int
    rate: float | None


class Compared(Shape):
    """报数与台账: what a unit reported, beside what the ledger said when the report was recorded."""

    measure: Measure
    cases: int = Field(description="所报件数")
    total: int = Field(description="所报总数")
    counted_cases: int = Field(description="台账件数")
    counted_total: int = Field(description="台账总数")
    differs: bool = Field(description="是否不符；须由人核实")


class Filing(Shape):
    """报送事项 of one unit."""

    report: str
    what: str
    unit: str
    due_on: date
    filed_on: date | None
    days_late: int | None
    missed: bool
    figures: list[Compared]


class OneCampaign(CampaignRow):
    """专项: targets are never shown without what speaks against them."""

    figures: list[Figure]
    relapsed: int = Field(description="曾反弹的案件")
    repeats: int = Field(description="重复信访次数")
    open_findings: int = Field(description="仍存在的问题")
    filings: list[Filing]


SHOWN = (
    "name", "region", "units", "categories", "phases", "targets", "opened_on", "ends_on", "phase", "accepted_on",
    "conclusion", "open_cases", "unmet",
)  # fmt: skip


def campaigns(model: ReadModel, actor: Actor, as_of: datetime | None = None) -> list[Row]:
    """专项 of the asker's region; somebody of a unit sees those in which that unit takes part, of the cases that were left open
    the ones that they may read, and nothing of what other units reported or did not. The newest first.
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
        for row in found if bound else ():
            row["unmet"] = None
            if row["open_cases"]:
                its = tables.sheets["cases"].c.key
                readable = sa.select(its).where(may_read(tables, actor), its.in_(row["open_cases"]))
                theirs = set(connection.execute(readable).scalars())
                row["open_cases"] = [case_id for case_id in row["open_cases"] if case_id in theirs]
    return found


def campaign(
    model: ReadModel, directory: Directory, actor: Actor, campaign_id: str, day: date, as_of: datetime | None
) -> Row | None:
    """One campaign with its figures; None when it is not there, or not for this actor to see.

    Its cases are those of its region, units and kinds, whatever the units are called by a day; counted are those that the asker
    may read. What was merged counts as the case that it goes on in.
    """
    row = next((row for row in campaigns(model, actor, as_of) if row["campaign"] == campaign_id), None)
    if row is None:
        return None
    with model.reading() as (connection, tables):
        cases = known(tables, "cases", as_of)
        theirs = sa.select(tables.sheets["cases"].c.key).where(may_read(tables, actor))
        wanted = cases_of(cases, row, taking_part(directory, row, day)) & cases.c.key.in_(theirs)
        total, reached = _reached(connection, cases, wanted)
        against = (sa.func.count().filter(cases.c.relapses > 0), sa.func.coalesce(sa.func.sum(cases.c.repeats), 0))
        relapsed, repeats = connection.execute(sa.select(*against).where(wanted)).one()
        found = known(tables, "findings", as_of)
        its = sa.select(sa.func.count()).where(found.c.open.is_(True))
        open_findings = connection.execute(
            its.where(found.c.case_id.in_(sa.select(cases.c.key).where(wanted)))
        ).scalar_one()
        filings = _filings(connection, tables, directory, actor, row, as_of)
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
    by = {Measure.CLOSED.value: cases.c.state == CaseState.CLOSED.value, Measure.RESOLVED.value: settled(cases)}
    counts = (sa.func.count().filter(counted) for counted in by.values())
    total, *reached = connection.execute(sa.select(sa.func.count(), *counts).where(wanted)).one()
    return total, dict(zip(by, reached, strict=True))


FILED = ("report", "what", "unit", "due_on", "filed_on", "days_late", "missed", "figures", "filed_at")


def _filings(
    connection: sa.Connection, tables: Tables, directory: Directory, actor: Actor, row: Row, as_of: datetime | None
) -> list[Row]:
    """What was filed, each figure beside what is recounted for the unit: as the ledger was known when it was recorded."""
    filings = known(tables, "filings", as_of).c
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
