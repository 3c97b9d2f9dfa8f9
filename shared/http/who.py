"""What every route needs to know of a request: who asks, about which case, as of when, and what runs behind the app."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, get_origin

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

from shared.decider import NoSuchCase, Scope
from shared.events import Recorded
from shared.events.histories import kind_of
from shared.events.intake import CaseRegistered, UnitEstablished
from shared.events.supervision import BookOpened, CampaignOpened
from shared.identity import Actor
from shared.store import Forbidden

if TYPE_CHECKING:
    from shared.http.runtime import Runtime


def _a_case(named: str) -> str:
    if (kind := kind_of(named)) != "case":
        raise ValueError(f"{named} 是 {kind} 的编号，不是案件编号 / the id of a {kind}, not of a case")
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
INSTANT = (
    r"^(19[5-9][0-9]|2[01][0-9]{2})-[01][0-9]-[0-3][0-9]"
    r"[Tt][0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?([Zz]|[+-][0-2][0-9]:[0-5][0-9])$"
)


def _rfc_3339(said: object) -> object:
    """A text is read as RFC 3339 has it: pydantic would take `0` for an instant of 1970."""
    return "not an instant" if isinstance(said, str) and re.match(INSTANT, said) is None else said


Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1949, 12, 31, tzinfo=UTC),
        le=datetime(2200, 1, 2, tzinfo=UTC),
        json_schema_extra={"pattern": INSTANT},
    ),
    BeforeValidator(_rfc_3339),
]
"""An instant that every time zone can write: of 1950 to 2199."""
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
    having it in hand. None when it was never registered. Whichever service is asked, this decides who may read. A campaign
    belongs to its region, and to the units that take part; a unit to its region alone: everybody there may know who is who; its
    book to the region and the unit.
    """
    region: str | None = None
    units: set[str] = set()
    for recorded in history:
        if isinstance(recorded.fact, CaseRegistered | CampaignOpened | UnitEstablished | BookOpened):
            region = recorded.fact.region
        if isinstance(recorded.fact, CampaignOpened):
            units |= {*recorded.fact.units}
        if unit := getattr(recorded.fact, "unit", None):
            units.add(unit)
    return None if region is None else Scope(region, frozenset(units))


def check_may_read(actor: Actor, history: Iterable[Recorded]) -> None:
    """Raise NoSuchCase for a case that was never registered, Forbidden for one outside the actor's unit or region."""
    scope = belongs(history)
    if scope is None:
        raise NoSuchCase
    if not actor.covers(scope):
        raise Forbidden("该案件不在您的单位或地区范围内。", "This case lies outside your unit or region.")
