"""From a file to lines of cells: `.xlsx` and `.csv`, with merged cells filled in and blank lines left out."""

import codecs
import csv
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.intake.ledger.beside import Formula, Formulas, Merge, beside
from services.intake.ledger.entries import LedgerUnreadable

Cell = str | int | float | bool | datetime | date | time | timedelta | Formula | None
Progress = Callable[[int, int], None]
"""Told how much is done, and of how much, as far as the file says it."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TOLD = "公式 "
"""Before a formula that is told as text, as in an errors file: what starts like this runs nowhere, whoever edits the cell; and
where it is read again it is that formula still, and not what the cell says.
"""
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
BROADEST_MERGE = 256
"""Columns to which a merged cell is spread: some titles are merged over all 16 384."""


class Line(NamedTuple):
    """A filled line; `number` is its row in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The filled lines of one sheet."""

    name: str
    lines: list[Line]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False

    @property
    def shown(self) -> str:
        """Its name as people are told it."""
        return f"{self.name}（隐藏，取消隐藏后才导入 / hidden: unhide it to import it）" if self.hidden else self.name


def read_sheets(path: Path, content: bytes, progress: Progress) -> list[Sheet]:
    """The sheets of a file. Raises LedgerUnreadable."""
    if content.startswith(ZIP):
        return _workbook(path, content, progress)
    if content.startswith(OLE):
        raise LedgerUnreadable(
            f"{path.name} 是旧版 .xls 或加了密码的工作簿。请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 后再导入。",
            f"{path.name} is an old .xls or a password-protected workbook. Open it in Excel or WPS, remove the password,"
            " save it as .xlsx and import that.",
        )
    if not content:
        raise LedgerUnreadable(
            f"{path.name} 是空文件（0 字节），可能没有下载或复制完整，请重新取得后再导入。",
            f"{path.name} is empty (0 bytes), perhaps not fully copied or downloaded: fetch it again and import that.",
        )
    if path.suffix.lower() in TEXT_SUFFIXES:
        return [_text(path, content, progress)]
    raise LedgerUnreadable(
        f"{path.name} 不是 .xlsx 或 .csv 文件。请用 Excel 或 WPS 打开它，另存为 .xlsx 后再导入。",
        f"{path.name} is neither an .xlsx nor a .csv file. Open it in Excel or WPS, save it as .xlsx and import that.",
    )


def _workbook(path: Path, content: bytes, progress: Progress) -> list[Sheet]:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of charts, validations and styles that it passes over; none of them holds a value.
            warnings.simplefilter("ignore")
            return list(_worksheets(content, progress))
    except LedgerUnreadable:
        raise
    except Exception as broken:  # a damaged file makes openpyxl raise nearly anything
        raise LedgerUnreadable(
            f"{path.name} 已损坏或不是工作簿，无法读取。请用 Excel 或 WPS 打开并另存为 .xlsx 后再导入。",
            f"{path.name} is damaged or no workbook. Open it in Excel or WPS, save it as .xlsx and import that.",
        ) from broken


def _worksheets(content: bytes, progress: Progress) -> Iterator[Sheet]:
    """Read-only mode keeps 20 000 rows in a tenth of the memory, but knows no merged cells, and takes a formula without a
    result for an empty cell: those are read beside it.
    """
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True)
    reader.read()
    book = reader.wb
    if book.epoch == CALENDAR_MAC_1904:
        raise LedgerUnreadable(
            "该工作簿使用 1904 日期系统，日期会差四年。请另存为 .csv 后再导入。",
            "This workbook counts its dates from 1904, four years off. Save it as .csv and import that.",
        )
    parts = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
    total, done = sum(sheet.max_row or 0 for sheet in book.worksheets), 0
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs write a wrong one, and cells outside it would be lost
        with reader.archive.open(parts[sheet.title]) as part:
            merges, uncalculated = beside(part)
        lines = []
        for line in _filled(_marked(sheet.iter_rows(values_only=True), uncalculated), merges):
            lines.append(line)
            if len(lines) % 500 == 0:
                progress(done + line.number, max(total, done + line.number))
        done += lines[-1].number if lines else 0
        yield Sheet(sheet.title, lines, merges, hidden=sheet.sheet_state != "visible")
    progress(done, done)
    book.close()


def _marked(rows: Iterable[tuple[Any, ...]], uncalculated: Formulas) -> Iterator[tuple[Any, ...]]:
    """The rows, with the formulas that were never calculated."""
    for number, row in enumerate(rows, start=1):
        formulas = uncalculated.get(number)
        yield tuple(formulas.get(n, cell) for n, cell in enumerate(row, 1)) if formulas else row


def _filled(rows: Iterable[tuple[Any, ...]], merges: tuple[Merge, ...]) -> Iterator[Line]:
    """Lines with something of their own, each cell of a merged range holding the range's value."""
    waiting, open_merges = list(reversed(merges)), list[tuple[Merge, Cell]]()
    for number, told in enumerate(rows, start=1):
        row = [
            Formula(cell[len(TOLD) :]) if isinstance(cell, str) and cell.startswith(f"{TOLD}=") else cell
            for cell in told
        ]
        while waiting and waiting[-1].top <= number:
            merge = waiting.pop()
            open_merges.append((merge, row[merge.left - 1] if merge.left <= len(row) else None))
        cells = list(row)
        for merge, value in open_merges:
            right = min(merge.right, BROADEST_MERGE)
            cells.extend([None] * (right - len(cells)))
            cells[merge.left - 1 : right] = [value] * (right - merge.left + 1)
        open_merges = [(merge, value) for merge, value in open_merges if merge.bottom > number]
        if any(_says(cell) for cell in row):
            while not _says(cells[-1]):
                cells.pop()
            yield Line(number, tuple(cells))


def _says(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _text(path: Path, content: bytes, progress: Progress) -> Sheet:
    text = _decoded(path, content)
    head = text[:10_000]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun, rows = 1, []
    try:
        for row in reader:
            rows.append(row)
            begun = reader.line_num + 1
    except csv.Error as broken:  # read on, a quotation mark that nothing closes takes in the rows of others
        raise LedgerUnreadable(
            f"{path.name} 从文本第 {begun} 行起不是完好的 CSV，多半是英文双引号没有成对（{broken}）。"
            "请改好这一行，或在 Excel、WPS 中核对各行后另存为 .xlsx 再导入。",
            f"{path.name} is not sound CSV from line {begun} of its text on, most likely a quotation mark without its other"
            f" half ({broken}). Mend that line, or check the rows in Excel or WPS, save it as .xlsx and import that.",
        ) from broken
    progress(len(rows), len(rows))
    return Sheet(path.stem, list(_filled((tuple(map(_unquoted, row)) for row in rows), ())))


def _decoded(path: Path, content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LedgerUnreadable(
        f"{path.name} 既不是 UTF-8 也不是 GB18030 编码。请用 Excel 或 WPS 打开并另存为 .xlsx 后再导入。",
        f"{path.name} is neither UTF-8 nor GB18030. Open it in Excel or WPS, save it as .xlsx and import that.",
    )


def _unquoted(cell: str) -> str | None:
    """Exports write `="0123"` or `'0123` to keep Excel from taking a number for one."""
    return re.sub(r'^\s*=\s*"(.*)"\s*$|^\'(?=\d)', r"\1", cell, flags=re.DOTALL).strip() or None
