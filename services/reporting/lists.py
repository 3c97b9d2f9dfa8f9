"""名单: the lists of the console. Each is filtered by its address, so that it can be kept as a bookmark; what is no filter lists
nothing: it must not look like an answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from services.reporting import columns, counting, queries
from services.reporting.api import called_now, model_of
from services.reporting.columns import Column
from services.reporting.commitments import CommitmentsAsked, commitments
from services.reporting.english import spoken
from services.reporting.filters import Filter, NoticeFilter, UnitFilter, meant
from services.reporting.pages import Reader, page, term, words
from services.reporting.queries import Units
from services.reporting.waiting import WaitingAsked, waiting
from services.reporting.within import Within
from shared.http import runtime_of
from shared.identity import Actor
from shared.readmodel import Row
from shared.terms import Awaited, CaseState, Kept, NoticeLevel, Promised, Term
from shared.workdays import business_date

PAGE = 50
PAGING = frozenset({"cursor", "limit", "lang"})
"""What an address may say beside the filters."""


class Field(NamedTuple):
    """条件: what a list can be asked for; any words, where there are no choices. Who says nothing of it asks for `preset`."""

    name: str
    zh: str
    en: str
    choices: Sequence[tuple[str, str, str]] = ()
    preset: str = ""


class Here(NamedTuple):
    """Who asks, when, for which units, and from which page on."""

    request: Request
    actor: Actor
    today: date
    units: Units
    cursor: str | None


class Found(NamedTuple):
    """What was found: the rows, how many there are with those that are not listed, and how the address goes on to those."""

    rows: Sequence[Row]
    total: int | None = None
    further: dict[str, Any] | None = None
    by_item: dict[str, int] | None = None


class List(NamedTuple):
    """名单: a list, by the name in its address."""

    name: str
    title: tuple[str, str]
    none: tuple[str, str]
    fields: Sequence[Field]
    columns: Sequence[Column]
    asked: type[BaseModel]
    find: Callable[[Here, Any], Found]


def listing(its: List) -> Callable[[Request, Actor], Awaitable[Response]]:
    """The page of a list."""

    async def listed(request: Request, actor: Reader) -> Response:
        said = request.query_params
        asked = {field.name: said.get(field.name, field.preset).strip() for field in its.fields}
        kept = {name: value for name, value in asked.items() if value or name in said}
        t, runtime = words(request), runtime_of(request)
        shown: dict[str, Any] = {"actor": actor, "its": its, "asked": asked, "columns": its.columns}
        strange = {
            name: said[name] for name in said if name not in asked.keys() | PAGING or len(said.getlist(name)) > 1
        }
        limit = {"limit": said["limit"]} if "limit" in said and "limit" in its.asked.model_fields else {}
        try:
            wanted = its.asked.model_validate({name: value for name, value in asked.items() if value} | limit)
        except ValidationError as error:
            strange |= {str(each["loc"][0]): said.get(str(each["loc"][0]), "") for each in error.errors()}
        if strange:
            named = {field.name: t(field.zh, field.en) for field in its.fields}
            wrong = [(named.get(name, name), value) for name, value in strange.items()]
            return page(request, "list.html", 422, wrong=wrong, **shown)

        def found(cursor: str | None) -> Found:
            today = business_date(runtime.clock())
            units = meant(getattr(wanted, "unit", ()), runtime.roster(), actor.region, today)
            return its.find(Here(request, actor, today, units, cursor), wanted)

        try:
            answer = await asyncio.to_thread(found, said.get("cursor") or None)
        except queries.BadCursor:
            answer = await asyncio.to_thread(found, None)
        further = urlencode({**kept, **answer.further}) if answer.further else None
        by_item = [
            (term(Awaited, item, t), count, urlencode({**kept, "item": item}))
            for item, count in (answer.by_item or {}).items()
        ]
        return page(request, "list.html", found=answer, further=further, by_item=by_item, **shown)

    return listed


def _cases(here: Here, asked: Filter) -> Found:
    said = queries.cases(model_of(here.request), here.actor, asked, PAGE, here.cursor, here.units)
    return Found(said["cases"], further={"cursor": said["next"]} if said["next"] else None)


def _notices(here: Here, asked: NoticeFilter) -> Found:
    said = queries.notices_page(model_of(here.request), here.actor, asked, PAGE, here.cursor, here.units)
    return Found(said["notices"], further={"cursor": said["next"]} if said["next"] else None)


def _waiting(here: Here, asked: WaitingAsked) -> Found:
    standard = runtime_of(here.request).parts["standard"]
    asked = asked.model_copy(update={"cursor": here.cursor})
    said = waiting(model_of(here.request), standard, here.actor, here.today, asked, here.units)
    return Found(said["waiting"], said["total"], _further(asked, said), said["by_item"])


def _commitments(here: Here, asked: CommitmentsAsked) -> Found:
    asked = asked.model_copy(update={"cursor": here.cursor})
    said = commitments(model_of(here.request), here.actor, here.today, asked, here.units)
    return Found(said["commitments"], said["total"], _further(asked, said))


def _further(asked: Within, said: Row) -> dict[str, Any] | None:
    return {"limit": asked.limit, "cursor": said["next"]} if said["next"] else None


def _units(here: Here, asked: UnitFilter) -> Found:
    """Units by what was found of them, most first, under the names that they have now; without `open` those too of which
    nothing was.
    """
    model, called = model_of(here.request), called_now(here.request)
    counted = counting.by_unit(model, here.actor, called, Filter(unit=asked.unit), here.units)
    nothing = {"open": 0, "ended": 0, "cases": 0, "stalled": 0}
    rows = {row["unit"]: {**nothing, **row} for row in counted if row["unit"]}
    for finding in queries.unit_findings(model, here.actor, asked, here.units):
        unit = called((finding["unit"], finding["said_on"]), finding["region"])
        row = rows.setdefault(unit, {"unit": unit, **nothing})
        row["open" if finding["open"] else "ended"] += 1
    listed = [row for row in rows.values() if asked.open is None or row["open"] + row["ended"]]
    return Found(sorted(listed, key=lambda row: (-row["open"], -row["stalled"], row["unit"])))


def _of(kind: type[Term]) -> Sequence[tuple[str, str, str]]:
    return tuple((word.value, spoken(word, lambda zh, _: zh), spoken(word, lambda _, en: en)) for word in kind)


EITHER = (("yes", "是", "yes"), ("no", "否", "no"))
UNIT, LEADER = Field("unit", "责任单位", "Unit"), Field("leader", "包案领导", "Leader")
LISTS = (
    List(
        "cases",
        ("案件", "Cases"),
        ("没有符合条件的案件。", "No case fits."),
        (
            Field("state", "状态", "State", _of(CaseState)),
            Field("stalled", "空转", "Stalled", EITHER),
            Field("in_hand", "有单位在办", "In a unit’s hands", EITHER),
            Field("relapsed", "曾反弹", "Ever relapsed", EITHER),
            Field("refused", "不予受理", "Not taken up", EITHER),
            UNIT,
            LEADER,
            Field("number", "编号", "Number"),
        ),
        columns.CASES,
        Filter,
        _cases,
    ),
    List(
        "notices",
        ("督办通知", "Notices"),
        ("没有符合条件的督办通知。", "No notice fits."),
        (
            Field("live", "办理", "Standing", (("yes", "在办", "live"), ("no", "已结束", "ended")), "yes"),
            Field("level", "层级", "Level", _of(NoticeLevel)),
            Field("unit", "被督办单位", "Unit"),
        ),
        columns.NOTICES,
        NoticeFilter,
        _notices,
    ),
    List(
        "waiting",
        ("待办", "What waits"),
        ("没有符合条件的待办。", "Nothing that fits waits."),
        (Field("item", "事项", "What", _of(Awaited)), UNIT, LEADER),
        columns.WAITING,
        WaitingAsked,
        _waiting,
    ),
    List(
        "commitments",
        ("承诺事项", "Commitments"),
        ("没有符合条件的承诺事项。", "No commitment fits."),
        (
            Field("state", "兑现情况", "Kept", _of(Kept)),
            Field("source", "来源", "From", _of(Promised)),
            Field("who", "责任人", "Who"),
            UNIT,
            LEADER,
        ),
        columns.COMMITMENTS,
        CommitmentsAsked,
        _commitments,
    ),
    List(
        "units",
        ("单位", "Units"),
        ("没有符合条件的单位。", "No unit fits."),
        (Field("open", "问题仍存在", "With findings that hold", EITHER), Field("unit", "单位", "Unit")),
        columns.UNITS,
        UnitFilter,
        _units,
    ),
)
