"""How supervision is put together."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from fastapi import FastAPI

from services.supervision.api import router
from services.supervision.clock import LIFE, Watch
from services.supervision.domain import next_moment, supervision
from services.supervision.former_names import names_anew
from services.supervision.letters import router as letters
from services.supervision.library import LogLibrary, booked
from services.supervision.preview import CORES, Preview
from services.supervision.publishing import publish
from services.supervision.retaliations import router as retaliations
from services.supervision.rules import TABLES
from services.supervision.unitbook import UnitBook
from services.supervision.watchdog import alarm
from services.supervision.years import router as years
from shared.directory import Directory
from shared.http import Runtime, command_routes, real_clock, service_app
from shared.identity import Actor
from shared.metrics import SWEEP_AGE, UNWATCHED
from shared.regions import read_regions
from shared.settings import Settings
from shared.standard import Standard
from shared.store import Among, Delivery, Store
from shared.terms import Role

HEARS = ("intake", "casework")


async def adopted(store: Store[Any], roster: Callable[[], Directory], deliveries: Sequence[Delivery]) -> None:
    """Take facts in. When the name of a unit may mean another, every case is asked again: its facts may say otherwise.

    It is heard for good only when both are done: killed in between, it hears and asks once more.
    """
    await store.adopt(deliveries)
    if any(names_anew(delivery.document, roster) for delivery in deliveries):
        await store.ask_again(Among(LIFE), books=True)


def create_app(settings: Settings, clock: Callable[[], datetime] = real_clock) -> FastAPI:
    """督查: the app of supervision. It adopts every fact, and judges."""
    texts = settings.policy_texts()
    standard = Standard.of(texts, TABLES)
    decider = supervision(standard)

    async def build(runtime: Runtime) -> None:
        def library(name: str, today: date) -> UnitBook | None:
            return books(name, today)

        def roster() -> Directory:
            return runtime.roster()

        runtime.keep_log(
            partial(supervision, standard, library=library),
            partial(next_moment, standard, library=library, directory=roster),
            booked,
        )
        books = LogLibrary(runtime.store.log, roster)
        for speaker in HEARS:
            runtime.ears.listens(settings.region, speaker, partial(adopted, runtime.store, roster))
        system = Actor(id="supervision", role=Role.SYSTEM, unit=None, region=settings.region)
        preview = Preview(settings.data, settings.dsn, standard) if CORES > 1 else None
        watch = Watch(
            runtime.store,
            runtime.ears,
            standard,
            runtime.clock,
            system,
            settings.sweep_seconds,
            roster,
            preview,
            books.leads_to,
            books.units,
        )
        runtime.store.on_append(watch.stir)
        await publish(runtime.store, texts, system)
        runtime.background(watch.run())
        runtime.parts["standard"] = standard
        runtime.parts["regions"] = await runtime.in_thread(read_regions, settings.regions)

        async def check() -> dict[str, Any]:
            due = await runtime.in_thread(runtime.store.due, runtime.clock(), 1000)
            swept_on = watch.swept_on and watch.swept_on.isoformat()
            now, last = runtime.clock(), watch.last_sweep
            SWEEP_AGE.labels("supervision").set((now - (last.as_of if last else watch.since)).total_seconds())
            UNWATCHED.labels("supervision").set(last.unwatched or 0 if last else 0)
            trouble = watch.trouble or alarm(last, watch.since, now)
            return {"swept_on": swept_on, "to_judge": len(due), "trouble": trouble}

        runtime.checks.append(check)

    return service_app(
        "supervision",
        "huajie supervision 督查",
        settings,
        build,
        [router, letters, retaliations, years, command_routes("supervision", decider)],
        clock,
    )
