"""How a case stands: checklists, clocks, return visits, demands; and what reading it over HTTP shows and refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.standing import standing
from shared.events import Fact
from shared.standard import Standard
from shared.terms import DocumentKind, Duty, Judgement, ReviewStage, Role, VisitKind
from tests.casework.test_handling import (
    AGREEMENT,
    CONTESTED,
    FOUNDED,
    MEETING,
    OPEN,
    PAPER,
    PROMISE,
    RESUMED,
    STOPPED,
    ZHAO,
    decided,
)
from tests.house import House, house
from tests.sample import closed, day, extension, leader, plan, relapsed, reply, visit
from tests.spec import Spec


@pytest.fixture
def at(standard: Standard) -> Any:
    def stands(*facts: Fact, on: str = "2026-09-25") -> Any:
        return standing(Spec(casework(standard)).given(*facts).state, standard, day(on))

    return stands


def items(shown: Any, name: str) -> dict[str, Any]:
    (found,) = [checklist for checklist in shown.checklists if checklist.name == name]
    return {item.name: item for item in found.items}


def test_a_checklist_says_what_is_there_and_whose_duty_the_rest_is(at: Any) -> None:
    seven = items(at(*OPEN, leader("2026-08-06"), plan("2026-08-10"), MEETING), "七个一")
    assert (seven["一名包案领导"].met_on, seven["一套化解方案"].met_on) == (day("2026-08-06"), day("2026-08-10"))
    missing = seven["一个工作班子"]
    assert (missing.met_on, missing.missing_since, missing.duty) == (None, day("2026-08-05"), Role.UNIT_HEAD)
    assert items(at(*OPEN, visit("2026-08-20")), "一案七要素")["与信访人见面一次"].met_on == day("2026-08-20")
    assert items(at(*OPEN), "四明确")["处理结论明确"].met_on is None


def test_a_new_round_has_its_lists_to_meet_again(at: Any) -> None:
    shown = at(*OPEN, plan("2026-08-10"), closed("2026-09-01"), relapsed("2026-09-10"))
    element = items(shown, "四明确")["化解方案明确"]
    assert (element.met_on, element.missing_since) == (None, day("2026-09-10"))


def test_each_clock_prints_its_sum(at: Any) -> None:
    (clock,) = at(*OPEN, STOPPED, RESUMED, extension("2026-09-20")).clocks
    assert (clock.name, clock.due, clock.days_left, clock.met_on) == ("办结", day("2026-11-13"), 49, None)
    assert [word in clock.arithmetic for word in ("60 日", "延期", "暂停", "诉讼未决")] == [True] * 4
    assert at(*OPEN, STOPPED).clocks[0].due is None
    assert at(*OPEN, reply("2026-09-10")).clocks[0].met_on == day("2026-09-10")
    before = (*OPEN, reply("2026-09-10"), CONTESTED)
    assert [(c.name, c.due, c.met_on) for c in at(*before).clocks[1:]] == [("复查", day("2026-11-09"), None)]
    assert at(*before, decided()).clocks[1].met_on == day("2026-10-30")
    assert ReviewStage.REVIEW.label == "复查"


def test_demands_and_papers_and_return_visits(at: Any) -> None:
    assert [(d.demand, d.judgement, d.duties) for d in at(*OPEN).demands] == [(1, None, ())]
    assert [(d.judgement, d.duties) for d in at(*OPEN, FOUNDED).demands] == [(Judgement.FOUNDED, (Duty.SOLVE,))]
    assert at(*OPEN, PAPER).six_haves["有基本案情材料"] == []
    assert DocumentKind.FOLLOW_UP in at(*OPEN).six_haves["有后续跟进帮扶措施"]
    back = visit("2026-10-12", kind=VisitKind.RETURN).model_copy(update={"official": ZHAO})
    due = at(*OPEN, reply("2026-09-10"), closed("2026-09-12"), back).return_visits
    assert [(v.due_on, v.made_on) for v in due] == [
        (day("2026-10-12"), day("2026-10-12")),
        (day("2026-12-11"), None),
        (day("2027-03-11"), None),
    ]
    assert at(*OPEN).return_visits == ()
    assert [s.state for s in at(*OPEN, PROMISE, AGREEMENT).commitments] == ["overdue", "overdue"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def test_it_is_read_over_http_within_ones_own_scope(running: House) -> None:
    case_id = running.arrived(running.register())
    path = f"/casework/cases/{case_id}/standing"
    said = running.ask("GET", path, Role.SUPERVISOR)
    assert said.status_code == 200
    assert {"demands", "commitments", "checklists", "six_haves", "clocks", "return_visits"} <= said.json().keys()
    assert running.ask("GET", path, Role.HANDLER, unit="别的单位").status_code == 403
    assert running.ask("GET", "/casework/cases/none-such/standing", Role.SUPERVISOR).status_code == 404
