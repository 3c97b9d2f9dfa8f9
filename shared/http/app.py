"""How a service is put together around its routes: log, store, relay and ears on one side, health and metrics on the other."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.bus import Ears, Relay
from shared.decider import Decider
from shared.http.problems import handle_problems
from shared.identity import Actor, Verifier
from shared.metrics import PARKED, RELAY_LAG
from shared.settings import Settings
from shared.store import Store, open_log
from shared.store.draft import Due

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

Check = Callable[[], Awaitable[dict[str, Any]]]


def real_clock() -> datetime:
    """The real time, in UTC. Everything else is given a clock."""
    return datetime.now(UTC)


@dataclass
class Runtime:
    """What runs behind a service's app. Made anew each time the app starts."""

    service: str
    settings: Settings
    clock: Callable[[], datetime] = real_clock
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    store: Store[Any] = field(init=False)
    relay: Relay | None = None
    ears: Ears = field(init=False)
    verifier: Verifier = field(init=False)
    parts: dict[str, Any] = field(default_factory=dict)
    """What a service adds of its own, by name."""
    checks: list[Check] = field(default_factory=list)
    """More to report under `/health/ready`: each answers words and numbers, and `trouble` when something is wrong."""

    def __post_init__(self) -> None:
        self.ears = Ears(self.settings.nats_url, self.service)
        keys = self.settings.data / "identity.key"
        issuer, jwks = self.settings.oidc_issuer, self.settings.oidc_jwks_url
        self.verifier = (
            Verifier.oidc(issuer, jwks, "huajie", clock=self.clock)
            if issuer and jwks
            else Verifier.local(keys, clock=self.clock)
        )

    def keep_log(self, decider: Decider[Any], due: Due[Any] | None = None) -> None:
        """Open the service's log, with its writer and its relay."""
        log = open_log(self.service, self.settings.data, self.settings.dsn)
        self.store = Store(self.service, self.settings.region, log, decider, self.clock, due)
        self.stack.callback(self.store.close)
        self.relay = Relay(
            self.settings.region, self.service, log, self.settings.nats_url, self.settings.max_stream_bytes
        )
        self.store.on_append(self.relay.wake)
        self.background(self.relay.run())

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the app until it stops. Work that ends with an error ends the process: silence would be worse."""
        task = asyncio.create_task(work)

        def ended(done: asyncio.Task[None]) -> None:
            if not done.cancelled() and done.exception() is not None:
                logger.critical("%s: background work ended", self.service, exc_info=done.exception())
                raise SystemExit(70)

        task.add_done_callback(ended)

        async def stop() -> None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        self.stack.push_async_callback(stop)

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run blocking work, such as a read of the log, beside the event loop."""
        return await asyncio.to_thread(work, *args, **kwargs)

    async def identify(self, token: str | None) -> Actor:
        """Who holds this token. Raises Unauthenticated."""
        if token and (known := self.verifier.recall(token)) is not None:
            return known
        return await asyncio.to_thread(self.verifier.verify, token)

    async def health(self) -> dict[str, Any]:
        """How the service does: lags as counts of facts, and every trouble in a sentence."""
        said: dict[str, Any] = {"service": self.service, "region": self.settings.region, "troubles": []}
        if self.relay is not None:
            lag = await self.relay.lag()
            RELAY_LAG.labels(self.service).set(lag)
            parked = await asyncio.to_thread(self.store.parked)
            PARKED.labels(self.service).set(len(parked))
            said |= {"relay_lag": lag, "parked": len(parked)}
            if self.relay.trouble:
                said["troubles"].append(f"relay: {self.relay.trouble}")
            if parked:
                said["troubles"].append(f"{len(parked)} facts are parked; first: {parked[0][1]}")
        for listener in self.ears.listeners:
            with suppress(Exception):
                said.setdefault("listen_lag", {})[listener.speaker] = await listener.lag()
            if listener.trouble:
                said["troubles"].append(f"listening to {listener.speaker}: {listener.trouble}")
        for check in self.checks:
            more = await check()
            if trouble := more.pop("trouble", None):
                said["troubles"].append(trouble)
            said |= more
        return said


Build = Callable[[Runtime], Awaitable[None]]
"""Puts a service together: opens its log, declares what it listens to, starts what runs beside."""


def service_app(
    service: str,
    title: str,
    settings: Settings,
    build: Build,
    routers: Sequence[APIRouter],
    clock: Callable[[], datetime],
) -> FastAPI:
    """The app of one service, the same alone in a process or beside the others."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        runtime = Runtime(service, settings, clock)
        async with runtime.stack:
            await build(runtime)
            if runtime.ears.listeners:
                runtime.background(runtime.ears.run())
            app.state.runtime = runtime
            yield

    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        openapi_url=f"/{service}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    handle_problems(app)
    for router in routers:
        app.include_router(router)
    app.include_router(_about(service))
    return app


def _about(service: str) -> APIRouter:
    router = APIRouter(prefix=f"/{service}", include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"service": service, "status": "live"}

    @router.get("/health/ready")
    async def ready(request: Request) -> Response:
        said = await request.app.state.runtime.health()
        return JSONResponse(said, 503 if said["troubles"] else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
