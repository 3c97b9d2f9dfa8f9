"""The errors file: a clerk mends the cell and imports that very file."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from deploy.files_read import written
from services.intake.ledger import Ledger, write_refusals
from tests.intake.ledger.desk import HEADER, ROW, STEP, STEP_HEADER, Rows, read, read_rows, stored, workbook


def mend(path: Path, sheet: str, header: str, cell: Any, row: int = 2) -> Path:
    """What the clerk does: one cell, under its own header."""
    book = load_workbook(path)
    headers = [found.value for found in book[sheet][1]]
    book[sheet].cell(row, headers.index(header) + 1).value = cell
    book.save(path)
    return path


def errors_of(tmp_path: Path, ledger: Ledger) -> Path:
    return write_refusals(tmp_path / "ledger.xlsx", ledger)


def test_a_mended_row_is_taken(tmp_path: Path) -> None:
    path = errors_of(
        tmp_path, read_rows(tmp_path, ["河阳县台账"], [*HEADER, "难点"], ROW, ["XF-2", "3月", *ROW[2:], "缺图"])
    )
    assert path == tmp_path / "ledger.xlsx.errors.xlsx"
    book = load_workbook(path)
    assert [cell.value for cell in book["台账"][1]] == ["行号", "列", "原因", "Reason", *HEADER, "难点"]
    number, column, zh, en, *original = (cell.value for cell in book["台账"][2])
    assert (number, column, original) == ("4", "信访日期", ["XF-2", "3月", *ROW[2:], "缺图"])
    assert "年份" in str(zh)
    assert "year" in str(en)
    (again,) = read(path).refusals
    assert again.column == "信访日期"
    (case,) = read(mend(path, "台账", "信访日期", "2026-3-2")).rows
    assert (case.received_on, case.extras, case.row) == (date(2026, 3, 2), {"难点": "缺图"}, 2)


def test_an_errors_file_that_somebody_is_mending_is_never_written_over(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ["XF-2", "3月", *ROW[2:]])
    first = mend(errors_of(tmp_path, ledger), "台账", "信访日期", "2026-3-2")
    mended = first.read_bytes()
    second, third = errors_of(tmp_path, ledger), errors_of(tmp_path, ledger)
    assert [second.name, third.name] == ["ledger.xlsx.errors-2.xlsx", "ledger.xlsx.errors-3.xlsx"]
    assert first.read_bytes() == mended
    (case,) = read(mend(third, "台账", "信访日期", "2026-3-2")).rows
    assert case.received_on == date(2026, 3, 2)
    source = tmp_path / "ledger.xlsx"
    assert written(source, first) == str(first)
    assert written(source, second).startswith(f"{second}（")
    assert "此前的错误表没有改动" in written(source, second)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a.example","b")'])
def test_nothing_in_it_runs_as_a_formula(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "ledger.csv"
    quoted = '"' + cell.replace('"', '""') + '"'
    path.write_text(f"{','.join(HEADER)},难点\nXF-1,,县住建局,漏水,{quoted}\n", "utf-8")
    written = load_workbook(write_refusals(path, read(path)))["ledger"]["I2"]
    assert (written.value, written.data_type, written.quotePrefix) == (cell, "s", True)


def test_the_formulas_of_a_refused_row_stand_beside_the_reason(tmp_path: Path) -> None:
    """Found: a formula that nobody had calculated came back as an empty cell, and what the row had said was gone."""
    rows: Rows = [
        [*HEADER, "难点", "甲"],
        ["XF-1", "3月", '=VLOOKUP("住建",单位!A:B,2,0)', "漏水", "=HYPERLINK(A2&B$2)", "=1+2"],
    ]
    path = errors_of(
        tmp_path, read(stored(workbook(tmp_path / "a.xlsx", {"台账": rows}), {"1+2": "><f>1+2</f><v>3</v>"}))
    )
    lookup, link = '公式 =VLOOKUP("住建",单位!A:B,2,0)', "公式 =HYPERLINK(A2&B$2)"
    cells = load_workbook(path)["台账"][2]
    assert [cell.value for cell in cells[4:]] == ["XF-1", "3月", lookup, "漏水", link, "3"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert b"<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    (again,) = read(mend(path, "台账", "信访日期", "2026-3-2")).refusals  # it is a formula still, and no name of a unit
    assert (again.column, again.values["责任单位"]) == ("责任单位", lookup)
    ledger = read(mend(path, "台账", "责任单位", "县住建局"))
    assert [case.extras for case in ledger.rows] == [{"甲": "3"}]
    assert [caution.column for caution in ledger.warnings if "是公式" in caution.zh] == ["难点"]


def test_of_formulas_that_were_filled_down_each_cell_says_its_own(tmp_path: Path) -> None:
    """Spreadsheets write such a formula once, in its first cell."""
    path = workbook(tmp_path / "a.xlsx", {"台账": [HEADER, *(["X", None, f"=T{n}", "漏水"] for n in (2, 3, 4))]})
    first = {"T2": '><f t="shared" ref="C2:C4" si="0">甲!A2&amp;$B$1</f>', "T3": '><f t="shared" si="0"/>'}
    ledger = read(stored(path, {**first, "T4": '><f t="shared" si="7"/>'}))
    said = [refusal.values["责任单位"] for refusal in ledger.refusals]
    assert said == ["公式 =甲!A2&$B$1", "公式 =甲!A3&$B$1", "公式 ="]


def test_every_cell_is_text_so_that_a_retyped_document_number_keeps_its_digits(tmp_path: Path) -> None:
    path = errors_of(tmp_path, read_rows(tmp_path, HEADER, ["XF-1", None, *ROW[2:]]))
    assert {cell.number_format for row in load_workbook(path)["台账"].iter_rows() for cell in row} == {"@"}


def test_a_document_number_that_lost_its_digits_does_not_become_a_sound_one(tmp_path: Path) -> None:
    rows: Rows = [[*HEADER, "信访人", "身份证号"], ["XF-1", None, *ROW[2:], "张某某", 610499199001011234]]
    path = mend(errors_of(tmp_path, read_rows(tmp_path, *rows)), "台账", "信访日期", "2026-3-1")
    (case,) = read(path).rows
    assert case.petitioner is not None
    assert case.petitioner.id_number is None


TWO_ROWS: Rows = [
    ["编号", "信访日期", "责任单位", "反映问题", "包案领导", None],
    [None, None, None, None, "姓名", "职务"],
]


def test_a_header_of_two_rows_comes_back_as_one(tmp_path: Path) -> None:
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"]
    rows: Rows = [
        *TWO_ROWS,
        ["1", "2026-3-1", None, "漏水", "李某某", "副县长"],
        ["2", "2026-3-1", "某局", "漏电", "李某某", "局长"],
    ]
    path = mend(errors_of(tmp_path, read_rows(tmp_path, *rows, merged=merged)), "台账", "责任单位", "县住建局")
    (case,) = read(path).rows
    assert (case.leader, case.leader_post, case.extras) == ("李某某", "副县长", {})


def test_a_mended_case_brings_its_steps(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ["XF-1", None, *ROW[2:]], steps=[STEP_HEADER, STEP])
    (case,) = read(mend(errors_of(tmp_path, ledger), "台账", "信访日期", "2026-3-1")).rows
    assert len(case.steps) == 1


def test_a_mended_step_finds_its_case_which_is_repeated_for_it(tmp_path: Path) -> None:
    steps = [STEP_HEADER, STEP, ["XF-1", "3月5日", "办结", "王某", "已办结"]]
    ledger = read_rows(tmp_path, HEADER, ROW, ["XF-2", *ROW[1:]], steps=steps)
    path = errors_of(tmp_path, ledger)
    assert load_workbook(path)["台账"]["C2"].value == "（已导入，供办理记录对应，请勿删改）"
    (case,) = read(mend(path, "记录", "办理日期", "2026-3-6")).rows
    assert (case.original_number, [step.note for step in case.steps]) == ("XF-1", ["已办结"])


def test_a_row_that_a_service_refuses_comes_back_as_it_was_with_its_steps(tmp_path: Path) -> None:
    steps = [STEP_HEADER, STEP, ["XF-2", *STEP[1:]]]
    ledger = read_rows(tmp_path, HEADER, ROW, ["XF-2", *ROW[1:]], steps=steps)
    path = errors_of(tmp_path, ledger.refusing([(ledger.rows[0], "已有相似事项", "a similar case exists")]))
    book = load_workbook(path)
    said = [[cell.value for cell in row] for row in book["台账"].iter_rows(min_row=2)]
    assert said == [["2", None, "已有相似事项", "a similar case exists", *ROW]]
    assert [row[0].value for row in book["记录"].iter_rows(min_row=2)] == ["2"]
    (again,) = read(path).rows
    place = {"row": 0, "steps": ()}
    assert again.model_copy(update=place) == ledger.rows[0].model_copy(update=place)
    assert [step.note for step in again.steps] == [step.note for step in ledger.rows[0].steps]


def test_a_step_without_any_case_waits_for_the_case_to_be_added(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ROW, steps=[STEP_HEADER, ["XF-9", *STEP[1:]]])
    path = errors_of(tmp_path, ledger)
    (refusal,) = read(path).refusals
    assert "XF-9" in refusal.reason_zh
    book = load_workbook(path)
    book["台账"].append(["", "", "", "", "XF-9", *ROW[1:]])
    book.save(path)
    assert [len(case.steps) for case in read(path).rows] == [1]


def test_every_sheet_with_refusals_comes_back_under_its_name(tmp_path: Path) -> None:
    bad: list[Any] = ["XF-9", None, *ROW[2:]]
    ledger = read(
        workbook(
            tmp_path / "ledger.xlsx", {"甲": [HEADER, bad], "乙": [HEADER, ROW], "丙": [HEADER, [*bad[:3], "漏电"]]}
        )
    )
    assert load_workbook(errors_of(tmp_path, ledger)).sheetnames == ["甲", "丙"]


def test_a_sheet_named_as_no_workbook_allows_is_renamed(tmp_path: Path) -> None:
    path = tmp_path / "2026[积案]台账 各镇各部门汇总 第一季度 第二季度 最终 改.csv"
    path.write_text(f"{','.join(HEADER)}\nXF-1,,县住建局,漏水\n", "utf-8")
    assert load_workbook(write_refusals(path, read(path))).sheetnames == [re_named(path.stem)]


def re_named(stem: str) -> str:
    return stem.replace("[", "_").replace("]", "_")[:31]


def test_without_refusals_there_is_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing was refused"):
        errors_of(tmp_path, read_rows(tmp_path, HEADER, ROW))


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), max_size=20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(difficulty=CELL, plan=CELL, title=st.booleans(), serial=st.booleans())
def test_a_row_that_is_mended_reads_as_if_it_had_been_sound(
    tmp_path: Path, difficulty: str, plan: str, title: bool, serial: bool
) -> None:
    def rows(day: str | None) -> list[list[Any]]:
        table = [
            ["编号", "信访日期", "责任单位", "反映问题", "难点", None],
            ["XF-1", day, "县住建局", "漏水", difficulty, plan],
        ]
        numbered = [[first, *row] for first, row in zip(["序号", 1], table, strict=True)] if serial else table
        return [["河阳县信访积案台账"], *numbered] if title else numbered

    (sound,) = read_rows(tmp_path, *rows("2026-3-1")).rows
    refused = read_rows(tmp_path, *rows(None))
    (mended,) = read(mend(errors_of(tmp_path, refused), "台账", "信访日期", "2026-3-1")).rows
    place = {"row": 0, "extras": {}}
    assert mended.model_copy(update=place) == sound.model_copy(update=place)
    assert sorted(mended.extras.values()) == sorted(sound.extras.values())
