"""Campaigns from templates: the seed plans' phases, reports and targets, filled in for a year."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from deploy.client import Client
from deploy.processes import ProcessError
from services.supervision.domain.campaigns import OpenCampaign
from shared.events import Official

TEMPLATES = Path(__file__).resolve().parent / "campaigns"


def templates() -> dict[str, dict[str, Any]]:
    """Every template by its name."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(TEMPLATES.glob("*.toml"))}


def from_template(
    template: dict[str, Any], year: int, region: str, units: Sequence[str], opened_on: date, by: Official
) -> OpenCampaign:
    """The command that opens a campaign of this template in a year. A monthly report is due in each month that it lasts."""

    def day(text: str) -> date:
        return date.fromisoformat(f"{year}-{text}")

    phases = [
        {**phase, "starts_on": day(phase["starts_on"]), "ends_on": day(phase["ends_on"])}
        for phase in template["phases"]
    ]
    ends_on = day(template["ends_on"])
    reports = [{**report, "due_on": day(report["due_on"])} for report in template.get("reports", ())]
    reports += _monthly(template.get("monthly_report_day"), phases[0]["starts_on"], ends_on)
    return OpenCampaign.model_validate(
        {
            "name": f"{year} {template['name']}",
            "basis": template["source"],
            "region": region,
            "units": tuple(units),
            "phases": phases,
            "targets": template.get("targets", ()),
            "reports": reports,
            "ends_on": ends_on,
            "opened_on": opened_on,
            "by": by,
        }
    )


def check_units(client: Client, units: Sequence[str]) -> None:
    """Raise ProcessError for a unit of which neither the roster nor any case knows: nobody would file what is due of it."""
    known = {unit["name"] for unit in client.get("/intake/organisation")["units"]}
    known |= {row["unit"] for row in client.get("/reporting/counts", by="unit")["counts"]}
    if unknown := [unit for unit in units if unit not in known]:
        near = sorted({name for unit in unknown for name in get_close_matches(unit, known, n=3)})
        zh, en = (f"，相近的有：{'、'.join(near)}", f"; near it: {', '.join(near)}") if near else ("", "")
        raise ProcessError(
            f"没有这样的单位：{'、'.join(unknown)}{zh}。请更正名称，或先登记机构：./huajie organisation 名册.xlsx",
            f"no such unit: {', '.join(unknown)}{en}. Correct the name, or enter the unit first:"
            " ./huajie organisation ROSTER.xlsx",
        )


def _monthly(on: int | None, first: date, last: date) -> Iterator[dict[str, Any]]:
    for month in range(first.month, last.month + 1) if on else ():
        due = date(first.year, month, on or 1)
        if first <= due <= last:
            yield {"report": f"{due:%Y-%m}", "what": "月报", "due_on": due}
