"""Campaigns from templates: the seed plans' phases, reports and targets, filled in for a year."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

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


def _monthly(on: int | None, first: date, last: date) -> Iterator[dict[str, Any]]:
    for month in range(first.month, last.month + 1) if on else ():
        due = date(first.year, month, on or 1)
        if first <= due <= last:
            yield {"report": f"{due:%Y-%m}", "what": "月报", "due_on": due}
