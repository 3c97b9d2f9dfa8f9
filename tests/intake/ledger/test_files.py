"""From files to lines: workbooks and CSV in every encoding, and what cannot be read says how to mend it."""

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.intake.ledger import LedgerUnreadable
from shared.terms import Channel
from tests.intake.ledger.desk import HEADER, ROW, STEP, STEP_HEADER, only, read, stored, workbook

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
        ("a.xlsx", b"", "空文件"),
        ("a.pdf", b"%PDF-1.7", "不是 .xlsx"),
        ("a.csv", b"\xff\xff\xff\x80\x00", "GB18030"),
        ("a.csv", b'a,b\n"' + b"x" * 200_000 + b'",c', "CSV"),
        ("a.csv", b"", "空文件"),
        ("a.csv", b"\n\n", "像信访积案台账"),
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


@pytest.mark.parametrize(
    "rows",
    [
        ['XF-2,2026-3-2,县住建局,"反映漏水', "XF-3,2026-3-3,县住建局,反映停电"],
        ['XF-2,2026-3-2,县住建局,"反映漏水', 'XF-3,2026-3-3,县住建局,"反映停电"'],
    ],
)
def test_a_quotation_mark_without_its_other_half_takes_in_no_other_rows(tmp_path: Path, rows: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(HEADER), ",".join(ROW), *rows]), encoding="utf-8")
    with pytest.raises(LedgerUnreadable, match=r"第 3 行起.*双引号没有成对"):
        read(path)


def test_a_hidden_sheet_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", {"去年": [HEADER, ["XF-1", "2025-1-1", "县住建局", "旧的"]], "台账": [HEADER, ROW]}
    )
    _hide(path, "去年")
    ledger = read(path)
    assert only(ledger).demand == ROW[3]
    assert [name for name in ledger.ignored if name.startswith("去年（隐藏")]
    _hide(path, "台账", and_show="去年")
    assert only(read(path)).demand == "旧的"


def test_a_file_whose_only_ledger_is_hidden_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"台账": [HEADER, ROW], "封面": [["信访局"]]})
    _hide(path, "台账")
    with pytest.raises(LedgerUnreadable, match="取消隐藏"):
        read(path)


def _hide(path: Path, sheet: str, *, and_show: str | None = None) -> None:
    book = load_workbook(path)
    book[sheet].sheet_state = "hidden"
    if and_show:
        book[and_show].sheet_state = "visible"
    book.active = book.worksheets.index(next(s for s in book.worksheets if s.sheet_state == "visible"))
    book.save(path)


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
    path = workbook(tmp_path / "a.xlsx", {"台账": [[*HEADER, "人数", "甲", "乙"], [*ROW, "=1+2", '=""', "=A1&B1"]]})
    results = {
        "1+2": "><f>1+2</f><v>3</v>",
        '""': ' t="str"><f>""</f><v></v>',
        "A1&amp;B1": ' t="str"><f>A1</f><v>丙</v>',
    }
    ledger = read(stored(path, results))
    case = only(ledger)
    assert (case.headcount, case.extras) == (3, {"乙": "丙"})
    assert not any("是公式" in caution.zh for caution in ledger.warnings)


@pytest.mark.parametrize(
    ("header", "column"), [("信访件编号", 0), ("信访日期", 1), ("责任单位", 2), ("反映问题", 3), ("人数", 4)]
)
def test_a_row_of_which_a_formula_was_never_calculated_is_refused(tmp_path: Path, header: str, column: int) -> None:
    row = [*ROW, 1]
    row[column] = "=1+2"
    ledger = read(workbook(tmp_path / "a.xlsx", {"台账": [[*HEADER, "人数"], row, ["XF-2", *ROW[1:], 2]]}))
    assert [case.original_number for case in ledger.rows] == ["XF-2"]
    (refusal,) = ledger.refusals
    assert (refusal.row, refusal.column) == (2, header)
    assert refusal.reason_zh.startswith(f"{header}：是公式，文件中没有存它的结果")
    assert "open it in Excel or WPS and save it once" in refusal.reason_en
    assert refusal.values[header] == "公式 =1+2"


def test_a_cell_that_may_be_empty_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    optional = ["联系地址", "信访形式", "问题类别", "三跨三分离", "积案标识", "难点"]
    rows = [["序号", *HEADER, *optional], ["=ROW()-1", *ROW, *["=A1"] * len(optional)]]
    ledger = read(workbook(tmp_path / "a.xlsx", {"台账": rows}))
    case = only(ledger)
    assert (case.channel, case.categories, case.spans, case.criterion, case.extras) == (Channel.VISIT, (), (), None, {})
    told = [caution.column for caution in ledger.warnings if "是公式" in caution.zh and "formula" in caution.en]
    assert told == ["信访形式", "问题类别", "三跨三分离", "联系地址", "积案标识", "难点"]


def test_rows_of_nothing_but_formulas_are_no_blank_ones_and_not_each_other(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEADER,
        ["=X!A1", "=X!B1", "=X!C1", "=X!D1"],
        ["=X!A2", "=X!B2", "=X!C2", "=X!D2"],
        [None, None, None, "=1"],
    ]
    steps = [STEP_HEADER, [*STEP[:2], "=A1", *STEP[3:]]]
    ledger = read(workbook(tmp_path / "a.xlsx", {"台账": rows, "记录": steps}))
    assert ledger.rows == ()
    assert [(refusal.sheet, refusal.row) for refusal in ledger.refusals] == [("台账", 2), ("台账", 3), ("记录", 2)]
    assert "办理方式：是公式" in ledger.refusals[2].reason_zh


def test_a_range_merged_over_rows_and_columns_fills_them_all(tmp_path: Path) -> None:
    rows = [[*HEADER, "甲", "乙"], [*ROW, "同"], ["XF-2", *ROW[1:]]]
    ledger = read(workbook(tmp_path / "a.xlsx", {"台账": rows}, {"台账": ["E2:F3"]}))
    assert [case.extras for case in ledger.rows] == [{"甲": "同", "乙": "同"}] * 2


def test_a_macro_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    assert only(read(workbook(tmp_path / "a.xlsm", {"台账": [HEADER, ROW]}))).unit == "县住建局"
