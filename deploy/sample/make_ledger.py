"""Writes the sample ledger: some two hundred invented cases with two years of history.

    python -m deploy.sample.make_ledger [--today 2026-11-20] [--to FILE.xlsx]

The same day gives the same bytes. Persons, numbers and places are invented; the mess of notations is real.
"""

import argparse
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from deploy.sample.county import Case, County

REFERENCE = date(2026, 11, 20)
SAMPLE = Path(__file__).with_name("ledger.xlsx")

UPPER = (
    "序号 信访件编号 信访日期 信访形式 问题属地 信访人 . . . 人数 问题类别 三跨三分离 反映问题 责任单位"
    " 包案领导 . 积案类型 化解情况"
)
LOWER = ". . . . . 姓名 身份证号 联系电话 住址 . . . . . 姓名 职务 . ."
ACROSS = ("F3:I3", "O3:P3")
WIDTHS = (6, 18, 14, 12, 14, 9, 21, 14, 12, 8, 11, 12, 60, 16, 10, 9, 24, 24)
STEP_HEADER = ("案件编号", "办理日期", "办理方式", "责任单位", "经办人", "办理内容")

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
DATES: tuple[Callable[[date], Any], ...] = (
    lambda day: day,
    lambda day: day,
    lambda day: f"{day.year}-{day.month}-{day.day}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}年{day.month}月{day.day}日".translate(WIDE),
    lambda day: int(f"{day:%Y%m%d}"),
    lambda day: f"{day:%Y-%m-%d} 09:30",
)
CHANNELS = ("来访", "走访", "来信", "网上信访", "12345热线", "集体来访", "市信访局交办")
FEW, MANY = (1, 1, 1, 1, "1人", "１人", 2, "２", "三人", "3人"), ("5", "５人", 8, "十二人", "约20余人")
CRITERIA = {"idle": "交办转送后超期未办结", "ping-pong": "超期未办结", "relapsed": "办结后群众重复信访"}
RESULTS = {"closed": "已化解", "relapsed": "化解后反弹", "repeat": "重复件", "diligent": "正在化解", "idle": "正在化解"}


def ledger(today: date) -> Workbook:
    """The workbook: sheets 积案台账 and 办理记录."""
    book, random = Workbook(), Random(today.toordinal())
    cases = sorted(County(today).cases(), key=lambda case: (case.received, case.number))
    sheet = book.worksheets[0]
    sheet.title = "积案台账"
    _heading(sheet, today)
    for serial, case in enumerate(cases, start=1):
        sheet.append(_row(serial, case, random))
    sheet.append([])
    note = "填表说明：1.信访日期填首次反映的日期；2.责任单位填全称；3.本表由县信访局汇总，每月20日前更新。"
    sheet.append([note])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(WIDTHS))
    for column, width in zip("ABCDEFGHIJKLMNOPQR", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    steps = book.create_sheet("办理记录")
    steps.append(STEP_HEADER)
    for case in cases:
        for day, kind, unit, person, said in case.steps:
            steps.append((case.number, random.choice(DATES)(day), kind, unit, person or None, said))
    for column, width in zip("ABCDEF", (18, 16, 16, 16, 10, 60), strict=True):
        steps.column_dimensions[column].width = width
    return book


def _heading(sheet: Worksheet, today: date) -> None:
    sheet.append(["河阳县信访积案化解台账（样例：县、人、号码均为虚构）"])
    sheet.append(["填报单位：县信访局", *[None] * 11, f"截至{today.year}年{today.month}月{today.day}日"])
    sheet.append([None if word == "." else word for word in UPPER.split()])
    sheet.append([None if word == "." else word for word in LOWER.split()])
    sheet.merge_cells("A1:R1")
    for cells in ACROSS:
        sheet.merge_cells(cells)
    for column in "ABCDEJKLMNQR":
        sheet.merge_cells(f"{column}3:{column}4")
    for row in sheet["A1:R4"]:
        for cell in row:
            cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center", vertical="center")
    sheet.freeze_panes = "A5"


def _row(serial: int, case: Case, random: Random) -> list[Any]:
    places = (f"河阳县{case.unit}", case.unit) if case.in_town else ("河阳县", 610499, "610499")
    channel = random.choice(CHANNELS)
    spans = "跨部门" if case.kind == "ping-pong" else random.choice(("否", None, None, None, "人户分离"))
    leader = case.leader or (None, None)
    return [
        serial,
        case.number,
        random.choice(DATES)(case.received),
        channel,
        random.choice(places),
        *case.person,
        random.choice(MANY if channel == "集体来访" else FEW),
        case.category,
        spans,
        case.demand,
        case.unit,
        *leader,
        CRITERIA.get(case.kind),
        RESULTS.get(case.kind, "已交办"),
    ]


def write(path: Path, today: date = REFERENCE) -> None:
    """Write the sample as it stands on that day."""
    save(ledger(today), path, today)


def save(book: Workbook, path: Path, today: date) -> None:
    """Save a workbook. openpyxl and zip stamp the hour; here the day stamps both."""
    raw = io.BytesIO()
    book.save(raw)
    stamp = f"{today.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", stamp, content)
            target.writestr(zipfile.ZipInfo(name, (*today.timetuple()[:3], 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description="Write the sample ledger.")
    asked.add_argument("--today", type=date.fromisoformat, default=REFERENCE, help="the day up to which it reaches")
    asked.add_argument("--to", type=Path, default=SAMPLE, help="the file to write")
    given = asked.parse_args()
    write(given.to, given.today)


if __name__ == "__main__":
    main()
