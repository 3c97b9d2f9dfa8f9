"""The console in English: what is a word is English; names, demands and the texts of the law stay as they are."""

import re
from collections.abc import Callable

import pytest

from services.reporting.english import aside, fact_named, half, spoken, told, whole_days
from shared.deadlines import Limit, explain, plain
from shared.terms import Awaited, CaseState, Role
from tests.sample import day


def zh(chinese: str, _: str) -> str:
    return chinese


def en(_: str, english: str) -> str:
    return english


@pytest.mark.parametrize(
    ("do", "said", "in_chinese", "in_english"),
    [
        (spoken, Awaited.RETURN_VISIT, "待回访", "return visit"),
        (spoken, CaseState.CLOSED, "已办结", "closed"),
        (spoken, Role.PETITION_OFFICE, "信访部门", "petition office"),
        (fact_named, "CaseRelapsed", "反弹", "case relapsed"),
        (fact_named, "SaidAnew", "SaidAnew", "said anew"),
        (aside, 3, "（3）", " (3)"),
        (half, "= 到期日 2025-02-19 / due 2025-02-19", "= 到期日 2025-02-19", "due 2025-02-19"),
        (half, "2 → 4 = 2 日 ≤ 3 日 / 2 days ≤ 3", "2 → 4 = 2 日 ≤ 3 日", "2 days ≤ 3"),
        (half, "3 处不符 / differences", "3 处不符", "3 differences"),
        (half, "4 次 ≥ 3 次 / times", "4 次 ≥ 3 次", "4 ≥ 3 times"),
        (half, "相似度 0.97 ≥ 0.95", "相似度 0.97 ≥ 0.95", "likeness 0.97 ≥ 0.95"),
        (half, "4 ≥ 3", "4 ≥ 3", "4 ≥ 3"),
        (told, "张某某 局长", "张某某 局长", "张某某 局长"),
        (
            told,
            "张某某 局长（请假，李某某代）",
            "张某某 局长（请假，李某某代）",
            "张某某 局长 (on leave, 李某某 acting)",
        ),
        (told, "柳林镇主要负责人", "柳林镇主要负责人", "the head of 柳林镇"),
        (told, "交办的信访部门", "交办的信访部门", "the petition office that handed it down"),
        (told, "柳林镇", "柳林镇", "柳林镇"),
    ],
)
def test_each_language_has_its_own_words(
    do: Callable[..., str], said: object, in_chinese: str, in_english: str
) -> None:
    assert do(said, zh) == in_chinese
    assert do(said, en) == in_english


def test_a_sum_is_told_once_in_each_language() -> None:
    lines = explain(plain(day("2026-01-20"), Limit(30, "calendar", "next-day", "none", "办法"))).splitlines()
    assert len(lines) == 3
    for line in lines:
        assert not re.search("[a-z]", half(line, zh))
        assert not re.search("[一-鿿（）]", half(line, en).replace("办法", ""))


def test_no_day_is_parted_and_words_of_others_stay_words() -> None:
    assert whole_days("<b> 2026-01-02") == '&lt;b&gt; <span class="keep">2026-01-02</span>'
    assert whole_days(7) == "7"
