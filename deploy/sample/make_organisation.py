"""Writes the sample roster: the units of 河阳县 and who holds their posts, the same invented persons as in the sample ledger.

    python -m deploy.sample.make_organisation [--to FILE.xlsx]

The same bytes each time. Each unit has a head, a predecessor and a deputy; 县自然资源局 was 县国土资源局 once.
"""

import argparse
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from deploy.sample.county import County
from deploy.sample.make_ledger import REFERENCE, save
from deploy.sample.matters import OFFICE, TOWNS, UNITS

SAMPLE = Path(__file__).with_name("organisation.xlsx")
COUNTY = "河阳县人民政府"
UNIT_HEADER = ("序号", "单位名称", "属地", "上级单位", "成立日期", "曾用名", "更名日期")
POST_HEADER = ("单位", "姓名", "职务", "任职日期", "免职日期", "领导层级", "是否主要负责人", "分管工作")
TURN = date(2026, 3, 2)
"""The first day on which a head of the present took office; the others follow."""


def roster() -> Workbook:
    """The workbook: sheets 机构 and 任职."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "机构"
    sheet.append(["河阳县机构名册（样例：县、单位、人员均为虚构）"])
    sheet.merge_cells("A1:G1")
    for row in (UNIT_HEADER, *_units()):
        sheet.append(row)
    posts = book.create_sheet("任职")
    for row in (POST_HEADER, *_posts()):
        posts.append(row)
    for one, widths in ((sheet, (6, 20, 12, 20, 14, 18, 14)), (posts, (20, 10, 12, 14, 14, 12, 16, 30))):
        for column, width in zip("ABCDEFGH", widths, strict=False):
            one.column_dimensions[column].width = width
    return book


def _units() -> Iterator[tuple[Any, ...]]:
    yield 1, COUNTY, "610499", None, "1990-1-1", None, None
    yield 2, OFFICE, "河阳县", COUNTY, date(1996, 5, 1), None, None
    for serial, unit in enumerate(UNITS, start=3):
        former = ("县国土资源局", "2019年3月15日") if unit == "县自然资源局" else (None, None)
        yield serial, unit, 610499, COUNTY, "2001.7.1" if unit in TOWNS else date(2005, 1, 10), *former


def _posts() -> Iterator[tuple[Any, ...]]:
    county = County(REFERENCE)
    yield COUNTY, "向某某", "县长", "2024-1-15", None, "主要领导", "是", "政府全面工作"
    deputies = dict.fromkeys(county.leaders[unit][2] for unit in UNITS)
    remits = ("自然资源、住建", "农业农村、水利", "教体、民政、人社", "交通、信访")
    for (name, post), remit in zip(deputies, remits, strict=True):
        yield COUNTY, name, post, "2024年2月1日", None, "班子成员", "否", remit
    yield OFFICE, "费某某", "局长", date(2023, 9, 1), "至今", "主要领导", "√", "全面工作"
    for index, unit in enumerate(UNITS):
        (head, post), (deputy, below), _ = county.leaders[unit]
        turn = TURN + timedelta(days=7 * index)
        yield unit, "卜某" if unit in TOWNS else "芮某", post, "2021-6-1", turn, "主要领导", "是", None
        yield unit, head, post, f"{turn.year}年{turn.month}月{turn.day}日", None, "主要领导", "是", "全面工作"
        yield unit, deputy, below, "20240601", None, "班子成员", None, "信访、安全生产"


def write(path: Path) -> None:
    """Write the sample."""
    save(roster(), path, REFERENCE)


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description="Write the sample roster.")
    asked.add_argument("--to", type=Path, default=SAMPLE, help="the file to write")
    write(asked.parse_args().to)


if __name__ == "__main__":
    main()
