"""What outsiders may ask of reporting: read only, every query within the asker's scope."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from services.reporting import queries
from services.reporting.rebuilding import Rebuilder
from shared.decider import NoSuchCase
from shared.http import Caller, CaseId, Problem, runtime_of
from shared.http.problems import documented
from shared.readmodel import ReadModel
from shared.store import Forbidden
from shared.terms import CaseState, Role

AsOf = Annotated[AwareDatetime | None, Query(description="as known at this moment, RFC 3339 with a zone")]
Limit = Annotated[int, Query(ge=1, le=1000)]
Short = Annotated[str | None, Query(max_length=200)]

router = APIRouter(prefix="/reporting", tags=["reporting"], responses=documented(401, 422, 503))


def model_of(request: Request) -> ReadModel:
    """The read model behind this app."""
    model: ReadModel = runtime_of(request).parts["model"]
    return model


@router.get("/cases", operation_id="reporting-cases", summary="案件列表 / cases", responses=documented(400))
async def cases(
    request: Request,
    actor: Caller,
    state: CaseState | None = None,
    unit: Short = None,
    leader: Short = None,
    number: Short = None,
    stalled: bool | None = None,
    as_of: AsOf = None,
    limit: Limit = 100,
    cursor: Short = None,
) -> dict[str, Any]:
    """Longest stalled first. `next` is the cursor of the next page."""
    asked = queries.Filter(state and state.value, unit, leader, number, stalled, as_of)
    try:
        return await asyncio.to_thread(queries.cases, model_of(request), actor, asked, limit, cursor)
    except queries.BadCursor as error:
        raise Problem(
            400, "cursor", "分页游标无效，请从第一页重新读取。", "Not a cursor of ours; start over."
        ) from error


@router.get("/cases/{case_id}", operation_id="reporting-case", summary="一个案件 / one case", responses=documented(404))
async def case(request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None) -> dict[str, Any]:
    """The case's row, its findings and its notices."""
    model = model_of(request)
    found = await asyncio.to_thread(queries.case, model, actor, case_id, as_of)
    if found is None:
        raise NoSuchCase
    findings = await asyncio.to_thread(queries.findings, model, case_id)
    notices = await asyncio.to_thread(queries.notices, model, actor, None, 100, case_id)
    return {**found[0], "findings": findings, "notices": notices}


@router.get("/notices", operation_id="reporting-notices", summary="督办通知 / notices")
async def notices(request: Request, actor: Caller, live: bool | None = True, limit: Limit = 100) -> dict[str, Any]:
    """Highest rung first."""
    return {"notices": await asyncio.to_thread(queries.notices, model_of(request), actor, live, limit)}


@router.get("/counts", operation_id="reporting-counts", summary="件数 / counts")
async def counts(
    request: Request,
    actor: Caller,
    by: Literal["state", "unit", "leader", "region", "channel"] = "state",
    as_of: AsOf = None,
) -> dict[str, Any]:
    """Cases and stalled cases by one column."""
    return {"by": by, "counts": await asyncio.to_thread(queries.counts, model_of(request), actor, by, as_of)}


@router.get("/resolution-rate", operation_id="reporting-resolution-rate", summary="化解率 / resolution rate")
async def resolution_rate(request: Request, actor: Caller, as_of: AsOf = None) -> dict[str, Any]:
    """Numerator and denominator, always both."""
    return await asyncio.to_thread(queries.resolution_rate, model_of(request), actor, as_of)


@router.post(
    "/rebuild", operation_id="reporting-rebuild", summary="重建读模型 / rebuild", responses=documented(403, 409)
)
async def rebuild(request: Request, actor: Caller) -> dict[str, Any]:
    """Build new tables beside the live ones from the first fact on, then switch. Readers notice nothing."""
    if actor.role is not Role.SYSTEM:
        raise Forbidden("只有系统管理可以重建。", "Only the system's operator may rebuild.")
    rebuilder: Rebuilder = runtime_of(request).parts["rebuilder"]
    return await rebuilder.rebuild()
