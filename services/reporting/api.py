"""What outsiders may ask of reporting: read only, every query within the asker's scope."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from services.reporting import campaigning, counting, monthly, queries, scoring
from services.reporting.answers import Cases, Notices, OneCase, UnitFindings
from services.reporting.campaigning import Campaigns, OneCampaign
from services.reporting.counting import Counts, Rate
from services.reporting.filters import Filter, NoticeFilter, UnitFilter, meant
from services.reporting.monthly import Monthly
from services.reporting.queries import Units
from services.reporting.rebuilding import Rebuilder, Rebuilt
from services.reporting.scoring import Scores
from shared.decider import NoSuchCase
from shared.http import AsOf, Caller, CampaignId, CaseId, Problem, check_operates, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.readmodel import ReadModel
from shared.standard import Standard
from shared.workdays import business_date

Limit = Annotated[int, Field(ge=1, le=1000, description="每页件数 / how many on a page")]
Cursor = Annotated[str | None, Field(max_length=400, description="上一页的 next / `next` of the page before")]


class CasesAsked(Filter):
    """A page of cases."""

    limit: Limit = 100
    cursor: Cursor = None


class CountsAsked(Filter):
    """Counts of cases."""

    by: Literal["state", "unit", "leader", "region", "channel", "outcome", "categories"] = "state"


class NoticesAsked(NoticeFilter):
    """A page of notices."""

    limit: Limit = 100
    cursor: Cursor = None


class MonthAsked(BaseModel):
    """A month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: str | None = Field(
        None, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="月份，默认本月 / the month, this one by default"
    )


router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))


def model_of(request: Request) -> ReadModel:
    """The read model behind this app."""
    model: ReadModel = runtime_of(request).parts["model"]
    return model


async def meant_by(
    request: Request,
    actor: Actor,
    names: Sequence[str],
    region: str | None = None,
    as_of: datetime | None = None,
) -> Units:
    """Who is meant by the units that are asked for, in the county asked about or where the asker is: as they were known at a
    moment, or are today.
    """
    runtime = runtime_of(request)
    where = region if region and len(region) >= 6 else actor.region
    today = business_date(runtime.clock())
    return await runtime.in_thread(lambda: meant(names, runtime.roster(), where, today, as_of)) if names else ()


def called_now(request: Request, as_of: datetime | None = None) -> counting.CalledNow:
    """How units are called now, or were at a moment, as they were known then. Asked beside the event loop."""
    runtime = runtime_of(request)
    directory, day = runtime.roster(), business_date(as_of or runtime.clock())
    return lambda unit, region: directory.called_on(unit, region, day, as_of)


async def answered(request: Request, work: Callable[..., Any], *args: Any) -> Response:
    """What a query answers, asked beside the event loop. Raises Problem for a cursor that is none of ours."""
    in_thread = runtime_of(request).in_thread
    try:
        said = await in_thread(work, *args)
    except queries.BadCursor as error:
        zh, en = "分页游标无效，请从第一页重新读取。", "Not a cursor of ours: start again from the first page."
        raise Problem(400, "cursor", zh, en) from error
    return Response(to_json(said), media_type="application/json")


@router.get(
    "/cases",
    operation_id="reporting-cases",
    summary="案件列表 / cases",
    response_model=Cases,
    responses=documented(400),
)
async def cases(request: Request, actor: Caller, asked: Annotated[CasesAsked, Query()]) -> Response:
    """空转最久的在前。Longest stalled first, then longest on the books. `next` is the cursor of the next page."""
    units = await meant_by(request, actor, asked.unit, asked.region, asked.as_of)
    return await answered(request, queries.cases, model_of(request), actor, asked, asked.limit, asked.cursor, units)


@router.get(
    "/cases/{case_id}",
    operation_id="reporting-case",
    summary="一个案件 / one case",
    response_model=OneCase,
    responses=documented(404),
)
async def case(request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None) -> Response:
    """The case's row, its findings and its notices, all as known at the moment asked."""
    model = model_of(request)

    def whole() -> dict[str, Any]:
        found = queries.case(model, actor, case_id, as_of)
        if found is None:
            raise NoSuchCase
        notices = queries.notices_page(model, actor, NoticeFilter(case_id=case_id, as_of=as_of), 1000, None)["notices"]
        return {**found[0], "findings": queries.findings(model, case_id, as_of), "notices": notices}

    return await answered(request, whole)


@router.get(
    "/notices",
    operation_id="reporting-notices",
    summary="督办通知 / notices",
    response_model=Notices,
    responses=documented(400),
)
async def notices(request: Request, actor: Caller, asked: Annotated[NoticesAsked, Query()]) -> Response:
    """Highest rung first, then what must be answered soonest. `next` is the cursor of the next page."""
    units, model = await meant_by(request, actor, asked.unit, None, asked.as_of), model_of(request)
    return await answered(request, queries.notices_page, model, actor, asked, asked.limit, asked.cursor, units)


@router.get(
    "/unit-findings",
    operation_id="reporting-unit-findings",
    summary="单位问题：跨案件的迹象 / what was found of units across their cases",
    response_model=UnitFindings,
)
async def unit_findings(request: Request, actor: Caller, asked: Annotated[UnitFilter, Query()]) -> Response:
    """仍存在的在前，新的在前。What still holds first, then the newest."""
    units = await meant_by(request, actor, asked.unit, None, asked.as_of)

    def listed() -> dict[str, Any]:
        return {"findings": queries.unit_findings(model_of(request), actor, asked, units)}

    return await answered(request, listed)


@router.get("/counts", operation_id="reporting-counts", summary="件数 / counts", response_model=Counts)
async def counts(request: Request, actor: Caller, asked: Annotated[CountsAsked, Query()]) -> Response:
    """Cases, and stalled ones among them, by one column; a unit that was renamed is one, under its name now. The filters are
    those of the list.
    """
    units = await meant_by(request, actor, asked.unit, asked.region, asked.as_of)

    def counted() -> dict[str, Any]:
        model = model_of(request)
        if asked.by == "unit":
            called = called_now(request, asked.as_of)
            return {"by": asked.by, "counts": counting.by_unit(model, actor, called, asked, units)}
        return {"by": asked.by, "counts": counting.counts(model, actor, asked.by, asked, units)}

    return await answered(request, counted)


@router.get(
    "/monthly-reports",
    operation_id="reporting-monthly-reports",
    summary="月报：应报、已报、迟报、未报 / monthly progress reports by unit",
    response_model=Monthly,
)
async def monthly_reports(request: Request, actor: Caller, asked: Annotated[MonthAsked, Query()]) -> Response:
    """每件在办案件每月一报，应报日由口径写明。Of each open case in a unit's hands one report a month, by the policy's day."""
    runtime = runtime_of(request)
    standard: Standard = runtime.parts["standard"]
    today = business_date(runtime.clock())
    month = date.fromisoformat(f"{asked.month}-01") if asked.month else today.replace(day=1)
    policy = standard.policy_on(month)

    def reported() -> dict[str, Any]:
        return monthly.monthly_reports(model_of(request), runtime.roster(), actor, month, today, policy)

    return await answered(request, reported)


@router.get(
    "/resolution-rate",
    operation_id="reporting-resolution-rate",
    summary="化解率 / resolution rate",
    response_model=Rate,
)
async def resolution_rate(request: Request, actor: Caller, asked: Annotated[Filter, Query()]) -> Response:
    """分子分母同列。Numerator and denominator, always both. The filters are those of the list."""
    units = await meant_by(request, actor, asked.unit, asked.region, asked.as_of)
    return await answered(request, counting.resolution_rate, model_of(request), actor, asked, units)


@router.get("/scores", operation_id="reporting-scores", summary="季度考核 / units' quarters", response_model=Scores)
async def scores(
    request: Request,
    actor: Caller,
    quarter: Annotated[
        str,
        Query(pattern=r"^20[0-9]{2}(Q[1-4])?$", description="季度，如 2026Q3；或年度，如 2026 / a quarter or a year"),
    ],
    as_of: AsOf = None,
) -> Response:
    """每一分都能追到一条事实；撤销的不计。Points per unit, each with the fact that it is traced to."""
    runtime = runtime_of(request)
    standard, day = runtime.parts["standard"], business_date(as_of or runtime.clock())

    def scored() -> dict[str, Any]:
        return scoring.scores(model_of(request), standard, runtime.roster(), actor, quarter, day, as_of)

    return await answered(request, scored)


@router.get("/campaigns", operation_id="reporting-campaigns", summary="专项 / campaigns", response_model=Campaigns)
async def campaigns(request: Request, actor: Caller, as_of: AsOf = None) -> Response:
    """最新的在前。The newest first."""

    def listed() -> dict[str, Any]:
        return {"campaigns": campaigning.campaigns(model_of(request), actor, as_of)}

    return await answered(request, listed)


@router.get(
    "/campaigns/{campaign_id}",
    operation_id="reporting-campaign",
    summary="一个专项 / one campaign",
    response_model=OneCampaign,
    responses=documented(404),
)
async def campaign(request: Request, campaign_id: CampaignId, actor: Caller, as_of: AsOf = None) -> Response:
    """目标与实绩，旁列反弹、重复信访和仍存在的问题。Targets beside relapses, repeats and findings."""

    runtime = runtime_of(request)
    day = business_date(as_of or runtime.clock())

    def whole() -> dict[str, Any]:
        units = runtime.roster().known_at(as_of)
        found = campaigning.campaign(model_of(request), units, actor, campaign_id, day, as_of)
        if found is None:
            raise NoSuchCase("campaign")
        return found

    return await answered(request, whole)


@router.post(
    "/rebuild",
    operation_id="reporting-rebuild",
    summary="重建读模型 / rebuild",
    response_model=Rebuilt,
    responses=documented(403, 409),
)
async def rebuild(request: Request, actor: Caller) -> dict[str, Any]:
    """Build new tables beside the live ones from the first fact on, then switch. Readers notice nothing."""
    check_operates(request, actor)
    rebuilder: Rebuilder = runtime_of(request).parts["rebuilder"]
    return await rebuilder.rebuild()
