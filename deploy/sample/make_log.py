"""Writes the sample of another system's event log: thirty-one invented cases, a few of which stall, each in one way.

    python -m deploy.sample.make_log [--today 2026-11-20] [--to FILE.csv]

The same day gives the same bytes. Cases, officials and places are invented; the log names no petitioner.
"""

import argparse
import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from deploy.sample.make_ledger import REFERENCE

SAMPLE = Path(__file__).with_name("other-system.csv")
HEADER = ("工单号", "环节", "操作时间", "操作人", "操作部门", "流转部门", "处理说明", "问题分类")

HALL, TOWNS, BUREAUS = "县热线办", ("城关镇", "柳林镇", "青石镇"), ("县住建局", "县自然资源局", "县人社局")
MATTERS = ("小区物业管理", "农村道路损坏", "征地补偿发放", "拖欠工资", "房屋产权办证")

Deed = tuple[int, str, str, str, str]
"""Days before the reference day, 环节, 操作部门, 流转部门, 处理说明. Who did it follows from the unit."""

PLANTED: dict[str, int] = {"diligent": 8, "closed": 12, "idle": 4, "no-leader": 3, "ping-pong": 2, "relapse": 2}
"""How many cases of each kind; all but the first two are what supervision has to find."""


class Row(NamedTuple):
    """A line of the log."""

    at: datetime
    number: str
    deed: Deed
    matter: str


def kind_of(number: str) -> str:
    """What was planted in the case of this number: its last digits count through PLANTED."""
    kinds = [kind for kind, n in PLANTED.items() for _ in range(n)]
    return kinds[int(number[-3:]) - 1]


def rows(today: date) -> Iterator[Row]:
    """Every event of every case, as it happened: the cases lie between one another."""
    kinds = [kind for kind, n in PLANTED.items() for _ in range(n)]
    found = []
    for n, kind in enumerate(kinds, start=1):
        unit, other = TOWNS[n % 3], BUREAUS[n % 3]
        for place, deed in enumerate(life(kind, unit, other, later=n % 4)):
            at = datetime.combine(today - timedelta(days=deed[0]), time(9, n % 60))
            number = f"HY12345-{today.year}-{n:03}"
            found.append(Row(at + timedelta(minutes=place), number, deed, MATTERS[n % 5]))
    yield from sorted(found, key=lambda row: (row.at, row.number))


def life(kind: str, unit: str, other: str, later: int) -> list[Deed]:
    """The history of a case of this kind; `later` moves its days a little."""

    def begun(days: int) -> list[Deed]:
        ago = days + later
        return [
            (ago, "受理登记", HALL, "", ""),
            (ago - 1, "派单", HALL, unit, "请于规定期限内办结"),
            (ago - 2, "签收", unit, "", ""),
            (ago - 2, "自动提醒", HALL, "", "系统消息"),
        ]

    def led(ago: int) -> Deed:
        return ago, "明确包案领导", unit, "", ""

    match kind:
        case "diligent":
            return [
                *begun(50),
                led(44),
                (40, "制定方案", unit, "", "核对清单，逐户答复"),
                (9, "上门走访", unit, "", "当面听取意见"),
            ]
        case "closed":
            ended = [
                (152, "书面答复", unit, "", "予以支持"),
                (150, "办结", unit, "", ""),
                (141, "电话回访", unit, "", "群众表示满意"),
            ]
            return [*begun(200), led(195), (185, "上门走访", unit, "", "当面听取意见"), *ended]
        case "idle":
            reports = [(n, "进展上报", unit, "", "继续跟进") for n in (35, 21, 7)]
            return [*begun(56), led(52), (49, "上门走访", unit, "", "当面听取意见"), *reports]
        case "no-leader":
            return [*begun(38), (25, "上门走访", unit, "", "当面听取意见"), (8, "上门走访", unit, "", "再次核实")]
        case "ping-pong":
            moves = [
                (22, "退单", unit, "", "不属于本单位职责"),
                (20, "派单", HALL, other, ""),
                (14, "退单", other, "", "应由属地办理"),
                (12, "派单", HALL, unit, ""),
            ]
            return [*begun(27)[:2], led(24), *moves, (6, "上门走访", unit, "", "当面听取意见")]
        case _:
            back = [
                (100, "书面答复", unit, "", "解释说明"),
                (98, "办结", unit, "", ""),
                (30, "再次来电", HALL, "", "称未落实"),
            ]
            return [*begun(150), led(146), (140, "上门走访", unit, "", "当面听取意见"), *back]


def text(today: date) -> str:
    """The whole file."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(HEADER)
    for row in rows(today):
        _, what, by, to, said = row.deed
        person = "" if by == HALL else f"{'李王赵陈周吴'[(TOWNS + BUREAUS).index(by)]}某"
        table.writerow((row.number, what, f"{row.at:%Y/%m/%d %H:%M}", person, by, to, said, row.matter))
    return stream.getvalue()


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description="Write the sample of another system's event log.")
    asked.add_argument("--today", type=date.fromisoformat, default=REFERENCE, help="the day up to which it reaches")
    asked.add_argument("--to", type=Path, default=SAMPLE, help="the file to write")
    given = asked.parse_args()
    given.to.write_text(text(given.today), "utf-8")


if __name__ == "__main__":
    main()
