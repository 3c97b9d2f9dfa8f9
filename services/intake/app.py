"""How intake is put together."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from fastapi import FastAPI

from services.intake.api import router
from services.intake.domain import Kept, intake
from services.intake.letters import router as letters
from services.intake.matters import Matters
from services.intake.organisation import router as organisation
from services.intake.registration import Registrar
from services.intake.vault import Vault
from shared.contents import read_contents
from shared.decider import Decider
from shared.directory import Directory
from shared.http import Runtime, command_routes, real_clock, service_app
from shared.regions import read_regions
from shared.settings import Settings
from shared.standard import Standard


def decider_of(settings: Settings, directory: Callable[[], Directory] = Directory) -> Decider[Kept]:
    """What intake allows, by the policies of this node."""
    return intake(standard_of(settings), directory)


def standard_of(settings: Settings) -> Standard:
    """The policies of this node, and the calendar."""
    return Standard.of(settings.policy_texts())


async def build(runtime: Runtime) -> None:
    """The log, and beside it the vault. What casework says is adopted: it names the units that may open the vault."""
    settings = runtime.settings
    runtime.keep_log(partial(decider_of, settings))
    runtime.ears.listens(settings.region, "casework", runtime.store.adopt)
    database = settings.dsn or settings.data / "vault.db"
    vault = await asyncio.to_thread(Vault, database, settings.data / "vault.key", clock=runtime.clock)
    runtime.stack.callback(vault.close)
    regions = await asyncio.to_thread(read_regions, settings.regions)
    contents = await asyncio.to_thread(read_contents, settings.contents)
    matters = Matters(runtime.store.log)
    runtime.parts["registrar"] = Registrar(runtime.store, vault, regions, contents, matters)
    runtime.parts["standard"] = standard_of(settings)


def create_app(settings: Settings, clock: Callable[[], datetime] = real_clock) -> FastAPI:
    """登记认定交办: the app of intake."""
    routers = [router, organisation, letters, command_routes("intake", decider_of(settings))]
    return service_app("intake", "huajie intake 登记认定交办", settings, build, routers, clock)
