"""What a case owes by a day: the monthly report and meeting, the going down, return visits and evaluations."""

from datetime import date
from typing import Any

import pytest

from shared.events import Fact
from shared.policy.handling import GoingDown
from shared.terms import (
    EvaluationState,
    Satisfaction,
)
from tests.casework.handling import (
    CLOSED,
    EVALUATION,
    GOING_DOWN,
    HANDED_IN,
    OPEN,
    WENT_DOWN,
)
from tests.casework.shown import due
from tests.sample import (
    LI,
    day,
    dispatched,
    leader,
    meeting,
    reply,
    report,
    visit,
)


def test_every_month_has_its_report_and_its_meeting(at: Any) -> None:
    led = (*OPEN, leader("2026-08-06"), visit("2026-08-20"))
    assert due(at(*led, on="2026-09-20")) == {
        "月报": (day("2026-09-20"), None, False, None),
        "月底汇报会": (day("2026-09-30"), None, False, None),
        "与信访人见面一次": (day("2026-08-31"), day("2026-08-20"), False, True),
    }
    assert due(at(*led, on="2026-09-21"))["月报"] == (day("2026-09-20"), None, True, None)
    assert due(at(*led, report("2026-09-18"), on="2026-09-21"))["月报"][1:3] == (day("2026-09-18"), False)
    assert due(at(*led, report("2026-09-22"), on="2026-09-25"))["月报"][1:3] == (day("2026-09-22"), True)
    assert due(at(*led, report("2026-08-31"), on="2026-09-25"))["月报"][1:3] == (None, True)
    early, late = meeting("2026-09-25"), meeting("2026-09-26").model_copy(update={"chair": LI})
    assert due(at(*led, early, on="2026-09-30"))["月底汇报会"][1] is None
    assert due(at(*led, late, on="2026-09-30"))["月底汇报会"] == (day("2026-09-30"), day("2026-09-26"), False, True)
    assert due(at(*OPEN, on="2026-09-01"))["与信访人见面一次"] == (day("2026-08-31"), None, True, None)
    assert due(at(*CLOSED, on="2026-09-25")) == {}


def test_a_going_down_is_followed_to_its_report(at: Any) -> None:
    days = at(*OPEN, on="2026-09-10").schedule.going_down
    assert (days.contact_by, days.public_by, days.day) == (day("2026-08-28"), day("2026-09-02"), day("2026-09-07"))
    assert (days.material_by, days.report_by) == (day("2026-09-10"), day("2026-09-11"))
    led = (*OPEN, leader("2026-08-06"), GOING_DOWN)
    shown = due(at(*led, WENT_DOWN, HANDED_IN, on="2026-09-12"))
    assert shown["下访"] == (day("2026-09-07"), day("2026-09-07"), False, True)
    assert shown["下访材料"] == (day("2026-09-10"), None, True, None)
    assert shown["下访情况书面报告"] == (day("2026-09-11"), day("2026-09-11"), False, None)
    assert "下访" not in due(at(*led, on="2026-10-12"))


@pytest.mark.parametrize("month", [date(2026, n, 1) for n in range(1, 13)])
def test_leaders_go_down_on_the_first_monday(month: date) -> None:
    on = GoingDown().day_of(month)
    assert (on.isoweekday(), on.month, on.day <= 7) == (1, month.month, True)


def test_both_are_evaluated_in_their_own_time(at: Any) -> None:
    def states(*facts: Fact, on: str = "2026-09-25") -> list[tuple[Any, Any]]:
        return [(e.state, e.due) for e in at(*facts, on=on).evaluations]

    assert states(*OPEN) == [(EvaluationState.NOT_YET, None)] * 2
    known = (*OPEN, dispatched("2026-08-10"), reply("2026-09-10"))
    assert states(*known) == [(EvaluationState.OVERDUE, day("2026-09-09")), (EvaluationState.OPEN, day("2026-10-10"))]
    assert states(*known, on="2026-10-11")[1][0] is EvaluationState.OVERDUE
    said = at(*known, EVALUATION).evaluations[1]
    assert (said.state, said.satisfaction, said.evaluated_on) == (
        EvaluationState.DONE,
        Satisfaction.MOSTLY,
        day("2026-09-20"),
    )
