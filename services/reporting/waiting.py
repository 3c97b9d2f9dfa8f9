"""待办: what waits for an answer in the cases that somebody may read, for whose desk it is, and until when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.api import answered, meant_by, model_of
from services.reporting.awaited import day_of
from services.reporting.filters import Several
from services.reporting.queries import Units, decoded, encoded, known, may_read_books, of_any
from services.reporting.within import Within, WithinCase, wanted
from shared.deadlines import compute
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import UNIT_BOUND, Actor
from shared.readmodel import ReadModel, Row, Tables
from shared.standard import Standard
from shared.terms import Awaited, BacklogCriterion
from shared.workdays import business_date

PARTS = 5
"""Of what a place in the list consists."""

router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))


class WaitingAsked(Within):
    """Which of it is asked for."""

    item: Several[Awaited] = Field((), description="待办事项，可多选 / what waits")


class WaitingRow(WithinCase):
    """待办: one thing that waits."""

    item: Awaited
    ref: str = Field(
        description="提出异议的单位，查询、问题、通知、提请、倒查、建议编号，所符合的积案标准，或专项名称；其余为空"
    )
    since: date = Field(description="提出之日；待回访为办结之日，待认定积案为符合标准之日")
    due_on: date | None = Field(description="到期日；没有法定或口径期限的为空。复核未扣除听证时间")
    overdue: bool = Field(description="是否逾期")


class Waiting(Shape):
    """待办, what is due soonest first; what has no day after it, the oldest first."""

    waiting: list[WaitingRow]
    total: int = Field(description="件数，含未列出的")
    by_item: dict[Awaited, int] = Field(description="各事项件数，含未列出的")
    next: str | None = Field(description="下一页的游标")


def waiting(
    model: ReadModel, standard: Standard, actor: Actor, today: date, asked: WaitingAsked, units: Units = ()
) -> dict[str, Any]:
    """What was asked for and not answered since, in a case or about a unit as a whole. Of a closed case the next return visit by
    the policy of its closing waits; of an open one that meets a criterion of backlog, that somebody lists it, or leaves it out
    (seed plan D4: 应查尽查); of a closed one too with whose result somebody is dissatisfied: criterion ③ asks of the result. A
    campaign that is over waits for its acceptance.
    """
    with model.reading() as (connection, tables):
        its, about = known(tables, "waiting", asked.as_of), known(tables, "cases", asked.as_of)
        rows, cases = its.c, about.c
        shown = (cases.original_number, cases.unit, cases.leader, cases.closed_on)
        unhappy = rows.ref == BacklogCriterion.DISSATISFIED.value
        undecided = cases.backlog_at.is_(None) & (cases.closed_on.is_(None) | unhappy)
        columns = (rows.case_id, rows.item, rows.ref, rows.asked_at, rows.due_on, rows.returns)
        open_ones = sa.or_(rows.answered_at.is_(None), rows.answered_at < rows.asked_at) & rows.asked_at.is_not(None)
        if asked.item:
            open_ones &= rows.item.in_(asked.item)
        query = (
            sa.select(*columns, *shown)
            .select_from(its)
            .join(about, cases.key == rows.case_id)
            .where(wanted(tables, about, actor, asked, units), open_ones)
            .where(sa.or_(rows.item != Awaited.BACKLOG.value, undecided))
        )
        queries = [
            query,
            *([] if asked.leader else _without_a_case(tables, its, actor, asked, units, columns, open_ones)),
        ]
        found = [
            _row({"original_number": None, "leader": None, "closed_on": None, **row}, standard, today)
            for query in queries
            for row in connection.execute(query).mappings()
        ]
        found += [] if asked.leader or asked.unit else _ended(connection, tables, actor, asked, today)
    listed = [
        row
        for row in found
        if row is not None and (asked.due_to is None or (row["due_on"] is not None and row["due_on"] <= asked.due_to))
    ]
    listed.sort(key=_place)
    once = {(row["case_id"], row["item"], row["ref"]): row for row in reversed(listed)}
    listed = list(reversed(once.values()))
    counted = Counter(row["item"] for row in listed)
    by_item = {item.value: counted[item] for item in Awaited if counted[item]}
    after = decoded(asked.cursor, PARTS) if asked.cursor else ()
    there = [row for row in listed if _place(row) > after]
    following = encoded(*_place(there[asked.limit - 1])) if len(there) > asked.limit else None
    return {"waiting": there[: asked.limit], "total": len(listed), "by_item": by_item, "next": following}


def _place(row: Row) -> tuple[str, ...]:
    """Where it stands in the list."""
    return f"{row['due_on'] or date.max}", f"{row['since']}", row["case_id"], row["item"], row["ref"]


def _without_a_case(
    tables: Tables,
    its: Any,
    actor: Actor,
    asked: WaitingAsked,
    units: Units,
    columns: Sequence[Any],
    open_ones: sa.ColumnElement[bool],
) -> Iterator[sa.Select[Any]]:
    """What waits about a unit as a whole."""
    rows, books = its.c, tables.sheets["books"].c
    query = sa.select(*columns, books.unit).select_from(its).join(tables.sheets["books"], books.key == rows.case_id)
    query = query.where(may_read_books(tables, actor), open_ones)
    yield query.where(of_any(asked.unit, units, books.unit, books.on)) if asked.unit else query


def _ended(connection: sa.Connection, tables: Tables, actor: Actor, asked: WaitingAsked, today: date) -> Iterator[Row]:
    """The campaigns of the asker's region that are over and were not accepted, for those who may accept them."""
    if actor.role in UNIT_BOUND or (asked.item and Awaited.ACCEPTANCE not in asked.item):
        return
    its = known(tables, "campaigns", asked.as_of).c
    query = sa.select(its.key, its.name, its.ends_on).where(its.region.startswith(actor.reach, autoescape=True))
    for row in connection.execute(query.where(its.accepted_on.is_(None), its.ends_on < today)).mappings():
        yield {
            "case_id": row["key"],
            "original_number": None,
            "unit": "",
            "leader": None,
            "item": Awaited.ACCEPTANCE.value,
            "ref": row["name"],
            "since": row["ends_on"],
            "due_on": None,
            "overdue": False,
        }


def _row(row: Row, standard: Standard, today: date) -> Row | None:
    """None for what needs no answer: a repeat petition in a case that was open, a return visit after the last."""
    since, made, closed_on = day_of(row.pop("asked_at")), row.pop("returns") or [], row.pop("closed_on")
    policy, due_on = standard.policy_on(since), row.pop("due_on")
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
    summary="待办：异议、验收、复查复核、听证、查询、回访、反弹、积案认定、申辩、整改、提请、倒查、建议 / what waits for an answer",
    response_model=Waiting,
    responses=documented(400),
)
async def read_waiting(request: Request, actor: Caller, asked: Annotated[WaitingAsked, Query()]) -> Response:
    """最先到期的在前。What is due soonest first; for the sender, the level above, the reviewer, who calls back, and who watches.
    `next` is the cursor of the next page.
    """
    runtime = runtime_of(request)
    units = await meant_by(request, actor, asked.unit, None, asked.as_of)
    today = business_date(asked.as_of or runtime.clock())
    parts = (model_of(request), runtime.parts["standard"], actor, today, asked, units)
    return await answered(request, waiting, *parts)
