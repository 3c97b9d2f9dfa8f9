"""The clocks of a case: which run, until when, and the sum that each prints."""

from dataclasses import replace
from typing import Any

from services.casework.domain import casework
from services.casework.domain.standing import standing
from shared.deadlines import Limit
from shared.events import Fact
from shared.events.casework import ClockSuspended, ExtensionApproved, ReviewRequested
from shared.events.intake import (
    AcceptanceRefused,
    CaseDispatched,
    NoticeOfAcceptanceServed,
    ObjectionRaised,
)
from shared.standard import Standard
from shared.terms import (
    DispatchKind,
    RefusalGround,
    ReviewStage,
    ReviewVerdict,
    Route,
    ServedHow,
    SuspensionGround,
)
from tests.casework.handling import (
    CLOSED,
    CONTESTED,
    EXTEND,
    HERE,
    OPEN,
    PROMISE,
    REQUESTED,
    RESUMED,
    STOPPED,
    SUGGESTED,
    TAKEN_UP,
    decided,
)
from tests.casework.shown import by_name
from tests.sample import (
    BUREAU,
    TOWN,
    accepted,
    day,
    dispatched,
    extension,
    reply,
    routed,
)
from tests.spec import Spec


def test_each_clock_prints_its_sum(at: Any) -> None:
    clock = by_name(at(*OPEN, STOPPED, RESUMED, extension("2026-09-20")))["办结"]
    assert (clock.due, clock.days_left, clock.met_on) == (day("2026-11-13"), 49, None)
    assert [word in clock.arithmetic for word in ("60 日", "延期", "暂停", "诉讼未决")] == [True] * 4
    assert by_name(at(*OPEN, STOPPED))["办结"].due is None
    assert by_name(at(*OPEN, reply("2026-09-10")))["办结"].met_on == day("2026-09-10")
    before = (*OPEN, reply("2026-09-10"), CONTESTED)
    review = by_name(at(*before))["复查"]
    assert (review.due, review.met_on) == (day("2026-11-09"), None)
    assert by_name(at(*before, decided()))["复查"].met_on == day("2026-10-30")
    assert ReviewStage.REVIEW.label == "复查"


def test_a_quashed_reply_is_given_anew_within_a_limit_of_its_own(at: Any) -> None:
    before = (*OPEN, extension("2026-09-20", 10), reply("2026-09-10"), CONTESTED, decided(ReviewVerdict.QUASHED))
    clock = by_name(at(*before, on="2026-11-01"))["办结"]
    assert (clock.due, clock.days_left, clock.met_on) == (day("2026-12-29"), 58, None)
    assert by_name(at(*before, reply("2026-11-10"), on="2026-11-15"))["办结"].met_on == day("2026-11-10")


def test_only_time_for_a_hearing_is_left_out_of_the_final_review(at: Any) -> None:
    asked = ReviewRequested(stage=ReviewStage.FINAL_REVIEW, requested_on=day("2026-11-02"), unit="市人民政府")
    before = (*CLOSED, CONTESTED, decided(), asked)

    def due(ground: SuspensionGround) -> Any:
        stopped = ClockSuspended(suspended_on=day("2026-11-05"), ground=ground, note="听证")
        resumed = RESUMED.model_copy(update={"resumed_on": day("2026-11-15")})
        return by_name(at(*before, stopped, resumed, on="2026-11-20"))["复核"].due

    assert (due(SuspensionGround.HEARING), due(SuspensionGround.COURT)) == (day("2026-12-12"), day("2026-12-02"))


def test_all_clocks_of_a_case_are_there(at: Any) -> None:
    """Received on Saturday 2026-08-01, assigned on Monday 08-03 until 10-09, replied to on 09-10."""
    sent = dispatched("2026-08-03", kind=DispatchKind.ASSIGN).model_copy(update={"due_on": day("2026-10-09")})
    told = NoticeOfAcceptanceServed(unit=TOWN, served_on=day("2026-08-12"), how=ServedHow.BY_POST)
    raised = ObjectionRaised(unit=TOWN, raised_on=day("2026-08-07"), reason="事发地在邻镇")
    shown = by_name(at(*OPEN, sent, told, raised, PROMISE, reply("2026-09-10"), CONTESTED, decided()))
    assert {name: (clock.due, clock.met_on) for name, clock in shown.items()} == {
        "转送交办": (day("2026-08-16"), day("2026-08-03")),
        "受理告知": (day("2026-08-16"), day("2026-08-12")),
        f"受理告知（{TOWN}）": (day("2026-08-18"), day("2026-08-12")),
        "异议": (day("2026-08-10"), day("2026-08-05")),
        "交办反馈": (day("2026-10-09"), None),
        "办结": (day("2026-10-04"), day("2026-09-10")),
        "承诺 p-1": (day("2026-09-22"), None),
        "请求复查": (day("2026-10-10"), day("2026-10-10")),
        "请求复核": (day("2026-11-29"), None),
        "复查": (day("2026-11-09"), day("2026-10-30")),
    }
    assert shown["承诺 p-1"].days_left == -3
    assert "约定" in shown["承诺 p-1"].arithmetic or "写明" in shown["承诺 p-1"].arithmetic


def test_each_clock_of_a_dispatch_is_met_by_that_unit_since_it_has_the_case(at: Any) -> None:
    """Not by another unit, nor by what was done of an earlier dispatch; on the very day it is."""
    sent = dispatched("2026-08-05", kind=DispatchKind.ASSIGN).model_copy(update={"due_on": day("2026-10-09")})

    def met(name: str, fact: Fact, to: CaseDispatched = sent) -> Any:
        return by_name(at(HERE, to, fact))[name].met_on

    def told(on: str, unit: str = TOWN) -> Fact:
        return NoticeOfAcceptanceServed(unit=unit, served_on=day(on), how=ServedHow.BY_POST)

    def raised(on: str, unit: str = TOWN) -> Fact:
        return ObjectionRaised(unit=unit, raised_on=day(on), reason="事发地在邻镇")

    for name, said in ((f"受理告知（{TOWN}）", told), ("异议", raised), ("异议", accepted)):
        assert met(name, said("2026-08-05")) == day("2026-08-05")
        assert (met(name, said("2026-08-04")), met(name, said("2026-08-06", BUREAU))) == (None, None)
    both = by_name(at(HERE, sent, raised("2026-08-06"), accepted("2026-08-07")))
    assert both["异议"].met_on == day("2026-08-06")
    for on, back in (("2026-08-04", None), ("2026-08-05", day("2026-08-05"))):
        assert met("交办反馈", REQUESTED.model_copy(update={"requested_on": day(on)})) == back
    for other in ({"due_on": None}, {"kind": DispatchKind.FORWARD}):
        assert "交办反馈" not in by_name(at(HERE, sent.model_copy(update=other)))
    later = [clock.name for clock in at(HERE, sent, dispatched("2026-08-10", BUREAU)).clocks]
    assert [name for name in later if "（" in name] == [f"受理告知（{BUREAU}）"]


def test_the_person_is_told_by_whoever_told_them_first(at: Any) -> None:
    refused = AcceptanceRefused(
        ground=RefusalGround.ENDED, refused_on=day("2026-08-09"), told_on=day("2026-08-12"), reason="复核意见已送达"
    )
    told = NoticeOfAcceptanceServed(unit=TOWN, served_on=day("2026-08-10"), how=ServedHow.BY_POST)
    shown = by_name(at(HERE, told, refused))
    assert (shown["受理告知"].met_on, shown["转送交办"].met_on) == (day("2026-08-10"), day("2026-08-09"))
    assert by_name(at(*OPEN))["转送交办"].met_on == day("2026-08-05")
    assert by_name(at(HERE))["转送交办"].met_on is None


def test_each_clock_of_a_review_is_met_by_its_own_stage_and_from_its_day_on(standard: Standard) -> None:
    """The last reply may be contested, and the last decision of a review; what came of an earlier request meets no later one."""
    (policy,) = standard.policies
    within = Limit(3, "working", "next-day", "none", "《山东省信访条例》第四十三条")
    shorter = replace(policy.limits.final_review_request, days=10)
    limits = policy.limits.model_copy(update={"review_acceptance": within, "final_review_request": shorter})
    here = Standard((policy.model_copy(update={"limits": limits}),), standard.calendar)

    def shown(*facts: Fact) -> list[tuple[str, Any, Any]]:
        its = standing(Spec(casework(here)).given(*OPEN, *facts).state, here, day("2026-12-20")).clocks
        return [(clock.name, clock.due, clock.met_on) for clock in its if "复" in clock.name]

    stage = {"stage": ReviewStage.FINAL_REVIEW}
    final = ReviewRequested(requested_on=day("2026-11-05"), unit="市人民政府", **stage)
    at_last = decided(on="2026-11-15").model_copy(update={"number": "复核1号", **stage})
    taken_at_last = TAKEN_UP.model_copy(update={"decided_on": day("2026-11-06"), **stage})
    reply_again, again = reply("2026-11-20"), CONTESTED.model_copy(update={"requested_on": day("2026-11-20")})
    first = (reply("2026-09-10"), CONTESTED, TAKEN_UP, decided(), final, taken_at_last, at_last)
    assert shown(*first) == [
        ("请求复查", day("2026-10-10"), day("2026-10-10")),
        ("请求复核", day("2026-11-09"), day("2026-11-05")),
        ("复查受理", day("2026-10-14"), day("2026-10-13")),
        ("复查", day("2026-11-09"), day("2026-10-30")),
        ("复核受理", day("2026-11-10"), day("2026-11-06")),
        ("复核", day("2026-12-05"), day("2026-11-15")),
    ]
    assert shown(*first, reply_again)[0] == ("请求复查", day("2026-12-20"), None)
    assert shown(*first, reply_again, again)[0] == ("请求复查", day("2026-12-20"), day("2026-11-20"))
    assert [met for _, _, met in shown(*first, reply_again, again)[-2:]] == [None, None]
    taken, now = (fact.model_copy(update={"decided_on": day("2026-11-20")}) for fact in (TAKEN_UP, decided()))
    met_at_once = shown(*first, reply_again, again, taken, now.model_copy(update={"number": "复查2号"}))
    assert [met for _, _, met in met_at_once[-2:]] == [day("2026-11-20")] * 2
    assert [name for name, _, _ in met_at_once].count("请求复核") == 1
    assert shown(reply("2026-09-10"), final, at_last)[0] == ("请求复查", day("2026-10-10"), None)
    of_the_other = shown(reply("2026-09-10"), CONTESTED, final, taken_at_last, at_last)
    assert [met for name, _, met in of_the_other if name in ("复查受理", "复查")] == [None, None]


def test_where_a_place_sets_more_limits_there_are_more_clocks(standard: Standard) -> None:
    (policy,) = standard.policies
    three = Limit(3, "working", "next-day", "none", "《山东省信访条例》第四十三条")
    limits = policy.limits.model_copy(
        update={"acceptance": three, "review_acceptance": three, "extension_by_assigner": True}
    )
    here = Standard((policy.model_copy(update={"limits": limits}),), standard.calendar)
    given = Spec(casework(here)).given(*OPEN, reply("2026-09-10"), CONTESTED, TAKEN_UP)
    shown = by_name(standing(given.state, here, day("2026-10-20")))
    assert (shown["受理"].due, shown["受理"].met_on) == (day("2026-08-05"), day("2026-08-05"))
    assert (shown["复查受理"].due, shown["复查受理"].met_on) == (day("2026-10-14"), day("2026-10-13"))
    assigned = (*OPEN, dispatched("2026-08-03", kind=DispatchKind.ASSIGN))
    Spec(casework(here)).given(*assigned).when(EXTEND).then_rejected("assigner-agrees")
    agreed = EXTEND.model_copy(update={"assigner": "市信访局"})
    Spec(casework(here)).given(*assigned).when(agreed).then(ExtensionApproved(**dict(agreed)))


def test_what_takes_another_road_leaves_the_sixty_days_and_stays_visible(at: Any) -> None:
    clock = by_name(at(*OPEN, routed("2026-08-10")))["办结"]
    assert (clock.due, clock.days_left) == (None, None)
    assert "仲裁：不适用第三十四条" in clock.arithmetic
    assert by_name(at(*OPEN, routed("2026-08-10"), routed("2026-08-20", Route.PETITION)))["办结"].due == day(
        "2026-10-04"
    )
    assert "建议意见：不适用" in by_name(at(*SUGGESTED))["办结"].arithmetic
