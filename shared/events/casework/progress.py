"""进展: what casework says about how things stand."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact


class ProgressReported(CaseworkFact):
    """进展汇报: somebody wrote how things stand. A report is not progress."""

    occurred: ClassVar[str] = "reported_on"

    report_id: str
    reported_on: date
    text: str


class HistoryImported(CaseworkFact):
    """补录完成: what a ledger claims of the time before this system has been laid down; verdicts are fair from here on."""

    steps: int
