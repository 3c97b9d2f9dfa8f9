"""控制台: the pages that people open. Server-rendered, usable by keyboard and on a slow line; nothing comes from elsewhere.

Signing in puts the bearer token into a cookie; the lists are in `lists`, one unit is in `unitpage`.
"""

import asyncio
import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.reporting import columns, counting, lists, queries, unitpage
from services.reporting.api import called_now, model_of
from services.reporting.filters import Filter, UnitFilter
from services.reporting.pages import HOME, SESSION, PageRoute, Reader, missing, page, words
from services.reporting.waiting import WaitingAsked, waiting
from shared.http import CaseId, runtime_of
from shared.identity import Unauthenticated
from shared.workdays import BUSINESS_ZONE, business_date

SHOWN = 50
"""How many of each list the overview shows."""
OURS = re.compile(HOME + r"(?:[/?][!-~]{0,2000})?")
"""An address of the console, as it is asked for."""

router = APIRouter(prefix=HOME, include_in_schema=False, route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/enter")
async def enter(request: Request) -> Response:
    """The sign-in page. A token behind `#` never travels in the address: the page itself hands it in."""
    return page(request, "enter.html", refused=None)


@router.post("/enter")
async def sign_in(
    request: Request, token: Annotated[str, Form(max_length=8192)], to: Annotated[str, Form()] = HOME
) -> Response:
    """Take the token, when it is good, into the session; then go on to the page that was asked for, which is one of ours."""
    try:
        await runtime_of(request).identify(token.strip())
    except Unauthenticated as error:
        return page(request, "enter.html", 401, refused=words(request)(error.zh, error.en), to=to)
    answer = RedirectResponse(to if OURS.fullmatch(to) else HOME, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(SESSION, token.strip(), path=HOME, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/leave")
async def leave() -> Response:
    """Sign out."""
    answer = RedirectResponse(f"{HOME}/enter", 303)
    answer.delete_cookie(SESSION, path=HOME)
    return answer


@router.get("")
async def overview(request: Request, actor: Reader) -> Response:
    """Monday morning: how many cases, which are stalled and why, which notices are out, what waits for somebody's word."""
    model, runtime = model_of(request), runtime_of(request)
    parts = (model, runtime.parts["standard"], actor, business_date(runtime.clock()), WaitingAsked(limit=SHOWN))
    counts, by_unit, rate, stalled, notices, found = await asyncio.gather(
        asyncio.to_thread(counting.counts, model, actor, "state", None),
        asyncio.to_thread(lambda: counting.by_unit(model, actor, called_now(request))),
        asyncio.to_thread(counting.resolution_rate, model, actor, None),
        asyncio.to_thread(queries.cases, model, actor, Filter(stalled=True), SHOWN, None),
        asyncio.to_thread(queries.notices, model, actor, True, SHOWN),
        asyncio.to_thread(queries.unit_findings, model, actor, UnitFilter(open=True)),
    )
    return page(
        request,
        "overview.html",
        actor=actor,
        counts=counts,
        by_unit=by_unit,
        rate=rate,
        stalled=stalled["cases"],
        notices=notices,
        live=await asyncio.to_thread(queries.live_notices, model, actor),
        found=found,
        waits=await asyncio.to_thread(waiting, *parts),
        now=f"{runtime.clock().astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}",
        idle=sum(row["stalled"] for row in counts),
        columns=columns,
    )


for its in lists.LISTS:
    router.add_api_route(f"/{its.name}", lists.listing(its), methods=["GET"])
router.add_api_route("/unit", unitpage.one_unit, methods=["GET"])


@router.get("/cases/{case_id}")
async def one_case(request: Request, case_id: CaseId, actor: Reader) -> Response:
    """One case: where it stands, what was found and exactly why, who was told."""
    model = model_of(request)

    def whole() -> dict[str, Any] | None:
        if (found := queries.case(model, actor, case_id, None)) is None:
            return None
        findings = sorted(queries.findings(model, case_id), key=lambda finding: not finding["open"])
        notices = queries.notices(model, actor, None, SHOWN, case_id)
        return {"case": found[0], "findings": findings, "notices": notices}

    shown = await asyncio.to_thread(whole)
    if shown is None:
        return await missing(request, "没有这个案件，或不在您的范围内", "No such case, or it lies outside your scope")
    return page(request, "case.html", actor=actor, **shown)


@router.get("/{elsewhere:path}")
async def nowhere(request: Request) -> Response:
    """An address that the console does not have."""
    return await missing(request)
