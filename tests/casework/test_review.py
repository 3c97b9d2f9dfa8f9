"""Closing with its check, what brings a matter back, and what a review asks of whom."""

from dataclasses import replace
from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import ApproveExtension, SuspendClock
from services.casework.domain.closing import CloseCase, LookBack, ReceiveEvaluation, ReviewClosure
from services.casework.domain.contact import LogVisit
from services.casework.domain.desk import CaseCommand
from services.casework.domain.inquiry import TakeEvidence
from services.casework.domain.meetings import HoldHearing
from services.casework.domain.review import DecideReview, EndCase, RequestReview, TakeUpReview
from shared.events import Fact, Official
from shared.events.casework import (
    CaseEnded,
    CaseRelapsed,
    ExtensionApproved,
    OpinionServed,
    ReviewRequested,
)
from shared.events.intake import AccusedNamed
from shared.standard import Standard
from shared.terms import (
    AcceptanceQuestion,
    DispatchKind,
    RelapseSign,
    ReviewStage,
    ReviewVerdict,
    Satisfaction,
    VisitKind,
)
from tests.casework.handling import (
    CLOSED,
    CONTESTED,
    EVALUATION,
    EVIDENCE,
    INTEREST,
    LAST,
    LOOKED,
    OPEN,
    PASSED,
    READY,
    REQUESTED,
    RESUMED,
    STOPPED,
    TAKEN_UP,
    ZHAO,
    checked,
    command,
    decided,
    with_second_round,
)
from tests.sample import (
    WANG,
    closed,
    day,
    dispatched,
    leader,
    reply,
    visit,
)
from tests.spec import Spec


def test_a_case_that_was_handed_down_closes_after_its_check(here: Spec[Any]) -> None:
    handed_down = dispatched("2026-08-02", kind=DispatchKind.ASSIGN)
    sent_back, again = (
        checked("2026-09-11", AcceptanceQuestion.SETTLED),
        REQUESTED.model_copy(update={"summary": "已补正"}),
    )
    asked = CloseCase(closed_on=day("2026-09-12"), summary="差额已补发")
    here.given(*READY, handed_down, REQUESTED, PASSED).when(asked).then(closed("2026-09-12"))
    here.given(*READY, handed_down, REQUESTED, sent_back, again, PASSED).when(asked).then(closed("2026-09-12"))


@pytest.mark.parametrize(
    ("asked", "said", "sign"),
    [
        (
            command(ReceiveEvaluation, satisfaction="dissatisfied", reason="款未到"),
            EVALUATION.model_copy(update={"satisfaction": Satisfaction.DISSATISFIED, "reason": "款未到"}),
            RelapseSign.DISSATISFIED,
        ),
        (
            command(LookBack, settled=False, note="款未到"),
            LOOKED.model_copy(update={"settled": False, "note": "款未到"}),
            RelapseSign.FAILED_RETURN_VISIT,
        ),
        (
            LogVisit(
                visit_id="visit-2026-10-12-True", kind="return", visited_on=day("2026-10-12"), official=ZHAO,
                settled=False, note="款未到",
            ),
            visit("2026-10-12", kind=VisitKind.RETURN).model_copy(
                update={"official": ZHAO, "settled": False, "note": "款未到"}
            ),
            RelapseSign.FAILED_RETURN_VISIT,
        ),
    ],
)  # fmt: skip
def test_what_shows_that_a_matter_is_not_settled_opens_the_case(
    here: Spec[Any], asked: CaseCommand, said: Fact, sign: RelapseSign
) -> None:
    relapse = CaseRelapsed(sign=sign, relapsed_on=said.claimed_time(), note="款未到")
    here.given(*CLOSED).when(asked).then(said, relapse)


def test_each_stage_of_review_has_its_own_days_and_its_own_request(here: Spec[Any]) -> None:
    """A request is taken up and decided from its day on, and only the one of that stage."""
    for asked in (TakeUpReview, DecideReview):
        early = command(asked, decided_on=day("2026-10-09"))
        here.given(*CLOSED, CONTESTED).when(early).then_rejected("no-review-requested")
        other = command(asked, stage=ReviewStage.FINAL_REVIEW, decided_on=day("2026-11-12"))
        here.given(*CLOSED, CONTESTED).when(other).then_rejected("no-review-requested")
    at_once = {"decided_on": CONTESTED.requested_on}
    here.given(*CLOSED, CONTESTED).when(command(TakeUpReview, **at_once)).then(TAKEN_UP.model_copy(update=at_once))
    here.given(*CLOSED, CONTESTED).when(command(DecideReview, **at_once)).then(decided(on="2026-10-10"))
    why = {"taken_up": False, "reason": "逾期申请"}
    here.given(*CLOSED, CONTESTED).when(command(TakeUpReview, **why)).then(TAKEN_UP.model_copy(update=why))
    late = decided(on="2026-11-05")  # the first stage, entered when the last had been asked for
    here.given(*CLOSED, CONTESTED, LAST).when(command(DecideReview, **late.model_dump())).then(late)


def test_whoever_decided_at_last_decides_at_last_again(here: Spec[Any]) -> None:
    """What the last stage quashed is said anew, and comes before the same organ: that is no review of its own work."""
    final = decided(ReviewVerdict.QUASHED, "2026-11-10").model_copy(
        update={"stage": ReviewStage.FINAL_REVIEW, "number": "复核1号", "unit": "市人民政府", "reviewer": WANG}
    )
    first = decided(on="2026-11-16").model_copy(update={"number": "复查2号"})
    asked = (
        ReviewRequested(stage=ReviewStage.REVIEW, requested_on=day("2026-11-14"), unit="县人民政府"),
        first,
        LAST.model_copy(update={"requested_on": day("2026-11-17")}),
    )
    before = (*READY, CONTESTED, decided(), LAST, final, reply("2026-11-12"), *asked)
    again = final.model_copy(
        update={"decided_on": day("2026-11-19"), "number": "复核2号", "verdict": ReviewVerdict.UPHELD}
    )
    here.given(*before).when(command(DecideReview, **again.model_dump())).then(again)


def test_each_stage_is_asked_for_within_the_days_of_its_own(standard: Standard) -> None:
    (policy,) = standard.policies
    shorter = replace(policy.limits.review_request, days=10)
    limits = policy.limits.model_copy(update={"final_review_request": shorter})
    here = Spec(casework(Standard((policy.model_copy(update={"limits": limits}),), standard.calendar)))
    here.given(*CLOSED).when(command(RequestReview)).then(CONTESTED)
    final = command(RequestReview, **LAST.model_dump() | {"requested_on": day("2026-11-10")})
    here.given(*CLOSED, CONTESTED, decided()).when(final).then_rejected("requested-too-late")


def test_a_reply_that_was_served_since_a_review_may_itself_be_contested(here: Spec[Any]) -> None:
    asked = CONTESTED.model_copy(update={"requested_on": day("2026-09-20")})
    more = (*READY, asked, decided(on="2026-09-30"), reply("2026-10-15"))
    here.given(*more).when(command(EndCase, ended_on=day("2026-11-14"))).then_rejected("no-ground-to-end")
    ending = command(EndCase, ended_on=day("2026-11-15"))
    here.given(*more).when(ending).then(CaseEnded(**ending.model_dump()))


def test_a_new_round_starts_with_empty_hands(here: Spec[Any]) -> None:
    reopened = with_second_round(leader("2026-09-21"), visit("2026-09-22"), reply("2026-10-01"), REQUESTED)
    assert here.given(*reopened).state.in_round(OpinionServed) == [reply("2026-10-01")]
    asked = command(ReviewClosure, reviewed_on=day("2026-10-02"))
    here.given(*reopened).when(asked).then_rejected("no-closure-requested")  # the old request is of the old round


def test_the_limit_stands_still_while_the_clock_is_stopped(here: Spec[Any]) -> None:
    asked = ApproveExtension(
        days=30, approved_on=day("2026-10-10"), approved_by=WANG, reason="案情复杂", told_on=day("2026-10-10")
    )
    here.given(*OPEN).when(asked).then_rejected("extension-too-late")  # 2026-08-05 + 60 = 2026-10-04
    example = here.given(*OPEN, STOPPED, RESUMED).when(asked)  # + 10 days
    example.then(ExtensionApproved(**dict(asked)))


def test_whoever_has_an_interest_or_is_accused_keeps_away(here: Spec[Any]) -> None:
    tester = Official(id="tester", name="某某", post="科员")  # who gives the commands of these examples
    mine = INTEREST.model_copy(update={"official": tester})
    accused = AccusedNamed(named_on=day("2026-08-02"), officials=(tester,))
    for fact in (mine, accused):
        refusal = here.given(*OPEN, fact).when(command(TakeEvidence)).then_rejected("recused")
        assert "回避" in refusal.zh
    here.given(*OPEN, INTEREST).when(command(TakeEvidence)).then(EVIDENCE)


@pytest.mark.parametrize(
    "asked",
    [
        SuspendClock(suspended_on=day("2026-10-15"), ground="hearing", note="复查听证"),
        command(HoldHearing, held_on=day("2026-10-15")),
    ],
    ids=lambda asked: type(asked).__name__,
)
def test_a_closed_case_is_heard_while_its_reply_is_under_review(here: Spec[Any], asked: CaseCommand) -> None:
    (said,) = here.given(*CLOSED, CONTESTED).when(asked)._obeyed()
    here.given(*CLOSED, CONTESTED).when(asked).then(said)
    for before in (CLOSED, (*CLOSED, CONTESTED, decided(on="2026-10-14"))):
        here.given(*before).when(asked).then_rejected("case-closed")
