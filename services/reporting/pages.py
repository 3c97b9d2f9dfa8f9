"""页面: how a page of the console is made: in the reader's language, for whoever has signed in, and a page whatever goes wrong.

The bearer token lies in a cookie that scripts cannot read and other sites cannot send.
"""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates

from services.reporting.english import Words, aside, fact_named, half, spoken, told, whole_days
from shared.http import runtime_of
from shared.identity import Actor, Unauthenticated
from shared.terms import CaseState, Channel, FindingState, Missed, NoticeLevel, NoticeState, Term

TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates")
HOME = "/reporting/console"
SESSION = "huajie-session"
LANGUAGE = "huajie-language"
COURSES = {"finding": FindingState, "notice": NoticeState, "missed": Missed}
"""Whose words say how far something has come: some of them use the same ones."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PLACES = (
    ("", "总览", "Overview"),
    ("/cases", "案件", "Cases"),
    ("/notices", "督办通知", "Notices"),
    ("/waiting", "待办", "Waiting"),
    ("/commitments", "承诺事项", "Commitments"),
    ("/units", "单位", "Units"),
)
"""Where the main navigation leads."""

TEMPLATES.env.filters["whole_days"] = whole_days


def words(request: Request) -> Words:
    """What picks the words for whoever asks."""
    english = request.query_params.get("lang", request.cookies.get(LANGUAGE)) == "en"
    return lambda zh, en: en if english else zh


def term(kind: type[Term], value: str | None, t: Words) -> str:
    """The word for a term's value in the reader's language."""
    return next((spoken(word, t) for word in kind if word.value == value), "—")


def page(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """A page in the reader's language. `t(zh, en)` picks the words; every term and every fact has its Chinese word."""
    t = words(request)
    here = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    labels = {word.value: spoken(word, t) for kind in (CaseState, Channel, NoticeLevel) for word in kind}
    said = {
        "labels": labels,
        "role": lambda role: spoken(role, t),
        "fact_named": lambda name: fact_named(name, t),
        "aside": lambda said: aside(said, t),
        "half": lambda line: half(line, t),
        "told": lambda addressee: told(addressee, t),
        "courses": {of: {word.value: spoken(word, t) for word in kind} for of, kind in COURSES.items()},
        "nobody": t("（无）", "(none)"),
        "places": [(f"{HOME}{path}", t(zh, en)) for path, zh, en in PLACES],
        "switched": urlencode([*here, ("lang", t("en", "zh"))]),
    }
    made = TEMPLATES.TemplateResponse(request, name, {"t": t, "home": HOME, **said, **shown}, status_code=status)
    made.headers["Content-Security-Policy"] = POLICY
    made.headers["Cache-Control"] = "no-store"
    made.headers["Referrer-Policy"] = "no-referrer"
    if language := request.query_params.get("lang"):
        made.set_cookie(LANGUAGE, "en" if language == "en" else "zh", path=HOME, samesite="strict", max_age=31_536_000)
    return made


async def reader(request: Request) -> Actor:
    """Who has signed in. Raises Unauthenticated, which a `PageRoute` answers with the page to sign in."""
    return await runtime_of(request).identify(request.cookies.get(SESSION))


Reader = Annotated[Actor, Depends(reader)]


def sign_in_first(request: Request) -> Response:
    """Whoever came by a link, or with a session that has run out, is brought there once they have signed in."""
    to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return page(request, "enter.html", 401, refused=None, to=to)


async def missing(request: Request, zh: str = "没有这个页面", en: str = "No such page") -> Response:
    """The page that says what is not there, or not for the reader to see: the two are not told apart."""
    try:
        known = {"actor": await reader(request)}
    except Unauthenticated:
        known = {}
    return page(request, "missing.html", 404, title=words(request)(zh, en), **known)


class PageRoute(APIRoute):
    """Answers whoever has not signed in, and whoever asks for what cannot be, with a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with pages for what it raises."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except Unauthenticated:
                return sign_in_first(request)
            except RequestValidationError:
                if request.method != "GET":
                    raise
                return await missing(request)

        return answer
