"""Worked cases of the signs of sham closing (C)."""

from datetime import date

from shared.events.casework import Answer, OpinionIssued
from shared.events.intake import CaseTakenOut
from shared.terms import (
    DocumentKind,
    EndGround,
    Evaluated,
    Judgement,
    Outcome,
    RefusalGround,
    ReviewVerdict,
    Satisfaction,
    ServedHow,
)
from tests.sample import (
    LI,
    WANG,
    closed,
    leader,
    meeting,
    merged,
    registered,
    relapsed,
    repeat,
    reply,
    report,
    resumed,
    routed,
    stopped,
    visit,
)
from tests.supervision.deeds import (
    ZHAO,
    agreed,
    aid,
    broken,
    came_back,
    carried_out,
    contested,
    decided,
    ended,
    evaluated,
    evidence_by,
    fulfilled,
    handled_by,
    hearing,
    hearing_asked,
    hearing_declined,
    inquiry,
    judged_as,
    looked,
    not_taken_up,
    opinion,
    paper,
    promise,
    served,
    taken_in,
    visit_by,
    votes,
    withdrawn,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
TWO = HERE.model_copy(update={"demands": ("补偿", "道歉")})
LATER = judged_as("2026-01-15", Judgement.FOUNDED, demand=2).model_copy(update={"order": 2})
SECOND = (Answer(demand=2, outcome=Outcome.SUPPORTED, reasons="应予道歉。"),)
STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))
SHUT = (HERE, closed("2026-02-01"))
OVER = (*SHUT, ended("2026-02-10", EndGround.FINAL_REVIEW))
NOT_AGAIN = not_taken_up("2026-02-25").model_copy(update={"ground": RefusalGround.ENDED})
SERVED = (HERE, served("2026-01-25"), closed("2026-02-01"))
SIX = tuple(
    paper("2026-01-28", kind)
    for kind in (
        DocumentKind.CASE_FILE,
        DocumentKind.LEDGER,
        DocumentKind.ASSIGNMENT_LETTER,
        DocumentKind.LEADER_PAPER,
        DocumentKind.HANDLING_REPORT,
        DocumentKind.WRITTEN_REPLY,
        DocumentKind.RETURN_VISIT,
        DocumentKind.FOLLOW_UP,
    )
)
AID_ONLY = (HERE, judged_as("2026-01-10", Judgement.FOUNDED), aid("2026-01-20"), closed("2026-02-01"))
QUASHED = (HERE, opinion("2026-01-20"), contested("2026-01-25"), decided("2026-02-10", ReviewVerdict.QUASHED))
ELSE = "重新调查后查明，两户确属漏列，差额共计一万元，由经管站补发到户。"
RETURNED = (HERE, opinion("2026-01-20"), closed("2026-02-01"), relapsed("2026-02-20"))
PLEASED_WITH_THE_OFFICE = evaluated("2026-02-11", Satisfaction.SATISFIED, Evaluated.PETITION_OFFICE)
TAKEN_OUT = CaseTakenOut(other="case-2", unmerged_on=date(2026, 3, 3))
OTHERWISE = opinion("2026-02-20", text=ELSE)


def of_books(on: str) -> OpinionIssued:
    """What is answered to the second of two demands."""
    return opinion(on, text="账目三年没有公开。", answers=SECOND)


IN_TURNS = (TWO, LATER, opinion("2026-01-20"), of_books("2026-01-22"), *QUASHED[2:])
OWNED = (HERE, leader("2026-01-06"))
UNFOUNDED = (HERE, judged_as("2026-01-10", Judgement.UNFOUNDED))
ASKED = (HERE, hearing_asked("2026-01-10"))
MEDIATED = (HERE, agreed("2026-01-10", "2026-03-01"))
DISSATISFIED = evaluated("2026-02-10", Satisfaction.DISSATISFIED)

CLOSING: dict[str, tuple[Worked, ...]] = {
    "six-haves-missing": (
        fires((*SHUT, *SIX[:-1]), "2026-03-01", "2026-02-17"),
        not_yet((*SHUT, *SIX[:-1]), "2026-02-16"),
        on_the_day(SHUT, "2026-02-17"),
        paused((*SHUT, *STOPPED), "2026-03-01", "2026-02-17"),
        late((*SHUT, *SIX[:-1], Late(SIX[-1], "2026-02-20")), "2026-02-20", None),
        policy(SHUT, "2026-03-01", "2026-02-07", days=5),
        besides((*SHUT, *SIX), "2026-03-01", None),
        besides((*SHUT, *SIX, withdrawn("2026-02-02", SIX[0].document_id)), "2026-03-01", "2026-02-17"),
        besides((HERE, Late(closed("2026-02-01"), "2026-02-02", imported=True)), "2026-03-01", None),
    ),
    "no-return-visit": (
        fires((*SHUT, visit("2026-01-20")), "2026-04-01", "2026-03-04"),
        not_yet(SHUT, "2026-03-03"),
        on_the_day(SHUT, "2026-03-04"),
        paused((*SHUT, *STOPPED), "2026-04-01", "2026-03-04"),
        late((*SHUT, Late(came_back("2026-02-20"), "2026-03-10")), "2026-03-10", None),
        policy(SHUT, "2026-04-01", "2026-02-12", days=10),
        besides((*SHUT, relapsed("2026-02-20")), "2026-04-01", None),
    ),
    "not-delivered": (
        fires(SHUT, "2026-03-01", "2026-02-01"),
        not_yet(SERVED, "2026-03-01"),
        on_the_day((*SHUT, served("2026-02-02")), "2026-02-01"),
        paused((*SHUT, *STOPPED), "2026-03-01", "2026-02-01"),
        late((*SHUT, Late(served("2026-01-25"), "2026-02-10")), "2026-02-10", None),
        besides((TWO, served("2026-01-25", demands=(1,)), closed("2026-02-01")), "2026-03-01", "2026-02-01"),
        policy(SHUT, "2026-03-01", None, enabled=False),
        besides((HERE, served("2026-01-25", how=ServedHow.OTHER), closed("2026-02-01")), "2026-03-01", "2026-02-01"),
        besides((HERE, served("2026-01-25", refused=True), closed("2026-02-01")), "2026-03-01", "2026-02-01"),
        besides(
            (HERE, served("2026-01-25", refused=True, note="村委会见证"), closed("2026-02-01")), "2026-03-01", None
        ),
        besides(
            (HERE, Late(served("2026-01-25", how=ServedHow.OTHER), "2026-02-10", imported=True), closed("2026-02-01")),
            "2026-03-01",
            None,
        ),
    ),
    "impossible-order": (
        fires((HERE, opinion("2026-01-20"), inquiry("2026-01-25")), "2026-02-01", "2026-01-25"),
        not_yet((HERE, opinion("2026-01-20"), inquiry("2026-01-20")), "2026-02-01"),
        on_the_day((*SHUT, visit("2026-02-05")), "2026-02-05"),
        besides((*OVER, visit("2026-02-15")), "2026-03-01", None),  # explaining goes on
        besides((*OVER, visit("2026-02-05")), "2026-03-01", "2026-02-05"),
        paused((HERE, *STOPPED, opinion("2026-01-20"), inquiry("2026-01-25")), "2026-02-01", "2026-01-25"),
        late(
            (HERE, opinion("2026-01-20"), inquiry("2026-01-25"), Late(inquiry("2026-01-15"), "2026-02-01")),
            "2026-02-01",
            None,
        ),
        policy((*SHUT, visit("2026-02-05")), "2026-02-06", None, enabled=False),
        besides(
            (HERE, served("2026-01-15", number="a"), opinion("2026-01-20", number="a")), "2026-02-01", "2026-01-20"
        ),
        besides((*SHUT, came_back("2026-02-05")), "2026-02-06", None),
        besides((*SHUT, Late(visit("2026-02-05"), "2026-02-06", imported=True)), "2026-02-06", None),
        besides((HERE, opinion("2026-01-20"), inquiry("2026-01-25"), opinion("2026-02-01")), "2026-02-02", None),
        besides((HERE, opinion("2026-01-20"), evidence_by("2026-01-25")), "2026-02-02", "2026-01-25"),
        besides((HERE, inquiry("2026-01-15"), opinion("2026-01-20"), evidence_by("2026-01-25")), "2026-02-02", None),
        besides((HERE, inquiry("2026-01-15"), opinion("2026-01-20"), visit("2026-01-25")), "2026-02-02", "2026-01-25"),
        besides((HERE, visit("2026-01-15"), opinion("2026-01-20"), visit("2026-01-25")), "2026-02-02", None),
    ),
    "opinion-defects": (
        fires((HERE, opinion("2026-01-20", legal_basis="")), "2026-02-01", "2026-01-20"),
        not_yet((HERE, opinion("2026-01-20")), "2026-02-01"),
        on_the_day((HERE, opinion("2026-01-20", remedy="")), "2026-01-20"),
        paused((HERE, *STOPPED, opinion("2026-01-20", facts="")), "2026-02-01", "2026-01-20"),
        late((HERE, opinion("2026-01-20", facts=""), Late(opinion("2026-01-22"), "2026-02-01")), "2026-02-01", None),
        policy((HERE, opinion("2026-01-20", facts="")), "2026-02-01", None, enabled=False),
        besides((HERE, reply("2026-01-20")), "2026-02-01", "2026-01-20"),  # of no opinion
        besides((HERE, reply("2026-01-20"), opinion("2026-01-20")), "2026-02-01", None),
        besides((HERE, Late(reply("2026-01-20"), "2026-02-01", imported=True)), "2026-02-01", None),
        besides((HERE, routed("2026-01-10"), reply("2026-01-20")), "2026-02-01", None),
    ),
    "demands-unanswered": (
        fires((HERE, opinion("2026-01-20", answers=())), "2026-02-01", "2026-01-20"),
        not_yet((HERE, opinion("2026-01-20")), "2026-02-01"),
        on_the_day((HERE, opinion("2026-01-20", answers=())), "2026-01-20"),
        paused((HERE, *STOPPED, opinion("2026-01-20", answers=())), "2026-02-01", "2026-01-20"),
        besides((TWO, opinion("2026-01-20")), "2026-02-01", "2026-01-20"),
        besides((TWO, LATER, opinion("2026-01-20")), "2026-02-01", None),
        besides((TWO, LATER, opinion("2026-01-20"), closed("2026-01-25")), "2026-02-01", "2026-01-20"),
        besides((TWO, opinion("2026-01-20"), opinion("2026-01-25", answers=SECOND)), "2026-02-01", None),
        late((HERE, opinion("2026-01-20", answers=()), Late(opinion("2026-01-22"), "2026-02-01")), "2026-02-01", None),
        policy((HERE, opinion("2026-01-20", answers=())), "2026-02-01", None, enabled=False),
    ),
    "same-answer": (
        fires((*QUASHED, opinion("2026-02-20")), "2026-03-01", "2026-02-20"),
        not_yet((*QUASHED, OTHERWISE), "2026-03-01"),
        on_the_day((*QUASHED, opinion("2026-02-20", text="经查实，发放清单漏列两户。")), "2026-02-20"),
        paused((*QUASHED, *STOPPED, opinion("2026-02-20")), "2026-03-01", "2026-02-20"),
        late(
            (
                *QUASHED,
                opinion("2026-02-20"),
                Late(opinion("2026-02-25", text=ELSE), "2026-03-01"),
            ),
            "2026-03-01",
            None,
        ),
        policy((*QUASHED, opinion("2026-02-20", text="经查实，发放清单漏列两户。")), "2026-03-01", None, likeness=1.0),
        besides((*QUASHED[:-1], decided("2026-02-10"), opinion("2026-02-20")), "2026-03-01", None),
        besides((*IN_TURNS, opinion("2026-02-20")), "2026-03-01", "2026-02-20"),
        besides((*IN_TURNS, OTHERWISE), "2026-03-01", None),
        besides((*IN_TURNS, of_books("2026-02-20"), opinion("2026-02-21", text=ELSE)), "2026-03-01", "2026-02-20"),
    ),
    "answered-as-before": (
        fires((*RETURNED, opinion("2026-03-01")), "2026-03-10", "2026-03-01"),
        not_yet((*RETURNED, opinion("2026-03-01", text=ELSE)), "2026-03-10"),
        on_the_day((*RETURNED, opinion("2026-03-01")), "2026-03-01"),
        paused((*RETURNED, *STOPPED, opinion("2026-03-01")), "2026-03-10", "2026-03-01"),
        late(
            (*RETURNED, opinion("2026-03-01"), Late(opinion("2026-03-05", text=ELSE), "2026-03-10")), "2026-03-10", None
        ),
        policy((*RETURNED, opinion("2026-03-01", text="经查实，发放清单漏列两户。")), "2026-03-10", None, likeness=1.0),
        besides((HERE, opinion("2026-01-20"), opinion("2026-01-25")), "2026-03-10", None),
        besides((*QUASHED, closed("2026-02-11"), relapsed("2026-02-20"), opinion("2026-03-01")), "2026-03-10", None),
        besides((*RETURNED, Late(opinion("2026-03-01"), "2026-03-05", imported=True)), "2026-03-10", None),
    ),
    "against-word": (
        fires((*SHUT, DISSATISFIED), "2026-03-01", "2026-02-10"),
        not_yet((*SHUT, evaluated("2026-02-10", Satisfaction.MOSTLY)), "2026-03-01"),
        on_the_day((*SHUT, came_back("2026-02-10", settled=False)), "2026-02-10"),
        paused((*SHUT, *STOPPED, DISSATISFIED), "2026-03-01", "2026-02-10"),
        late((*SHUT, DISSATISFIED, Late(came_back("2026-02-20"), "2026-03-01")), "2026-03-01", None),
        policy((*SHUT, DISSATISFIED), "2026-03-01", None, enabled=False),
        besides(
            (HERE, evaluated("2026-01-20", Satisfaction.DISSATISFIED), closed("2026-02-01")), "2026-02-02", "2026-02-01"
        ),
        besides((*SHUT, DISSATISFIED, relapsed("2026-02-11")), "2026-03-01", None),
        besides((*SHUT, DISSATISFIED, PLEASED_WITH_THE_OFFICE), "2026-03-01", "2026-02-10"),
        besides(
            (*SHUT, evaluated("2026-02-10", Satisfaction.DISSATISFIED, Evaluated.PETITION_OFFICE)), "2026-03-01", None
        ),
        besides(
            (HERE, visit("2026-01-20"), *SHUT[1:], DISSATISFIED, came_back("2026-02-20", LI)),
            "2026-03-01",
            "2026-02-10",
        ),
    ),
    "relapse": (
        fires((*SHUT, repeat("2026-02-20")), "2026-03-01", "2026-02-20"),
        not_yet((*SHUT, repeat("2026-08-01")), "2026-08-02"),
        on_the_day((*SHUT, relapsed("2026-02-20")), "2026-02-20"),
        paused((*SHUT, *STOPPED, relapsed("2026-02-20")), "2026-03-01", "2026-02-20"),
        late((*SHUT, relapsed("2026-02-20"), Late(visit("2026-02-21"), "2026-03-10")), "2026-03-10", None),
        policy((*SHUT, repeat("2026-02-20")), "2026-03-01", None, days=5),
        besides((*OVER, repeat("2026-02-20")), "2026-03-01", "2026-02-20"),
        besides((*OVER, repeat("2026-02-20"), NOT_AGAIN), "2026-03-01", None),
        besides((*SHUT, repeat("2026-02-20"), NOT_AGAIN), "2026-03-01", "2026-02-20"),  # which had not been ended
        besides((*SHUT, report("2026-06-01"), repeat("2026-07-31")), "2026-08-02", "2026-07-31"),
        besides((*SHUT, relapsed("2026-02-20"), closed("2026-02-25")), "2026-03-01", "2026-02-20"),  # no remedy
        besides((*SHUT, relapsed("2026-02-20"), meeting("2026-02-22", decides=False)), "2026-03-01", "2026-02-20"),
        besides((*SHUT, taken_in("2026-03-01", "2026-01-20", "2026-02-20")), "2026-03-02", "2026-03-01"),
        besides((*SHUT, taken_in("2026-03-01", "2026-01-20")), "2026-03-02", None),
        besides((*SHUT, taken_in("2026-03-01", "2026-02-20"), TAKEN_OUT), "2026-03-05", None),
        besides((*SHUT, report("2026-07-20"), repeat("2026-08-01")), "2026-08-02", None),
    ),
    "relief-instead": (
        fires(AID_ONLY, "2026-03-01", "2026-02-01"),
        not_yet(AID_ONLY[:-1], "2026-03-01"),
        on_the_day(AID_ONLY, "2026-02-01"),
        paused((*AID_ONLY, *STOPPED), "2026-03-01", "2026-02-01"),
        late((*AID_ONLY, Late(carried_out("2026-01-30"), "2026-02-10")), "2026-02-10", None),
        policy(AID_ONLY, "2026-03-01", None, enabled=False),
        besides(
            (HERE, judged_as("2026-01-10", Judgement.HARDSHIP), aid("2026-01-20"), closed("2026-02-01")),
            "2026-03-01",
            None,
        ),
        besides((HERE, judged_as("2026-01-10", Judgement.FOUNDED), closed("2026-02-01")), "2026-03-01", None),
    ),
    "unfounded-unsupported": (
        fires(UNFOUNDED, "2026-02-01", "2026-01-10"),
        not_yet((*UNFOUNDED, inquiry("2026-01-20")), "2026-02-01"),
        on_the_day((HERE, inquiry("2026-01-09"), judged_as("2026-01-10", Judgement.UNFOUNDED, basis="")), "2026-01-10"),
        paused((*UNFOUNDED, *STOPPED), "2026-02-01", "2026-01-10"),
        late((*UNFOUNDED, Late(inquiry("2026-01-08"), "2026-02-01")), "2026-02-01", None),
        policy(UNFOUNDED, "2026-02-01", None, enabled=False),
        besides((*UNFOUNDED, inquiry("2026-01-20", signed=None)), "2026-02-01", "2026-01-10"),
        besides((*UNFOUNDED, judged_as("2026-01-20", Judgement.FOUNDED)), "2026-02-01", None),
    ),
    "unsigned-report": (
        fires((*OWNED, inquiry("2026-01-20", signed=None)), "2026-02-01", "2026-01-20"),
        not_yet((*OWNED, inquiry("2026-01-20")), "2026-02-01"),
        on_the_day((*OWNED, inquiry("2026-01-20", signed=WANG)), "2026-01-20"),
        paused((*OWNED, *STOPPED, inquiry("2026-01-20", signed=None)), "2026-02-01", "2026-01-20"),
        late((HERE, inquiry("2026-01-20"), Late(leader("2026-01-06"), "2026-02-01")), "2026-02-01", None),
        policy((*OWNED, inquiry("2026-01-20", signed=None)), "2026-02-01", None, enabled=False),
        besides(
            (*OWNED, paper("2026-01-20", DocumentKind.HANDLING_REPORT, "r", signer=WANG)), "2026-02-01", "2026-01-20"
        ),
        besides(
            (*OWNED, paper("2026-01-20", DocumentKind.HANDLING_REPORT, "r", signer=WANG), withdrawn("2026-01-21", "r")),
            "2026-02-01",
            None,
        ),
    ),
    "self-visit": (
        fires(
            (HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", LI)), "2026-03-01", "2026-02-10"
        ),
        not_yet((HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10")), "2026-03-01"),
        on_the_day(
            (HERE, evidence_by("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", WANG)), "2026-02-10"
        ),
        paused(
            (HERE, visit("2026-01-20"), *STOPPED, closed("2026-02-01"), came_back("2026-02-10", LI)),
            "2026-03-01",
            "2026-02-10",
        ),
        late(
            (HERE, closed("2026-02-01"), came_back("2026-02-10", LI), Late(visit("2026-01-20"), "2026-02-20")),
            "2026-02-20",
            "2026-02-10",
        ),
        policy(
            (HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", LI)),
            "2026-03-01",
            None,
            enabled=False,
        ),
        besides(
            (HERE, handled_by("2026-01-06", ZHAO), closed("2026-02-01"), came_back("2026-02-10")),
            "2026-03-01",
            "2026-02-10",
        ),
        besides(
            (
                HERE,
                visit_by("2026-01-20", LI),
                closed("2026-02-01"),
                came_back("2026-02-10", LI),
                came_back("2026-02-20"),
            ),
            "2026-03-01",
            None,
        ),
    ),
    "mediation-unproven": (
        fires(MEDIATED, "2026-02-01", "2026-01-26"),
        not_yet(MEDIATED, "2026-01-25"),
        on_the_day(MEDIATED, "2026-01-26"),
        paused((*MEDIATED, *STOPPED), "2026-02-01", "2026-01-26"),
        late((*MEDIATED, Late(paper("2026-01-10", DocumentKind.AGREEMENT), "2026-02-01")), "2026-02-01", None),
        policy(MEDIATED, "2026-02-01", "2026-01-16", days=5),
        besides((HERE, ended("2026-02-01", EndGround.AGREEMENT_PERFORMED)), "2026-02-02", "2026-02-01"),
    ),
    "agreement-unperformed": (
        fires(MEDIATED, "2026-04-01", "2026-03-02"),
        not_yet(MEDIATED, "2026-03-01"),
        on_the_day((*MEDIATED, closed("2026-02-01")), "2026-03-02"),
        paused((*MEDIATED, *STOPPED), "2026-04-01", "2026-03-02"),
        late((*MEDIATED, Late(fulfilled("2026-02-20", "term-1"), "2026-03-10")), "2026-03-10", None),
        policy(MEDIATED, "2026-04-01", None, enabled=False),
        besides((*MEDIATED, closed("2026-02-01"), relapsed("2026-03-10")), "2026-04-01", "2026-03-02"),
    ),
    "report-differs": (
        fires((*SHUT, looked("2026-02-20", settled=False)), "2026-03-01", "2026-02-20"),
        not_yet((*SHUT, looked("2026-02-20", settled=True)), "2026-03-01"),
        on_the_day((*SHUT, came_back("2026-02-10", settled=False)), "2026-02-10"),
        paused((*SHUT, *STOPPED, looked("2026-02-20", settled=False)), "2026-03-01", "2026-02-20"),
        late(
            (*SHUT, looked("2026-02-20", settled=False), Late(came_back("2026-02-25"), "2026-03-01")),
            "2026-03-01",
            None,
        ),
        policy((*SHUT, looked("2026-02-20", settled=False)), "2026-03-01", None, enabled=False),
        besides(
            (
                HERE,
                promise("2026-01-10", "2026-02-10"),
                fulfilled("2026-01-20", "promise-1"),
                broken("2026-01-25", "promise-1"),
            ),
            "2026-02-01",
            "2026-01-25",
        ),
        besides((HERE, looked("2026-01-20", settled=False)), "2026-02-01", None),
        besides(
            (HERE, visit("2026-01-20"), *SHUT[1:], looked("2026-02-20", settled=False), came_back("2026-02-25", LI)),
            "2026-03-01",
            "2026-02-20",
        ),
    ),
    "hearing-ignored": (
        fires(ASKED, "2026-02-01", "2026-01-26"),
        not_yet(ASKED, "2026-01-25"),
        on_the_day((*ASKED, hearing_declined("2026-01-12", reason="")), "2026-01-26"),
        paused((*ASKED, stopped("2026-01-12"), resumed("2026-01-17")), "2026-02-10", "2026-01-31"),
        late((*ASKED, Late(hearing("2026-01-20"), "2026-02-01")), "2026-02-01", None),
        policy(ASKED, "2026-02-01", "2026-01-16", days=5),
        besides((*ASKED, hearing_declined("2026-01-12")), "2026-02-01", None),
        besides((*ASKED, closed("2026-01-20")), "2026-02-01", "2026-01-26"),
        besides((*ASKED, merged("2026-01-20")), "2026-02-01", None),
    ),
    "thin-inquiry": (
        fires((HERE, inquiry("2026-01-20", votes(True))), "2026-02-01", "2026-01-20"),
        not_yet((HERE, inquiry("2026-01-20", votes(True, True))), "2026-02-01"),
        on_the_day((HERE, inquiry("2026-01-20", votes(True, False))), "2026-01-20"),
        paused((HERE, *STOPPED, inquiry("2026-01-20", votes(True))), "2026-02-01", "2026-01-20"),
        late((HERE, inquiry("2026-01-20", votes(True)), Late(inquiry("2026-01-22"), "2026-02-01")), "2026-02-01", None),
        policy((HERE, inquiry("2026-01-20", votes(True))), "2026-02-01", None, enabled=False),
        besides((HERE, inquiry("2026-01-20", votes(True, True, False, dissent=""))), "2026-02-01", "2026-01-20"),
        besides((HERE, inquiry("2026-01-20", votes(True, True, False))), "2026-02-01", None),
    ),
}
