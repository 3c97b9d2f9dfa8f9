"""How a case stands: checklists, demands, return visits; and what reading it over HTTP shows and refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.opinion import IssueOpinion
from shared.directory import Directory
from shared.events import Fact
from shared.events.casework import Answer, Section
from shared.events.intake import (
    PostTaken,
    UnitEstablished,
    UnitRenamed,
)
from shared.policy.handling import OpinionTable
from shared.standard import Standard
from shared.terms import (
    DocumentKind,
    Duty,
    Judgement,
    LeaderRank,
    Outcome,
    Role,
    Span,
    VisitKind,
    WorkLine,
)
from tests.casework.handling import (
    AGREEMENT,
    CARRIED_OUT,
    CLOSED,
    DIVISION,
    EVIDENCE,
    FOUNDED,
    HERE,
    MEETING,
    OPEN,
    OPINION,
    OUTSIDE,
    PAPER,
    PROMISE,
    SUPPORT,
    TASK_FORCE,
    ZHAO,
    command,
)
from tests.casework.shown import by_name, due, items
from tests.house import House, house
from tests.sample import (
    LI,
    TOWN,
    WANG,
    accepted,
    closed,
    day,
    dispatched,
    leader,
    objected,
    plan,
    relapsed,
    repeat,
    replaced,
    reply,
    unlinked,
    visit,
)
from tests.spec import Spec, recorded
from tests.supervision.deeds import agreed, not_taken_up, planned, promise


def test_a_checklist_says_what_is_there_and_whose_duty_the_rest_is(at: Any) -> None:
    seven = items(at(*OPEN, leader("2026-08-06"), plan("2026-08-10"), MEETING), "七个一")
    assert (seven["一名包案领导"].met_on, seven["一套化解方案"].met_on) == (day("2026-08-06"), day("2026-08-10"))
    missing = seven["一个工作班子"]
    assert (missing.met_on, missing.missing_since, missing.duty) == (None, day("2026-08-05"), Role.UNIT_HEAD)
    assert items(at(*OPEN, visit("2026-08-20")), "一案七要素")["与信访人见面一次"].met_on == day("2026-08-20")
    assert items(at(*OPEN), "四明确")["处理结论明确"].met_on is None


def test_a_plan_without_a_day_names_no_limit(at: Any) -> None:
    dated = planned("2026-08-12", ("核对发放清单", "经管站", "2026-08-30"), ("补发差额", "经管站", None))
    limits = (("七个一", "一个化解时限"), ("一案七要素", "化解时限"), ("四明确", "化解时限明确"))
    for checklist, item in limits:
        assert items(at(*OPEN, plan("2026-08-10")), checklist)[item].met_on is None
        assert items(at(*OPEN, plan("2026-08-10"), dated), checklist)[item].met_on == day("2026-08-12")
        assert items(at(*OPEN, promise("2026-08-11", "2026-09-01")), checklist)[item].met_on == day("2026-08-11")
        assert items(at(*OPEN, agreed("2026-08-13", "2026-09-01")), checklist)[item].met_on == day("2026-08-13")


def test_a_new_round_has_its_lists_to_meet_again(at: Any) -> None:
    shown = at(*OPEN, plan("2026-08-10"), closed("2026-09-01"), relapsed("2026-09-10"))
    element = items(shown, "四明确")["化解方案明确"]
    assert (element.met_on, element.missing_since) == (None, day("2026-09-10"))


def test_what_is_missing_falls_on_somebody_by_name(at: Any) -> None:
    def fall_on(*facts: Fact, directory: Directory | None = None) -> dict[str, str]:
        shown = at(*facts, directory=directory)
        listed = items(shown, "七个一")
        named = {item: listed[item].on_whom for item in ("一个工作班子", "一套化解方案", "一个化解纪要")}
        return named | {due.name: due.on_whom for due in shown.schedule.due if due.name == "月报"}

    nobody = f"{TOWN}主要负责人"
    assert set(fall_on(*OPEN).values()) == {nobody}
    led = fall_on(*OPEN, leader("2026-08-06"), DIVISION.model_copy(update={"handlers": (ZHAO, LI)}))
    assert led == {
        "一个工作班子": nobody,
        "一套化解方案": "李某 副镇长",
        "一个化解纪要": "赵某 督查科长、李某 副镇长",
        "月报": "赵某 督查科长、李某 副镇长",
    }
    unit = (
        UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
        PostTaken(holding_id="h", official=WANG, since=day("2024-01-01"), rank=LeaderRank.MAIN, heads_unit=True),
        UnitRenamed(name="柳林街道", renamed_on=day("2026-09-01")),
    )
    directory = Directory().plus(recorded(fact, n, "unit-00000000000000a1") for n, fact in enumerate(unit, 1))
    assert fall_on(*OPEN, directory=directory)["一个工作班子"] == "柳林街道王某 镇长"
    assert at(*OPEN, dispatched("2026-08-10"), objected("2026-08-12")).checklists[0].items[0].on_whom == "信访部门"


def test_each_demand_is_shown_in_its_turn_to_its_end(at: Any) -> None:
    two = (HERE.model_copy(update={"demands": ("补偿", "道歉")}), *OPEN[1:])
    second, first = (FOUNDED.model_copy(update={"demand": n, "order": order}) for n, order in ((1, 2), (2, 1)))
    answers = (
        Answer(demand=1, outcome=Outcome.SUPPORTED, reasons="属实"),
        Answer(demand=2, outcome=Outcome.EXPLAINED, reasons="已说明"),
    )
    opinion = OPINION.model_copy(update={"answers": answers})
    shown = at(*two, second, first, opinion, reply("2026-09-10"), CARRIED_OUT).demands
    assert [(d.demand, d.turn, d.outcome, d.carried_out_on) for d in shown] == [
        (2, 1, Outcome.EXPLAINED, None),
        (1, 2, Outcome.SUPPORTED, CARRIED_OUT.carried_out_on),
    ]
    halves = [OPINION.model_copy(update={"number": str(a.demand), "answers": (a,)}) for a in reversed(answers)]
    assert [d.outcome for d in at(*two, second, first, *halves).demands] == [Outcome.EXPLAINED, Outcome.SUPPORTED]
    half = reply("2026-09-10").model_copy(update={"demands": (2,)})
    assert by_name(at(*two, half))["办结"].met_on is None
    assert by_name(at(*two, half, reply("2026-09-12")))["办结"].met_on == day("2026-09-12")
    assert [(d.demand, d.turn, d.outcome) for d in at(*two, first).demands] == [(2, 1, None), (1, None, None)]


def test_a_place_may_want_more_in_an_opinion(standard: Standard) -> None:
    (policy,) = standard.policies
    strict = policy.model_copy(update={"opinion": OpinionTable(sections=("查明的事实",))})
    spec = Spec(casework(Standard((strict,), standard.calendar)))
    spec.given(*OPEN).when(command(IssueOpinion)).then_rejected("section-missing")
    told = (Section(heading="查明的事实", text="少发三亩"),)
    whole = OPINION.model_copy(update={"sections": told})
    spec.given(*OPEN).when(command(IssueOpinion, sections=told)).then(whole)


MEETING_OF_FOUR = MEETING.model_copy(update={"chair": LI, "bodies": tuple(WorkLine)})


def test_in_person_means_by_whoever_owned_the_case_that_day(at: Any) -> None:
    led = (*OPEN, leader("2026-08-06"))
    four = items(at(*led, visit("2026-08-20"), MEETING_OF_FOUR, plan("2026-08-10")), "四亲自")
    assert four["亲自接待信访人"].met_on == day("2026-08-20")
    assert four["亲自协调"].met_on == MEETING.held_on
    assert four["亲自研究化解方案"].met_on is None  # a plan that nobody says the leader drew up
    own = plan("2026-08-10").model_copy(update={"drawn_up_by": LI})
    assert items(at(*led, own), "四亲自")["亲自研究化解方案"].met_on == day("2026-08-10")
    by_other = visit("2026-08-20").model_copy(update={"official": WANG})
    assert items(at(*led, by_other), "四亲自")["亲自接待信访人"].met_on is None
    after = (*led, replaced("2026-08-15"), visit("2026-08-20"))
    assert items(at(*after), "四亲自")["亲自接待信访人"].met_on is None  # no longer the owner
    unmet = items(at(*led, visit("2026-08-20", met=False)), "四亲自")["亲自接待信访人"]
    assert (unmet.met_on, unmet.missing_since, unmet.duty) == (None, day("2026-08-05"), Role.LEADER)


@pytest.mark.parametrize(
    ("listed", "item", "fact"),
    [
        ("四位一体", "司法", MEETING_OF_FOUR),
        ("五步工作法", "司法维权强支撑", OUTSIDE),
        ("五字工作法", "听", visit("2026-08-20")),
        ("五字工作法", "议", MEETING),
        ("四包", "包掌握情况", EVIDENCE),
        ("四包", "包解决化解", AGREEMENT),
        ("五包", "包依法处理", OPINION),
        ("五包", "包跟进帮扶", SUPPORT),
        ("谁包案谁负责", "定人员", DIVISION),
        ("第一责任人和一岗双责", "第一责任人", DIVISION.model_copy(update={"first_responsible": WANG})),
        ("第一责任人和一岗双责", "一岗双责", DIVISION.model_copy(update={"in_remit": (ZHAO,)})),
        ("五落实", "组织落实", TASK_FORCE),
        ("走访", "包案领导走访", visit("2026-08-20", kind=VisitKind.HOME)),
    ],
)
def test_the_methods_of_the_plans_are_answered_from_facts(at: Any, listed: str, item: str, fact: Fact) -> None:
    before = (*OPEN, leader("2026-08-06"))
    assert items(at(*before), listed)[item].met_on is None
    assert items(at(*before, fact), listed)[item].met_on == fact.claimed_time()


def test_an_empty_part_meets_nothing(at: Any) -> None:
    assert items(at(*OPEN, DIVISION), "第一责任人和一岗双责")["第一责任人"].met_on is None
    assert items(at(*OPEN, MEETING), "四位一体")["司法"].met_on is None
    assert items(at(*OPEN, visit("2026-08-20", met=False)), "一案七要素")["与信访人见面一次"].met_on is None


def test_what_was_not_taken_up_owes_no_report_and_runs_against_no_clock(at: Any) -> None:
    refused = not_taken_up("2026-08-10")
    assert due(at(HERE, refused, on="2026-09-25")) == {}
    met = {name: clock.met_on for name, clock in by_name(at(HERE, refused)).items()}
    assert met == {"转送交办": day("2026-08-10"), "受理告知": day("2026-08-10")}
    for since in (accepted("2026-08-12"), dispatched("2026-08-12")):  # after all
        assert "月报" in due(at(HERE, refused, since, on="2026-09-25"))


def test_a_reception_takes_first_what_was_answered_and_is_still_contested(at: Any) -> None:
    assert at(*OPEN).reception_focus == ()
    assert at(*OPEN, reply("2026-09-10")).reception_focus == ()
    assert at(*OPEN, reply("2026-09-10"), repeat("2026-09-20")).reception_focus == ("已按程序答复仍不服",)
    taken_back = unlinked("2026-09-25", repeat("2026-09-20"))
    for told in ((repeat("2026-09-20"), taken_back), (taken_back, repeat("2026-09-20"))):
        assert at(*OPEN, reply("2026-09-10"), *told).reception_focus == ()
    crowd = (OPEN[0].model_copy(update={"headcount": 30, "spans": (Span.CROSS_REGION,)}), *OPEN[1:])
    assert at(*crowd).reception_focus == ("多人反映的共性问题", "区域性问题")


def test_a_relapse_brings_back_the_clock_the_leader_and_the_lists(at: Any) -> None:
    shown = at(*CLOSED, relapsed("2026-09-20"))
    clock = by_name(shown)["办结"]
    assert (clock.due, clock.met_on) == (day("2026-11-19"), None)
    seven = items(shown, "七个一")["一个化解报告"]
    assert (seven.met_on, seven.missing_since, seven.duty) == (None, day("2026-09-20"), Role.LEADER)
    assert items(shown, "七个一")["一名包案领导"].met_on == day("2026-08-06")  # who owned it before owns it still
    assert shown.return_visits == ()


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


@pytest.mark.parametrize(
    ("made", "counted"),
    [
        (["2026-09-13", "2026-09-14", "2026-09-15"], ["2026-09-13", None, None]),  # all of them are the first
        (["2026-10-12", "2026-12-11", "2027-03-11"], ["2026-10-12", "2026-12-11", "2027-03-11"]),
        (["2026-10-12", "2026-10-13", "2027-03-11"], ["2026-10-12", "2026-10-13", "2027-03-11"]),
        (["2026-10-20", "2026-10-20", "2026-10-21"], ["2026-10-20", "2026-10-21", None]),  # a late one is one
        (["2026-12-20", "2026-12-21"], ["2026-12-20", "2026-12-21", None]),
    ],
)
def test_return_visits_keep_their_intervals(standard: Standard, made: list[str], counted: list[str | None]) -> None:
    wanted = standard.policy_on(day("2026-09-12")).return_visits
    said = [on for _, on in wanted.after(day("2026-09-12"), map(day, made))]
    assert said == [on and day(on) for on in counted]


def test_whoever_was_not_met_was_not_visited(at: Any) -> None:
    back = visit("2026-10-12", met=False, kind=VisitKind.RETURN).model_copy(update={"official": ZHAO})
    due = at(*OPEN, reply("2026-09-10"), closed("2026-09-12"), back).return_visits
    assert [visit.made_on for visit in due] == [None, None, None]


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
    before = running.ask("GET", path, Role.SUPERVISOR, params={"as_of": "2026-11-01T00:00:00Z"})
    assert before.status_code == 404  # nothing of it was known then
    accepting = {"unit": TOWN, "accepted_on": "2026-01-06"}
    known = running.clock().isoformat()
    running.give(f"/casework/cases/{case_id}/accept-case", accepting)

    def accepted(**asked: str) -> Any:
        lists = running.get(path, params=asked)["checklists"]
        return next(item for listed in lists for item in listed["items"] if item["name"] == "案件")["met_on"]

    assert (accepted(as_of=known), accepted()) == (None, "2026-01-06")
    assert running.ask("GET", path, Role.HANDLER, unit="别的单位").status_code == 403
    assert running.ask("GET", "/casework/cases/none-such/standing", Role.SUPERVISOR).status_code == 404
