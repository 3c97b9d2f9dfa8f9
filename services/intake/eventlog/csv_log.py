"""A log as a table: one event a row, the rows of a case anywhere."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from services.intake.eventlog.files import Event, LogFile, lacking
from services.intake.ledger.entries import LedgerUnreadable

QUOTED = re.compile(r"'(?=[=+\-@\t\r])")
"""What an errors file, or Excel, puts before a cell that would run as a formula."""


def csv_events(file: LogFile, wanted: Sequence[str]) -> Iterator[Event]:
    """The events, in the order of the file; `place` is the row, from 1, with the header counted.

    Raises LedgerUnreadable when a column is missing or stands there twice, and for what is no CSV.
    """
    with file.text() as text:
        head = text.readline()
        delimiter = max(",\t;", key=head.count)
        text.seek(0)
        rows = csv.reader(text, delimiter=delimiter, strict=True)  # a quote left open would swallow all that follows
        try:
            header = [name.strip().removeprefix("\ufeff") for name in next(rows, [])]
            at = _columns(file, header, wanted)
            for place, row in enumerate(rows, start=2):
                if any(row):
                    said = {name: _said(row[i]) for name, i in at.items() if i < len(row)}
                    yield Event(place, said, len(row) if any(row[len(header) :]) else 0)
        except csv.Error as broken:
            raise LedgerUnreadable(
                f"{file.path.name} 第 {rows.line_num} 行不是完好的 CSV（{broken}），请重新导出。",
                f"{file.path.name}, line {rows.line_num}, is not sound CSV ({broken}): export it again.",
            ) from broken


def _columns(file: LogFile, header: list[str], wanted: Sequence[str]) -> dict[str, int]:
    if missing := [name for name in wanted if name not in header]:
        raise lacking(file.path, missing, "、".join(filter(None, header)) or "—")
    seen = Counter(header)
    if twice := [name for name in wanted if seen[name] > 1]:
        shown = "、".join(twice)
        raise LedgerUnreadable(
            f"{file.path.name} 有同名的列：{shown}。请改名后再导入。",
            f"{file.path.name} has several columns named {shown}: rename them and import again.",
        )
    return {name: header.index(name) for name in wanted}


def _said(cell: str) -> str:
    return QUOTED.sub("", cell.strip(), count=1)
