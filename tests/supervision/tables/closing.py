"""Worked cases of the signs of sham closing (C)."""

from datetime import date

from shared.events.casework import Answer
from shared.events.intake import CaseTakenOut
from shared.terms import (
    DocumentKind,
    EndGround,
    Evaluated,
    Judgement,
    Outcome,
    RefusalGround,
    Satisfaction,
    ServedHow,
    VisitKind,
)
from tests.sample import (
    LI,
    closed,
    meeting,
    registered,
    relapsed,
    repeat,
    reply,
    report,
    resumed,
    routed,
    stopped,
    unlinked,
    visit,
)
from tests.supervision.deeds import (
    ZHAO,
    agreed,
    aid,
    broken,
    came_back,
    carried_out,
    ended,
    evaluated,
    evidence_by,
    fulfilled,
    inquiry,
    judged_as,
    looked,
    not_taken_up,
    opinion,
    paper,
    promise,
    served,
    supported,
    taken_in,
    visit_by,
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
CAME = repeat("2026-02-20")
CAME_AGAIN = repeat("2026-02-22")
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
PLEASED_WITH_THE_OFFICE = evaluated("2026-02-11", Satisfaction.SATISFIED, Evaluated.PETITION_OFFICE)
NOBODY_IN = visit_by("2026-02-25", ZHAO, VisitKind.RETURN).model_copy(update={"met_petitioner": False})
TAKEN_OUT = CaseTakenOut(other="case-2", unmerged_on=date(2026, 3, 3))


UNFOUNDED = (HERE, judged_as("2026-01-10", Judgement.UNFOUNDED))
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
        besides((*SHUT, CAME, unlinked("2026-02-25", CAME)), "2026-03-01", None),
        besides((*SHUT, CAME, unlinked("2026-02-25", CAME)), "2026-02-24", "2026-02-20"),  # of the day before
        besides((*SHUT, unlinked("2026-02-25", CAME), Late(CAME, "2026-02-28")), "2026-03-01", None),  # heard of first
        besides((*SHUT, CAME, repeat("2026-02-26"), unlinked("2026-02-27", CAME)), "2026-03-01", "2026-02-26"),
        besides((*SHUT, repeat("2026-02-20"), supported("2026-02-25")), "2026-03-01", "2026-02-20"),  # a gift, and shut
        besides((*SHUT, repeat("2026-02-20"), aid("2026-02-25")), "2026-03-01", "2026-02-20"),
        besides((*SHUT, repeat("2026-02-20"), NOBODY_IN), "2026-03-01", "2026-02-20"),
        besides((*SHUT, repeat("2026-02-20"), came_back("2026-02-25")), "2026-03-01", None),  # settled, the person says
        besides((*SHUT, repeat("2026-02-20"), carried_out("2026-02-25")), "2026-03-01", None),
        besides((*SHUT, relapsed("2026-02-20"), supported("2026-02-25")), "2026-03-01", None),  # open, and watched
        besides((HERE, Late(closed("2026-02-01"), "2026-05-01"), repeat("2026-08-10")), "2026-08-11", "2026-08-10"),
        besides(
            (HERE, Late(closed("2026-02-01"), "2026-05-01", imported=True), repeat("2026-08-10")), "2026-08-11", None
        ),
        besides((*SHUT, repeat("2026-02-20"), fulfilled("2026-02-25", "promise-1")), "2026-03-01", None),
    ),
    "unlinked-afterwards": (
        fires((*SHUT, CAME, unlinked("2026-02-25", CAME)), "2026-03-01", "2026-02-25"),
        not_yet((HERE, Late(CAME, "2026-02-25"), closed("2026-02-22"), unlinked("2026-02-26", CAME)), "2026-03-01"),
        on_the_day((*SHUT, CAME, unlinked("2026-02-21", CAME)), "2026-02-21"),
        paused((*SHUT, *STOPPED, CAME, unlinked("2026-02-25", CAME)), "2026-03-01", "2026-02-25"),
        late((*SHUT, CAME, Late(unlinked("2026-02-20", CAME), "2026-02-25")), "2026-03-01", "2026-02-20"),
        policy((*SHUT, CAME, unlinked("2026-02-25", CAME)), "2026-03-01", None, enabled=False),
        besides((*SHUT, CAME, unlinked("2026-02-20", CAME)), "2026-03-01", None),  # put right on the day itself
        besides((*SHUT, Late(CAME, "2026-02-25"), unlinked("2026-02-25", CAME)), "2026-03-01", None),
        besides((*SHUT, Late(CAME, "2026-02-21", imported=True), unlinked("2026-02-25", CAME)), "2026-03-01", None),
        besides((HERE, CAME, unlinked("2026-02-25", CAME)), "2026-03-01", None),  # it was never closed
        besides((*SHUT, CAME, relapsed("2026-02-22"), unlinked("2026-02-25", CAME)), "2026-03-01", "2026-02-25"),
        besides(
            (*SHUT, CAME, relapsed("2026-02-22"), closed("2026-02-23"), unlinked("2026-02-25", CAME)),
            "2026-03-01",
            "2026-02-25",
        ),
        besides(
            (*SHUT, CAME, CAME_AGAIN, unlinked("2026-02-25", CAME), unlinked("2026-02-27", CAME_AGAIN)),
            "2026-03-01",
            "2026-02-25",
        ),
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
}
