"""错误表: the refused lines of a ledger with the reasons, to be mended and imported as they are."""

import re
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from services.intake.ledger.entries import Ledger, Original, SheetKind
from services.intake.ledger.headers import ERROR_COLUMNS

WIDTHS = (8, 18, 50, 50)
TAKEN = "（已导入，供办理记录对应，请勿删改）", "taken already; kept so that its steps find it: leave it as it is"


def write_refusals(path: Path | str, ledger: Ledger) -> Path:
    """Write FILE.errors.xlsx beside the ledger: every refused line in its own columns, the row and the reason before them.

    All cells are text, so that nothing in them runs as a formula. The file names persons as the ledger does. Raises
    ValueError when nothing was refused, OSError when the file cannot be written.
    """
    if not ledger.refusals:
        raise ValueError("nothing was refused")
    book = Workbook()
    book.remove(book.worksheets[0])
    steps = {mapping.sheet for mapping in ledger.mapping if mapping.kind is SheetKind.STEPS}
    refused = {refusal.sheet for refusal in ledger.refusals}
    for mapping in ledger.mapping:
        if mapping.sheet in refused or (steps & refused and mapping.sheet not in steps):
            sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "_", mapping.sheet)[:31])
            _fill(sheet, [column.header for column in mapping.columns], _lines(ledger, mapping.sheet))
    target = Path(path).with_name(Path(path).name + ".errors.xlsx")
    book.save(target)
    return target


def _lines(ledger: Ledger, sheet: str) -> list[tuple[Original, str, str, str]]:
    """The lines of a sheet with column and reasons. Steps need a case sheet to be read, so theirs comes with them."""
    taken = [(line, "", *TAKEN) for line in ledger.companions if line.sheet == sheet]
    refused = [(line, line.column, line.reason_zh, line.reason_en) for line in ledger.refusals if line.sheet == sheet]
    return sorted([*taken, *refused], key=lambda told: told[0].row)


def _fill(sheet: Worksheet, headers: list[str], lines: list[tuple[Original, str, str, str]]) -> None:
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    rows = [(*ERROR_COLUMNS, *headers)]
    for line, *told in lines:
        rows.append((str(line.row), *told, *(line.values.get(header, "") for header in headers)))
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Worksheet, value: str) -> Cell:
    """Text, which stays text when a clerk edits the cell, also with = + - @ in front."""
    cell = WriteOnlyCell(sheet, value or None)
    cell.number_format = "@"
    if value:
        cell.data_type = "s"
        cell.quotePrefix = value[0] in "=+-@\t\r"
    return cell
