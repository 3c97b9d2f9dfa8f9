"""The step ledger: each line finds its case, or is refused; nothing that it says is lost."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.intake.ledger import SkipReason, StepKind
from tests.intake.ledger.desk import HEADER, ROW, STEP, STEP_HEADER, Rows, only, read_rows


def test_steps_come_with_their_case_in_the_order_of_their_days(tmp_path: Path) -> None:
    steps: Rows = [
        ["xf-1", "2026年4月2日", "电话回访", "赵某", "表示满意"],
        ["XF-1 ", 46082, "交办", None, None],
        ["XF-2", "2026-3-3", "转送", "钱某", "转县教体局"],
    ]
    ledger = read_rows(tmp_path, HEADER, ROW, ["XF-2", *ROW[1:]], steps=[STEP_HEADER, *steps])
    first, second = ledger.rows
    assert [(step.row, step.on, step.kind, step.person, step.note) for step in first.steps] == [
        (3, date(2026, 3, 1), StepKind.DISPATCH, None, ""),
        (2, date(2026, 4, 2), StepKind.RETURN_VISIT, "赵某", "电话回访：表示满意"),
    ]
    assert [step.kind for step in second.steps] == [StepKind.FORWARD]


@pytest.mark.parametrize(
    ("word", "said", "note"),
    [
        ("受理", "已告知", "已告知"),
        ("受理", None, ""),
        ("继续跟进", "待化解", "继续跟进：待化解"),
        ("继续跟进", None, "继续跟进"),
        ("电话回访", "电话回访，表示满意", "电话回访，表示满意"),
        (None, "电话19900001234", "电话199******34"),
        ("19900001234来电", "已答", "199******34来电：已答"),
    ],
)
def test_the_note_keeps_the_ledgers_own_word_for_the_kind(tmp_path: Path, word: Any, said: Any, note: str) -> None:
    case = only(read_rows(tmp_path, HEADER, ROW, steps=[STEP_HEADER, ["XF-1", "2026-3-5", word, "王某", said]]))
    assert [step.note for step in case.steps] == [note]


def test_a_post_and_other_columns_go_to_the_note_but_not_who_the_petitioner_is(tmp_path: Path) -> None:
    header = [*STEP_HEADER, "地点", "信访人", "联系电话", "经办单位"]
    step = ["XF-1", "2026-3-5", "包案", "李某某（副县长）", "明确包案", "县信访局", "张某某", "19900001234", "县府办"]
    (said,) = only(read_rows(tmp_path, HEADER, ROW, steps=[header, step])).steps
    assert (said.kind, said.person, said.unit) == (StepKind.LEADER, "李某某", "县府办")
    assert said.note == "明确包案【职务】副县长【地点】县信访局"


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [
        ({0: "XF-9"}, "案件编号", "台账中没有编号 XF-9"),
        ({0: None}, "案件编号", "为空"),
        ({1: "3月5日"}, "办理日期", "年份"),
        ({1: "2026-11-21"}, "办理日期", "晚于今天"),
        ({1: None}, "办理日期", "为空"),
        ({4: "长" * 4001}, "办理内容", "4000"),
    ],
)
def test_a_step_that_cannot_be_is_refused_and_the_case_is_taken(
    tmp_path: Path, change: dict[int, Any], column: str, why: str
) -> None:
    step = [change.get(index, cell) for index, cell in enumerate(STEP)]
    ledger = read_rows(tmp_path, HEADER, ROW, steps=[STEP_HEADER, step])
    assert [case.steps for case in ledger.rows] == [()]
    (refusal,) = ledger.refusals
    assert (refusal.sheet, refusal.row, refusal.column) == ("记录", 2, column)
    assert why in refusal.reason_zh


def test_the_steps_of_a_refused_case_are_refused_and_point_at_its_row(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ["XF-1", None, *ROW[2:]], steps=[STEP_HEADER, STEP])
    case, step = ledger.refusals
    assert (case.sheet, step.sheet) == ("台账", "记录")
    assert "“台账”第 2 行" in step.reason_zh


def test_a_step_whose_number_two_regions_use_is_refused(tmp_path: Path) -> None:
    cases = [[*HEADER, "属地"], [*ROW, "河阳县"], [*ROW, "青川区"]]
    (refusal,) = read_rows(tmp_path, *cases, steps=[STEP_HEADER, STEP]).refusals
    assert "2 个案件" in refusal.reason_zh


def test_a_repeated_step_is_skipped(tmp_path: Path) -> None:
    ledger = read_rows(tmp_path, HEADER, ROW, steps=[STEP_HEADER, STEP, STEP, ["合计", None, 2]])
    assert len(only(ledger).steps) == 1
    assert [skipped.why for skipped in ledger.skipped] == [SkipReason.REPEATED, SkipReason.TOTAL]
