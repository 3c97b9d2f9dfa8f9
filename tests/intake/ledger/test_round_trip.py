"""A ledger written in any notation reads back as what was meant."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.ledger import StepKind
from shared.terms import BacklogCriterion, Category, Channel, Span
from tests.intake.ledger.desk import REGIONS, TODAY, read, workbook

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

DATES: list[Callable[[date], Any]] = [
    lambda day: day,
    lambda day: datetime.combine(day, time(14, 5)),
    lambda day: f"{day.year}-{day.month}-{day.day}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}年{day.month:02d}月{day.day:02d}日 9时",
    lambda day: f"{day:%Y%m%d}",
    lambda day: int(f"{day:%Y%m%d}"),
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: f"{(day - date(1899, 12, 30)).days}.5",
    lambda day: f"　{day:%Y-%m-%d %H:%M:%S}".translate(WIDE),
]
COUNTS: list[Callable[[int], Any]] = [
    lambda count: count,
    float,
    str,
    lambda count: f"{count}人",
    lambda count: f"{count} 人".translate(WIDE),
    lambda count: f"共{count}人",
]
REGION_NOTATIONS: list[Callable[[str], Any]] = [lambda code: code, int, lambda code: REGIONS[code]]
HEADERS = {
    "number": ["信访件编号", "编号", "案件编号"],
    "received_on": ["信访日期", "受信日期", "登记日期", "来访\n时间"],
    "channel": ["信访形式", "来源", "渠道"],
    "region": ["问题属地", "属地", "地区"],
    "unit": ["责任单位", "承办单位", "化解责任单位", "* 责任部门"],
    "demand": ["反映问题", "主要诉求", "信访事项", "问题概况"],
    "headcount": ["人数", "涉及人数", "信访人数（人）"],
    "categories": ["问题类别", "领域"],
    "spans": ["三跨三分离", "“三跨三分离”"],
    "criterion": ["积案类型", "是否积案"],
    "name": ["信访人", "姓名", "反映人"],
    "leader": ["包案领导"],
}

WORDS = st.text(alphabet="甲乙丙丁征地补偿欠薪房屋漏水道路学位", min_size=2, max_size=30)
DAYS = st.dates(date(1949, 10, 1), TODAY)
CASE = st.fixed_dictionaries(
    {
        "received_on": DAYS,
        "channel": st.sampled_from(Channel),
        "region": st.sampled_from(sorted(REGIONS)),
        "unit": WORDS,
        "demand": WORDS,
        "headcount": st.integers(1, 100_000),
        "categories": st.lists(st.sampled_from(Category), unique=True).map(tuple),
        "spans": st.lists(st.sampled_from(Span), unique=True).map(tuple),
        "criterion": st.none() | st.sampled_from(BacklogCriterion),
        "name": WORDS,
        "leader": WORDS,
    }
)
STEP = st.tuples(st.integers(0, 3), DAYS, st.sampled_from(StepKind), WORDS)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(cases=st.lists(CASE, min_size=1, max_size=4), steps=st.lists(STEP, max_size=5), draw=st.data())
def test_what_was_meant_is_what_is_read(
    tmp_path: Path, cases: list[dict[str, Any]], steps: list[tuple[int, date, StepKind, str]], draw: st.DataObject
) -> None:
    def one_of(notations: list[Any]) -> Any:
        return draw.draw(st.sampled_from(notations))

    def labels(words: tuple[Any, ...]) -> str:
        return str(one_of(["、", "，", " ", ";"])).join(word.label for word in words)

    order = draw.draw(st.permutations(sorted(HEADERS)))
    rows = []
    for index, case in enumerate(cases):
        said = {
            **case,
            "number": f"XF-{index}",
            "received_on": one_of(DATES)(case["received_on"]),
            "channel": case["channel"].label,
            "region": one_of(REGION_NOTATIONS)(case["region"]),
            "headcount": one_of(COUNTS)(case["headcount"]),
            "categories": labels(case["categories"]),
            "spans": labels(case["spans"]),
            "criterion": case["criterion"].label if case["criterion"] else one_of(["否", "", None]),
        }
        rows.append([said[field] for field in order])
    told = [[f"XF-{n}", one_of(DATES)(day), kind.label, "王某", note] for n, day, kind, note in steps if n < len(cases)]
    above = [["河阳县信访积案台账"]] * draw.draw(st.integers(0, 2))
    below = [["备注：本表每月报送"]] * draw.draw(st.integers(0, 1))
    sheets: dict[str, Any] = {"甲": [*above, [one_of(HEADERS[field]) for field in order], *rows, *below]}
    sheets["乙"] = [["案件编号", "办理日期", "办理方式", "经办人", "办理内容"], *told]
    ledger = read(workbook(tmp_path / "ledger.xlsx", sheets))

    assert ledger.refusals == ()
    assert len(ledger.rows) == len(cases)
    for index, (row, case) in enumerate(zip(ledger.rows, cases, strict=True)):
        read_back = row.model_dump(include=case.keys() - {"name"})
        assert read_back == {field: value for field, value in case.items() if field != "name"}
        assert row.petitioner is not None
        assert row.petitioner.name == case["name"]
        meant = {(day, kind, note) for n, day, kind, note in steps if n == index}
        assert {(step.on, step.kind, step.note) for step in row.steps} == meant
        assert [step.on for step in row.steps] == sorted(step.on for step in row.steps)


def test_the_serial_notation_of_this_test_is_that_of_spreadsheets() -> None:
    assert date(1899, 12, 30) + timedelta(days=45352) == date(2024, 3, 1)
