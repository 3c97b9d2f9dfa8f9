"""What a review quashed: it is served to nobody, carried out no more, said anew, and laid beside what it was."""

from typing import Any

import pytest

from services.casework.domain.opinion import CarryOutOpinion, ServeOpinion
from services.casework.domain.review import DecideReview, EndCase, RequestReview, redone_likeness
from services.casework.domain.standing import standing
from shared.events.casework import (
    Answer,
    CaseEnded,
    CaseRelapsed,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    ReviewRequested,
)
from shared.standard import Standard
from shared.terms import (
    Outcome,
    RelapseSign,
    ReviewStage,
    ReviewVerdict,
)
from tests.casework.handling import (
    CLOSED,
    CONTESTED,
    HERE,
    OPEN,
    OPINION,
    READY,
    command,
    decided,
)
from tests.sample import (
    closed,
    day,
    opinion,
    reply,
)
from tests.spec import Spec


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
