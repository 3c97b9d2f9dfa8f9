"""The command import: a ledger into a running node. Its file is read, its rows are registered, their history is laid down."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy import printing
from deploy.claiming import claims_of
from deploy.client import Client, Refused
from deploy.files_read import ALL_IN, SOME_REFUSED, keep_refused, tell_refusals, tell_sheets
from deploy.node import Node
from deploy.processes import ProcessError
from services.casework.domain.claims import ClaimedLeader
from services.intake.ledger import Ledger, LedgerRow, LedgerUnreadable, Refusal, SkipReason, read_ledger
from shared.decider import Command
from shared.events import ZONE
from shared.terms import Role

ROWS_AT_ONCE = 100
BYTES_AT_ONCE = 4 * 1024 * 1024
"""Half of what a request may hold: one more row still fits."""
TOO_MUCH = frozenset({413, 422})
"""How a service refuses a history that is longer than it takes at once."""
ARRIVAL_SECONDS = 60.0
"""How long a registered case may take to arrive at casework before its history is given up on."""

Told = Callable[[int, int], None]


class Door(Protocol):
    """The way into a running node."""

    def post(self, path: str, body: Any = None) -> Any:
        """Give a command. Raises Refused."""


@dataclass
class Imported:
    """What an import came to. In a dry run `cases` are the rows that could be taken in."""

    ledger: Ledger
    cases: int = 0
    repeats: int = 0
    skipped: int = 0

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The rows that were not taken in, by the reader or by a service."""
        return self.ledger.refusals

    def summary(self) -> dict[str, Any]:
        """The numbers, as `--json` prints them."""
        rejected = [
            {"sheet": r.sheet, "row": r.row, "column": r.column, "reason": r.reason_zh, "reason_en": r.reason_en}
            for r in self.refusals
        ]
        return {"cases": self.cases, "repeats": self.repeats, "skipped": self.skipped, "rejected": rejected}

    def tell(self, *, dry_run: bool = False) -> None:
        """Print it for people."""
        tell_sheets(self.ledger)
        if dry_run:
            printing.out.print(f"可导入 / could be imported: {self.cases} 行 rows")
        else:
            printing.out.print(
                f"新案 cases {self.cases}，重复信访 repeats {self.repeats}，已有 skipped {self.skipped}，"
                f"退回 rejected {len(self.refusals)}"
            )
        tell_refusals(self.refusals)


def import_file(node: Node, file: Path, region: str | None, *, dry_run: bool, as_json: bool) -> int:
    """Import a ledger and print what became of it. Answers the exit code. Raises ProcessError."""
    imported = bring_in(node, file, region, quiet=as_json, dry_run=dry_run)
    if as_json:
        printing.as_json(imported.summary())
    else:
        imported.tell(dry_run=dry_run)
    if not dry_run:
        keep_refused(file, imported.ledger)
    return SOME_REFUSED if imported.refusals else ALL_IN


def bring_in(node: Node, file: Path, region: str | None, *, quiet: bool, dry_run: bool = False) -> Imported:
    """Read a ledger and take it in, unless `dry_run`; bars show how far it has come, unless `quiet`. Raises ProcessError."""
    home = node.region if dry_run else node.running().region
    regions = node.regions(region)
    today = datetime.now(ZONE).date()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=printing.err, disable=quiet, transient=True) as bars:
        reading = bars.add_task("读取 reading", total=None)
        try:
            imported = read(
                file, regions, region or home, today, lambda done, of: bars.update(reading, completed=done, total=of)
            )
        except LedgerUnreadable as error:
            raise ProcessError(error.zh, error.en) from error
        except OSError as error:
            raise ProcessError(f"无法读取 {file}：{error.strerror}", f"cannot read {file}: {error.strerror}") from error
        if dry_run:
            imported.cases = len(imported.ledger.rows)
        else:
            sending = bars.add_task("导入 importing", total=len(imported.ledger.rows))
            with Client(node, Role.PETITION_OFFICE, "importer") as client, broken_off():
                send(client, imported, lambda done, of: bars.update(sending, completed=done, total=of))
    return imported


@contextmanager
def broken_off() -> Iterator[None]:
    """An import that breaks off says that it may be done again."""
    try:
        yield
    except ProcessError as error:
        raise ProcessError(
            f"{error.zh}。导入没有做完：恢复后请再导入一次，已有的不会重复",
            f"{error.en}. The import was not finished: run it again then, nothing is added twice",
        ) from error


def read(
    path: Path, regions: dict[str, str], region: str | None, today: date, progress: Told = lambda _done, _of: None
) -> Imported:
    """Read the file and refuse what cannot be taken in; nothing is sent yet. Raises LedgerUnreadable."""
    ledger = read_ledger(path, regions=regions, default_region=region, today=today, progress=progress)
    repeated = sum(line.why is SkipReason.REPEATED for line in ledger.skipped)
    return Imported(ledger, skipped=repeated)


def send(door: Door, imported: Imported, progress: Told = lambda _done, _of: None) -> None:
    """Register every row and lay down its history; rows that a service refuses join the refusals."""
    ledger, source = imported.ledger, imported.ledger.digest[:16]
    done, refused = 0, list[tuple[LedgerRow, str, str]]()
    for rows in chunks(ledger.rows):
        for row, outcome in take_in(door, rows, source):
            match outcome["became"]:
                case "case":
                    imported.cases += 1
                case "repeat":
                    imported.repeats += 1
                case "skipped":
                    imported.skipped += 1
                case _:
                    refused.append((row, outcome["reason_zh"], outcome["reason_en"]))
        done += len(rows)
        progress(done, len(ledger.rows))
    imported.ledger = ledger.refusing(refused)


def take_in(door: Door, rows: Sequence[LedgerRow], source: str) -> list[tuple[LedgerRow, dict[str, Any]]]:
    """Register rows and lay down the history of those that were not refused; answers what became of each."""
    body = {"imported_from": source, "rows": [row.model_dump(mode="json") for row in rows]}
    outcomes = list(zip(rows, door.post("/intake/ledger", body), strict=True))
    histories: dict[str, dict[int, list[Command]]] = {}
    for n, (row, outcome) in enumerate(outcomes):
        if outcome["became"] != "rejected" and (claims := claims_of(row)):
            histories.setdefault(outcome["case_id"], {})[n] = claims
    for case_id, steps in histories.items():
        for n, refused in _lay_down_all(door, case_id, steps, source).items():
            said = {"became": "rejected", "reason_zh": f"办理记录：{refused.zh}", "reason_en": f"steps: {refused.en}"}
            outcomes[n] = outcomes[n][0], said
    return outcomes


def _lay_down_all(door: Door, case_id: str, steps: Mapping[int, Sequence[Command]], source: str) -> dict[int, Refused]:
    """Lay down a case's history, of all its rows at once. Answers the rows of which it was refused: where another leader owns
    the case, those whose column names one, and all else of them is laid down.
    """
    try:
        _lay_down(door, case_id, [step for its in steps.values() for step in its], source)
    except Refused as refused:
        if refused.rule != "leader-differs":
            if refused.status in TOO_MUCH:
                return dict.fromkeys(steps, refused)
            raise
    else:
        return {}
    dated = [step for its in steps.values() for step in its if not isinstance(step, ClaimedLeader)]
    _lay_down(door, case_id, dated, source)
    found = {}
    for n, its in steps.items():
        try:
            _lay_down(door, case_id, [step for step in its if isinstance(step, ClaimedLeader)], source)
        except Refused as refused:
            if refused.rule != "leader-differs":
                raise
            found[n] = refused
    return found


def _lay_down(door: Door, case_id: str, steps: Sequence[Command], source: str) -> None:
    """Send a case's history, as soon as the case has arrived at casework."""
    body = {"imported_from": source, "steps": [step.model_dump(mode="json") for step in steps]}
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while True:
        try:
            door.post(f"/casework/cases/{case_id}/import-history", body)
            return
        except Refused as refused:
            if refused.status != 404 or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def chunks(rows: Iterable[LedgerRow]) -> Iterator[list[LedgerRow]]:
    """Rows together, as many as one request may hold."""
    chunk, size = list[LedgerRow](), 0
    for row in rows:
        chunk.append(row)
        size += len(row.model_dump_json().encode())
        if len(chunk) == ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
