"""What the tests of the ledger lay on the desk: small workbooks, and a reading of them at one county on one day."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from services.intake.ledger import Ledger, LedgerRow, read_ledger

TODAY = date(2026, 11, 20)
COUNTY = "610499"
REGIONS = {
    "610400": "咸秦市",
    "610498": "青川区",
    "610499": "河阳县",
    "610499100": "河阳县城关镇",
    "610499101": "柳林镇",
    "610499102": "上柳林镇",
}

Rows = Sequence[Sequence[Any]]

HEADER = ["信访件编号", "信访日期", "责任单位", "反映问题"]
ROW = ["XF-1", "2026-3-1", "县住建局", "反映房屋漏水无人维修"]
STEP_HEADER = ["案件编号", "办理日期", "办理方式", "经办人", "办理内容"]
STEP = ["XF-1", "2026-3-5", "受理", "王某", "已受理"]


def workbook(path: Path, sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[str]] | None = None) -> Path:
    """An .xlsx file of these sheets, with these ranges merged."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
    book.save(path)
    return path


def read(path: Path, **said: Any) -> Ledger:
    """The ledger at this path, read in the county."""
    return read_ledger(path, **{"regions": REGIONS, "default_region": COUNTY, "today": TODAY, **said})


def read_rows(
    tmp_path: Path, *rows: Sequence[Any], merged: Sequence[str] = (), steps: Rows = (), **said: Any
) -> Ledger:
    """A workbook of one case sheet, and of one step sheet if there are steps, read."""
    sheets: dict[str, Rows] = {"台账": rows, **({"记录": steps} if steps else {})}
    return read(workbook(tmp_path / "ledger.xlsx", sheets, {"台账": merged}), **said)


def read_cell(tmp_path: Path, header: str, cell: Any, **said: Any) -> Ledger:
    """One sound case with one more column; a header that the case has already is overwritten."""
    fields = dict(zip(HEADER, ROW, strict=True)) | {header: cell}
    return read_rows(tmp_path, list(fields), list(fields.values()), **said)


def only(ledger: Ledger) -> LedgerRow:
    """The one case of a ledger that refused nothing."""
    assert ledger.refusals == ()
    (row,) = ledger.rows
    return row


def stored(path: Path, results: dict[str, str]) -> Path:
    """The workbook with these results of its formulas, as whoever calculated them would have stored them."""
    whole = path.rename(path.with_name("whole.xlsx"))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            text = source.read(part).decode()
            for formula, result in results.items():
                text = re.sub(
                    rf'(<c r="\w+")( t="\w+")?><f>{re.escape(formula)}</f><v ?/?>(</v>)?', rf"\1{result}", text
                )
            target.writestr(part, text)
    return path
