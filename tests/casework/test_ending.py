"""The end of the road: on which grounds it is reached, and what goes on after it."""

from typing import Any

from services.casework.domain.closing import ReceiveEvaluation
from services.casework.domain.contact import LogVisit
from services.casework.domain.meetings import HoldMeeting
from services.casework.domain.review import EndCase
from services.casework.domain.settlement import ReachAgreement
from shared.events.casework import (
    AgreementReached,
    CaseRelapsed,
    EvaluationReceived,
    MeetingHeld,
    VisitLogged,
)
from shared.terms import (
    EndGround,
    RelapseSign,
    ReviewStage,
    ReviewVerdict,
)
from tests.casework.handling import (
    AGREEMENT,
    CLOSED,
    CONTESTED,
    DONE,
    ENDED,
    HERE,
    LAST,
    OPEN,
    PROMISE,
    READY,
    command,
    decided,
    due,
)
from tests.sample import (
    LI,
    closed,
    day,
    reply,
)
from tests.spec import Spec


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
