"""导出事件日志: our own history in the formats of process mining. It names officials and units, and nothing of a petitioner."""

from collections.abc import Callable

from services.supervision.export.entries import CaseLog, Section
from services.supervision.export.ocel import ocel
from services.supervision.export.table import table
from services.supervision.export.xes import xes

FORMATS: dict[str, tuple[str, Callable[[str], tuple[Section, ...]]]] = {
    "xes": ("application/xml", xes),
    "ocel": ("application/json", ocel),
    "csv": ("text/csv; charset=utf-8", table),
}
"""Media type, and the sections of the document of a region's node."""

__all__ = ["FORMATS", "CaseLog", "Section"]
