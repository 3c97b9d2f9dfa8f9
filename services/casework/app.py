"""How casework is put together."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from fastapi import FastAPI

from services.casework.api import router
from services.casework.domain import casework
from services.casework.files import router as files
from services.casework.funds import router as funds
from services.casework.papers import router as papers
from shared.files import open_files
from shared.http import Runtime, command_routes, real_clock, service_app
from shared.settings import Settings
from shared.standard import Standard


def create_app(settings: Settings, clock: Callable[[], datetime] = real_clock) -> FastAPI:
    """办案: the app of casework. It adopts what intake says, and so knows which cases there are."""
    standard = Standard.of(settings.policy_texts())

    async def build(runtime: Runtime) -> None:
        runtime.keep_log(partial(casework, standard))
        runtime.parts |= {"standard": standard, "files": (kept := open_files(settings))}
        runtime.stack.callback(kept.close)
        runtime.ears.listens(settings.region, "intake", runtime.store.adopt)

    routers = [router, funds, files, papers, command_routes("casework", casework(standard))]
    return service_app("casework", "huajie casework 办案", settings, build, routers, clock)
