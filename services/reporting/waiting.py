"""待办: what waits for an answer in the cases that somebody may read, for whose desk it is, and until when."""

from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.api import answered, meant_by, model_of
from services.reporting.awaited import day_of
from services.reporting.filters import Several
from services.reporting.queries import Units
from services.reporting.within import Within, WithinCase, wanted
from shared.deadlines import compute
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.readmodel import ReadModel, Row
from shared.standard import Standard
from shared.terms import Awaited, BacklogCriterion
from shared.workdays import business_date

router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))


class WaitingAsked(Within):
    """Which of it is asked for."""

    item: Several[Awaited] = Field((), description="待办事项，可多选 / what waits")


class WaitingRow(WithinCase):
    """待办: one thing that waits."""

    item: Awaited
    ref: str = Field(description="提出异议的单位，查询编号，或所符合的积案标准；其余为空")
    since: date = Field(description="提出之日；待回访为办结之日，待认定积案为符合标准之日")
    due_on: date | None = Field(description="到期日；没有法定或口径期限的为空。复核未扣除听证时间")
    overdue: bool = Field(description="是否逾期")


class Waiting(Shape):
    """待办, what is due soonest first; what has no day after it, the oldest first."""

    waiting: list[WaitingRow]
    total: int = Field(description="件数，含未列出的")


def waiting(
    model: ReadModel, standard: Standard, actor: Actor, today: date, asked: WaitingAsked, units: Units = ()
) -> dict[str, Any]:
    """What was asked for and not answered since. Of a closed case the next return visit by the policy of its closing waits;
    of an open one that meets a criterion of backlog, that somebody lists it, or leaves it out (seed plan D4: 应查尽查); of a
    closed one too with whose result somebody is dissatisfied: criterion ③ asks of the result.
    """
    with model.reading() as (connection, tables):
        rows, cases = tables.sheets["waiting"].c, tables.sheets["cases"].c
        shown = (cases.original_number, cases.unit, cases.leader, cases.closed_on)
        unhappy = rows.ref == BacklogCriterion.DISSATISFIED.value
        undecided = cases.backlog_at.is_(None) & (cases.closed_on.is_(None) | unhappy)
        query = (
            sa.select(rows.case_id, rows.item, rows.ref, rows.asked_at, rows.returns, *shown)
            .join(tables.sheets["cases"], cases.key == rows.case_id)
            .where(wanted(tables, actor, asked, units))
            .where(sa.or_(rows.answered_at.is_(None), rows.answered_at < rows.asked_at), rows.asked_at.is_not(None))
            .where(sa.or_(rows.item != Awaited.BACKLOG.value, undecided))
        )
        if asked.item:
            query = query.where(rows.item.in_(asked.item))
        found = [_row(dict(row), standard, today) for row in connection.execute(query).mappings()]
    listed = [
        row
        for row in found
        if row is not None and (asked.due_to is None or (row["due_on"] is not None and row["due_on"] <= asked.due_to))
    ]
    listed.sort(key=lambda row: (row["due_on"] or date.max, row["since"], row["case_id"], row["item"], row["ref"]))
    once = {(row["case_id"], row["item"], row["ref"]): row for row in reversed(listed)}
    listed = list(reversed(once.values()))
    return {"waiting": listed[: asked.limit], "total": len(listed)}


def _row(row: Row, standard: Standard, today: date) -> Row | None:
    """None for what needs no answer: a repeat petition in a case that was open, a return visit after the last."""
    since, made, closed_on = day_of(row.pop("asked_at")), row.pop("returns") or [], row.pop("closed_on")
    policy, due_on = standard.policy_on(since), None
    match row["item"]:
        case Awaited.REVIEW:
            due_on = compute(since, policy.limits.review, standard.calendar).due
        case Awaited.FINAL_REVIEW:
            due_on = compute(since, policy.limits.final_review, standard.calendar).due
        case Awaited.CAME_BACK if closed_on is None or since < closed_on:
            return None
        case Awaited.RETURN_VISIT:
            visits = policy.return_visits.after(since, map(date.fromisoformat, made))
            due_on = next((due for due, made_on in visits if made_on is None), None)
            if due_on is None:
                return None
    return {**row, "since": since, "due_on": due_on, "overdue": due_on is not None and due_on < today}


@router.get(
    "/waiting",
    operation_id="reporting-waiting",
    summary="待办：异议、验收、复查复核、听证、查询、回访、反弹、积案认定 / what waits for an answer",
    response_model=Waiting,
)
async def read_waiting(request: Request, actor: Caller, asked: Annotated[WaitingAsked, Query()]) -> Response:
    """最先到期的在前。What is due soonest first; for the sender, the level above, the reviewer and who calls back."""
    runtime = runtime_of(request)
    units = await meant_by(request, actor, asked.unit)
    today = business_date(runtime.clock())
    parts = (model_of(request), runtime.parts["standard"], actor, today, asked, units)
    return await answered(request, waiting, *parts)
