"""What outsiders may ask of a region's year: say to whom it was reported and how units were assessed, and read what was said."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from services.supervision.domain.years import RULES, Region, YearCommand, year_history
from shared.decider import Scope
from shared.http import Caller, runtime_of
from shared.http.commands import WITH_ETAG, add_named_routes
from shared.http.documents import Facts, facts_response
from shared.http.problems import documented
from shared.identity import UNIT_BOUND
from shared.store import Forbidden

router = APIRouter(prefix="/supervision/years", tags=["supervision"])

Place = Annotated[Region, Path(description="行政区划代码，六位 / GB/T 2260")]
OfYear = Annotated[int, Path(ge=2000, le=2199, description="年度 / the year")]


@router.get(
    "/{region}/{year}/facts",
    operation_id="supervision-year-facts",
    summary="年度报告与考核的每一条 / every fact of a region's year",
    response_model=Facts,
    responses={**WITH_ETAG, **documented(401, 403, 422, 503)},
)
async def read_year(request: Request, region: Place, year: OfYear, actor: Caller) -> Response:
    """It names units and officials of the whole region: whoever is bound to one unit does not see it."""
    if not actor.covers(Scope(region)) or actor.role in UNIT_BOUND:
        raise Forbidden(
            "年度报告和考核涉及本地区各单位，不在您的单位或地区范围内。",
            "A year's report and assessments are about all units of the region: they lie outside your unit or region.",
        )
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, year_history(region, year))
    return facts_response(history, len(history))


def _history(command: YearCommand) -> str:
    return year_history(command.region, command.year)


add_named_routes(router, "supervision", RULES, _history)
