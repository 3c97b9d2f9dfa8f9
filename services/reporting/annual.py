"""What outsiders may ask of a year: the annual report of a region, and the facts that a figure of it counts."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.reporting.answers import Shape
from services.reporting.api import Cursor, Limit, answered, model_of
from services.reporting.deeds import AnnualItem
from services.reporting.filters import Word
from services.reporting.yearbook import RegionYear, annual_report, facts_page
from shared.decider import WHOLE, Moment
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.terms import Grade, ReportedTo

router = APIRouter(prefix="/reporting/annual-report", tags=["reporting"], responses=documented(401, 422, 503))


class YearAsked(BaseModel):
    """A year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Annotated[int, Field(ge=2000, le=2199, description="年度 / the year"), WHOLE]
    region: str | None = Field(
        None, pattern=r"^[1-9][0-9]{5}$", description="行政区划代码，默认本级 / a region, the asker's by default"
    )
    as_of: Moment | None = Field(None, description="截至何时所知，默认现在 / as known at this moment, now by default")


class FactsAsked(YearAsked):
    """The facts that a figure counts, as its `listed` asks for them."""

    item: AnnualItem
    kind: Word | None = None
    outcome: Word | None = None
    unit: Word | None = None
    limit: Limit = 100
    cursor: Cursor = None


class AnnualFigure(Shape):
    """数字: how many, of how many, and where those that it counts are listed."""

    item: str
    kind: str | None
    outcome: str | None
    unit: str | None = Field(description="单位，按名称排列，不排名 / in the order of names, never ranked")
    label: str
    number: int = Field(description="分子")
    of: int | None = Field(description="分母；空为不是比例 / empty: no share")
    rate: float | None
    listed: str = Field(description="所计的每一件 / the address at which each of them is listed")


class Section(Shape):
    """条例第四十一条所列的一项."""

    number: int
    title: str
    figures: list[AnnualFigure]


class Submission(Shape):
    """报送: to whom the year was reported, and as known when its figures were taken."""

    to: ReportedTo
    document: str
    as_of: datetime = Field(description="以此为 as_of 再次查询，数字不变 / asked as of it, the figures are the same")
    other: str
    submitted_on: date
    by: str
    fact_id: str


class Assessment(Shape):
    """年度考核: what the year came to for a unit, as last said."""

    unit: str
    grade: Grade
    points: int = Field(description="考核时的年度得分")
    as_of: datetime
    reasons: str
    leaders: list[str] = Field(description="作为其个人考核参考的领导干部")
    revised_because: str
    assessed_on: date
    circulated_on: date | None = Field(description="通报日")
    by: str
    fact_id: str


class AnnualReport(Shape):
    """年度报告 (信访工作条例第四十一条)."""

    region: str
    year: int
    as_of: datetime
    sections: list[Section]
    submissions: list[Submission]
    assessments: list[Assessment]


class AnnualFact(Shape):
    """一件: a fact that a figure counts."""

    case_id: str
    on: date
    item: AnnualItem
    kind: str
    unit: str
    outcome: str
    fact_id: str


class AnnualFacts(Shape):
    """A page of the facts that a figure counts."""

    facts: list[AnnualFact]
    next: str | None = Field(description="下一页的 cursor；空为末页")


def region_year(request: Request, actor: Actor, asked: YearAsked) -> RegionYear:
    """The year that is asked about: of the asker's own region, and as known now, unless it says otherwise."""
    region = asked.region or actor.region[:6]
    return RegionYear(region, asked.year, asked.as_of or runtime_of(request).clock())


@router.get(
    "", operation_id="reporting-annual-report", summary="年度报告 / the annual report", response_model=AnnualReport
)
async def read_report(request: Request, actor: Caller, asked: Annotated[YearAsked, Query()]) -> Response:
    """条例第四十一条所列各项，每个数字都能追到所计的事实。What Art 41 lists; every number leads to the facts it counts."""
    return await answered(request, annual_report, model_of(request), actor, region_year(request, actor, asked))


@router.get(
    "/facts",
    operation_id="reporting-annual-facts",
    summary="年度报告某一数字所计的事实 / the facts that a figure counts",
    response_model=AnnualFacts,
    responses=documented(400),
)
async def read_facts(request: Request, actor: Caller, asked: Annotated[FactsAsked, Query()]) -> Response:
    """按日期排列。In the order of their days. `next` is the cursor of the next page."""
    parts: dict[str, Any] = asked.model_dump(
        include={"item", "kind", "outcome", "unit"}, exclude_none=True, mode="json"
    )
    whole = (model_of(request), actor, region_year(request, actor, asked), parts, asked.limit, asked.cursor)
    return await answered(request, facts_page, *whole)
