"""What every route needs to know of a request: who asks, about which case, as of when, and what runs behind the app."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, AwareDatetime, Field

from shared.decider import NoSuchCase, Scope
from shared.events import Recorded, is_case
from shared.events.envelope import BESIDE_CASES
from shared.events.intake import CaseRegistered
from shared.identity import Actor
from shared.store import Forbidden

if TYPE_CHECKING:
    from shared.http.runtime import Runtime


def _a_case(named: str) -> str:
    if not is_case(named):
        raise ValueError(f"案件编号不能以 {'、'.join(BESIDE_CASES)} 开头 / no case is named {', '.join(BESIDE_CASES)}…")
    return named


CaseId = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="案件编号 / the case, as its registration named it"),
    AfterValidator(_a_case),
]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1949, 10, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC))]
"""An instant that every time zone can write."""
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


async def _caller(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Actor:
    return await actor_of(request)


Caller = Annotated[Actor, Depends(_caller)]


def belongs(history: Iterable[Recorded]) -> Scope | None:
    """Where a case belongs, by its facts: the region where it was registered, and every unit that was ever named as
    having it in hand. None when it was never registered. Whichever service is asked, this decides who may read.
    """
    region: str | None = None
    units: set[str] = set()
    for recorded in history:
        if isinstance(recorded.fact, CaseRegistered):
            region = recorded.fact.region
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
