"""CSV with the columns that process mining expects: an event a row, `case:` before what is said of the case. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from services.supervision.export.entries import CaseLog, Section, Value, shape
from services.supervision.export.xes import event, trace
from shared.events import REGISTRY

CASE = ("concept:name", "region", "channel", "unit", "received")
EVENT = (
    *(
        "concept:name",
        "time:timestamp",
        "lifecycle:transition",
        "concept:instance",
        "org:resource",
        "org:group",
        "org:role",
    ),
    *("recorded", "recordedby", "service", "word", "imported"),
)


def table(_region: str) -> tuple[Section, ...]:
    """The table; the columns after the common ones are the fields that leave of any fact."""
    fields = sorted({name for kind in REGISTRY.values() for name in shape(kind)})
    columns = (*EVENT, *fields)

    def rows(case: CaseLog) -> Iterator[bytes]:
        of_case = trace(case)
        start = [_cell(of_case[name]) for name in CASE]
        for fact in case.facts:
            said = event(fact)
            yield _line([*start, *(_cell(said[name]) if name in said else "" for name in columns)])

    # The mark lets spreadsheets see that it is UTF-8.
    return (Section(b"\xef\xbb\xbf" + _line([*(f"case:{name}" for name in CASE), *columns]), rows, b""),)


def _cell(value: Value) -> str:
    """No cell runs as a formula."""
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case str():
            return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
        case int():
            return str(value)


def _line(cells: Iterable[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(cells)
    return stream.getvalue().encode()
