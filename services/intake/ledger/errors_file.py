"""错误表: the refused lines of a ledger with the reasons, to be mended and imported as they are."""

import re
from itertools import count
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from services.intake.ledger.entries import Ledger, Original, SheetKind
from services.intake.ledger.headers import ERROR_COLUMNS

WIDTHS = (8, 18, 50, 50)
TAKEN = "（已导入，供办理记录对应，请勿删改）", "taken already; kept so that its steps find it: leave it as it is"
WITH_CASE = "（随所属案件一并导入）", "goes with its case"


def write_refusals(path: Path | str, ledger: Ledger) -> Path:
    """Write FILE.errors.xlsx beside the ledger: every refused line in its own columns, the row and the reason before them.

    All cells are text, so that nothing in them runs as a formula. The file names persons as the ledger does. It is written
    whole or not at all, and never over another: where `free_name` says. Raises ValueError when nothing was refused, OSError
    when it cannot be written.
    """
    if not ledger.refusals:
        raise ValueError("nothing was refused")
    book = Workbook()
    book.remove(book.worksheets[0])
    stepped = any(mapping.kind is SheetKind.STEPS and _lines(ledger, mapping.sheet) for mapping in ledger.mapping)
    for mapping in ledger.mapping:
        lines = _lines(ledger, mapping.sheet)
        if lines or (stepped and mapping.kind is SheetKind.CASES):  # without a case sheet no steps can be read
            sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "_", mapping.sheet)[:31])
            _fill(sheet, [column.header for column in mapping.columns], lines)
    target = free_name(Path(path), ".xlsx")
    draft = target.with_name(target.name + ".new")
    try:
        book.save(draft)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return target


def free_name(path: Path, ending: str) -> Path:
    """FILE.errors.xlsx; where there is one, which somebody may be mending, FILE.errors-2.xlsx, and so on."""
    names = (f"{path.name}.errors{f'-{n}' if n > 1 else ''}{ending}" for n in count(1))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _lines(ledger: Ledger, sheet: str) -> list[tuple[Original, str, str, str]]:
    """The refused lines of a sheet, and those that are needed beside them: the cases of refused steps, the steps of
    refused cases.
    """
    refused = {(line.sheet, line.row) for line in ledger.refusals}
    cases = (row for row in ledger.rows if (row.sheet, row.row) in refused)
    why = dict.fromkeys(ledger.companions, TAKEN) | {(s.sheet, s.row): WITH_CASE for row in cases for s in row.steps}
    lines: list[tuple[Original, str, str, str]] = [
        (line, line.column, line.reason_zh, line.reason_en) for line in ledger.refusals if line.sheet == sheet
    ]
    for line in ledger.originals:
        place = line.sheet, line.row
        if line.sheet == sheet and place in why and place not in refused:
            lines.append((line, "", *why[place]))
    return sorted(lines, key=lambda told: told[0].row)


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
