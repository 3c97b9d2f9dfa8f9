"""月报: which units owe a progress report for which cases in a month, and what is missing (seed plan D2: 每月20日前)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from services.reporting.queries import may_read
from shared.identity import Actor
from shared.policy import Policy
from shared.readmodel import ReadModel
from shared.terms import CaseState


def monthly_reports(model: ReadModel, actor: Actor, month: date, today: date, policy: Policy) -> dict[str, Any]:
    """By unit: every case that was on its books on the day by which to report, and was not closed before it.

    A report counts for the month of its day. Before the day has passed nothing is missing yet, it is only not there.
    """
    day = policy.cadence.progress_day
    answer: dict[str, Any] = {"month": f"{month:%Y-%m}", "due_on": None, "policy": policy.version, "units": []}
    if day is None:
        return answer
    due_on, after = month.replace(day=day), (month + timedelta(days=31)).replace(day=1)
    with model.reading() as (connection, tables):
        cases, reports = tables.sheets["cases"], tables.sheets["reports"]
        first = sa.func.min(reports.c.reported_on)
        told = (
            sa.select(reports.c.case_id, first.label("on"))
            .where(reports.c.reported_on >= month, reports.c.reported_on < after)
            .group_by(reports.c.case_id)
            .subquery()
        )
        query = (
            sa.select(cases.c.unit, cases.c.key, told.c.on)
            .outerjoin(told, told.c.case_id == cases.c.key)
            .where(may_read(tables, actor), cases.c.received_on <= due_on, cases.c.state != CaseState.MERGED.value)
            .where(sa.or_(cases.c.closed_on.is_(None), cases.c.closed_on > due_on))
            .order_by(cases.c.unit, cases.c.key)
        )
        rows = connection.execute(query).all()
    units: dict[str, dict[str, Any]] = defaultdict(lambda: {"due": 0, "reported": 0, "late": [], "missing": []})
    for unit, case_id, on in rows:
        its = units[unit]
        its["due"] += 1
        if on is not None and on <= due_on:
            its["reported"] += 1
        elif on is not None:
            its["late"].append(case_id)
        elif today > due_on:
            its["missing"].append(case_id)
    answer["units"] = [{"unit": unit, **its} for unit, its in units.items()]
    return answer | {"due_on": due_on}
