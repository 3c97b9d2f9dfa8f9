"""The header of a sheet is found by itself, however many rows it has and whatever stands above it."""

from pathlib import Path

import pytest

from services.intake.ledger import Field, Ledger, LedgerUnreadable, SheetKind
from services.intake.ledger.synonyms import TABLES
from tests.intake.ledger.desk import HEADER, ROW, STEP, STEP_HEADER, Rows, only, read, read_cell, read_rows, workbook


def fields(ledger: Ledger) -> dict[Field, tuple[str, str]]:
    """Field → letter and header of the first sheet."""
    return {column.field: (column.letter, column.header) for column in ledger.mapping[0].columns if column.field}


@pytest.mark.parametrize(
    ("field", "synonym"), [(f, word) for f, words in TABLES[SheetKind.CASES].items() for word in words]
)
def test_every_synonym_is_recognised_in_a_case_sheet(tmp_path: Path, field: Field, synonym: str) -> None:
    sound = {Field.NUMBER: "编号", Field.RECEIVED_ON: "信访日期", Field.UNIT: "责任单位", Field.DEMAND: "反映问题"}
    header = list((sound | {field: synonym}).values())
    ledger = read_rows(tmp_path, header, [f"第{n}格" for n in range(len(header))])
    assert fields(ledger)[field][1] == synonym


@pytest.mark.parametrize(
    ("field", "synonym"), [(f, word) for f, words in TABLES[SheetKind.STEPS].items() for word in words]
)
def test_every_synonym_is_recognised_in_a_step_sheet(tmp_path: Path, field: Field, synonym: str) -> None:
    sound = {Field.NUMBER: "编号", Field.STEP_ON: "办理日期", Field.STEP_KIND: "办理方式", Field.STEP_NOTE: "办理内容"}
    header = list((sound | {field: synonym}).values())
    ledger = read_rows(tmp_path, HEADER, ROW, steps=[header, [f"第{n}格" for n in range(len(header))]])
    assert synonym in [column.header for column in ledger.mapping[1].columns if column.field is field]


@pytest.mark.parametrize(
    "header", ["* 责任 单位", "责任\n单位：", "责任单位（全称）", "“责任单位”", "责任单位※", "ＵＮＩＴ责任单位"]
)
def test_marks_blanks_and_bracketed_remarks_in_a_header_do_not_matter(tmp_path: Path, header: str) -> None:
    columns = ["信访日期", header, "反映问题"]
    if "ＵＮＩＴ" in header:
        with pytest.raises(LedgerUnreadable, match="责任单位"):
            read_rows(tmp_path, [*columns, "编号"], [*ROW[1:], "1"])
    else:
        assert only(read_rows(tmp_path, columns, ROW[1:])).unit == "县住建局"


def test_title_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    rows: Rows = [
        ["河阳县信访积案台账"],
        ["填报单位：县信访局", None, "填报日期：2026年11月", None],
        [],
        HEADER,
        ROW,
    ]
    ledger = read_rows(tmp_path, *rows, merged=["A1:D1"])
    assert only(ledger).row == 5
    assert ledger.mapping[0].header_rows == (4, 4)
    assert ledger.skipped == ()


def test_a_title_merged_over_every_column_of_the_sheet_is_passed_over(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, ["河阳县信访积案台账"], HEADER, ROW, merged=["A1:XFD1"])
    assert only(ledger).unit == "县住建局"


TWO_ROWS: Rows = [
    ["编号", "信访日期", "责任单位", "包案领导", None, "信访人", None, None, "反映问题"],
    [None, None, None, "姓名", "职务", "姓名", "联系电话", "住址", None],
    ["XF-1", "2026-3-1", "县住建局", "李某某", "副县长", "张某某", "19900000001", "东街", "漏水"],
]
DOWN = ["A1:A2", "B1:B2", "C1:C2", "I1:I2"]


@pytest.mark.parametrize("merged", [[*DOWN, "D1:E1", "F1:H1"], ["D1:E1", "F1:H1"], []], ids=["all", "across", "none"])
def test_two_header_rows_are_read_together(tmp_path: Path, merged: list[str]) -> None:
    ledger = read_rows(tmp_path, *TWO_ROWS, merged=merged)
    case = only(ledger)
    assert case.petitioner is not None
    assert (case.leader, case.leader_post) == ("李某某", "副县长")
    assert (case.petitioner.name, case.petitioner.phone, case.petitioner.address) == ("张某某", "19900000001", "东街")
    assert fields(ledger)[Field.LEADER] == ("D", "包案领导·姓名")
    assert ledger.mapping[0].header_rows == (1, 2)
    assert case.extras == {}


def test_two_header_rows_of_a_csv_are_read_together(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join(",".join(cell or "" for cell in row) for row in TWO_ROWS), "utf-8")
    case = only(read(path))
    assert (case.leader, case.leader_post) == ("李某某", "副县长")


def test_three_header_rows_are_read_together(tmp_path: Path) -> None:
    rows: Rows = [
        ["编号", "责任落实", None, None, "信访日期", "反映问题"],
        [None, "责任单位", "包案领导", None, None, None],
        [None, None, "姓名", "职务", None, None],
        ["XF-1", "县住建局", "李某某", "副县长", "2026-3-1", "漏水"],
    ]
    case = only(read_rows(tmp_path, *rows, merged=["A1:A3", "B1:D1", "B2:B3", "C2:D2", "E1:E3", "F1:F3"]))
    assert (case.unit, case.leader, case.leader_post) == ("县住建局", "李某某", "副县长")


def test_a_leaders_phone_is_not_the_petitioners(tmp_path: Path) -> None:
    header = [
        ["编号", "信访日期", "责任单位", "反映问题", "包案领导", None],
        [None, None, None, None, "姓名", "联系电话"],
    ]
    case = only(read_rows(tmp_path, *header, [*ROW, "李某某", "19900000009"], merged=["E1:F1"]))
    assert case.petitioner is None
    assert case.extras == {"包案领导·联系电话": "199******09"}


def test_a_handlers_name_under_the_unit_is_not_the_petitioners(tmp_path: Path) -> None:
    header = [["编号", "信访日期", "责任单位", None, "反映问题"], [None, None, "名称", "姓名", None]]
    case = only(read_rows(tmp_path, *header, ["1", "2026-3-1", "县住建局", "赵某", "漏水"], merged=["C1:D1"]))
    assert (case.unit, case.petitioner) == ("县住建局", None)
    assert case.extras == {"责任单位·姓名": "赵某"}


def test_a_row_of_data_does_not_become_part_of_the_header(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, [*HEADER, None], [*ROW, "甲"], ["XF-2", *ROW[1:], "乙"])
    assert [case.extras for case in ledger.rows] == [{"（E列）": "甲"}, {"（E列）": "乙"}]


def test_of_two_columns_for_one_field_the_likelier_is_taken_and_the_other_kept(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, ["登记日期", "信访日期", "责任单位", "反映问题"], ["2026-3-9", *ROW[1:]])
    case = only(ledger)
    assert case.received_on.day == 1
    assert case.extras == {"登记日期": "2026-3-9"}
    assert fields(ledger)[Field.RECEIVED_ON] == ("B", "信访日期")


def test_a_header_keeps_no_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{','.join(HEADER)},难\x07点\n{','.join(ROW)},缺图\n", "utf-8")
    assert only(read(path)).extras == {"难点": "缺图"}


def test_equal_headers_are_told_apart(tmp_path: Path) -> None:
    case = only(read_rows(tmp_path, [*HEADER, "说明", "说明"], [*ROW, "甲", "乙"]))
    assert case.extras == {"说明": "甲", "说明（2）": "乙"}


def test_a_running_number_is_no_original_number(tmp_path: Path) -> None:
    case = only(read_rows(tmp_path, ["序号", *HEADER[1:]], [7, *ROW[1:]]))
    assert case.original_number is None
    assert case.extras == {}


def test_a_second_column_of_personal_data_stays_out_of_the_extras_with_a_warning(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, [*HEADER, "信访人", "当事人", "身份证号"], [*ROW, "张某某", "钱某某", "H12345678"])
    case = only(ledger)
    assert case.petitioner is not None
    assert (case.petitioner.name, case.petitioner.id_number) == ("张某某", "H12345678")
    assert case.extras == {}
    assert [caution.column for caution in ledger.warnings if caution.row is None] == ["信访形式", "当事人"]


@pytest.mark.parametrize("missing", ["信访日期", "责任单位", "反映问题"])
def test_a_missing_column_is_named_with_what_it_may_be_called(tmp_path: Path, missing: str) -> None:
    header = [*(f"另一{name}" if name == missing else name for name in HEADER), "姓名"]
    with pytest.raises(LedgerUnreadable) as refusal:
        read_rows(tmp_path, header, [*ROW, "张某某"])
    synonym = {"信访日期": "受信日期", "责任单位": "承办单位", "反映问题": "反映内容"}[missing]
    for said in (refusal.value.zh, refusal.value.en):
        assert missing in said
        assert synonym in said
        assert f"另一{missing}" in said
        assert "台账" in said


def test_a_file_without_any_ledger_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable, match="封面") as refusal:
        read(workbook(tmp_path / "a.xlsx", {"封面": [["信访积案台账"]], "空": []}))
    assert "信访日期、责任单位、反映问题" in refusal.value.zh


def test_other_sheets_are_ignored_and_named(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "封面": [["河阳县"], ["2026年"]],
        "填表说明": [["一、责任单位填写全称"], ["二、信访日期填写首次信访日期"]],
        "透视表": [["责任单位", "件数"], ["县住建局", 3]],
        "通讯录": [["姓名", "责任单位", "联系电话", "地址"], ["赵某", "县住建局", "19900000001", "东街"]],
        "第一季度": [HEADER, ROW],
    }
    ledger = read(workbook(tmp_path / "a.xlsx", sheets))
    assert only(ledger).sheet == "第一季度"
    assert ledger.ignored == ("封面", "填表说明", "透视表", "通讯录")


def test_a_second_case_sheet_that_lacks_a_column_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"甲": [HEADER, ROW], "乙": [["编号", "信访日期", "责任单位", "人数"], ["2", *ROW[1:3], 1]]},
    )
    with pytest.raises(LedgerUnreadable, match=r"乙.*反映问题"):
        read(path)


def test_a_step_sheet_that_lacks_the_number_is_left_out_with_a_warning(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ROW, steps=[["办理日期", "办理方式", "经办人", "办理内容"], STEP[1:]])
    assert only(ledger).steps == ()
    (caution,) = (caution for caution in ledger.warnings if caution.sheet == "记录")
    assert "编号" in caution.column
    assert "案件编号" in caution.zh
    assert ledger.ignored == ("记录",)


def test_sheets_are_known_by_their_headers_and_not_by_name_or_order(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"积案台账": [STEP_HEADER, STEP], "办理记录": [HEADER, ROW]})
    ledger = read(path)
    assert [(mapping.sheet, mapping.kind) for mapping in ledger.mapping] == [
        ("积案台账", SheetKind.STEPS),
        ("办理记录", SheetKind.CASES),
    ]
    assert len(only(ledger).steps) == 1


def test_unknown_columns_are_kept_with_the_case(tmp_path: Path) -> None:
    assert only(read_cell(tmp_path, "化解\n难点", "电话19900001234")).extras == {"化解难点": "电话199******34"}
