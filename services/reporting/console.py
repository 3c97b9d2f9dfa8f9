"""控制台: the pages that people open. Server-rendered, usable by keyboard and on a slow line; nothing comes from elsewhere.

Signing in puts the bearer token into a cookie that scripts cannot read and other sites cannot send.
"""

import asyncio
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import ValidationError

from services.reporting import counting, queries
from services.reporting.api import called_now
from services.reporting.filters import Filter, UnitFilter, meant
from services.reporting.waiting import WaitingAsked, waiting
from shared.events import REGISTRY
from shared.http import CaseId, runtime_of
from shared.identity import Actor, Unauthenticated
from shared.readmodel import ReadModel
from shared.terms import Awaited, CaseState, Channel, FindingState, Missed, NoticeLevel, NoticeState
from shared.workdays import BUSINESS_ZONE, business_date

TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates")
HOME = "/reporting/console"
SESSION = "huajie-session"
LANGUAGE = "huajie-language"
PAGE = 50
OURS = re.compile(HOME + r"(?:[/?][!-~]{0,2000})?")
"""An address of the console, as it is asked for."""
COURSES = {"finding": FindingState, "notice": NoticeState, "missed": Missed}
"""Whose words say how far something has come: some of them use the same ones."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

router = APIRouter(prefix="/reporting/console", include_in_schema=False)
NAMES = {
    "state": ("状态", "State"),
    "stalled": ("空转", "Stalled"),
    "in_hand": ("有单位在办", "In a unit’s hands"),
    "relapsed": ("曾反弹", "Ever relapsed"),
    "refused": ("不予受理", "Not taken up"),
    "unit": ("责任单位", "Unit"),
    "leader": ("包案领导", "Leader"),
    "number": ("编号", "Number"),
}
"""What a list can be asked for, as `Filter` has it."""
EITHER, WORDS = ("stalled", "in_hand", "relapsed", "refused"), ("unit", "leader", "number")


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
    here = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    labels = {term.value: t(term.label, term.value) for kind in (CaseState, Channel, NoticeLevel) for term in kind}
    labels |= {f"awaited {term}": t(term.label, term.value) for term in Awaited}
    labels |= {name: t((kind.__doc__ or name).partition(":")[0], name) for name, kind in REGISTRY.items()}
    said = {
        "labels": labels,
        "courses": {of: {term.value: t(term.label, term.value) for term in kind} for of, kind in COURSES.items()},
        "names": {name: t(*words) for name, words in NAMES.items()},
        "nobody": t("（无）", "(none)"),
        "switched": urlencode([*here, ("lang", t("en", "zh"))]),
    }
    page = TEMPLATES.TemplateResponse(request, name, {"t": t, "home": HOME, **said, **shown}, status_code=status)
    page.headers["Content-Security-Policy"] = POLICY
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    if language := request.query_params.get("lang"):
        page.set_cookie(LANGUAGE, "en" if language == "en" else "zh", path=HOME, samesite="strict", max_age=31_536_000)
    return page


def _sign_in_first(request: Request) -> Response:
    """Whoever came by a link, or with a session that has run out, is brought there once they have signed in."""
    to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return _page(request, "enter.html", 401, refused=None, to=to)


@router.get("/enter")
async def enter(request: Request) -> Response:
    """The sign-in page. A token behind `#` never travels in the address: the page itself hands it in."""
    return _page(request, "enter.html", refused=None)


@router.post("/enter")
async def sign_in(
    request: Request, token: Annotated[str, Form(max_length=8192)], to: Annotated[str, Form()] = HOME
) -> Response:
    """Take the token, when it is good, into the session; then go on to the page that was asked for, which is one of ours."""
    try:
        await runtime_of(request).identify(token.strip())
    except Unauthenticated as error:
        return _page(request, "enter.html", 401, refused=_words(request)(error.zh, error.en), to=to)
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
        now=f"{runtime_of(request).clock().astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}",
        idle=sum(row["stalled"] for row in counts),
    )


@router.get("/cases", response_class=HTMLResponse)
async def case_list(request: Request) -> Response:
    """Cases, filtered; the filters are in the address, so a list can be kept as a bookmark. What is no filter lists nothing:
    it must not look like an answer.
    """
    actor = await _actor(request)
    if actor is None:
        return _sign_in_first(request)
    asked = {name: request.query_params.get(name, "").strip() for name in NAMES}
    page = partial(
        _page, request, "cases.html", actor=actor, asked=asked, states=list(CaseState), either=EITHER, words=WORDS
    )
    try:
        wanted = Filter.model_validate({name: value for name, value in asked.items() if value})
    except ValidationError as error:
        return page(422, wrong=dict.fromkeys(each["loc"][0] for each in error.errors()))
    runtime = runtime_of(request)

    def listed(cursor: str | None) -> dict[str, Any]:
        units = meant(wanted.unit, runtime.roster(), actor.region, business_date(runtime.clock()))
        return queries.cases(_model(request), actor, wanted, PAGE, cursor, units)

    try:
        found = await asyncio.to_thread(listed, request.query_params.get("cursor") or None)
    except queries.BadCursor:
        found = await asyncio.to_thread(listed, None)
    kept = {name: value for name, value in asked.items() if value}
    following = urlencode({**kept, "cursor": found["next"]}) if found["next"] else None
    return page(cases=found["cases"], following=following)


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
    findings = sorted(
        await asyncio.to_thread(queries.findings, model, case_id), key=lambda finding: not finding["open"]
    )
    notices = await asyncio.to_thread(queries.notices, model, actor, None, PAGE, case_id)
    return _page(request, "case.html", actor=actor, case=found[0], findings=findings, notices=notices)
