"""What every route needs to know of a request: who asks, about which case, as of when, and what runs behind the app."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, get_origin

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BaseModel

from shared.decider import Moment, NoSuchCase, Scope
from shared.events import Named, Recorded
from shared.events.histories import NAMES, kind_of
from shared.events.intake import CaseRegistered, UnitEstablished
from shared.events.supervision import (
    BookOpened,
    CampaignAccepted,
    CampaignOpened,
    ReportFiled,
    ReportMissed,
    RetaliationReported,
    SuggestionMade,
)
from shared.identity import UNIT_BOUND, Actor
from shared.recusal import recused_by
from shared.store import Forbidden, Outside
from shared.terms import Role

if TYPE_CHECKING:
    from shared.http.runtime import Runtime


def _a_case(named: str) -> str:
    if (kind := kind_of(named)) != "case":
        zh, en = NAMES[kind]
        raise ValueError(f"{named} 是{zh}的编号，不是案件编号 / the id of a {en}, not of a case")
    return named


CaseId = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="案件编号 / the case, as its registration named it"),
    AfterValidator(_a_case),
]
UnitId = Annotated[
    str, Path(alias="unit_id", pattern=r"^unit-[0-9a-f]{16}$", description="机构编号 / the unit, by its own history")
]
CampaignId = Annotated[
    str,
    Path(
        alias="campaign_id",
        pattern=r"^campaign-[A-Za-z0-9][A-Za-z0-9._-]{0,54}$",
        description="专项编号 / the campaign, by its own history",
    ),
]
BookId = Annotated[
    str,
    Path(
        alias="book_id",
        pattern=r"^book-[0-9a-f]{16}$",
        description="单位台账编号 / the unit as a whole, by its own history",
    ),
]
RetaliationId = Annotated[
    str,
    Path(
        alias="retaliation_id",
        pattern=r"^retaliation-[0-9a-f]{16}$",
        description="反映编号，随机 / the report, by its own history; drawn at random, so that it tells nothing",
    ),
]
AsOf = Annotated[Moment | None, Query(description="截至何时所知 / as known at this moment, RFC 3339 with a zone")]
BEARER = HTTPBearer(bearerFormat="JWT", scheme_name="bearer", auto_error=False)


def runtime_of(request: Request) -> "Runtime":
    """What runs behind the app that this request came to."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def actor_of(request: Request) -> Actor:
    """The actor of the bearer token. Raises Unauthenticated."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return await runtime_of(request).identify(token.strip() if scheme.lower() == "bearer" else None)


def check_query(request: Request) -> None:
    """Raise RequestValidationError for a query parameter that this address does not have, or that comes twice where one is
    meant: whoever mistypes `as_of` must not be told of the present.
    """
    if not request.scope["query_string"]:
        return
    several: dict[str, bool] = {}
    for parameter in request.scope["route"].dependant.query_params:
        kind = parameter.field_info.annotation
        fields = kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else {}
        several |= {name: get_origin(field.annotation) is tuple for name, field in fields.items()}
        if not fields:
            several[parameter.alias] = False
    asked = Counter(name for name, _ in request.query_params.multi_items())
    wrong = [
        {"type": "extra_forbidden", "loc": ("query", name), "msg": "There is no such parameter"}
        if name not in several
        else {"type": "repeated", "loc": ("query", name), "msg": "Only one value is taken"}
        for name, times in asked.items()
        if name not in several or (times > 1 and not several[name])
    ]
    if wrong:
        raise RequestValidationError(wrong)


async def _caller(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Actor:
    actor = await actor_of(request)
    check_query(request)
    return actor


Caller = Annotated[Actor, Depends(_caller)]


def belongs(history: Iterable[Recorded]) -> Scope | None:
    """Where a case belongs, by its facts: the region where it was registered, and every unit that was ever named as
    having it in hand, or was given a suggestion about it. None when it was never registered. Whichever service is asked,
    this decides who may read, by what it has heard. A campaign belongs to its region, and to the units that take part; a
    unit to its region alone: everybody there may know who is who; its
    book to the region and the unit; a report of retaliation too, for the few who may read one.
    """
    region: str | None = None
    units: set[Named] = set()
    for recorded in history:
        if isinstance(
            recorded.fact, CaseRegistered | CampaignOpened | RetaliationReported | UnitEstablished | BookOpened
        ):
            region = recorded.fact.region
        if isinstance(recorded.fact, CampaignOpened):
            units |= {(unit, recorded.occurred_on) for unit in recorded.fact.units}
        if isinstance(recorded.fact, SuggestionMade):
            units.add((recorded.fact.addressed_to, recorded.occurred_on))
        if unit := getattr(recorded.fact, "unit", None):
            units.add((unit, recorded.occurred_on))
    return None if region is None else Scope(region, frozenset(units))


def theirs(actor: Actor, history: Iterable[Recorded]) -> list[Recorded]:
    """The facts of a history that the actor may read which are theirs to see: of what was filed in a campaign, or was not,
    somebody of a unit sees that unit's own, under whatever name it was opened. Its end names every unit that never filed:
    that is for those who watch; reporting tells everybody how it ended.
    """
    facts = list(history)
    opened = next((recorded.occurred_on for recorded in facts if isinstance(recorded.fact, CampaignOpened)), None)
    if opened is None or actor.role not in UNIT_BOUND:
        return facts

    def sees(recorded: Recorded) -> bool:
        match recorded.fact:
            case ReportFiled(unit=unit) | ReportMissed(unit=unit):
                return actor.is_of((unit, opened))
            case CampaignAccepted():
                return False
            case _:
                return True

    return [recorded for recorded in facts if sees(recorded)]


def is_recused(actor: Actor, history: Iterable[Recorded]) -> bool:
    """回避: whether a case is about this actor, or they have declared an interest in it: they open nothing of it (Arts 28, 30)."""
    return any(actor.id in recused_by(recorded.fact) for recorded in history)


def check_may_read(actor: Actor, history: Iterable[Recorded], about: str = "case") -> None:
    """Raise NoSuchCase for a case that was never registered, Forbidden for one outside the actor's unit or region, or from
    which they have to keep away; and of another kind of history the same, by its name.
    """
    facts = list(history)
    scope = belongs(facts)
    if scope is None:
        raise NoSuchCase(about)
    if not actor.covers(scope):
        raise Outside(about)
    if is_recused(actor, facts):
        raise Forbidden(
            "您与本案有利害关系或为被反映人，应当回避，不能查看本案（第二十八条、第三十条）。",
            "You have an interest in this case, or it is about you: it is not for you to see (Arts 28, 30).",
        )


def check_operates(request: Request, actor: Actor) -> None:
    """Raise Forbidden for whoever is not an operator of this node: a house is run from its own region, or from above."""
    if actor.role is not Role.SYSTEM or not actor.covers_region(runtime_of(request).settings.region):
        raise Forbidden("只有本级的系统管理可以执行。", "Only the operator of this node may do this.")
