"""One server process: a single service, or all four on one event loop. Settings come from the environment."""

import argparse
import gc
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.node import SERVICES
from deploy.processes import die_with
from shared.http.problems import ADDRESS, respond
from shared.settings import Settings


def _app(service: str, *given: Any) -> FastAPI:
    """The app of a service, which alone is loaded: a process of its own does without the others."""
    app: FastAPI = import_module(f"services.{service}.app").create_app(*given)
    return app


APPS: dict[str, Callable[..., FastAPI]] = {service: partial(_app, service) for service in SERVICES}

COLLECTED = 5_000
"""How many new objects are there before the collector looks for cycles among them: what answers a request makes few."""


class Together:
    """Several services on one address: the first part of the path says which."""

    def __init__(self, apps: Mapping[str, FastAPI]) -> None:
        self._apps = apps

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                for app in apps.values():
                    await stack.enter_async_context(app.router.lifespan_context(app))
                yield

        self._rest = Starlette(lifespan=lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to its service."""
        app: ASGIApp | None = None
        if scope["type"] == "http":
            app = self._apps.get(scope["path"].removeprefix("/").partition("/")[0])
            if app is None:
                app = respond(404, *ADDRESS[404])
        await (app or self._rest)(scope, receive, send)


def create_app(service: str, settings: Settings) -> ASGIApp:
    """The app of a service, or of `all` of them."""
    if service != "all":
        return APPS[service](settings)
    return Together({name: create(settings) for name, create in APPS.items()})


def main() -> None:
    """Serve until told to stop (SIGTERM), finishing what is under way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("service", choices=[*APPS, "all"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--parent", type=int, help="stop when this process is gone")
    asked = parser.parse_args()
    if asked.parent is not None:
        die_with(asked.parent)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("nats.aio.client").setLevel(logging.ERROR)
    settings = Settings.from_environment()
    app = create_app(asked.service, settings)
    gc.freeze()  # the program itself is never garbage: looking through it again and again took a twelfth of the time
    gc.set_threshold(COLLECTED)
    uvicorn.run(
        app,
        host=settings.host,
        port=asked.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=30,
    )


if __name__ == "__main__":
    main()
