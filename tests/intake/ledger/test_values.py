"""One cell at a time: every notation that offices use, and every value that cannot be."""

from datetime import date, datetime, time
from typing import Any

import pytest

from services.intake.ledger.values import (
    Unfit,
    compact,
    day,
    document_number,
    headcount,
    name,
    name_and_post,
    narrative,
    numeral,
    reference,
    text,
)

TODAY = date(2026, 11, 20)
FIRST_OF_MARCH = date(2024, 3, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "2024-3-1",
        "2024-03-01",
        "2024/03/01",
        "2024.3.1",
        "2024年3月1日",
        "2024 年 3 月 1 日",
        "2024年3月1",
        "2024年3月1号",
        "２０２４年３月１日",
        "２０２４．３．１",
        "20240301",
        20240301,
        20240301.0,
        "20240301.0",
        "20240301 093000",
        "20240301093000",
        "2024-03-01 09:30",
        "2024-03-01T09:30:00",
        "2024-03-01\n09:30:00",
        "2024年3月1日上午",
        "2024年3月1日 下午3时20分",
        "2024年3月1日（星期五）",
        "二〇二四年三月一日",
        "二○二四年三月一号",
        "二零二四年三月一日",
        "　2024-3-1 ",
        datetime.fromisoformat("2024-03-01 09:30"),
        date(2024, 3, 1),
        45352,
        45352.4,
        "45352",
        "45352.396",
    ],
)
def test_a_date_is_read_in_each_notation(cell: Any) -> None:
    assert day(cell, TODAY) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (None, "为空"),
        ("  ", "为空"),
        ("—", "为空"),
        ("3月1日", "没有四位年份"),
        ("3 月", "没有四位年份"),
        ("3.1", "没有四位年份"),
        (3.1, "没有四位年份"),
        ("24-3-1", "没有四位年份"),
        ("2024年3月", "没有写明到日"),
        (2024.3, "没有写明到日"),
        ("2024年", "没有写明到日"),
        ("2024-2-30", "没有这一天"),
        ("20241301", "没有这一天"),
        ("2026-11-21", "晚于今天"),
        (datetime.fromisoformat("2031-01-01"), "晚于今天"),
        ("1949-9-30", "早于"),
        (11111, "早于"),
        ("2024-3-1、2024-4-1", "不是日期"),
        ("去年", "不是日期"),
        ("三月一日", "不是日期"),
        ("二〇二四年十三月一日", "不是日期"),
        ("二〇二三年二月二十九日", "没有这一天"),
        ("二〇二六年十一月二十一日", "晚于今天"),
        (True, "不是日期"),
        (time(9, 30), "不是日期"),
        (7, "不是日期"),
        ("#REF!", "为空"),
    ],
)
def test_what_is_no_full_and_possible_date_is_refused_with_the_reason(cell: Any, why: str) -> None:
    with pytest.raises(Unfit) as refusal:
        day(cell, TODAY)
    assert why in refusal.value.zh
    assert refusal.value.en


@pytest.mark.parametrize("edge", [date(1949, 10, 1), TODAY])
def test_the_first_and_the_last_possible_day_are_taken(edge: date) -> None:
    assert day(edge.isoformat(), TODAY) == edge


def test_a_reason_does_not_repeat_a_document_number_that_slipped_into_the_date_column() -> None:
    with pytest.raises(Unfit) as refusal:
        day("610499199001011234", TODAY)
    assert "19900101" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (None, 1),
        ("", 1),
        ("无", 1),
        (3, 3),
        (3.0, 3),
        ("3", 3),
        ("３", 3),
        ("3人", 3),
        ("3 人", 3),
        ("３人", 3),
        ("三人", 3),
        ("两人", 2),
        ("十二人", 12),
        ("二十", 20),
        ("九十九人", 99),
        ("共5人", 5),
        ("张某等5人", 5),
        ("5户12人", 12),
        ("1,200人", 1200),
        ("8人次", 8),
        (100_000, 100_000),
    ],
)
def test_a_number_of_people_is_read(cell: Any, count: int) -> None:
    assert headcount(cell) == (count, False)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("约20余人", 20),
        ("20多人", 20),
        ("大约30人", 30),
        ("近百人", None),
        ("10-15人", 10),
        ("10～15", 10),
        ("二十余人", 20),
        ("20人以上", 20),
    ],
)
def test_an_approximate_number_of_people_is_flagged_and_taken_at_its_least(cell: str, count: int | None) -> None:
    if count is None:
        with pytest.raises(Unfit, match="看不出人数"):
            headcount(cell)
    else:
        assert headcount(cell) == (count, True)


@pytest.mark.parametrize("cell", [0, "0人", 100_001, -1, 1.5, "集体", "5户", "若干", "二三十人"])
def test_what_is_no_possible_number_of_people_is_refused(cell: Any) -> None:
    with pytest.raises(Unfit):
        headcount(cell)


def test_chinese_numerals_count_from_one_to_ninety_nine() -> None:
    digits = "〇一二三四五六七八九"
    said = [digits[n] for n in range(1, 10)]
    said += [
        ("" if tens == 1 else digits[tens]) + "十" + digits[ones].strip("〇")
        for tens in range(1, 10)
        for ones in range(10)
    ]
    assert [numeral(word) for word in said] == list(range(1, 100))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (" 61049919900101123x ", "61049919900101123X"),
        ("610499900101123", "610499900101123"),
        ("６１０４９９１９９００１０１１２３４", "610499199001011234"),
        ("610499 19900101 1234", "610499199001011234"),
        ("H12345678", "H12345678"),
        (None, None),
        ("无", None),
    ],
)
def test_a_document_number_is_read(cell: Any, said: str | None) -> None:
    assert document_number(cell) == said


@pytest.mark.parametrize(
    "cell",
    [6.10499199001011e17, 610499199001011200, "6.10499E+17", "6.10499199001011e+17", "6104**********1234", "已提供"],
)
def test_a_document_number_that_lost_its_digits_is_not_taken(cell: Any) -> None:
    with pytest.raises(Unfit):
        document_number(cell)


@pytest.mark.parametrize(
    "cell", [19900001234, 19900001234.0, "19900001234.0", "１９９００００１２３４", " 199 0000 1234"]
)
def test_a_phone_number_stored_as_a_number_is_whole(cell: Any) -> None:
    assert reference(cell) == "19900001234"


@pytest.mark.parametrize(
    ("cell", "name", "post"),
    [
        ("李某某（副县长）", "李某某", "副县长"),
        ("李某某(县委常委、副县长)", "李某某", "县委常委、副县长"),
        ("李某某 副县长", "李某某", "副县长"),
        ("副县长 李某某", "李某某", "副县长"),
        ("李某某", "李某某", None),
        ("李 某", "李某", None),
        ("李某某、王某某", "李某某、王某某", None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_an_officials_name_and_post_are_told_apart(cell: str | None, name: str | None, post: str | None) -> None:
    assert name_and_post(cell) == (name, post)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("县 住建局", "县住建局"),
        ("县\n住建局", "县住建局"),
        ("第２小学", "第2小学"),
        ("Unit  A", "Unit A"),
        ("/", ""),
        ("#N/A", ""),
        ("（一）组", "（一）组"),
    ],
)
def test_a_name_is_one_line_without_stray_blanks(cell: str, said: str) -> None:
    assert compact(cell) == said


def test_a_long_number_stays_known_as_inexact_when_written_out_and_read_again() -> None:
    with pytest.raises(Unfit, match="丢失"):
        document_number(text(610499199001011234))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (datetime.fromisoformat("2024-03-01"), "2024-03-01"),
        (datetime.fromisoformat("2024-03-01 09:30"), "2024-03-01 09:30:00"),
        (True, "是"),
        (3.0, "3"),
        (3.25, "3.25"),
        ("a\x07b_x000D_\n", "ab"),
        ("\ufeff 全角　", "全角"),
    ],
)
def test_a_cell_is_told_as_people_would_type_it(cell: Any, said: str) -> None:
    assert text(cell) == said


def test_a_text_that_a_case_could_not_hold_is_refused() -> None:
    assert len(narrative("长" * 4000)) == 4000
    with pytest.raises(Unfit, match="4000"):
        narrative("长" * 4001)
    with pytest.raises(Unfit, match="200"):
        name("局" * 201)
