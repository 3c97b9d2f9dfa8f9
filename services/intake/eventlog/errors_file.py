"""错误表: the refused cases of a log with the reasons, every event of theirs, to be mended and imported by the same mapping."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

from services.intake.eventlog.moments import Fault, Moment
from services.intake.ledger.errors_file import free_name
from services.intake.ledger.headers import ERROR_COLUMNS

WITH_CASE = Fault("", "（随所属案件一并退回）", "comes back with its case")


class ErrorsFile:
    """FILE.errors.csv, beside the log; where there is one already, which somebody may be mending, FILE.errors-2.csv, and so on.
    It appears whole when all is told, or not at all; nothing told, nothing there.

    UTF-8 with the mark that spreadsheets look for; no cell of it runs as a formula.
    """

    def __init__(self, log: Path, columns: Sequence[str]) -> None:
        self._log, self._part = log, log.with_name(log.name + ".errors.csv.part")
        self._columns = columns
        self._stream: IO[str] | None = None

    def tell(self, moments: Iterable[Moment], faults: Mapping[int, Fault]) -> None:
        """Write the events of a case, each with what is wrong with it. Raises OSError when it cannot be written."""
        if self._stream is None:
            self._stream = self._part.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._stream).writerow((*ERROR_COLUMNS, *self._columns))
        rows = csv.writer(self._stream)
        for moment in moments:
            told = faults.get(moment.place, WITH_CASE)
            said = (moment.values.get(name, "") for name in self._columns)
            rows.writerow([str(moment.place), *map(_cell, (*told, *said))])

    def finish(self) -> Path | None:
        """Let the file appear; where it is, None when nothing was refused."""
        if self._stream is None:
            return None
        self._stream.close()
        return self._part.replace(free_name(self._log, ".csv"))

    def drop(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        if self._stream is not None:
            self._stream.close()
            self._part.unlink(missing_ok=True)


def _cell(said: str) -> str:
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "\t", "\r") else said
