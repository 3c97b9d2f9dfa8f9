"""Small event logs for tests, and the way to read them."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from services.intake.eventlog import Tally, load_mapping, open_log
from services.intake.ledger import LedgerRow
from services.intake.ledger.headers import ERROR_COLUMNS

TODAY = date(2026, 11, 20)
REGIONS = {"610499": "河阳县", "610499002": "河阳县柳林镇"}

MAPPING = """system = "另一系统"
[columns]
case = "case"
activity = "what"
time = "at"
person = "who"
unit = "unit"
note = "said"
[activities]
"登记" = "registration"
"派单" = "dispatch"
"受理" = "accept"
"走访" = "home-visit"
"空跑" = { fact = "home-visit", note = "未见到本人" }
"上报" = "note"
"答复" = "reply"
"办结" = "close"
"回头" = "repeat"
[ignored]
"心跳" = "系统消息"
"""
HEADER = "case,what,at,who,unit,said"


def table(*rows: str, header: str = HEADER) -> str:
    """A CSV of these rows."""
    return "\n".join((header, *rows)) + "\n"


def xes(*traces: tuple[str, Sequence[tuple[str, str]]], before: str = "") -> str:
    """An XES log: of each trace its name, and its events' names and timestamps."""
    said = []
    for name, events in traces:
        inner = "".join(
            f'<event><string key="concept:name" value="{what}"/><date key="time:timestamp" value="{at}">'
            '<string key="concept:name" value="nested"/></date><string key="org:group" value="柳林镇"/></event>'
            for what, at in events
        )
        said.append(f'<trace><string key="concept:name" value="{name}"/>{inner}</trace>')
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">'
        f'<global scope="event"><string key="concept:name" value="no event"/></global>{"".join(said)}</log>'
    )


XES_MAPPING = (
    MAPPING.replace('case = "case"', 'case = "case:concept:name"')
    .replace('"what"', '"concept:name"')
    .replace('"at"', '"time:timestamp"')
    .replace('"unit"', '"org:group"')
    .replace('person = "who"\n', "")
    .replace('note = "said"\n', "")
)


def read(
    file: Path, mapping: str = MAPPING, region: str | None = "610499"
) -> tuple[list[LedgerRow], Tally, Path | None]:
    """The cases of a log, what it came to, and its errors file."""
    with open_log(file, load_mapping(mapping, "m.toml"), regions=REGIONS, default_region=region, today=TODAY) as log:
        rows = list(log.cases())
        return rows, log.tally, log.errors.finish()


def written(folder: Path, text: str, name: str = "log.csv", encoding: str = "utf-8") -> Path:
    """A file with this text."""
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def steps(row: LedgerRow) -> list[str]:
    """The steps of a case: day and kind."""
    return [f"{step.on:%m-%d} {step.kind}" for step in row.steps]


def told(file: Path | None) -> list[dict[str, str]]:
    """The rows of an errors file."""
    assert file is not None
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0])[:4] == ERROR_COLUMNS
    return rows
