"""月报: which units owe a progress report for which cases in a month, and what is missing (seed plan D2: 每月20日前)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.deeds import AnnualItem
from services.reporting.projections import holder
from services.reporting.queries import may_read
from shared.directory import Directory
from shared.identity import Actor
from shared.policy import Policy
from shared.readmodel import ReadModel
from shared.terms import CaseState


class UnitMonth(Shape):
    """月报: what one unit owed in a month: every open case in its hands, by the day."""

    unit: str
    due: int = Field(description="应报件数")
    reported: int = Field(description="已按时报")
    late: list[str] = Field(description="迟报的案件")
    missing: list[str] = Field(description="未报的案件")


class Monthly(Shape):
    """月报 of all units that the asker may see."""

    month: str
    due_on: date | None = Field(description="应报日（含）；空为口径未要求月报 / empty: the policy asks for none")
    policy: str = Field(description="口径版本")
    units: list[UnitMonth]


def monthly_reports(
    model: ReadModel, directory: Directory, actor: Actor, month: date, today: date, policy: Policy
) -> dict[str, Any]:
    """By unit: every case that was in its hands on the day by which to report, and open then. A unit goes by its name of that
    day, whatever it was called when it got the case; what nobody had in hand stands under no name.

    A report counts for the month of its day. Before the day has passed nothing is missing yet, it is only not there.
    """
    day = policy.cadence.progress_day
    answer: dict[str, Any] = {"month": f"{month:%Y-%m}", "due_on": None, "policy": policy.version, "units": []}
    if day is None:
        return answer
    due_on, after = month.replace(day=day), (month + timedelta(days=31)).replace(day=1)
    units: dict[str, dict[str, Any]] = defaultdict(lambda: {"due": 0, "reported": 0, "late": [], "missing": []})
    for row in _owing(model, actor, month, after, due_on):
        named, named_on = holder(row["moves"] or [], row["received_on"], due_on)
        its = units[named and directory.called_on((named, named_on), row["region"], due_on)]
        its["due"] += 1
        on, case_id = row["told"], row["key"]
        if on is not None and on <= due_on:
            its["reported"] += 1
        elif on is not None:
            its["late"].append(case_id)
        elif today > due_on:
            its["missing"].append(case_id)
    answer["units"] = [{"unit": unit, **its} for unit, its in sorted(units.items())]
    return answer | {"due_on": due_on}


def _owing(model: ReadModel, actor: Actor, month: date, after: date, due_on: date) -> Sequence[Any]:
    """The cases that were open on a day, by number, each with the first report of the month: what was closed by that day had
    not come back by it.
    """
    with model.reading() as (connection, tables):
        cases, reports, deeds = (tables.sheets[name].c for name in ("cases", "reports", "deeds"))
        told = (
            sa.select(sa.func.min(reports.reported_on))
            .where(reports.case_id == cases.key, reports.reported_on >= month, reports.reported_on < after)
            .scalar_subquery()
        )
        closed, relapsed = (
            sa.select(sa.func.max(deeds.on))
            .where(deeds.case_id == cases.key, deeds.item == item.value, deeds.on <= due_on)
            .scalar_subquery()
            for item in (AnnualItem.CLOSED, AnnualItem.RELAPSED)
        )
        query = (
            sa.select(cases.key, cases.moves, cases.received_on, cases.region, told.label("told"))
            .where(may_read(tables, actor), cases.received_on <= due_on, cases.state != CaseState.MERGED.value)
            .where(sa.or_(cases.refused_on.is_(None), cases.refused_on > due_on))
            .where(sa.or_(closed.is_(None), relapsed >= closed))
            .order_by(cases.key)
        )
        return connection.execute(query).mappings().all()
