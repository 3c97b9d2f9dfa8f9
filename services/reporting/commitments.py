"""承诺兑现: what was to be done in the cases that somebody may read: by whom, by when, and whether it was."""

from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.api import answered, meant_by, model_of
from services.reporting.filters import Several, Word
from services.reporting.queries import BadCursor, Units, decoded, encoded, known
from services.reporting.within import Within, WithinCase, wanted
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.readmodel import ReadModel
from shared.terms import Kept, Promised
from shared.workdays import business_date

router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))
PRESSING = (Kept.OVERDUE, Kept.OPEN, Kept.BROKEN, Kept.FULFILLED)
"""In which order commitments are listed: what can still be done first."""


class CommitmentsAsked(Within):
    """Which of them are asked for."""

    state: Several[Kept] = Field((), description="兑现情况，可多选 / how it stands, several allowed")
    source: Several[Promised] = Field((), description="事项来源，可多选 / where it comes from")
    who: Several[Word] = Field((), description="责任人，如所记 / whoever is to do it, as written")


class CommitmentRow(WithinCase):
    """承诺事项: one thing that was to be done by a day."""

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
    """承诺事项, what is overdue first, then what is open; each by the day when it is due."""

    commitments: list[CommitmentRow]
    total: int = Field(description="件数，含未列出的")
    next: str | None = Field(description="下一页的游标")


def commitments(
    model: ReadModel, actor: Actor, today: date, asked: CommitmentsAsked, units: Units = ()
) -> dict[str, Any]:
    """Every commitment that binds, of the cases that this actor may read; what a later plan replaced binds no more."""
    with model.reading() as (connection, tables):
        its, about = known(tables, "commitments", asked.as_of), known(tables, "cases", asked.as_of)
        rows, cases = its.c, about.c
        state = sa.case(
            (rows.fulfilled_on > sa.func.coalesce(rows.broken_on, date.min), Kept.FULFILLED.value),
            (rows.broken_on.is_not(None), Kept.BROKEN.value),
            (rows.due_on < today, Kept.OVERDUE.value),
            else_=Kept.OPEN.value,
        ).label("state")
        meant = wanted(tables, about, actor, asked, units) & rows.binding.is_(True)
        if asked.state:
            meant &= state.in_(asked.state)
        if asked.source:
            meant &= rows.source.in_(asked.source)
        if asked.who:
            meant &= rows.who.in_(asked.who)
        if asked.due_to is not None:
            meant &= rows.due_on <= asked.due_to
        names = ("case_id", "commitment_id", "source", "what", "who", "made_on", "due_on", "fulfilled_on", "broken_on")
        shown = (*(rows[name] for name in names), cases.original_number, cases.unit, cases.leader, state)
        found = sa.select(*shown).select_from(its).join(about, cases.key == rows.case_id).where(meant)
        total = connection.execute(sa.select(sa.func.count()).select_from(found.subquery())).scalar_one()
        pressing = sa.case({kept.value: at for at, kept in enumerate(PRESSING)}, value=state.element)
        order = (pressing, rows.due_on, rows.case_id, rows.commitment_id)
        if asked.cursor:
            found = found.where(sa.tuple_(*order) > sa.tuple_(*_after(asked.cursor)))
        ordered = found.order_by(*order).limit(asked.limit + 1)
        listed = [dict(row) for row in connection.execute(ordered).mappings()]
    for row in listed:
        row["overdue_days"] = (today - row["due_on"]).days if row["state"] == Kept.OVERDUE else 0
    last = listed[asked.limit - 1] if len(listed) > asked.limit else None
    following = last and encoded(last["state"], f"{last['due_on']}", last["case_id"], last["commitment_id"])
    return {"commitments": listed[: asked.limit], "total": total, "next": following}


def _after(cursor: str) -> tuple[Any, ...]:
    """The place after which a page begins. Raises BadCursor."""
    state, due_on, case_id, commitment_id = decoded(cursor, 4)
    try:
        return [kept.value for kept in PRESSING].index(state), date.fromisoformat(due_on), case_id, commitment_id
    except ValueError as error:
        raise BadCursor from error


@router.get(
    "/commitments",
    operation_id="reporting-commitments",
    summary="承诺事项：措施、会商决定、承诺、协议条款 / what was to be done, by whom and by when",
    response_model=Commitments,
    responses=documented(400),
)
async def read_commitments(request: Request, actor: Caller, asked: Annotated[CommitmentsAsked, Query()]) -> Response:
    """逾期的在前，再是未到期的、落空的、已兑现的，各按期限。What is overdue first, then what is open; for leaders
    and units, and for whoever holds them to it. `next` is the cursor of the next page.
    """
    units = await meant_by(request, actor, asked.unit, None, asked.as_of)
    today = business_date(asked.as_of or runtime_of(request).clock())
    return await answered(request, commitments, model_of(request), actor, today, asked, units)
