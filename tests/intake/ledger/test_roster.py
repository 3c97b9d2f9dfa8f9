"""Rosters as offices keep them: titles, notations and gaps; every line is taken, or handed back with the reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from deploy.sample.county import County
from deploy.sample.make_ledger import REFERENCE
from deploy.sample.make_organisation import SAMPLE, write
from deploy.sample.matters import UNITS
from services.intake.ledger import (
    LedgerUnreadable,
    PostRow,
    RosterFile,
    SkipReason,
    UnitRow,
    read_roster,
    write_refusals,
)
from shared.terms import LeaderRank
from tests.intake.ledger.desk import COUNTY, REGIONS, TODAY, Rows, workbook

UNIT_HEADER = ["序号", "单位名称", "属地", "上级单位", "成立日期", "曾用名", "更名日期"]
POST_HEADER = ["单位", "姓名", "职务", "任职日期", "免职日期", "领导层级", "是否主要负责人", "分管工作"]
UNIT = [1, "柳林镇", "柳林镇", "河阳县人民政府", "2001.7.1", None, None]
POST = ["柳林镇", "王某", "镇长", "2024年3月1日", "至今", "主要领导", "是", "全面工作"]


def read(path: Path) -> RosterFile:
    return read_roster(path, regions=REGIONS, default_region=COUNTY, today=TODAY)


def read_sheets(tmp_path: Path, units: Rows = (), posts: Rows = ()) -> RosterFile:
    sheets = {"机构": [UNIT_HEADER, *units] if units else [], "任职": [POST_HEADER, *posts] if posts else []}
    return read(workbook(tmp_path / "roster.xlsx", {name: rows for name, rows in sheets.items() if rows}))


def test_units_and_posts_are_read(tmp_path: Path) -> None:
    roster = read_sheets(tmp_path, [UNIT], [POST])
    assert roster.units == (
        UnitRow(
            sheet="机构",
            row=2,
            region="610499101",
            name="柳林镇",
            established_on=date(2001, 7, 1),
            superior="河阳县人民政府",
        ),
    )
    assert roster.posts == (
        PostRow(
            sheet="任职",
            row=2,
            region=COUNTY,
            unit="柳林镇",
            name="王某",
            post="镇长",
            since=date(2024, 3, 1),
            rank=LeaderRank.MAIN,
            heads_unit=True,
            remit="全面工作",
        ),
    )


def test_a_messy_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["河阳县科级领导干部任职情况"],
        ["填报单位：县委组织部", None, None, None, None, "截至2026年11月"],
        [
            "序号",
            "所在单位",
            "人员\n编号",
            "姓 名",
            "现任职务※",
            "任现职时间",
            "卸任日期",
            "领导类别",
            "主要负责人",
            "分工",
        ],
        [1, " 柳林镇 ", "LL０１", "王 某", "镇长", date(2024, 3, 1), None, "正职", "√", "全面工作"],
        [2, "柳林镇", "LL02", "李某", "副镇长", "20240501", "2026/1/31", "副职", "", "信访、农业"],
        [2, "柳林镇", "LL02", "李某", "副镇长", "20240501", "2026/1/31", "副职", "", "信访、农业"],
        ["合计", "2人"],
        [None, "注：兼职的分行填写。"],
        [3, "柳林镇", None, "赵某", "武装部长", "2024年3月", None, "高级", "也许", None],
        [4, "县住建局", None, None, "局长", "2027-1-1", None, None, "是", None],
    ]
    roster = read(workbook(tmp_path / "roster.xlsx", {"Sheet1": rows}))
    assert [(p.number, p.name, p.since, p.left_on, p.rank, p.heads_unit) for p in roster.posts] == [
        ("LL01", "王某", date(2024, 3, 1), None, LeaderRank.MAIN, True),
        ("LL02", "李某", date(2024, 5, 1), date(2026, 1, 31), LeaderRank.TEAM, False),
    ]
    assert [s.why for s in roster.lines.skipped] == [SkipReason.REPEATED, SkipReason.TOTAL, SkipReason.REMARK]
    first, second = roster.lines.refusals
    assert (first.row, first.column) == (9, "主要负责人、任现职时间、领导类别")
    assert (second.row, second.column) == (10, "姓名、任现职时间")
    for refusal in (first, second):
        assert refusal.reason_zh
        assert refusal.reason_en


def test_a_mended_row_of_the_errors_file_is_taken(tmp_path: Path) -> None:
    roster = read_sheets(tmp_path, [UNIT], [POST, ["柳林镇", "李某", "副镇长", "三月", None, None, None, None]])
    path = write_refusals(tmp_path / "roster.xlsx", roster.lines)
    book = load_workbook(path)
    assert book.sheetnames == ["任职"]
    sheet = book["任职"]
    assert sheet.max_row == 2
    column = next(cell.column for cell in sheet[1] if cell.value == "任职日期")
    sheet.cell(2, column).value = "2024-5-1"
    book.save(path)
    (post,) = read(path).posts
    assert (post.name, post.since, post.rank) == ("李某", date(2024, 5, 1), LeaderRank.OTHER)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_roster(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "任职.csv"
    path.write_text("\n".join((",".join(POST_HEADER), ",".join(str(cell) for cell in POST))), encoding)
    (post,) = read(path).posts
    assert (post.unit, post.name, post.since) == ("柳林镇", "王某", date(2024, 3, 1))


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({1: None}, "单位名称"),
        ({4: None}, "成立日期"),
        ({2: "北京"}, "属地"),
        ({5: "柳林乡"}, "曾用名"),
        ({6: "2015-1-1"}, "曾用名"),
        ({5: "柳林乡", 6: "2015-2-30"}, "更名日期"),
    ],
)
def test_a_unit_that_cannot_be_taken(tmp_path: Path, cells: dict[int, Any], column: str) -> None:
    row = [cells.get(n, cell) for n, cell in enumerate(UNIT)]
    (refusal,) = read_sheets(tmp_path, [row]).lines.refusals
    assert refusal.column == column


def test_superior_units_come_first_and_a_circle_ends(tmp_path: Path) -> None:
    def unit(n: int, name: str, superior: str | None) -> list[Any]:
        return [n, name, None, superior, "2001-1-1", None, None]

    rows = [unit(1, "丙", "乙"), unit(2, "乙", "甲"), unit(3, "甲", None), unit(4, "丁", "戊"), unit(5, "戊", "丁")]
    assert [row.name for row in read_sheets(tmp_path, rows).units] == ["甲", "乙", "丙", "丁", "戊"]


def test_a_file_that_is_no_roster_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable) as refused:
        read(workbook(tmp_path / "ledger.xlsx", {"台账": [["信访件编号", "信访日期", "责任单位", "反映问题"]]}))
    assert "任职日期" in refused.value.zh
    with pytest.raises(LedgerUnreadable):
        read(tmp_path / "nothing.xlsx")


def test_the_sample_is_taken_whole_and_names_the_leaders_of_the_sample_ledger() -> None:
    roster = read(SAMPLE)
    assert roster.lines.refusals == ()
    assert {*UNITS, "县信访局", "河阳县人民政府"} == {unit.name for unit in roster.units}
    heads = {post.unit: post.name for post in roster.posts if post.heads_unit and post.left_on is None}
    leaders = County(REFERENCE).leaders
    assert {unit: heads[unit] for unit in UNITS} == {unit: leaders[unit][0][0] for unit in UNITS}


def test_the_committed_sample_is_what_its_script_writes(tmp_path: Path) -> None:
    write(tmp_path / "organisation.xlsx")
    fresh, committed = load_workbook(tmp_path / "organisation.xlsx"), load_workbook(SAMPLE)
    assert fresh.sheetnames == committed.sheetnames
    for one, other in zip(fresh.worksheets, committed.worksheets, strict=True):
        assert list(one.values) == list(other.values)
