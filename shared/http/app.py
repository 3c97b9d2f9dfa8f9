"""The app of a service around its routes: problems, documents, health and metrics are the same in every service."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import Receive, Scope, Send

from shared.http.documents import with_labels, without_null
from shared.http.problems import ADDRESS, SCHEMA, documented, handle_problems, respond
from shared.http.runtime import Runtime
from shared.http.who import Caller, check_operates
from shared.settings import Settings

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI would look for a collector at every request. What is counted here is under `/metrics`."""

Build = Callable[[Runtime], Awaitable[None]]
"""Puts a service together: opens its log, declares what it listens to, starts what runs beside."""


ADDRESS_BYTES = 8 * 1024
"""The longest path and query."""
HEADER_BYTES = 32 * 1024
"""The most that all header fields may say; a token is a few hundred bytes."""


class ServiceApp(FastAPI):
    """A FastAPI app whose document has the problem schema that all answers share, the answers that all operations share, and
    the labels of all words; its parameters are there or not, but never null.
    """

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if self.openapi_schema is None:
            document = super().openapi()
            without_null(document)
            for operation in (op for methods in document["paths"].values() for op in methods.values()):
                for status, said in documented(400, 414, 431).items():
                    operation["responses"].setdefault(str(status), said)
                # what is not HTTP, such as a header field without a name, the server refuses before anybody of ours sees it
                operation["responses"]["400"]["content"]["text/plain"] = {"schema": {"type": "string"}}
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            with_labels(schemas)["Problem"] = SCHEMA
        return super().openapi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, unless the request's head is longer than any that we need."""
        if scope["type"] == "http":
            status = 0
            if len(scope["path"]) + len(scope["query_string"]) > ADDRESS_BYTES:
                status = 414
            elif sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
                status = 431
            if status:
                await respond(status, *ADDRESS[status])(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


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
            runtime.stack.callback(
                runtime.readers.shutdown, wait=False, cancel_futures=True
            )  # before what is read closes
            yield

    app = ServiceApp(
        title=title,
        version="1",
        lifespan=lifespan,
        openapi_url=f"/{service}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    handle_problems(app)
    for router in (*routers, _about(service)):
        app.router.routes.extend(router.routes)  # an included router would be matched through two more layers
    return app


def _about(service: str) -> APIRouter:
    router = APIRouter(prefix=f"/{service}", tags=[service])

    @router.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"service": service, "status": "live"}

    @router.get("/health/ready", include_in_schema=False)
    async def ready(request: Request) -> Response:
        said = await request.app.state.runtime.health()
        return JSONResponse(said, 503 if said["troubles"] else 200)

    @router.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        await request.app.state.runtime.health()  # lags are counted when somebody asks
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.post(
        "/redrive",
        operation_id=f"{service}-redrive",
        summary="重试搁置的事实 / try once more what is parked",
        responses=documented(401, 403, 503),
    )
    async def redrive(request: Request, actor: Caller) -> dict[str, list[str]]:
        """The facts of a case that could not be taken in, in their order. Answers the cases that went through."""
        check_operates(request, actor)
        again = request.app.state.runtime.redrive
        return {"through": await again() if again else []}

    return router
