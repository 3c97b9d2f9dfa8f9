"""How reporting is put together."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from services.reporting.annual import router as annual
from services.reporting.api import router
from services.reporting.commitments import router as commitments
from services.reporting.console import router as console
from services.reporting.letters import router as letters
from services.reporting.organisation import Units
from services.reporting.projections import project
from services.reporting.rebuilding import Rebuilder
from services.reporting.registers import router as registers
from services.reporting.sheets import SHEETS
from services.reporting.waiting import router as waiting
from shared.edition import edition_of
from shared.http import Runtime, real_clock, service_app
from shared.metrics import PARKED
from shared.readmodel import ReadModel
from shared.regions import read_regions
from shared.settings import Settings
from shared.standard import Standard

logger = logging.getLogger(__name__)

HEARS = ("intake", "casework", "supervision")
MAKES_ROWS = ("services/reporting/*.py", "shared/*.py", "shared/events/**/*.py", "shared/terms/*.py")
"""The code that a row can depend on."""
AGAIN_SECONDS = 30.0
"""How long to wait before what could not be rebuilt is tried once more."""


async def build(runtime: Runtime) -> None:
    """The read model, fed by everybody."""
    settings = runtime.settings
    url = _url(settings)
    model = await asyncio.to_thread(ReadModel, url, "reporting", SHEETS, project, edition_of(*MAKES_ROWS))
    runtime.stack.callback(model.close)
    runtime.ears.lease = model.lease
    runtime.roster = Units(model)
    rebuilder = Rebuilder(model, settings, HEARS)
    for speaker in HEARS:
        runtime.ears.listens(settings.region, speaker, rebuilder.receive)

    async def redrive() -> list[str]:
        return await runtime.in_thread(model.redrive)

    runtime.redrive = redrive
    runtime.parts["regions"] = await asyncio.to_thread(read_regions, settings.regions)
    runtime.parts |= {"model": model, "rebuilder": rebuilder, "standard": Standard.of(settings.policy_texts())}

    async def check() -> dict[str, Any]:
        parked = await runtime.in_thread(model.parked)
        PARKED.labels("reporting").set(len(parked))
        trouble = f"{len(parked)} facts are parked: {parked[0][1]}" if parked else None
        return {"parked": len(parked), "outdated": await runtime.in_thread(model.outdated), "trouble": trouble}

    runtime.checks.append(check)
    runtime.background(_renew(model, rebuilder))


async def _renew(model: ReadModel, rebuilder: Rebuilder) -> None:
    """Work the rows out anew that another edition made, beside those that are read: by the one process that listens."""
    while await asyncio.to_thread(model.outdated):
        if await asyncio.to_thread(model.lease):
            try:
                await rebuilder.rebuild()
                continue
            except (
                Exception
            ) as error:  # the broker is not there yet, the disk is full: the old rows are read until then
                logger.info("rows of another edition are not worked out anew yet: %s", type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


def _url(settings: Settings) -> str:
    if settings.dsn is None:
        return f"sqlite:///{settings.data / 'reporting.db'}"
    return settings.dsn.replace("postgresql://", "postgresql+psycopg://", 1)


def create_app(settings: Settings, clock: Callable[[], datetime] = real_clock) -> FastAPI:
    """报表: the app of reporting. It hears everybody and says nothing."""
    return service_app(
        "reporting",
        "huajie reporting 报表",
        settings,
        build,
        [router, registers, annual, letters, waiting, commitments, console],
        clock,
    )
