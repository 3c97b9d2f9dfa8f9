"""备案公布: what may be made public of a campaign's cases, and which registers have been (the changed form of seed plan D9)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.reporting.answers import Shape
from services.reporting.api import answered, model_of
from services.reporting.campaigning import campaigns, cases_of, taking_part
from services.reporting.queries import known, may_read
from shared.decider import NoSuchCase
from shared.directory import Directory
from shared.http import AsOf, Caller, CampaignId, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.readmodel import ReadModel, Row
from shared.terms import CaseState
from shared.workdays import business_date

router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))


class RegisterLine(Shape):
    """公布事项: all that is made public of a case."""

    number: str = Field(description="编号")
    unit: str = Field(description="责任单位")
    leader: str = Field(description="包案领导")
    state: CaseState = Field(description="办理阶段")
    due_on: date | None = Field(description="限期")


class Published(Shape):
    """备案公布: a register that was made public."""

    document: str = Field(description="文号")
    where: str
    published_on: date
    cases: int = Field(description="件数")


class Register(Shape):
    """备案公布: the lines that may be made public now, as publish-register takes them, and what has been."""

    campaign: str
    lines: list[RegisterLine]
    without_leader: list[str] = Field(description="尚无包案领导、不能公布的案件 / cases that nobody owns yet")
    published: list[Published]


def written(
    model: ReadModel, directory: Directory, actor: Actor, campaign_id: str, day: date, as_of: datetime | None
) -> Row | None:
    """备案公布: of each case of a campaign its number, whose it is, how far and by when; and which registers were published.

    Nothing of the person, the demand or how it was petitioned for (the changed form of seed plan D9).
    """
    row = next((row for row in campaigns(model, actor, as_of) if row["campaign"] == campaign_id), None)
    if row is None:
        return None
    with model.reading() as (connection, tables):
        cases, registers = known(tables, "cases", as_of), known(tables, "registers", as_of).c
        theirs = sa.select(tables.sheets["cases"].c.key).where(may_read(tables, actor))
        number = sa.func.coalesce(cases.c.original_number, cases.c.key).label("number")
        lines = sa.select(number, cases.c.unit, cases.c.leader, cases.c.state, cases.c.due_on)
        lines = lines.where(cases_of(cases, row, taking_part(directory, row, day)), cases.c.key.in_(theirs))
        lines = lines.order_by(number, cases.c.key)
        told = sa.select(registers.document, registers.where, registers.published_on, registers.cases)
        told = told.where(registers.campaign == campaign_id).order_by(registers.published_on, registers.document)
        found = [dict(line) for line in connection.execute(lines).mappings()]
        published = [dict(one) for one in connection.execute(told).mappings()]
    return {
        "campaign": campaign_id,
        "lines": [line for line in found if line["leader"]],
        "without_leader": [line["number"] for line in found if not line["leader"]],
        "published": published,
    }


@router.get(
    "/campaigns/{campaign_id}/register",
    operation_id="reporting-register",
    summary="备案公布的内容 / what is made public of a campaign's cases",
    response_model=Register,
    responses=documented(404),
)
async def register(request: Request, campaign_id: CampaignId, actor: Caller, as_of: AsOf = None) -> Response:
    """只列编号、责任单位、包案领导、阶段和限期。Number, unit, leader, stage and date; nothing of the person or the demand."""

    runtime = runtime_of(request)
    day = business_date(as_of or runtime.clock())

    def whole() -> dict[str, Any]:
        found = written(model_of(request), runtime.roster(), actor, campaign_id, day, as_of)
        if found is None:
            raise NoSuchCase("campaign")
        return found

    return await answered(request, whole)
