"""From rows to cases: what is taken, what is passed over, what is refused and what is said about it."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.intake.ledger import SkipReason
from shared.terms import BacklogCriterion, Category, Channel, Span
from tests.intake.ledger.desk import HEADER, ROW, Rows, only, read, read_cell, read_rows, workbook


def test_a_full_row_becomes_a_case(tmp_path: Path) -> None:
    said: dict[str, Any] = {
        "序号": 1,
        "信访件编号": "XF-1",
        "信访日期": date(2026, 3, 1),
        "信访形式": "来信",
        "问题属地": "城关镇",
        "信访人": "张某某",
        "身份证号": "61049919900101123x",
        "联系电话": 19900001234,
        "住址": "东街 12号",
        "人数": "３人",
        "问题类别": "房屋拆迁、土地征用",
        "三跨三分离": "跨部门",
        "反映问题": "反映拆迁补偿，联系19900001234",
        "责任单位": "县 住建局",
        "包案领导": "李某某（副县长）",
        "积案类型": "办结后群众重复信访",
        "化解情况": "正在化解",
    }
    case = only(read_rows(tmp_path, list(said), list(said.values())))
    assert case.model_dump(exclude={"petitioner"}) == {
        "sheet": "台账",
        "row": 2,
        "original_number": "XF-1",
        "system": None,
        "received_on": date(2026, 3, 1),
        "channel": Channel.LETTER,
        "region": "610499100",
        "unit": "县住建局",
        "demand": "反映拆迁补偿，联系199******34",
        "headcount": 3,
        "categories": (Category.DEMOLITION, Category.LAND),
        "spans": (Span.CROSS_DEPARTMENT,),
        "criterion": BacklogCriterion.REPEATED,
        "leader": "李某某",
        "leader_post": "副县长",
        "extras": {"化解情况": "正在化解"},
        "steps": (),
    }
    assert case.petitioner is not None
    assert case.petitioner.model_dump() == {
        "name": "张某某",
        "id_number": "61049919900101123X",
        "phone": "19900001234",
        "address": "东街12号",
    }
    assert "张某某" not in repr(case)


def test_the_least_row_takes_what_a_blank_cell_stands_for(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER[1:], ROW[1:], default_channel=Channel.ASSIGNED)
    case = only(ledger)
    assert (case.region, case.channel, case.headcount) == ("610499", Channel.ASSIGNED, 1)
    assert (case.original_number, case.petitioner, case.leader, case.criterion) == (None, None, None, None)
    assert [(caution.row, caution.column) for caution in ledger.warnings] == [(None, "信访形式")]


@pytest.mark.parametrize(
    ("header", "cell", "kept"),
    [
        ("问题类别", "求决类", True),
        ("问题类别", "征地问题", True),
        ("问题类别", "土地征用", False),
        ("三跨三分离", "是", True),
        ("积案类型", "是", True),
        ("信访形式", "集体来访", True),
        ("信访形式", "来访", False),
        ("包案领导", "待定", True),
        ("人数", "约20余人", True),
        ("人数", "3人", False),
        ("属地", "河阳县东街村", True),
        ("属地", "河阳县", False),
        ("责任单位", "县住建局、柳林镇", True),
        ("包案领导", "李某某、王某某", True),
        ("包案领导", "李某某", False),
    ],
)
def test_words_that_say_more_than_was_understood_are_kept(tmp_path: Path, header: str, cell: str, kept: bool) -> None:
    assert only(read_cell(tmp_path, header, cell)).extras == ({header: cell} if kept else {})


def test_a_channel_that_is_no_channel_is_taken_as_the_default_with_a_warning(tmp_path: Path) -> None:
    ledger = read_cell(tmp_path, "信访形式", "排查")
    assert only(ledger).channel is Channel.VISIT
    (caution,) = ledger.warnings
    assert (caution.row, caution.column) == (2, "信访形式")
    assert "排查" in caution.zh


def test_a_blank_channel_is_taken_as_the_default_with_a_warning(tmp_path: Path) -> None:
    ledger = read_cell(tmp_path, "信访形式", None, default_channel=Channel.ONLINE)
    assert only(ledger).channel is Channel.ONLINE
    assert ledger.warnings[0].zh == "单元格为空，按“网上”登记"


def test_more_unknown_columns_than_a_case_may_hold_refuse_the_row(tmp_path: Path) -> None:
    wide = [f"附{n}" for n in range(201)]
    assert len(only(read_rows(tmp_path, [*HEADER, *wide[1:]], [*ROW, *wide[1:]])).extras) == 200
    (refusal,) = read_rows(tmp_path, [*HEADER, *wide], [*ROW, *wide]).refusals
    assert "201" in refusal.reason_zh


def test_an_approximate_headcount_is_warned_of(tmp_path: Path) -> None:
    ledger = read_cell(tmp_path, "人数", "约20余人")
    assert only(ledger).headcount == 20
    assert "约数" in ledger.warnings[-1].zh


@pytest.mark.parametrize("cell", [610499199001011234, 6.10499199001011e17])
def test_a_document_number_that_lost_its_digits_is_left_out_and_the_row_is_taken(tmp_path: Path, cell: float) -> None:
    fields = [*HEADER, "信访人", "身份证号"]
    ledger = read_rows(tmp_path, fields, [*ROW, "张某某", cell])
    case = only(ledger)
    assert case.petitioner is not None
    assert (case.petitioner.name, case.petitioner.id_number) == ("张某某", None)
    assert [(caution.row, caution.column) for caution in ledger.warnings if caution.row] == [(2, "身份证号")]
    assert "文本格式" in ledger.warnings[-1].zh


def test_a_case_number_that_lost_its_digits_is_left_out_and_the_row_is_taken(tmp_path: Path) -> None:
    ledger = read_cell(tmp_path, "信访件编号", 202603010000001234)
    assert only(ledger).original_number is None
    assert ledger.warnings[-1].column == "信访件编号"


def test_a_petitioner_without_a_name_is_unknown_with_a_warning(tmp_path: Path) -> None:
    ledger = read_cell(tmp_path, "联系电话", "19900001234")
    petitioner = only(ledger).petitioner
    assert petitioner is not None
    assert petitioner.name == "不详"
    assert ledger.warnings[-1].column == "信访人"


@pytest.mark.parametrize(
    ("header", "cell", "why"),
    [
        ("信访日期", None, "为空"),
        ("信访日期", "3 月", "年份"),
        ("信访日期", "2026-11-21", "晚于今天"),
        ("信访日期", "1949-09-30", "早于"),
        ("责任单位", " ", "为空"),
        ("责任单位", "无", "为空"),
        ("反映问题", None, "为空"),
        ("反映问题", "长" * 4001, "4000"),
        ("化解情况", "长" * 4001, "4000"),
        ("问题属地", "河阴县", "河阳县"),
        ("人数", 0, "1 至 100000"),
        ("人数", 100001, "1 至 100000"),
        ("人数", "若干", "看不出人数"),
    ],
)
def test_a_row_is_refused_with_column_reason_and_its_cells(tmp_path: Path, header: str, cell: Any, why: str) -> None:
    ledger = read_cell(tmp_path, header, cell)
    assert ledger.rows == ()
    (refusal,) = ledger.refusals
    assert (refusal.sheet, refusal.row, refusal.column) == ("台账", 2, header)
    assert why in refusal.reason_zh
    assert header in refusal.reason_en
    assert refusal.values.get(header, "") == str(cell or ("" if cell is None else cell)).strip()
    assert refusal.values["信访件编号"] == "XF-1"
    assert "XF-1" not in repr(refusal)


def test_all_faults_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    (refusal,) = read_rows(tmp_path, HEADER, ["XF-1", "去年", None, "漏水"]).refusals
    assert refusal.column == "信访日期、责任单位"
    assert "不是日期" in refusal.reason_zh
    assert "为空" in refusal.reason_zh


def test_a_unit_merged_down_over_many_rows_belongs_to_each(tmp_path: Path) -> None:
    rows: Rows = [[f"XF-{n}", "2026-3-1", "县住建局" if n == 1 else None, f"第{n}件"] for n in range(1, 5)]
    ledger = read_rows(tmp_path, HEADER, *rows, merged=["C2:C5"])
    assert [case.unit for case in ledger.rows] == ["县住建局"] * 4


def test_of_several_units_the_first_answers_for_the_case_with_a_warning(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, ["信访形式", *HEADER], ["来信", "XF-1", "2026-3-1", "县住建局\n柳林镇", "漏水"])
    assert only(ledger).unit == "县住建局"
    (caution,) = ledger.warnings
    assert (caution.row, caution.column) == (2, "责任单位")
    assert "写了 2 个单位" in caution.zh


@pytest.mark.parametrize("cell", ["李某某、王某某", "李某某\n王某某", "李某某/王某"])
def test_of_several_leaders_the_first_owns_the_case_with_a_warning(tmp_path: Path, cell: str) -> None:
    ledger = read_cell(tmp_path, "包案领导", cell)
    assert only(ledger).leader == "李某某"
    assert [caution.zh[:4] for caution in ledger.warnings if caution.column == "包案领导"] == ["写了 2"]


@pytest.mark.parametrize("cell", ["王副县长、李局长", "王副县长 / 李主任", "王副县长\n李某某"])
def test_who_is_spoken_of_by_surname_and_post_is_one_of_several_leaders_too(tmp_path: Path, cell: str) -> None:
    ledger = read_cell(tmp_path, "包案领导", cell)
    assert only(ledger).leader == "王副县长"
    assert [caution.zh[:4] for caution in ledger.warnings if caution.column == "包案领导"] == ["写了 2"]


@pytest.mark.parametrize("cell", ["李某某、副县长", "李某某、人大主任", "李某某、党委书记"])
def test_a_post_behind_a_name_is_no_second_leader(tmp_path: Path, cell: str) -> None:
    ledger = read_cell(tmp_path, "包案领导", cell)
    assert not [caution for caution in ledger.warnings if caution.column == "包案领导"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["合计", None, None, "3"], SkipReason.TOTAL),
        (["总计：12件", None, None, None], SkipReason.TOTAL),
        ([None, None, "县住建局小计", "3"], SkipReason.TOTAL),
        (["填表说明：1.责任单位写全称。"], SkipReason.REMARK),
        (["备注：本表每月20日前报送", None, "联系人：赵某"], SkipReason.REMARK),
        (["填报人：赵某", "审核人：钱某", None, "填报日期：2026年11月"], SkipReason.REMARK),
        (["一、住建领域"], SkipReason.REMARK),
        (["XF-9"], SkipReason.NUMBERED),
        ([20260001], SkipReason.NUMBERED),
        (HEADER, SkipReason.HEADER),
    ],
)
def test_a_row_that_is_no_case_is_passed_over_and_named(tmp_path: Path, row: list[Any], why: SkipReason) -> None:
    ledger = read_rows(tmp_path, HEADER, ROW, row, ["XF-2", *ROW[1:]])
    assert [case.row for case in ledger.rows] == [2, 4]
    assert ledger.refusals == ()
    assert [(skipped.row, skipped.why) for skipped in ledger.skipped] == [(3, why)]


def test_a_note_merged_over_the_whole_width_is_passed_over(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ROW, ["以上为全部积案"], merged=["A3:D3"])
    assert [skipped.why for skipped in ledger.skipped] == [SkipReason.REMARK]
    assert len(ledger.rows) == 1


def test_blank_rows_and_rows_with_only_a_running_number_are_blank(tmp_path: Path) -> None:
    rows: Rows = [[1, *ROW], [], [2], [None, "　"], [3]]
    ledger = read_rows(tmp_path, ["序号", *HEADER], *rows)
    assert (len(ledger.rows), ledger.refusals, ledger.skipped) == (1, (), ())


def test_a_row_with_nothing_but_its_demand_is_refused_and_not_lost(tmp_path: Path) -> None:
    (refusal,) = read_rows(tmp_path, HEADER, [None, None, None, "反映漏水"]).refusals
    assert refusal.column == "信访日期、责任单位"


def test_a_repeated_row_is_skipped_even_with_another_running_number(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, ["序号", *HEADER], [1, *ROW], [2, "XF-2", *ROW[1:]], [3, *ROW])
    assert [case.row for case in ledger.rows] == [2, 3]
    (skipped,) = ledger.skipped
    assert (skipped.row, skipped.why, skipped.same_as) == (4, SkipReason.REPEATED, ("台账", 2))


def test_a_row_repeated_in_another_sheet_is_skipped(tmp_path: Path) -> None:
    ledger = read(workbook(tmp_path / "a.xlsx", {"甲": [HEADER, ROW], "乙": [["说明"], HEADER, ROW]}))
    assert [skipped.same_as for skipped in ledger.skipped] == [("甲", 2)]


def test_another_case_with_the_same_number_is_refused(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ROW, ["xf-1", "2026-4-1", "县教体局", "反映学位问题"])
    assert len(ledger.rows) == 1
    (refusal,) = ledger.refusals
    assert (refusal.row, refusal.column) == (3, "信访件编号")
    assert "第 2 行" in refusal.reason_zh


def test_two_regions_may_number_alike(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, [*HEADER, "属地"], [*ROW, "河阳县"], [*ROW, "青川区"])
    assert [case.region for case in ledger.rows] == ["610499", "610498"]


def test_every_filled_row_below_the_header_is_accounted_for(tmp_path: Path) -> None:
    rows: Rows = [ROW, ["XF-2", None, "县住建局", "漏水"], ROW, ["合计"], ["XF-3", *ROW[1:]], ["备注：完"]]
    ledger = read_rows(tmp_path, HEADER, *rows)
    told = [entry.row for entries in (ledger.rows, ledger.refusals, ledger.skipped) for entry in entries]
    assert sorted(told) == [2, 3, 4, 5, 6, 7]


def test_the_digest_is_the_files(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"甲": [HEADER, ROW]})
    assert read(path).digest == sha256(path.read_bytes()).hexdigest()


def test_progress_only_grows_and_ends_with_all_of_it(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [[f"XF-{n}", *ROW[1:]] for n in range(1200)]
    read_rows(tmp_path, HEADER, *rows, progress=lambda done, total: told.append((done, total)))
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(told) >= 6
