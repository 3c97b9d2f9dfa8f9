"""What every route needs to know of a request: who asks, about which case, and what runs behind the app."""

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Request

from shared.identity import Actor

if TYPE_CHECKING:
    from shared.http.app import Runtime

CASE_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
CaseId = Annotated[str, Path(pattern=CASE_ID, description="the case, as its registration named it")]


def runtime_of(request: Request) -> "Runtime":
    """What runs behind the app that this request came to."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def caller(request: Request) -> Actor:
    """The actor of the bearer token. Raises Unauthenticated."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return await runtime_of(request).identify(token.strip() if scheme.lower() == "bearer" else None)


Caller = Annotated[Actor, Depends(caller)]
