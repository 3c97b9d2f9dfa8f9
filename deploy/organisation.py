"""The command organisation with a file: a roster of units and posts into a running node."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from deploy import printing
from deploy.client import Client
from deploy.files_read import ALL_IN, SOME_REFUSED, keep_refused, tell_refusals, tell_sheets
from deploy.node import Node
from deploy.processes import ProcessError
from services.intake.ledger import Ledger, LedgerUnreadable, RosterFile, RosterRow, read_roster
from shared.events import ZONE
from shared.terms import Role

ROWS_AT_ONCE = 500


@dataclass
class Entered:
    """What entering a roster came to."""

    roster: RosterFile
    lines: Ledger
    entered: int = 0
    skipped: int = 0

    def summary(self) -> dict[str, Any]:
        """The numbers, as `--json` prints them."""
        said = {"sheet", "row", "column", "reason_zh", "reason_en"}
        return {
            "units": len(self.roster.units),
            "posts": len(self.roster.posts),
            "entered": self.entered,
            "skipped": self.skipped,
            "rejected": [refused.model_dump(include=said) for refused in self.lines.refusals],
        }

    def tell(self) -> None:
        """Print it for people."""
        tell_sheets(self.lines)
        printing.line(
            f"机构 units {len(self.roster.units)}，任职 posts {len(self.roster.posts)}：登记 entered {self.entered}，"
            f"已有 skipped {self.skipped}，退回 rejected {len(self.lines.refusals)}"
        )
        tell_refusals(self.lines.refusals)


def import_roster(node: Node, file: Path, region: str | None, *, dry_run: bool, as_json: bool) -> int:
    """Enter a roster and print what became of it. Answers the exit code. Raises ProcessError."""
    entered = enter(node, file, region, dry_run=dry_run)
    if as_json:
        printing.as_json(entered.summary())
    else:
        entered.tell()
    if not dry_run:
        keep_refused(file, entered.lines)
    return SOME_REFUSED if entered.lines.refusals else ALL_IN


def enter(node: Node, file: Path, region: str | None, *, dry_run: bool = False) -> Entered:
    """Read a roster and enter it. Raises ProcessError."""
    home = node.region if dry_run else node.running().region
    regions = node.regions(region)
    try:
        roster = read_roster(file, regions=regions, default_region=region or home, today=datetime.now(ZONE).date())
    except LedgerUnreadable as error:
        raise ProcessError(error.zh, error.en) from error
    if dry_run:
        return Entered(roster, roster.lines)
    with Client(node, Role.PETITION_OFFICE, "importer") as client:
        return Entered(roster, *_send(client, roster))


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
