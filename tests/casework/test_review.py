"""Closing with its check, what brings a matter back, and the road to its end."""

from dataclasses import replace
from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import ApproveExtension, SuspendClock
from services.casework.domain.closing import CloseCase, LookBack, ReceiveEvaluation, ReviewClosure
from services.casework.domain.contact import LogVisit
from services.casework.domain.desk import CaseCommand
from services.casework.domain.inquiry import TakeEvidence
from services.casework.domain.meetings import HoldHearing, HoldMeeting
from services.casework.domain.opinion import CarryOutOpinion, ServeOpinion
from services.casework.domain.review import DecideReview, EndCase, RequestReview, TakeUpReview, redone_likeness
from services.casework.domain.settlement import ReachAgreement
from services.casework.domain.standing import standing
from shared.events import Fact, Official
from shared.events.casework import (
    AgreementReached,
    Answer,
    CaseEnded,
    CaseRelapsed,
    EvaluationReceived,
    ExtensionApproved,
    MeetingHeld,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    ReviewRequested,
    VisitLogged,
)
from shared.events.intake import AccusedNamed
from shared.standard import Standard
from shared.terms import (
    AcceptanceQuestion,
    DispatchKind,
    EndGround,
    Outcome,
    RelapseSign,
    ReviewStage,
    ReviewVerdict,
    Satisfaction,
    VisitKind,
)
from tests.casework.handling import (
    AGREEMENT,
    CLOSED,
    CONTESTED,
    DONE,
    ENDED,
    EVALUATION,
    EVIDENCE,
    HERE,
    INTEREST,
    LOOKED,
    OPEN,
    OPINION,
    PASSED,
    PROMISE,
    READY,
    REQUESTED,
    RESUMED,
    STOPPED,
    TAKEN_UP,
    ZHAO,
    checked,
    command,
    decided,
    due,
    with_second_round,
)
from tests.sample import (
    LI,
    WANG,
    closed,
    day,
    dispatched,
    leader,
    opinion,
    reply,
    visit,
)
from tests.spec import Spec

LAST = ReviewRequested(stage=ReviewStage.FINAL_REVIEW, requested_on=day("2026-11-01"), unit="市人民政府")


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


def test_after_the_end_of_the_road_explaining_and_reconciling_go_on(here: Spec[Any]) -> None:
    """Art 37; and whoever is not satisfied with the end says what was answered already (Art 36)."""
    over = (*CLOSED, ENDED)
    later = day("2026-10-20")
    explained = LogVisit(visit_id="v-9", kind="home", visited_on=later, official=LI)
    agreed = command(ReachAgreement)
    met = command(HoldMeeting, held_on=later, decisions=())
    for asked, fact in ((explained, VisitLogged), (agreed, AgreementReached), (met, MeetingHeld)):
        here.given(*CLOSED).when(asked).then_rejected(
            "closed-takes-return-visits" if fact is VisitLogged else "case-closed"
        )
        here.given(*over).when(asked).then(fact(**dict(asked)))
    unhappy = command(ReceiveEvaluation, satisfaction="dissatisfied", received_on=later)
    said = EvaluationReceived(**dict(unhappy))
    reopened = CaseRelapsed(sign=RelapseSign.DISSATISFIED, relapsed_on=later, note=said.reason)
    performed = ENDED.model_copy(update={"ground": EndGround.AGREEMENT_PERFORMED})
    here.given(*over).when(unhappy).then(said)
    here.given(*CLOSED, performed).when(unhappy).then(said, reopened)
    before = command(ReceiveEvaluation, satisfaction="dissatisfied", received_on=day("2026-10-10"))
    early = reopened.model_copy(update={"relapsed_on": day("2026-10-10")})
    here.given(*over).when(before).then(EvaluationReceived(**dict(before)), early)


def test_what_came_back_after_its_end_may_end_again(here: Spec[Any]) -> None:
    back = CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day("2026-10-15"))
    case = here.given(*CLOSED, ENDED, back).state
    assert case.ended is None
    assert here.given(*CLOSED, ENDED).state.ended == ENDED


def test_what_was_quashed_is_contested_when_it_has_been_said_anew(here: Spec[Any]) -> None:
    def asking(on: str, stage: ReviewStage = ReviewStage.REVIEW) -> ReviewRequested:
        return CONTESTED.model_copy(update={"requested_on": day(on), "stage": stage})

    quashed = (*READY, CONTESTED, decided(ReviewVerdict.QUASHED))
    for on in ("2026-10-30", "2026-11-10"):
        refusal = (
            here.given(*quashed)
            .when(command(RequestReview, requested_on=day(on)))
            .then_rejected("contested-was-quashed")
        )
        assert ("2026-10-30" in refusal.zh, "新的书面答复" in refusal.zh) == (True, True)
    before = command(RequestReview, requested_on=day("2026-10-09"))
    here.given(*quashed).when(before).then(asking("2026-10-09"))  # entered late
    again = (*quashed, reply("2026-11-05"))
    here.given(*again).when(command(RequestReview, requested_on=day("2026-11-10"))).then(asking("2026-11-10"))
    here.given(*again).when(command(RequestReview, requested_on=day("2026-11-04"))).then_rejected(
        "contested-was-quashed"
    )
    final = asking(
        "2026-11-10", ReviewStage.FINAL_REVIEW
    )  # of the decision that quashed it, whatever that says (Art 36)
    here.given(*quashed).when(command(RequestReview, **final.model_dump())).then(final)
    at_last = {"stage": ReviewStage.FINAL_REVIEW, "number": "复核1号"}
    twice = (*quashed, final, decided(ReviewVerdict.QUASHED, "2026-11-12").model_copy(update=at_last))
    asked = command(RequestReview, stage=ReviewStage.FINAL_REVIEW, requested_on=day("2026-11-15"))
    here.given(*twice).when(asked).then_rejected("contested-was-quashed")


def served(on: str, of: str) -> OpinionServed:
    """The opinion of a day, served on another."""
    return reply(of).model_copy(update={"served_on": day(on)})


def serving(fact: OpinionServed) -> ServeOpinion:
    return ServeOpinion(**fact.model_dump(exclude={"demands"}))


def test_what_was_quashed_is_served_to_nobody_but_may_have_been_before(here: Spec[Any]) -> None:
    quashed = (*OPEN, opinion("2026-09-10"), decided(ReviewVerdict.QUASHED, "2026-10-30"))
    late = served("2026-09-20", of="2026-09-10")
    here.given(*quashed).when(serving(late)).then(late)
    for on in ("2026-10-30", "2026-11-05"):
        refusal = here.given(*quashed).when(serving(served(on, of="2026-09-10"))).then_rejected("opinion-quashed")
        assert "2026-10-30" in refusal.zh
    anew = served("2026-11-05", of="2026-10-30")  # of an opinion of the very day, said when it had been quashed
    here.given(*quashed, opinion("2026-10-30")).when(serving(anew)).then(anew)
    assert here.given(*quashed, opinion("2026-10-30"), anew).state.replies == [anew]
    here.given(*quashed, late).when(serving(late)).then()


def test_what_was_quashed_is_carried_out_no_more_but_may_have_been_before(here: Spec[Any]) -> None:
    first = reply("2026-09-10")
    done = OpinionCarriedOut(number=first.number, carried_out_on=day("2026-10-29"), proof="转账凭证")
    quashed = (*OPEN, opinion("2026-09-10"), first, decided(ReviewVerdict.QUASHED, "2026-10-30"))
    here.given(*quashed).when(CarryOutOpinion(**done.model_dump())).then(done)
    here.given(*quashed, done).when(CarryOutOpinion(**done.model_dump())).then()
    for on in ("2026-10-30", "2026-11-05"):
        late = CarryOutOpinion(**done.model_dump() | {"carried_out_on": day(on)})
        refusal = here.given(*quashed).when(late).then_rejected("opinion-quashed")
        assert first.number in refusal.zh
        assert "2026-10-30" in refusal.en
    suggestion = (*OPEN, first, decided(ReviewVerdict.QUASHED, "2026-10-30"))  # replied to without an opinion
    here.given(*suggestion).when(late).then_rejected("opinion-quashed")
    stands = (*OPEN, opinion("2026-09-10"), first, decided(ReviewVerdict.UPHELD, "2026-10-30"))
    here.given(*stands).when(late).then(OpinionCarriedOut(**late.model_dump()))
    anew = (*quashed, opinion("2026-11-04"), reply("2026-11-04"))
    again = CarryOutOpinion(
        **done.model_dump() | {"number": reply("2026-11-04").number, "carried_out_on": day("2026-11-05")}
    )
    here.given(*anew).when(again).then(OpinionCarriedOut(**again.model_dump()))


@pytest.mark.parametrize("verdict", [ReviewVerdict.QUASHED, ReviewVerdict.CHANGED])
def test_an_opinion_that_does_not_stand_opens_the_case(here: Spec[Any], verdict: ReviewVerdict) -> None:
    relapse = CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day("2026-10-30"), note="事实清楚")
    here.given(*CLOSED, CONTESTED).when(command(DecideReview, verdict=verdict)).then(decided(verdict), relapse)
    here.given(*READY, CONTESTED).when(command(DecideReview, verdict=verdict)).then(decided(verdict))
    closed_since, at_once = closed("2026-10-31"), closed("2026-10-30")
    entered_late = here.given(*READY, CONTESTED, closed_since).when(command(DecideReview, verdict=verdict))
    entered_late.then(decided(verdict))
    here.given(*READY, CONTESTED, at_once).when(command(DecideReview, verdict=verdict)).then(decided(verdict), relapse)


def test_a_redone_opinion_is_laid_beside_the_one_that_was_quashed(here: Spec[Any]) -> None:
    quashed = decided(ReviewVerdict.QUASHED)
    before = (*OPEN, OPINION, CONTESTED, quashed)
    same = OPINION.model_copy(update={"number": "二", "issued_on": day("2026-11-05")})
    other = same.model_copy(update={"facts": "重新测量后确认少发四亩，已全部补足", "legal_basis": "民法典"})
    assert redone_likeness(here.given(*before).state) == {}
    assert redone_likeness(here.given(*before, same).state) == {1: 1.0}
    assert redone_likeness(here.given(*before, other).state)[1] < 0.8


def test_what_was_answered_anew_is_held_against_what_was_quashed_demand_by_demand(
    here: Spec[Any], standard: Standard
) -> None:
    def said(on: str, *demands: int, facts: str = "经核查，少发三亩补偿款") -> OpinionIssued:
        answers = tuple(Answer(demand=n, outcome=Outcome.SUPPORTED, reasons=f"第{n}项属实") for n in demands)
        return OPINION.model_copy(update={"number": on, "issued_on": day(on), "answers": answers, "facts": facts})

    two = HERE.model_copy(update={"demands": ("补发差额", "公开账目")})
    first, second = said("2026-09-06", 1), said("2026-09-20", 2, facts="村务公开栏三年未更新")
    before = (two, *OPEN[1:], first, second, CONTESTED, decided(ReviewVerdict.QUASHED))
    anew = said("2026-11-05", 1, facts="重新测量后确认少发四亩，已全部补足")
    again = said("2026-11-10", 2, facts="村务公开栏三年未更新")
    assert list(redone_likeness(here.given(*before, anew).state)) == [1]
    found = redone_likeness(here.given(*before, anew, again).state)
    assert (found[1] < 0.8, found[2]) == (True, 1.0)
    case = here.given(*before, anew, again).state
    whole = standing(case, standard, day("2026-11-20"))
    assert (whole.redone_likeness, [(d.demand, d.redone_likeness == 1.0) for d in whole.demands]) == (
        1.0,
        [(1, False), (2, True)],
    )


def test_the_road_ends_on_each_of_its_grounds(here: Spec[Any]) -> None:
    final = decided(on="2026-11-10").model_copy(update={"stage": ReviewStage.FINAL_REVIEW, "number": "复核1号"})
    for ground, before in (
        (EndGround.FINAL_REVIEW, (*CLOSED, CONTESTED, decided(), LAST, final)),
        (EndGround.AGREEMENT_PERFORMED, (*READY, AGREEMENT, DONE, closed("2026-09-19"))),
    ):
        fact = ENDED.model_copy(update={"ground": ground, "ended_on": day("2026-11-12")})
        here.given(*before).when(command(EndCase, ground=ground, ended_on=day("2026-11-12"))).then(fact)


def test_no_road_ends_on_a_ground_that_is_not_there(here: Spec[Any]) -> None:
    """What was not performed whole, what is of another day or stage, what does not stand, and what may still be contested."""
    final = decided(on="2026-11-10").model_copy(update={"stage": ReviewStage.FINAL_REVIEW, "number": "复核1号"})
    reviewed = (*CLOSED, CONTESTED, decided(), LAST)
    gone = final.model_copy(update={"verdict": ReviewVerdict.QUASHED})
    two = AGREEMENT.model_copy(update={"terms": (*AGREEMENT.terms, due("2026-09-21", "a-2"))})
    kept = PROMISE, DONE.model_copy(update={"commitment_id": "p-1"})
    both = DONE.model_copy(update={"commitment_id": "a-2"})
    demands = (HERE.model_copy(update={"demands": ("补发差额", "公开账目")}), *READY[1:-1])
    first_only = reply("2026-09-10").model_copy(update={"demands": (1,)})
    on_the_day = CONTESTED.model_copy(update={"requested_on": day("2026-09-10")})
    upon, without, performed = EndGround.FINAL_REVIEW, EndGround.NOT_CONTESTED, EndGround.AGREEMENT_PERFORMED
    for ground, before, on in (
        (upon, reviewed, "2026-11-19"),
        (upon, (*reviewed, gone), "2026-11-12"),
        (upon, (*reviewed, final), "2026-11-09"),
        (without, (*reviewed, final), "2026-11-19"),
        (without, OPEN, "2026-11-19"),
        (without, (*demands, first_only), "2026-11-19"),
        (without, (*READY, on_the_day), "2026-11-19"),
        (without, (*READY, CONTESTED), "2026-11-19"),
        (performed, (*READY, *kept), "2026-11-12"),
        (performed, (*READY, two, DONE), "2026-11-12"),
    ):
        refused = command(EndCase, ground=ground, ended_on=day(on))
        here.given(*before).when(refused).then_rejected("no-ground-to-end")
    for ground, facts, on in (
        (upon, (*reviewed, final), "2026-11-10"),
        (without, (*demands, reply("2026-09-10")), "2026-10-11"),
        (performed, (*READY, two, DONE, both, PROMISE), "2026-11-12"),
    ):
        ended = ENDED.model_copy(update={"ground": ground, "ended_on": day(on)})
        here.given(*facts).when(command(EndCase, ground=ground, ended_on=day(on))).then(ended)


def test_the_decision_of_a_review_may_be_contested_before_the_road_ends(here: Spec[Any]) -> None:
    """Decided on 2026-10-10: a final review may be asked for until 2026-11-09, long after the reply could be contested."""
    early = CONTESTED.model_copy(update={"requested_on": day("2026-10-01")})
    before = (*CLOSED, early, decided(on="2026-10-10"))
    here.given(*before).when(command(EndCase, ended_on=day("2026-11-09"))).then_rejected("no-ground-to-end")
    fact = ENDED.model_copy(update={"ended_on": day("2026-11-10")})
    here.given(*before).when(command(EndCase, ended_on=day("2026-11-10"))).then(fact)


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


def test_what_was_quashed_is_said_anew_and_may_be_contested_before_the_road_ends(here: Spec[Any]) -> None:
    asked = CONTESTED.model_copy(update={"requested_on": day("2026-09-20")})
    final = asked.model_copy(update={"stage": ReviewStage.FINAL_REVIEW, "requested_on": day("2026-09-28")})
    at_last = {"stage": ReviewStage.FINAL_REVIEW, "number": "复核1号"}
    first = (*READY, asked, decided(ReviewVerdict.QUASHED, "2026-09-30"))
    last = (
        *(*READY, asked, decided(on="2026-09-25"), final),
        decided(ReviewVerdict.QUASHED, "2026-09-30").model_copy(update=at_last),
    )
    again = reply("2026-10-10")  # which may be contested until 2026-11-09
    for before in (first, last):
        for facts, on in ((before, "2026-11-19"), ((*before, again), "2026-11-09")):
            here.given(*facts).when(command(EndCase, ended_on=day(on))).then_rejected("no-ground-to-end")
        ending = command(EndCase, ended_on=day("2026-11-10"))
        here.given(*before, again).when(ending).then(CaseEnded(**ending.model_dump()))
    contested = asked.model_copy(update={"requested_on": day("2026-10-20")})
    here.given(*first, again, contested).when(ending).then_rejected("no-ground-to-end")


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
