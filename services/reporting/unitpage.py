"""单位页: one unit: what was found of it across its cases and exactly why, which notices it has, and its cases."""

import asyncio
from typing import Any

from fastapi import Request, Response
from pydantic import ValidationError

from services.reporting import columns, queries
from services.reporting.api import model_of
from services.reporting.filters import Filter, NoticeFilter, UnitFilter, meant
from services.reporting.pages import Reader, missing, page
from shared.http import runtime_of
from shared.workdays import business_date

SHOWN = 50
"""How many notices and cases are shown."""


async def one_unit(request: Request, actor: Reader) -> Response:
    """A unit, by any of its names. Of whom nothing is known, nothing is said, neither that nothing is theirs to see."""
    nobody = ("没有这个单位，或不在您的范围内", "No such unit, or it lies outside your scope")
    name = request.query_params.get("unit", "").strip()
    try:
        asked = UnitFilter(unit=(name,))
    except ValidationError:
        return await missing(request, *nobody)
    runtime, model = runtime_of(request), model_of(request)

    def whole() -> dict[str, Any]:
        units = meant(asked.unit, runtime.roster(), actor.region, business_date(runtime.clock()))
        live = NoticeFilter(live=True, unit=asked.unit)
        return {
            "findings": queries.unit_findings(model, actor, asked, units),
            "notices": queries.notices_page(model, actor, live, SHOWN, None, units),
            "cases": queries.cases(model, actor, Filter(unit=asked.unit), SHOWN, None, units),
        }

    shown = await asyncio.to_thread(whole)
    if not (shown["findings"] or shown["notices"]["notices"] or shown["cases"]["cases"]):
        return await missing(request, *nobody)
    return page(request, "unit.html", actor=actor, unit=name, columns=columns, **shown)
