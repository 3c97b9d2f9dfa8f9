"""How reporting is put together."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from services.reporting.api import router
from services.reporting.console import router as console
from services.reporting.projections import SHEETS, project
from services.reporting.rebuilding import Rebuilder
from shared.http import Runtime, real_clock, service_app
from shared.readmodel import ReadModel
from shared.settings import Settings
from shared.store import Delivery

HEARS = ("intake", "casework", "supervision")


async def build(runtime: Runtime) -> None:
    """The read model, fed by everybody."""
    settings = runtime.settings
    url = _url(settings)
    model = await asyncio.to_thread(ReadModel, url, "reporting", SHEETS, project)
    runtime.stack.callback(model.close)

    async def receive(deliveries: Sequence[Delivery]) -> None:
        await asyncio.to_thread(model.receive, deliveries)

    for speaker in HEARS:
        runtime.ears.listens(settings.region, speaker, receive)
    runtime.parts |= {"model": model, "rebuilder": Rebuilder(model, settings, HEARS)}

    async def check() -> dict[str, Any]:
        parked = await asyncio.to_thread(model.parked)
        return {"parked": len(parked), "trouble": f"{len(parked)} facts are parked: {parked[0][1]}" if parked else None}

    runtime.checks.append(check)


def _url(settings: Settings) -> str:
    if settings.dsn is None:
        return f"sqlite:///{settings.data / 'reporting.db'}"
    return settings.dsn.replace("postgresql://", "postgresql+psycopg://", 1)


def create_app(settings: Settings, clock: Callable[[], datetime] = real_clock) -> FastAPI:
    """报表: the app of reporting. It hears everybody and says nothing."""
    return service_app("reporting", "huajie reporting 报表", settings, build, [router, console], clock)
