"""控制台: the pages that people open. Server-rendered, usable by keyboard and on a slow line; nothing comes from elsewhere.

Signing in puts the bearer token into a cookie that scripts cannot read and other sites cannot send.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from services.reporting import counting, queries
from services.reporting.api import called_now
from services.reporting.filters import Filter, UnitFilter, meant
from services.reporting.waiting import WaitingAsked, waiting
from shared.events import REGISTRY
from shared.http import CaseId, runtime_of
from shared.identity import Actor, Unauthenticated
from shared.readmodel import ReadModel
from shared.terms import Awaited, CaseState, Channel, NoticeLevel
from shared.workdays import business_date

TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates")
HOME = "/reporting/console"
SESSION = "huajie-session"
LANGUAGE = "huajie-language"
PAGE = 50
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

router = APIRouter(prefix="/reporting/console", include_in_schema=False)
Text = Annotated[str, Query(max_length=200)]


async def _actor(request: Request) -> Actor | None:
    try:
        return await runtime_of(request).identify(request.cookies.get(SESSION))
    except Unauthenticated:
        return None


def _model(request: Request) -> ReadModel:
    model: ReadModel = runtime_of(request).parts["model"]
    return model


def _words(request: Request) -> Callable[[str, str], str]:
    english = request.query_params.get("lang", request.cookies.get(LANGUAGE)) == "en"
    return lambda zh, en: en if english else zh


def _page(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """A page in the reader's language. `t(zh, en)` picks the words; every term and every fact has its Chinese word."""
    t = _words(request)
    labels = {term.value: t(term.label, term.value) for kind in (CaseState, Channel, NoticeLevel) for term in kind}
    labels |= {f"awaited {term}": t(term.label, term.value) for term in Awaited}
    labels |= {name: t((kind.__doc__ or name).partition(":")[0], name) for name, kind in REGISTRY.items()}
    page = TEMPLATES.TemplateResponse(
        request, name, {"t": t, "labels": labels, "home": HOME, "states": list(CaseState), **shown}, status_code=status
    )
    page.headers["Content-Security-Policy"] = POLICY
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    if language := request.query_params.get("lang"):
        page.set_cookie(LANGUAGE, "en" if language == "en" else "zh", path=HOME, samesite="strict", max_age=31_536_000)
    return page


def _sign_in_first(request: Request) -> Response:
    return _page(request, "enter.html", 401, refused=None)


@router.get("/enter")
async def enter(request: Request) -> Response:
    """The sign-in page. A token behind `#` never travels in the address: the page itself hands it in."""
    return _page(request, "enter.html", refused=None)


@router.post("/enter")
async def sign_in(request: Request, token: Annotated[str, Form(max_length=8192)]) -> Response:
    """Take the token, when it is good, into the session."""
    try:
        await runtime_of(request).identify(token.strip())
    except Unauthenticated as error:
        return _page(request, "enter.html", 401, refused=_words(request)(error.zh, error.en))
    answer = RedirectResponse(HOME, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(SESSION, token.strip(), path=HOME, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/leave")
async def leave() -> Response:
    """Sign out."""
    answer = RedirectResponse(f"{HOME}/enter", 303)
    answer.delete_cookie(SESSION, path=HOME)
    return answer


@router.get("", response_class=HTMLResponse)
async def overview(request: Request) -> Response:
    """Monday morning: how many cases, which are stalled and why, which notices are out, what waits for somebody's word."""
    actor = await _actor(request)
    if actor is None:
        return _sign_in_first(request)
    model = _model(request)
    runtime = runtime_of(request)
    parts = (model, runtime.parts["standard"], actor, business_date(runtime.clock()), WaitingAsked(limit=PAGE))
    counts, by_unit, rate, stalled, notices, found = await asyncio.gather(
        asyncio.to_thread(counting.counts, model, actor, "state", None),
        asyncio.to_thread(lambda: counting.by_unit(model, actor, called_now(request))),
        asyncio.to_thread(counting.resolution_rate, model, actor, None),
        asyncio.to_thread(queries.cases, model, actor, Filter(stalled=True), PAGE, None),
        asyncio.to_thread(queries.notices, model, actor, True, PAGE),
        asyncio.to_thread(queries.unit_findings, model, actor, UnitFilter(open=True)),
    )
    return _page(
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
        total=sum(row["cases"] for row in counts),
        idle=sum(row["stalled"] for row in counts),
    )


@router.get("/cases", response_class=HTMLResponse)
async def case_list(
    request: Request,
    state: Text = "",
    unit: Text = "",
    leader: Text = "",
    number: Text = "",
    stalled: Text = "",
    cursor: Text = "",
) -> Response:
    """Cases, filtered; the filters are in the address, so a list can be kept as a bookmark."""
    actor = await _actor(request)
    if actor is None:
        return _sign_in_first(request)
    asked = {"state": state, "unit": unit, "leader": leader, "number": number, "stalled": stalled}
    wanted = Filter(
        state=state if state in list(CaseState) else None,
        unit=unit or None,
        leader=leader or None,
        number=number or None,
        stalled={"yes": True, "no": False}.get(stalled),
    )
    runtime = runtime_of(request)

    def listed(cursor: str | None) -> dict[str, Any]:
        units = meant(wanted.unit, runtime.roster(), actor.region, business_date(runtime.clock()))
        return queries.cases(_model(request), actor, wanted, PAGE, cursor, units)

    try:
        found = await asyncio.to_thread(listed, cursor or None)
    except queries.BadCursor:
        found = await asyncio.to_thread(listed, None)
    following = urlencode({**asked, "cursor": found["next"]}) if found["next"] else None
    return _page(request, "cases.html", actor=actor, cases=found["cases"], asked=asked, following=following)


@router.get("/cases/{case_id}", response_class=HTMLResponse)
async def one_case(request: Request, case_id: CaseId) -> Response:
    """One case: where it stands, what was found and exactly why, who was told."""
    actor = await _actor(request)
    if actor is None:
        return _sign_in_first(request)
    model = _model(request)
    found = await asyncio.to_thread(queries.case, model, actor, case_id, None)
    if found is None:
        return _page(request, "missing.html", 404, actor=actor)
    findings = await asyncio.to_thread(queries.findings, model, case_id)
    notices = await asyncio.to_thread(queries.notices, model, actor, None, PAGE, case_id)
    return _page(request, "case.html", actor=actor, case=found[0], findings=findings, notices=notices)
