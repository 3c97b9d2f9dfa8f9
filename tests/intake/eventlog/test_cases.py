"""From a log to cases: whole or not at all, whatever the order of its rows; and what is refused comes back to be mended."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.eventlog import load_mapping, open_log
from shared.terms import Channel
from tests.intake.eventlog.logs import HEADER, MAPPING, REGIONS, TODAY, read, steps, table, told, written

LIFE = (
    "A,登记,2026-09-01,,县热线办,",
    "A,派单,2026-09-02,,柳林镇,",
    "A,心跳,2026-09-02,,,",
    "A,受理,2026-09-03,,柳林镇,",
    "A,空跑,2026-09-04,李某,柳林镇,大门紧锁",
    "A,走访,2026-09-05,李某,柳林镇,电话 13912345678",
    "B,登记,2026-09-01,,青石镇,",
    "B,上报,2026-10-01,,青石镇,",
)


def test_a_case_is_what_a_ledger_would_have_said_of_it(tmp_path: Path) -> None:
    (a, b), tally, errors = read(written(tmp_path, table(*LIFE)))
    assert (a.original_number, a.system, f"{a.received_on}", a.unit) == ("A", "另一系统", "2026-09-01", "县热线办")
    assert (a.region, a.channel, a.petitioner, a.extras) == ("610499", Channel.ASSIGNED, None, {})
    assert steps(a) == ["09-02 dispatch", "09-03 accept", "09-04 home-visit", "09-05 home-visit"]
    assert a.steps[2].note == "未见到本人：大门紧锁"
    assert a.steps[3].note == "电话 139******78"
    assert (a.steps[3].person, a.steps[3].unit, a.steps[3].row) == ("李某", "柳林镇", 7)
    assert steps(b) == ["10-01 note"]
    assert (tally.events, dict(tally.ignored), errors) == (8, {"心跳": 1}, None)


@given(st.permutations(LIFE))
def test_the_order_of_the_rows_does_not_matter(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    found, _, _ = read(written(tmp_path_factory.mktemp("log"), table(*rows)))
    assert [(row.original_number, row.unit, steps(row)) for row in found] == [
        ("A", "县热线办", ["09-02 dispatch", "09-03 accept", "09-04 home-visit", "09-05 home-visit"]),
        ("B", "青石镇", ["10-01 note"]),
    ]


def test_what_was_done_before_the_registration_keeps_a_case_out_and_no_other(tmp_path: Path) -> None:
    """It would else be closed before it came in, and never be found."""
    early = ["B,登记,2026-09-01,,青石镇,", "B,受理,2026-08-31,,青石镇,"]
    (row,), tally, _ = read(
        written(tmp_path, table("A,登记,2026-09-01,,青石镇,", "A,受理,2026-09-01,,青石镇,", *early))
    )
    assert (row.original_number, tally.refused) == ("A", 1)
    ((place, fault),) = tally.shown
    assert (place, fault.column) == (5, "at")
    assert "2026-08-31 早于本案登记之日 2026-09-01（第 4 行）" in fault.zh


def test_an_event_that_was_exported_twice_is_one(tmp_path: Path) -> None:
    twice = ["A,登记,2026-09-01,,青石镇,", "A,登记,2026-09-01,,青石镇,", "A,受理,2026-09-02,,青石镇,"]
    again = ["B,登记,2026-09-01,,青石镇,", "B,登记,2026-09-02,,青石镇,"]
    (row,), tally, _ = read(written(tmp_path, table(*twice, *again)))
    assert (row.original_number, steps(row)) == ("A", ["09-02 accept"])
    assert [place for place, _ in tally.shown] == [6]


def test_a_row_with_more_cells_than_the_header_is_told(tmp_path: Path) -> None:
    """A comma in a note without quotes: what stands behind it stands in the wrong columns."""
    beyond = ["A,登记,2026-09-01,,青石镇,", "A,走访,2026-09-02,李某,青石镇,见面,谈了一小时"]
    (row,), tally, _ = read(written(tmp_path, table(*beyond, "B,登记,2026-09-01,,青石镇,,,")))
    assert row.original_number == "B"
    ((place, fault),) = tally.shown
    assert (place, "7 格" in fault.zh, "7 cells" in fault.en) == (3, True, True)


def test_without_a_registration_the_first_event_tells_the_day(tmp_path: Path) -> None:
    (row,), _, _ = read(written(tmp_path, table("A,走访,2026-09-05,李某,柳林镇,", "A,受理,2026-09-03,,青石镇,")))
    assert (f"{row.received_on}", row.unit, len(row.steps)) == ("2026-09-03", "青石镇", 2)


@pytest.mark.parametrize(
    ("time", "at", "day"),
    [
        ("", "2026-11-05T20:00:00Z", "11-06"),
        ("", "2026-11-05T20:00:00", "11-05"),
        ("", "2026-11-05", "11-05"),
        ('zone = "UTC"', "2026-11-05 20:00", "11-06"),
        ('format = "%d.%m.%Y %H:%M"', "05.11.2026 23:59", "11-05"),
        ('format = "%Y年%m月%d日"', "2026年11月5日", "11-05"),
    ],
)
def test_a_moment_counts_for_its_day_in_shanghai(tmp_path: Path, time: str, at: str, day: str) -> None:
    mapping = MAPPING.replace("[activities]", f"[time]\n{time}\n[activities]")
    (row,), _, _ = read(written(tmp_path, table(f"A,走访,{at},李某,柳林镇,")), mapping)
    assert steps(row) == [f"{day} home-visit"]


@pytest.mark.parametrize(
    ("bad", "column", "words"),
    [
        ("A,走访,2026-02-30,李某,柳林镇,", "at", "“2026-02-30”不是ISO 8601的时间"),
        ("A,走访,2026-11-21,李某,柳林镇,", "at", "2026-11-21 应在 1949-10-01 至 2026-11-20 之间"),
        ("A,走访,1900-01-01,李某,柳林镇,", "at", "应在 1949-10-01"),
        ("A,走访,,李某,柳林镇,", "at", "没有写时间"),
        ("A,走仿,2026-09-05,李某,柳林镇,", "what", "没有活动“走仿”；请写入"),
        ("A,,2026-09-05,李某,柳林镇,", "what", "没有写是什么活动"),
        (f"A,走访,2026-09-05,李某,柳林镇,{'长' * 4001}", "said", "超过 4000 字"),
        (f"A,走访,2026-09-05,{'长' * 201},柳林镇,", "who", "超过 200 字"),
        ("A,登记,2026-09-06,,柳林镇,", "what", "已在 2026-09-01 登记过"),
    ],
)
def test_a_case_with_a_fault_stays_out_whole_and_comes_back_to_be_mended(
    tmp_path: Path, bad: str, column: str, words: str
) -> None:
    (b,), tally, errors = read(written(tmp_path, table(*LIFE[:3], bad, *LIFE[6:])))
    assert (b.original_number, tally.refused) == ("B", 1)
    rows = told(errors)
    assert {row["case"] for row in rows} == {"A"}
    assert len(rows) == 3
    (fault,) = (row for row in rows if row["行号"] == "5")
    assert fault["列"] == column
    assert words in fault["原因"]
    assert re.search("[a-z]{3}", fault["Reason"])
    assert {row["原因"] for row in rows if row is not fault} == {"（随所属案件一并退回）"}
    assert [(place, said.column) for place, said in tally.shown] == [(5, column)]


def test_a_mended_errors_file_is_read_by_the_same_mapping(tmp_path: Path) -> None:
    _, _, errors = read(written(tmp_path, table(*LIFE[:3], "A,走访,2026-9-5,李某,柳林镇,=1+1")))
    assert errors is not None
    text = errors.read_text("utf-8-sig")
    assert ",'=1+1" in text
    (row,), _, more = read(written(tmp_path, text.replace("2026-9-5", "2026-09-05"), "mended.csv"))
    assert (steps(row), row.steps[-1].note) == (["09-02 dispatch", "09-05 home-visit"], "=1+1")
    assert more is None


def test_an_errors_file_that_somebody_is_mending_is_never_written_over(tmp_path: Path) -> None:
    log = written(tmp_path, table(*LIFE[:3], "A,走访,2026-9-5,李某,柳林镇,"))
    _, _, first = read(log)
    assert first is not None
    first.write_text("正在改", "utf-8")
    _, _, second = read(log)
    assert (first.name, second and second.name) == (f"{log.name}.errors.csv", f"{log.name}.errors-2.csv")
    assert first.read_text("utf-8") == "正在改"
    assert len(told(second)) == 3


def test_an_event_that_names_no_case_is_refused_alone(tmp_path: Path) -> None:
    rows, tally, errors = read(written(tmp_path, table(*LIFE, ",走访,2026-09-09,,,", "1.2E+15,走访,2026-09-09,,,")))
    assert (len(rows), tally.refused) == (2, 2)
    first, second = (row["原因"] for row in told(errors))
    assert first == "没有写是哪个案件"
    assert second.startswith("以数字格式保存，末几位已丢失")


def test_what_the_log_does_not_say_the_mapping_says_for_all(tmp_path: Path) -> None:
    mapping = MAPPING.replace(
        "[activities]",
        '[cases]\nunit = "县信访局"\nregion = "柳林镇"\nchannel = "phone"\ndemand = "热线诉求"\n[activities]',
    )
    (row,), _, _ = read(written(tmp_path, table("A,登记,2026-09-01,,,")), mapping)
    assert (row.unit, row.region, row.channel, row.demand) == ("县信访局", "610499002", Channel.PHONE, "热线诉求")


def test_columns_of_the_case_are_read_from_whichever_event_says_them(tmp_path: Path) -> None:
    mapping = MAPPING.replace("[activities]", "", 1).replace(
        'note = "said"', 'note = "said"\ndemand = "about"\nregion = "place"\nchannel = "way"\nto = "to"\n[activities]'
    )
    log = table(
        "A,登记,2026-09-01,,,,,,,",
        "A,派单,2026-09-02,,县热线办,,征地补偿,河阳县柳林镇,网上,柳林镇",
        header=f"{HEADER},about,place,way,to",
    )
    (row,), _, _ = read(written(tmp_path, log), mapping)
    assert (row.demand, row.region, row.channel) == ("征地补偿", "610499002", Channel.ONLINE)
    assert row.steps[0].unit == "柳林镇"
    assert REGIONS[row.region] == "河阳县柳林镇"


def test_several_columns_may_name_the_activity(tmp_path: Path) -> None:
    mapping = MAPPING.replace('activity = "what"', 'activity = ["what", "said"]').replace('"走访" =', '"走访/空" =')
    (row,), tally, _ = read(
        written(tmp_path, table("A,登记,2026-09-01,,柳林镇,", "A,走访,2026-09-02,,柳林镇,空")), mapping
    )
    assert steps(row) == ["09-02 home-visit"]
    assert not tally.unknown


def test_no_unit_anywhere_is_a_fault_that_says_where_to_name_one(tmp_path: Path) -> None:
    rows, _, errors = read(written(tmp_path, table("A,登记,2026-09-01,,,")))
    assert rows == []
    assert "[cases] 写 unit" in told(errors)[0]["原因"]


def test_what_is_unknown_is_counted_for_the_whole_log(tmp_path: Path) -> None:
    rows = [f"{n},改派,2026-09-02,,柳林镇," for n in range(5)]
    found, tally, _ = read(written(tmp_path, table(*LIFE, *rows)))
    assert (len(found), dict(tally.unknown), tally.refused) == (2, {"改派": 5}, 5)


def test_a_case_that_is_no_case_is_not_kept_in_memory(tmp_path: Path) -> None:
    rows = [f"A,上报,2026-09-02,,柳林镇,{n}" for n in range(5001)]
    found, tally, errors = read(written(tmp_path, table(*LIFE[6:], *rows)))
    assert ([row.original_number for row in found], tally.refused) == (["B"], 1)
    assert "多于 5000 条" in told(errors)[0]["原因"]
    assert len(told(errors)) == 5001


def test_a_refusal_by_a_service_brings_every_row_back(tmp_path: Path) -> None:
    file = written(tmp_path, table(*LIFE))
    with open_log(file, load_mapping(MAPPING, "m"), regions=REGIONS, default_region="610499", today=TODAY) as log:
        log.refuse(next(log.cases()), "编号已用", "taken")
        errors = log.errors.finish()
    assert told(errors)[0]["原因"] == "编号已用"
    assert len(told(errors)) == 5
