"""How intake is put together."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from services.intake.api import router
from services.intake.domain import intake
from services.intake.domain.case import Case
from services.intake.letters import router as letters
from services.intake.registration import Registrar
from services.intake.vault import Vault
from shared.decider import Decider
from shared.http import Runtime, command_routes, real_clock, service_app
from shared.regions import read_regions
from shared.settings import Settings
from shared.standard import Standard


def decider_of(settings: Settings) -> Decider[Case]:
    """What intake allows, by the policies of this node."""
    return intake(Standard.of(settings.policy_texts()))


async def build(runtime: Runtime) -> None:
    """The log, and beside it the vault. What casework says is adopted: it names the units that may open the vault."""
    settings = runtime.settings
    runtime.keep_log(decider_of(settings))
    runtime.ears.listens(settings.region, "casework", runtime.store.adopt)
    database = settings.dsn or settings.data / "vault.db"
    vault = await asyncio.to_thread(Vault, database, settings.data / "vault.key", clock=runtime.clock)
    runtime.stack.callback(vault.close)
    regions = await asyncio.to_thread(read_regions, settings.regions)
    runtime.parts["registrar"] = Registrar(runtime.store, vault, regions)
    runtime.parts["standard"] = Standard.of(settings.policy_texts())


def create_app(settings: Settings, clock: Callable[[], datetime] = real_clock) -> FastAPI:
    """登记认定交办: the app of intake."""
    routers = [router, letters, command_routes("intake", decider_of(settings))]
    return service_app("intake", "huajie intake 登记认定交办", settings, build, routers, clock)
