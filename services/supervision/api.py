"""What outsiders may ask of supervision: histories, derivations and the whole event log, within the asker's scope."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field
from pydantic_core import to_json

from services.supervision.domain.policies import POLICIES
from services.supervision.export import FORMATS
from services.supervision.exporting import ExportAsked, page
from services.supervision.library import LogLibrary
from services.supervision.publishing import standard_at
from services.supervision.queries import derivation, known_at, unit_derivation
from services.supervision.unitbook import COUNTY
from shared.decider import Day, Name, NoSuchCase, Scope
from shared.directory import Directory
from shared.events import Recorded
from shared.http import AsOf, Caller, CaseId, check_may_read, runtime_of
from shared.http.documents import FactDocument, Facts, facts_response
from shared.http.problems import Problem, documented
from shared.http.who import belongs
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Forbidden
from shared.workdays import business_date

About = Annotated[Day | None, Query(description="评查哪一天，默认为截至之日 / the day that is judged")]

router = APIRouter(prefix="/supervision", tags=["supervision"], responses=documented(401, 403, 404, 422, 503))


class History(BaseModel):
    """案卷: every fact of a case, from all services, in the order in which they were recorded."""

    case_id: str
    as_of: AwareDatetime | None = Field(description="截至何时所知；空为现在")
    facts: list[FactDocument]


async def _history(request: Request, case_id: str, actor: Actor) -> list[Recorded]:
    runtime = runtime_of(request)
    history: list[Recorded] = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    return history


@router.get(
    "/cases/{case_id}/history",
    operation_id="supervision-history",
    summary="案件全部事实 / every fact of a case, from all services, as known at a moment",
    response_model=History,
)
async def history(request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None) -> Response:
    """The facts' own documents, byte for byte, in the order in which they were recorded."""
    facts = known_at(await _history(request, case_id, actor), as_of)
    head = to_json({"case_id": case_id, "as_of": as_of})[:-1]
    return Response(head + b',"facts":[' + b",".join(fact.raw for fact in facts) + b"]}", media_type="application/json")


async def _standard(request: Request, as_of: datetime | None) -> Standard:
    """What verdicts went by at a moment: a policy that was adopted since changes nothing of what followed then (law 6)."""
    runtime = runtime_of(request)
    now: Standard = runtime.parts["standard"]
    if as_of is None:
        return now
    published = await runtime.in_thread(runtime.store.history, POLICIES)
    return await runtime.in_thread(standard_at, published, as_of, now)


@router.get(
    "/cases/{case_id}/explain",
    operation_id="supervision-explain",
    summary="评查结论的推导 / the derivation of the verdict on a case",
    response_model=dict[str, Any],
    responses=documented(409),
)
async def explain(
    request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None, about: About = None
) -> Response:
    """Every rule's answer, the facts counted and ignored, the arithmetic, and when the answer can next change: of a day, as
    known at a moment.
    """
    runtime = runtime_of(request)
    moment = as_of or runtime.clock()
    standard = await _standard(request, as_of)
    facts = known_at(await _history(request, case_id, actor), moment)
    if belongs(facts) is None:
        raise NoSuchCase
    said = await runtime.in_thread(derivation, standard, facts, moment, about, runtime.roster)
    return Response(to_json({"case_id": case_id, **said}), media_type="application/json")


@router.get(
    "/explain-unit",
    operation_id="supervision-explain-unit",
    summary="单位评查的推导 / the derivation of what is found of a unit across its cases",
    response_model=dict[str, Any],
)
async def explain_unit(
    request: Request,
    actor: Caller,
    unit: Annotated[Name, Query(description="单位名称，现名、曾用名均可 / the unit, by any name that it bore")],
    region: Annotated[
        str | None,
        Query(pattern=r"^[1-9][0-9]{5,11}$", description="所在地区，默认本级 / its region, this node's by default"),
    ] = None,
    as_of: AsOf = None,
    about: About = None,
) -> Response:
    """Every rule's answer about the unit, by its book: of a day, as known at a moment. What is named are facts of cases."""
    runtime = runtime_of(request)
    where = (region or runtime.settings.region)[:COUNTY]
    moment = as_of or runtime.clock()
    library = LogLibrary(runtime.store.log, runtime.roster)
    standard = await _standard(request, as_of)
    name = await runtime.in_thread(library.named, unit, where, about or business_date(moment))
    said = await runtime.in_thread(runtime.store.history, name)
    if not actor.covers(belongs(said) or Scope(where, frozenset({(unit, business_date(moment))}))):
        raise Forbidden("该单位不在您的单位或地区范围内。", "This unit lies outside your unit or region.")

    def derived() -> dict[str, Any]:
        book = library.read(name, about or business_date(moment), moment)
        if book is None:
            raise _no_such_unit(unit, where, runtime.roster())
        return unit_derivation(standard, book, said, moment, about)

    return Response(to_json({"book_id": name, **await runtime.in_thread(derived)}), media_type="application/json")


def _no_such_unit(name: str, where: str, directory: Directory) -> Problem:
    if directory.meant(name, where, date.max, None):
        return Problem(
            404,
            "no-such-unit",
            f"{where} 的{name}在机构名册中，但没有案件涉及，没有可评查的内容。",
            f"{name} is a unit of {where}, and no case has to do with it: there is nothing to judge.",
        )
    near = get_close_matches(name, directory.bearers, n=3)
    zh, en = (f"，相近的有：{'、'.join(near)}", f"; near it: {', '.join(near)}") if near else ("", "")
    return Problem(
        404,
        "no-such-unit",
        f"{where} 没有名为“{name}”的单位，也没有案件涉及{zh}。请核对名称和 region；单位见 /reporting/counts?by=unit、"
        "./huajie organisation。",
        f"There is no unit named {name!r} in {where}, nor a case that has to do with one{en}. Check its name and region; see"
        " /reporting/counts?by=unit, ./huajie organisation.",
    )


@router.get(
    "/policies",
    operation_id="supervision-policies",
    summary="口径：哪一版何时为本机所知 / which policy was known since when",
    response_model=Facts,
)
async def policies(request: Request, _: Caller) -> Response:
    """Every version that was ever published here, with its values, author and reason, in the order of publication."""
    runtime = runtime_of(request)
    published = await runtime.in_thread(runtime.store.history, POLICIES)
    return facts_response(published, len(published))


@router.get(
    "/export",
    operation_id="supervision-export",
    summary="导出事件日志 / our history as an event log: XES, OCEL 2.0 or CSV",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "事件日志 / the log",
            "content": {media.partition(";")[0]: {} for media, _ in FORMATS.values()},
        }
    },
)
async def export(request: Request, actor: Caller, asked: Annotated[ExportAsked, Query()]) -> StreamingResponse:
    """Every case that the asker may read, all as known at one moment. It names officials and units, no petitioner, and
    holds no narrative. A document that breaks off was not finished: it does not close.
    """
    runtime = runtime_of(request)
    asked = asked if asked.as_of else asked.model_copy(update={"as_of": runtime.clock()})
    media_type, sections = FORMATS[asked.format]

    async def written() -> AsyncIterator[bytes]:
        for section in sections(runtime.settings.region):
            yield section.head
            after: str | None = ""
            while after is not None:
                after, piece = await runtime.in_thread(page, runtime.store, actor, asked, section, after)
                if piece:
                    yield piece
            yield section.tail

    name = f"huajie-{runtime.settings.region}.{'json' if asked.format == 'ocel' else asked.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(written(), media_type=media_type, headers=headers)
