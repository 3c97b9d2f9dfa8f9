"""年度报告: what Art 41 wants the petition office to report of its year, each figure with what it is a part of and its cases.

Counted are deeds of offices and units. No figure sets places or units against one another by how much was petitioned there:
units are named in the order of their names, and a share is of the year's own matters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from services.reporting.counting import resolution_rate
from services.reporting.deeds import AnnualItem, Awaiting
from services.reporting.filters import Filter
from services.reporting.queries import known, may_read, may_read_books, of_unit, page, stem
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables
from shared.terms import (
    Adoption,
    CaseState,
    Category,
    DispatchKind,
    NoticeLevel,
    NoticeState,
    ReturnCause,
    SuggestionKind,
    Treatment,
)

SECTIONS = {
    1: "信访事项的数据统计、涉及领域以及被投诉较多的机关、单位",
    2: "转送、交办、督办情况",
    3: "提出改进工作、完善政策、追究责任建议以及被采纳情况",
    4: "其他应当报告的事项",
}
"""What Art 41 lists."""


@dataclass(frozen=True)
class RegionYear:
    """Which year of which region, as known at which moment."""

    region: str
    year: int
    as_of: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the year."""
        return date(self.year, 1, 1), date(self.year, 12, 31)


@dataclass(frozen=True)
class Counts:
    """How many deeds there were, by item, kind, outcome and unit."""

    asked: RegionYear
    rows: list[tuple[str, str, str, str, int]]

    def figure(self, item: AnnualItem, label: str, of: int | None = None, **parts: str) -> Row:
        """A figure: how many deeds of an item there were, of those that have these parts, and where they are listed."""
        number = sum(
            n
            for what, kind, outcome, unit, n in self.rows
            if what == item and all({"kind": kind, "outcome": outcome, "unit": unit}[p] == v for p, v in parts.items())
        )
        listed = {"region": self.asked.region, "year": self.asked.year, "item": item.value, **parts}
        query = urlencode({**listed, "as_of": self.asked.as_of.isoformat()})
        blank = {"kind": None, "outcome": None, "unit": None}
        return {
            "item": item.value,
            **blank,
            **parts,
            "label": label,
            "number": number,
            "of": of,
            "rate": round(number / of, 4) if of else None,
            "listed": f"/reporting/annual-report/facts?{query}",
        }

    def units(self, item: AnnualItem) -> list[str]:
        """The units that an item names, in the order of their names."""
        return sorted({unit for what, _, _, unit, _ in self.rows if what == item})


def annual_report(model: ReadModel, actor: Actor, asked: RegionYear) -> dict[str, Any]:
    """The report of a year, within the asker's scope: figures, to whom it was reported, and how units were assessed."""
    with model.reading() as (connection, tables):
        source = known(tables, "deeds", asked.as_of)
        parts = (source.c.item, source.c.kind, source.c.outcome, source.c.unit)
        query = sa.select(*parts, sa.func.count()).where(_wanted(tables, source, actor, asked)).group_by(*parts)
        counts = Counts(asked, [tuple(row) for row in connection.execute(query)])
        submissions = _said(connection, tables, "submissions", actor, asked)
        assessments = _said(connection, tables, "assessments", actor, asked)
    figures = {
        1: [*_matters(counts), _settled(model, actor, asked)],
        2: [*_handed_on(counts)],
        3: [*_suggestions(counts)],
        4: [*_rest(counts)],
    }
    return {
        "region": asked.region,
        "year": asked.year,
        "as_of": asked.as_of,
        "sections": [{"number": n, "title": title, "figures": figures[n]} for n, title in SECTIONS.items()],
        "submissions": submissions,
        "assessments": assessments,
    }


def facts_page(
    model: ReadModel, actor: Actor, asked: RegionYear, parts: dict[str, str], limit: int, cursor: str | None
) -> dict[str, Any]:
    """A page of the facts that a figure counts, in the order of their days."""
    with model.reading() as (connection, tables):
        source = known(tables, "deeds", asked.as_of)
        query = sa.select(source).where(_wanted(tables, source, actor, asked))
        for name, value in parts.items():
            query = query.where(source.c[name] == value)
        return page("facts", connection, query, source, limit, cursor)


def _wanted(tables: Tables, source: Any, actor: Actor, asked: RegionYear) -> sa.ColumnElement[bool]:
    """The deeds of a year in the cases of a region, and in the books of its units, that this actor may read."""
    cases, books, reach = tables.sheets["cases"].c, tables.sheets["books"].c, stem(asked.region)
    theirs = sa.select(cases.key).where(may_read(tables, actor), cases.region.startswith(reach, autoescape=True))
    whole = sa.select(books.key).where(may_read_books(tables, actor), books.region.startswith(reach, autoescape=True))
    inside: sa.ColumnElement[bool] = source.c.case_id.in_(sa.union_all(theirs, whole)) & source.c.on.between(
        *asked.days
    )
    return inside


def _said(connection: sa.Connection, tables: Tables, sheet: str, actor: Actor, asked: RegionYear) -> list[Row]:
    """What was said of the year, for whoever's region covers it; of assessments somebody of a unit sees that unit's."""
    if not actor.covers_region(asked.region):
        return []
    source = known(tables, sheet, asked.as_of)
    shown = [column for column in source.c if column.name not in ("key", "known_from", "region", "year")]
    query = sa.select(*shown).where(source.c.region == asked.region, source.c.year == asked.year)
    if actor.role in UNIT_BOUND and sheet == "assessments":
        query = query.where(of_unit(actor, source.c.unit, source.c.assessed_on))
    order = source.c.unit if sheet == "assessments" else source.c.submitted_on
    return [dict(row) for row in connection.execute(query.order_by(order, source.c.key)).mappings()]


def _matters(counts: Counts) -> Iterator[Row]:
    """(1) How many matters there were, in which fields, and which units were complained about."""
    registered, again = counts.figure(AnnualItem.REGISTERED, "登记信访事项"), counts.figure(AnnualItem.REPEATED, "")
    total = registered["number"]
    yield registered
    yield counts.figure(AnnualItem.REPEATED, "重复信访（占总件次）", total + again["number"])
    yield counts.figure(AnnualItem.UNLINKED, "误作重复信访、撤销关联（不计入上项）")
    yield counts.figure(AnnualItem.CLOSED, "年度内办结")
    yield counts.figure(AnnualItem.RELAPSED, "年度内反弹")
    for category in Category:
        figure = counts.figure(AnnualItem.FIELD, f"涉及领域：{category.label}", total, kind=category.value)
        if figure["number"]:
            yield figure
    for unit in counts.units(AnnualItem.COMPLAINT):
        yield counts.figure(AnnualItem.COMPLAINT, f"被投诉：{unit}", unit=unit)


def _settled(model: ReadModel, actor: Actor, asked: RegionYear) -> Row:
    """Of the matters that came in during the year, those that are closed and not relapsed: as the resolution rate has it."""
    first, last = asked.days
    stem_of = stem(asked.region)
    said = resolution_rate(
        model, actor, Filter(region=stem_of, received_from=first, received_to=last, as_of=asked.as_of)
    )
    days = {"region": stem_of, "received_from": first, "received_to": last}
    query = {**days, "state": CaseState.CLOSED.value, "relapsed": "false", "refused": "false"}
    return {
        "item": "settled", "kind": None, "outcome": None, "unit": None, "label": "年度内登记、已办结且未反弹（占在册）",
        "number": said["numerator"], "of": said["denominator"], "rate": said["rate"],
        "listed": f"/reporting/cases?{urlencode({**query, 'as_of': asked.as_of.isoformat()})}",
    }  # fmt: skip


def _handed_on(counts: Counts) -> Iterator[Row]:
    """(2) What was forwarded, assigned and pressed for, and what came of it."""
    for kind in DispatchKind:
        yield counts.figure(AnnualItem.DISPATCHED, kind.label, kind=kind.value)
    yield counts.figure(AnnualItem.RETURNED, "经同意退回")
    for level in NoticeLevel:
        issued = counts.figure(AnnualItem.NOTICE, f"{level.label}发出", kind=level.value)
        yield issued
        for state in (NoticeState.CLOSED, NoticeState.ESCALATED, NoticeState.WITHDRAWN):
            label = f"{level.label}{state.label}"
            yield counts.figure(AnnualItem.NOTICE, label, issued["number"], kind=level.value, outcome=state.value)


def _suggestions(counts: Counts) -> Iterator[Row]:
    """(3) What was suggested, and whether it was adopted."""
    for kind in SuggestionKind:
        made = counts.figure(AnnualItem.SUGGESTION, f"{kind.label}建议", kind=kind.value)
        yield made
        for outcome in (*Adoption, Awaiting.UNANSWERED):
            label = f"{kind.label}建议{outcome.label}"
            yield counts.figure(AnnualItem.SUGGESTION, label, made["number"], kind=kind.value, outcome=outcome.value)


def _rest(counts: Counts) -> Iterator[Row]:
    """(4) What supervision upheld and looked back at, what was decided on it, and who was commended."""
    upheld = counts.figure(AnnualItem.UPHELD, "认定问题")
    yield upheld
    yield counts.figure(AnnualItem.UPHELD, "认定后撤销", upheld["number"], outcome=NoticeState.WITHDRAWN.value)
    looked = counts.figure(AnnualItem.INQUIRY, "倒查结论")
    yield looked
    for cause in ReturnCause:
        yield counts.figure(AnnualItem.INQUIRY, f"倒查结论：{cause.label}", looked["number"], kind=cause.value)
    for item, label in ((AnnualItem.SANCTION, "处理决定"), (AnnualItem.TREATED, AnnualItem.TREATED.label)):
        for treatment in Treatment:
            if item is AnnualItem.TREATED or not treatment.of_a_person:
                yield counts.figure(item, f"{label}：{treatment.label}", kind=treatment.value)
        yield counts.figure(item, f"{label}后撤销", outcome=NoticeState.WITHDRAWN.value)
    yield counts.figure(AnnualItem.COMMENDATION, "表扬")
