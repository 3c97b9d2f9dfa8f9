"""Importing another system's event log into a running node: its cases are taken in as the rows of a ledger are, a few at a time."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy import printing
from deploy.client import Client
from deploy.files_read import ALL_IN, SOME_REFUSED, written
from deploy.importing import Door, Told, chunks, take_in
from deploy.node import Node
from deploy.processes import ProcessError
from services.intake.eventlog import EventLog, Mapping, Tally, load_mapping, open_log
from services.intake.ledger import LedgerUnreadable
from shared.events import ZONE
from shared.terms import Role


@dataclass
class LogImported:
    """What an import came to. In a dry run `cases` are those that could be taken in."""

    tally: Tally
    cases: int = 0
    skipped: int = 0
    errors_file: Path | None = None

    def summary(self) -> dict[str, Any]:
        """The numbers, as `--json` prints them; of the refusals the first."""
        shown = [
            {"place": place, "column": fault.column, "reason": fault.zh, "reason_en": fault.en}
            for place, fault in self.tally.shown
        ]
        return {
            "events": self.tally.events,
            "ignored": dict(self.tally.ignored),
            "unknown": dict(self.tally.unknown),
            "cases": self.cases,
            "skipped": self.skipped,
            "refused": self.tally.refused,
            "rejected": shown,
            "errors_file": self.errors_file and str(self.errors_file),
        }


def read_mapping(path: Path) -> Mapping:
    """The mapping in this file. Raises LedgerUnreadable."""
    try:
        return load_mapping(path.read_text("utf-8-sig"), path.name)
    except OSError as error:
        zh, en = f"打不开 {path.name}：{error.strerror}", f"cannot open {path.name}: {error.strerror}"
        raise LedgerUnreadable(zh, en) from error
    except UnicodeDecodeError as error:
        zh, en = f"{path.name} 不是 UTF-8 编码，请转换后再试", f"{path.name} is not UTF-8: convert it and try again"
        raise LedgerUnreadable(zh, en) from error


def check(log: EventLog) -> LogImported:
    """Go through the cases without sending any, or writing anything."""
    return LogImported(log.tally, cases=sum(1 for _ in log.cases()))


def send(door: Door, log: EventLog, progress: Told = lambda _done, _of: None) -> LogImported:
    """Take in every case with its history; those that a service refuses join the refused, which are then written.

    Raises Refused, ProcessError when the node does not answer: what was sent stays, and the same file brings the rest.
    """
    imported, done, of = LogImported(log.tally), 0, log.count()
    for rows in chunks(log.cases()):
        for row, outcome in take_in(door, rows, log.source):
            match outcome["became"]:
                case "rejected":
                    log.refuse(row, outcome["reason_zh"], outcome["reason_en"])
                case "case":
                    imported.cases += 1
                case _:
                    imported.skipped += 1
        done += len(rows)
        progress(done, of)
    imported.errors_file = log.errors.finish()
    return imported


def import_file(node: Node, file: Path, mapping: Path, region: str | None, *, dry_run: bool, as_json: bool) -> int:
    """Import a log and print what became of it. Answers the exit code. Raises ProcessError."""
    try:
        imported = _import(node, file, mapping, region, dry_run=dry_run, quiet=as_json)
    except LedgerUnreadable as error:
        raise ProcessError(error.zh, error.en) from error
    if as_json:
        printing.as_json(imported.summary())
    else:
        _told(imported, file, dry_run=dry_run)
    return SOME_REFUSED if imported.tally.refused else ALL_IN


def _import(node: Node, file: Path, mapping: Path, region: str | None, *, dry_run: bool, quiet: bool) -> LogImported:
    home = node.region if dry_run else node.running().region
    regions = node.regions(region)
    read = read_mapping(mapping)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=printing.err, disable=quiet, transient=True) as bars:
        reading = bars.add_task("读取 reading", total=None)
        with open_log(
            file,
            read,
            regions=regions,
            default_region=region or home,
            today=datetime.now(ZONE).date(),
            progress=lambda events: bars.update(reading, completed=events),
        ) as log:
            return check(log) if dry_run else _sent(node, log, bars)


def _sent(node: Node, log: EventLog, bars: Progress) -> LogImported:
    sending = bars.add_task("导入 importing", total=None)
    with Client(node, Role.PETITION_OFFICE, "importer") as client:
        return send(client, log, lambda done, of: bars.update(sending, completed=done, total=of))


def _told(imported: LogImported, file: Path, *, dry_run: bool) -> None:
    tally = imported.tally
    for name, counted in (("不导入的活动 ignored", tally.ignored), ("对照表没有的活动 unknown", tally.unknown)):
        if counted:
            listed = "，".join(f"{activity} {n}" for activity, n in counted.most_common(20))
            printing.out.print(f"  {name}: {listed}", markup=False, soft_wrap=True)
    head = "可导入 could be imported" if dry_run else "新案 cases"
    printing.out.print(
        f"记录 events {tally.events}，{head} {imported.cases}，已有 skipped {imported.skipped}，退回 refused {tally.refused}"
    )
    for place, fault in tally.shown[:20]:
        where = f"第 {place} 行 {fault.column}".strip()
        printing.out.print(f"  {where}: {fault.zh} / {fault.en}", markup=False, soft_wrap=True)
    if imported.errors_file:
        printing.out.print(
            f"退回的案件已写入 / refused cases are in: {written(file, imported.errors_file)}",
            markup=False,
            soft_wrap=True,
        )
