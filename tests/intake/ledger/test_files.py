"""From files to lines: workbooks and CSV in every encoding, and what cannot be read says how to mend it."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.intake.ledger import LedgerUnreadable
from tests.intake.ledger.desk import HEADER, ROW, STEP, STEP_HEADER, only, read, workbook

CSV = "\r\n".join([",".join(HEADER), ",".join(ROW), ""])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("suffix", [".csv", ".CSV", ".txt"])
def test_a_csv_is_read_in_its_own_encoding(tmp_path: Path, encoding: str, suffix: str) -> None:
    path = tmp_path / f"积案台账{suffix}"
    path.write_bytes(CSV.encode(encoding))
    case = only(read(path))
    assert (case.sheet, case.row, case.unit, case.received_on) == ("积案台账", 2, "县住建局", date(2026, 3, 1))


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_a_csv_may_be_separated_by_tabs_or_semicolons(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV.replace(",", delimiter), "utf-8")
    assert only(read(path)).demand == ROW[3]


def test_rows_of_a_csv_count_as_the_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f'{",".join(HEADER)}\n\nXF-1,2026-3-1,县住建局,"反映漏水，\n又漏电"\nXF-2,2026-3-1,县住建局,漏气\n', "utf-8"
    )
    assert [(case.row, case.demand) for case in read(path).rows] == [(3, "反映漏水，\n又漏电"), (4, "漏气")]


def test_numbers_kept_from_excel_by_quotes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header, row = [*HEADER, "信访人", "身份证号", "联系电话"], [*ROW, "张某某", '="610499199001011234"', "'19900001234"]
    path.write_text(",".join(header) + "\n" + ",".join('"' + cell.replace('"', '""') + '"' for cell in row), "utf-8")
    petitioner = only(read(path)).petitioner
    assert petitioner is not None
    assert (petitioner.id_number, petitioner.phone) == ("610499199001011234", "19900001234")


def test_a_csv_holds_one_sheet_and_so_no_steps(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(STEP_HEADER), ",".join(STEP)]), "utf-8")
    with pytest.raises(LedgerUnreadable, match="像信访积案台账"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "zh"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 .xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "加了密码"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "另存为 .xlsx"),
        ("a.xlsx", b"PK\x03\x04 no zip at all", "已损坏"),
        ("a.xlsx", b"", "不是 .xlsx"),
        ("a.pdf", b"%PDF-1.7", "不是 .xlsx"),
        ("a.csv", b"\xff\xff\xff\x80\x00", "GB18030"),
        ("a.csv", b'a,b\n"' + b"x" * 200_000 + b'",c', "CSV"),
        ("a.csv", b"", "像信访积案台账"),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it(tmp_path: Path, name: str, content: bytes, zh: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LedgerUnreadable) as refusal:
        read(path)
    assert zh in refusal.value.zh
    assert name in refusal.value.zh
    assert name in refusal.value.en


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable, match=r"打不开 a\.xlsx"):
        read(tmp_path / "a.xlsx")


def test_a_zip_that_is_no_workbook_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(LedgerUnreadable, match="不是工作簿"):
        read(path)


def test_a_workbook_that_is_cut_off_in_the_middle_of_a_sheet_is_unreadable(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {"台账": [HEADER, ROW]})
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content[: len(content) // 2] if "sheet1" in part else content)
    with pytest.raises(LedgerUnreadable, match="已损坏"):
        read(path)


def test_a_workbook_that_counts_from_1904_is_refused_and_not_read_four_years_off(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(HEADER)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(LedgerUnreadable, match="1904"):
        read(tmp_path / "a.xlsx")


def test_cells_outside_a_wrong_dimension_are_read(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {"台账": [HEADER, ROW]})
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content))
    assert only(read(path)).unit == "县住建局"


def test_rows_and_columns_that_are_only_coloured_hold_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"台账": [HEADER, ROW]})
    book = load_workbook(path)
    for row, column in ((2, 300), (5000, 1)):
        book["台账"].cell(row, column).fill = PatternFill("solid", fgColor="FFFF00")
    book.save(path)
    ledger = read(path)
    assert only(ledger).extras == {}
    assert ledger.skipped == ()


def test_a_formula_counts_by_its_stored_value(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"台账": [[*HEADER, "人数"], [*ROW, "=1+2"]]})
    assert only(read(path)).headcount == 1  # never calculated, so nothing is stored


def test_a_range_merged_over_rows_and_columns_fills_them_all(tmp_path: Path) -> None:
    rows = [[*HEADER, "甲", "乙"], [*ROW, "同"], ["XF-2", *ROW[1:]]]
    ledger = read(workbook(tmp_path / "a.xlsx", {"台账": rows}, {"台账": ["E2:F3"]}))
    assert [case.extras for case in ledger.rows] == [{"甲": "同", "乙": "同"}] * 2


def test_a_macro_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    assert only(read(workbook(tmp_path / "a.xlsm", {"台账": [HEADER, ROW]}))).unit == "县住建局"
