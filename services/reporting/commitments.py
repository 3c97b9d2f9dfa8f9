"""承诺兑现: what was to be done in the cases that somebody may read: by whom, by when, and whether it was."""

from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.reporting.answers import Shape
from services.reporting.api import Limit, answered, meant_by, model_of
from services.reporting.filters import Several, Word
from services.reporting.queries import Units, may_read, of_any
from shared.decider import Day
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.readmodel import ReadModel
from shared.terms import CaseState, Kept, Promised
from shared.workdays import business_date

router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))


class CommitmentsAsked(BaseModel):
    """Which of them are asked for. What is not given leaves its column open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: Several[Kept] = Field((), description="兑现情况，可多选 / how it stands, several allowed")
    source: Several[Promised] = Field((), description="事项来源，可多选 / where it comes from")
    unit: Several[Word] = Field((), description="现责任单位，现名、曾用名均可，可多选 / the unit, by any of its names")
    leader: Several[Word] = Field(
        (), description="包案领导，id 或所列姓名，可多选 / the leader's id, or name as listed"
    )
    who: Several[Word] = Field((), description="责任人，如所记 / whoever is to do it, as written")
    due_to: Day | None = Field(None, description="到期日不晚于 / due on this day or earlier")
    limit: Limit = 100


class CommitmentRow(Shape):
    """承诺事项: one thing that was to be done by a day."""

    case_id: str
    original_number: str | None = Field(description="原编号")
    unit: str = Field(description="现责任单位")
    leader: str | None = Field(description="包案领导")
    commitment_id: str = Field(description="事项编号")
    source: Promised
    what: str = Field(description="要办的事")
    who: str = Field(description="责任人")
    made_on: date = Field(description="作出之日")
    due_on: date = Field(description="期限")
    state: Kept
    fulfilled_on: date | None = Field(description="兑现之日")
    broken_on: date | None = Field(description="查明落空之日")
    overdue_days: int = Field(description="逾期天数；已兑现或落空的为 0")


class Commitments(Shape):
    """承诺事项, what is due soonest first."""

    commitments: list[CommitmentRow]
    total: int = Field(description="件数，含未列出的")


def commitments(
    model: ReadModel, actor: Actor, today: date, asked: CommitmentsAsked, units: Units = ()
) -> dict[str, Any]:
    """Every commitment that binds, of the cases that this actor may read; what a later plan replaced binds no more."""
    with model.reading() as (connection, tables):
        rows, cases = tables.sheets["commitments"].c, tables.sheets["cases"].c
        state = sa.case(
            (rows.fulfilled_on.is_not(None), Kept.FULFILLED.value),
            (rows.broken_on.is_not(None), Kept.BROKEN.value),
            (rows.due_on < today, Kept.OVERDUE.value),
            else_=Kept.OPEN.value,
        ).label("state")
        wanted = may_read(tables, actor) & (cases.state != CaseState.MERGED.value) & rows.binding.is_(True)
        if asked.state:
            wanted &= state.in_(asked.state)
        if asked.source:
            wanted &= rows.source.in_(asked.source)
        if asked.unit:
            wanted &= of_any(asked.unit, units, cases.unit, cases.unit_on)
        if asked.leader:
            wanted &= cases.leader_id.in_(asked.leader) | cases.leader.in_(asked.leader)
        if asked.who:
            wanted &= rows.who.in_(asked.who)
        if asked.due_to is not None:
            wanted &= rows.due_on <= asked.due_to
        names = ("case_id", "commitment_id", "source", "what", "who", "made_on", "due_on", "fulfilled_on", "broken_on")
        shown = (*(rows[name] for name in names), cases.original_number, cases.unit, cases.leader, state)
        found = sa.select(*shown).join(tables.sheets["cases"], cases.key == rows.case_id).where(wanted)
        total = connection.execute(sa.select(sa.func.count()).select_from(found.subquery())).scalar_one()
        ordered = found.order_by(rows.due_on, rows.case_id, rows.commitment_id).limit(asked.limit)
        listed = [dict(row) for row in connection.execute(ordered).mappings()]
    for row in listed:
        row["overdue_days"] = (today - row["due_on"]).days if row["state"] == Kept.OVERDUE else 0
    return {"commitments": listed, "total": total}


@router.get(
    "/commitments",
    operation_id="reporting-commitments",
    summary="承诺事项：措施、会商决定、承诺、协议条款 / what was to be done, by whom and by when",
    response_model=Commitments,
)
async def read_commitments(request: Request, actor: Caller, asked: Annotated[CommitmentsAsked, Query()]) -> Response:
    """最先到期的在前。What is due soonest first; for leaders and units, and for whoever holds them to it."""
    units = await meant_by(request, actor, asked.unit)
    today = business_date(runtime_of(request).clock())
    return await answered(request, commitments, model_of(request), actor, today, asked, units)
