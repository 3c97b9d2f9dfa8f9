"""What outsiders may ask of the organisation: the tree as of a day, one unit with its history, and taking in a roster file."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, Field, TypeAdapter
from pydantic_core import to_json

from services.intake.api import registrar_of
from services.intake.rosters import Entered, RosterRows, take_in
from shared.decider import Day
from shared.directory import Directory, Unit
from shared.events import Official
from shared.http import AsOf, Caller, Problem, Runtime, UnitId, runtime_of
from shared.http.documents import FactDocument
from shared.http.problems import documented
from shared.http.routes import BULK_BYTES, CommandRoute
from shared.store import Forbidden
from shared.terms import LeaderRank
from shared.workdays import business_date

On = Annotated[Day | None, Query(description="哪一天（Asia/Shanghai），空为今天 / as of this day, today by default")]


class Post(BaseModel):
    """任职: a post, and who holds it."""

    official: Official
    since: date
    left_on: date | None
    rank: LeaderRank
    heads_unit: bool
    remit: str
    away: bool = Field(description="当日请假 / on leave that day")
    delegates: list[Official] = Field(description="当日全权受托人 / who acts for them that day, in everything")


class Place(BaseModel):
    """机构: a unit on a day. `superior` is the id of the unit above it."""

    unit_id: str
    name: str
    region: str
    superior: str | None
    posts: list[Post]


class Organisation(BaseModel):
    """机构名册: all units there were on a day, as known at a moment."""

    on: date
    units: list[Place]


class OneUnit(BaseModel):
    """一个机构: how it stood on a day, and every entry of its history, withdrawn ones too."""

    on: date
    unit: Place | None = Field(description="当日没有该机构时为空 / null when there was no such unit that day")
    withdrawn: list[int] = Field(description="已更正撤下的条目 / versions of the entries that count no more")
    facts: list[FactDocument]


ENTERED = TypeAdapter(list[Entered])
router = APIRouter(prefix="/intake", tags=["intake"])


def place_of(unit: Unit, on: date) -> Place | None:
    """How a unit stood on a day; None when there was none."""
    if unit.established is None or not unit.there_on(on):
        return None
    posts = [
        Post(
            **holding.taken.model_dump(include={"official", "since", "rank", "heads_unit", "remit"}),
            left_on=holding.left_on,
            away=unit.away_on(holding.taken.official.id, on),
            delegates=unit.delegates_on(holding.taken.official.id, on),
        )
        for holding in unit.held_on(on)
    ]
    said = unit.established
    return Place(unit_id=unit.unit_id, name=unit.name_on(on), region=said.region, superior=said.superior, posts=posts)


def _day(runtime: Runtime, on: date | None) -> date:
    return on or business_date(runtime.clock())


@router.get(
    "/organisation",
    operation_id="intake-organisation",
    summary="机构名册 / the units and who holds their posts, as of a day",
    response_model=Organisation,
    responses=documented(401, 422, 503),
)
async def organisation(request: Request, actor: Caller, on: On = None, as_of: AsOf = None) -> Response:
    """Within the asker's region. `on` is the day asked about, `as_of` the moment at which it was known."""
    runtime = runtime_of(request)
    directory = await runtime.in_thread(runtime.roster)
    day = _day(runtime, on)
    places = (place_of(unit.known_at(as_of), day) for _, unit in sorted(directory.units.items()))
    units = [place for place in places if place is not None and actor.covers_region(place.region)]
    return Response(Organisation(on=day, units=units).model_dump_json(), media_type="application/json")


@router.get(
    "/units/{unit_id}",
    operation_id="intake-unit",
    summary="一个机构及其全部记录 / one unit and its history",
    response_model=OneUnit,
    responses=documented(401, 403, 404, 422, 503),
)
async def one_unit(request: Request, case_id: UnitId, actor: Caller, on: On = None, as_of: AsOf = None) -> Response:
    """How it stood on a day, as known at a moment; and the facts' own documents, byte for byte."""
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    scope = runtime.store.decider.scope(Directory().plus(history).units.get(case_id, Unit()))
    if scope is None:
        raise Problem(404, "no-such-unit", "没有这个机构。", "There is no such unit.")
    if not actor.covers(scope):
        raise Forbidden("该机构不在您的地区范围内。", "This unit lies outside your region.")
    day, known = _day(runtime, on), [fact for fact in history if as_of is None or fact.time <= as_of]
    unit = Directory().plus(known).units.get(case_id, Unit())
    head: dict[str, Any] = {"on": day, "unit": place_of(unit, day), "withdrawn": sorted(unit.withdrawn)}
    documents = b",".join(fact.raw for fact in known)
    return Response(to_json(head)[:-1] + b',"facts":[' + documents + b"]}", media_type="application/json")


async def import_organisation(request: Request, actor: Caller, rows: Annotated[RosterRows, Body()]) -> Response:
    """Enter the units and posts of a roster file. Twice adds nothing. Who may register may do this, in their region."""
    entered = await take_in(registrar_of(request), runtime_of(request).roster, rows, actor)
    return Response(ENTERED.dump_json(entered), media_type="application/json")


router.add_api_route(
    "/organisation",
    import_organisation,
    methods=["POST"],
    route_class_override=CommandRoute,
    max_body_size=BULK_BYTES,
    operation_id="intake-import-organisation",
    summary="导入机构名册 / take in a roster of units and posts",
    response_model=list[Entered],
    responses=documented(400, 401, 403, 413, 415, 422, 503),
)
