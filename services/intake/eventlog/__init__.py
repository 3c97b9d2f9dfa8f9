"""事件日志: reads event logs of other systems (CSV, IEEE 1849 XES) by a mapping; what cannot be taken is handed back with why."""

from services.intake.eventlog.log import EventLog, Tally, open_log
from services.intake.eventlog.mapping import Mapping, load_mapping

__all__ = ["EventLog", "Mapping", "Tally", "load_mapping", "open_log"]
