"""The command organisation: a roster of units and posts into a running node, and the tree out of it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from deploy import printing
from deploy.client import Client
from deploy.node import Node
from deploy.processes import ProcessError
from services.intake.ledger import Ledger, LedgerUnreadable, RosterFile, RosterRow, read_roster, write_refusals
from shared.events import ZONE
from shared.terms import Role

ALL_IN, SOME_REFUSED = 0, 3
ROWS_AT_ONCE = 500


def import_roster(
    node: Node, file: Path, region: str | None, *, dry_run: bool, as_json: bool
) -> tuple[int, dict[str, Any]]:
    """Read a roster and enter it. Answers the exit code, and the numbers as `--json` prints them."""
    home = node.region if dry_run else node.running().region
    regions = node.regions(region)
    try:
        roster = read_roster(file, regions=regions, default_region=region or home, today=datetime.now(ZONE).date())
    except LedgerUnreadable as error:
        raise ProcessError(error.zh, error.en) from error
    lines, entered, skipped = roster.lines, 0, 0
    if not dry_run:
        with Client(node, Role.PETITION_OFFICE, "importer") as client:
            lines, entered, skipped = _send(client, roster)
    errors_file = write_refusals(file, lines) if lines.refusals and not dry_run else None
    said = {
        "units": len(roster.units),
        "posts": len(roster.posts),
        "entered": entered,
        "skipped": skipped,
        "rejected": [
            r.model_dump(include={"sheet", "row", "column", "reason_zh", "reason_en"}) for r in lines.refusals
        ],
    }
    if not as_json:
        printing.file_read(lines)
        printing.out.print(
            f"机构 units {said['units']}，任职 posts {said['posts']}：登记 entered {entered}，已有 skipped {skipped}，"
            f"退回 rejected {len(lines.refusals)}"
        )
        printing.refusals(lines.refusals, errors_file)
    return (SOME_REFUSED if lines.refusals else ALL_IN), said


def _send(client: Client, roster: RosterFile) -> tuple[Ledger, int, int]:
    """Enter the rows; answers the lines with those that intake refused, and how many were entered and were there already."""
    entered, skipped, refused = 0, 0, list[tuple[RosterRow, str, str]]()
    for kind, rows in (("units", roster.units), ("posts", roster.posts)):
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            body = {
                "imported_from": roster.lines.digest[:16],
                kind: [row.model_dump(mode="json", exclude_none=True) for row in some],
            }
            for row, became in zip(some, client.post("/intake/organisation", body), strict=True):
                entered += became["became"] == "entered"
                skipped += became["became"] == "skipped"
                if became["became"] == "rejected":
                    refused.append((row, became["reason_zh"], became["reason_en"]))
    return roster.lines.refusing(refused), entered, skipped


def show(node: Node, on: date | None, as_of: str | None = None, *, as_json: bool) -> None:
    """Print the units there were on a day, and who held their posts, as known at a moment."""
    with Client(node, Role.AUDITOR) as client:
        said = client.get("/intake/organisation", on=on and on.isoformat(), as_of=as_of)
    printing.as_json(said) if as_json else printing.organisation(said)
