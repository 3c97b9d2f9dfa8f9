"""Worked cases of what is contested: reviews, and what is answered again (T10, T11, C7, C13)."""

from shared.events.casework import Answer, OpinionIssued
from shared.terms import (
    EndGround,
    Judgement,
    Outcome,
    ReviewStage,
    ReviewVerdict,
    SuspensionGround,
)
from tests.sample import OTHER, TOWN, WANG, accepted, closed, leader, registered, relapsed, resumed, stopped
from tests.supervision.deeds import (
    ZHAO,
    agreed,
    broken,
    contested,
    decided,
    ended,
    fulfilled,
    judged_as,
    opinion,
    review_declined,
    served,
    visit_by,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
TWO = HERE.model_copy(update={"demands": ("补偿", "道歉")})
LATER = judged_as("2026-01-15", Judgement.FOUNDED, demand=2).model_copy(update={"order": 2})
SECOND = (Answer(demand=2, outcome=Outcome.SUPPORTED, reasons="应予道歉。"),)
STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))
QUASHED = (HERE, opinion("2026-01-20"), contested("2026-01-25"), decided("2026-02-10", ReviewVerdict.QUASHED))
ELSE = "重新调查后查明，两户确属漏列，差额共计一万元，由经管站补发到户。"
RETURNED = (HERE, opinion("2026-01-20"), closed("2026-02-01"), relapsed("2026-02-20"))
OTHERWISE = opinion("2026-02-20", text=ELSE)


def of_books(on: str) -> OpinionIssued:
    """What is answered to the second of two demands."""
    return opinion(on, text="账目三年没有公开。", answers=SECOND)


IN_TURNS = (TWO, LATER, opinion("2026-01-20"), of_books("2026-01-22"), *QUASHED[2:])


TAKEN = (HERE, accepted("2026-01-10"))
"""Due on 2026-03-11."""
ANSWERED = (*TAKEN, served("2026-02-01"))
FINAL = ReviewStage.FINAL_REVIEW
REDO = (contested("2026-02-10"), decided("2026-03-10", ReviewVerdict.QUASHED))
"""The reply is quashed, and to be given anew by 2026-05-09."""

CONTESTING: dict[str, tuple[Worked, ...]] = {
    "review-late": (
        fires((*ANSWERED, contested("2026-02-10")), "2026-04-01", "2026-03-13"),
        not_yet((*ANSWERED, contested("2026-02-10")), "2026-03-12"),
        on_the_day((*ANSWERED, contested("2026-02-10")), "2026-03-13"),
        paused(
            (
                *ANSWERED,
                contested("2026-02-10"),
                decided("2026-02-20"),
                contested("2026-02-25", FINAL),
                stopped("2026-03-01", SuspensionGround.HEARING),
                resumed("2026-03-06"),
            ),
            "2026-05-01",
            "2026-04-02",
        ),
        besides(  # of all grounds the one that Art 36 names
            (
                *ANSWERED,
                contested("2026-02-10"),
                decided("2026-02-20"),
                contested("2026-02-25", FINAL),
                stopped("2026-03-01"),
                resumed("2026-03-06"),
            ),
            "2026-05-01",
            "2026-03-28",
        ),
        late((*ANSWERED, contested("2026-02-10"), Late(decided("2026-03-01"), "2026-03-20")), "2026-03-20", None),
        policy((*ANSWERED, contested("2026-02-10")), "2026-04-01", None, enabled=False),
        besides((*ANSWERED, contested("2026-02-10"), decided("2026-02-20", unit=TOWN)), "2026-02-21", "2026-02-20"),
        besides(
            (*ANSWERED, visit_by("2026-01-20", ZHAO), contested("2026-02-10"), decided("2026-02-20")),
            "2026-02-21",
            "2026-02-20",
        ),
        besides((*ANSWERED, contested("2026-02-10"), decided("2026-02-20", unit=OTHER)), "2026-04-01", None),
        besides((*ANSWERED, contested("2026-02-10"), review_declined("2026-02-20")), "2026-04-01", None),
        besides((*ANSWERED, contested("2026-02-10"), review_declined("2026-02-20", "")), "2026-04-01", "2026-03-13"),
        besides(
            (
                *ANSWERED,
                contested("2026-02-10"),
                decided("2026-02-20"),
                contested("2026-02-25", FINAL),
                decided("2026-03-01", stage=FINAL, who=WANG),
            ),
            "2026-04-01",
            "2026-03-01",
        ),
        besides(
            (
                *ANSWERED,
                contested("2026-02-10"),
                decided("2026-02-20"),
                contested("2026-02-25", FINAL),
                decided("2026-03-01", stage=FINAL, unit=OTHER, who=WANG),
            ),
            "2026-04-01",
            None,
        ),
        besides(
            (*ANSWERED, leader("2026-01-20", ZHAO), contested("2026-02-10"), decided("2026-02-20")),
            "2026-02-21",
            "2026-02-20",
        ),
    ),
    "ended-unfounded": (
        fires((*ANSWERED, ended("2026-02-20", EndGround.FINAL_REVIEW)), "2026-03-01", "2026-02-20"),
        not_yet((*ANSWERED, ended("2026-03-04", EndGround.NOT_CONTESTED)), "2026-04-01"),
        on_the_day((*ANSWERED, ended("2026-03-03", EndGround.NOT_CONTESTED)), "2026-03-03"),
        paused((*ANSWERED, *STOPPED, ended("2026-03-03", EndGround.NOT_CONTESTED)), "2026-04-01", "2026-03-03"),
        late(
            (*ANSWERED, ended("2026-03-04", EndGround.NOT_CONTESTED), Late(contested("2026-03-01"), "2026-03-10")),
            "2026-03-10",
            "2026-03-04",
        ),
        policy((*ANSWERED, ended("2026-02-20", EndGround.FINAL_REVIEW)), "2026-03-01", None, enabled=False),
        besides(
            (
                *ANSWERED,
                contested("2026-02-05"),
                decided("2026-02-10"),
                contested("2026-02-15", FINAL),
                decided("2026-02-20", stage=FINAL),
                ended("2026-02-21", EndGround.FINAL_REVIEW),
            ),
            "2026-03-01",
            None,
        ),
        besides((*TAKEN, ended("2026-05-01", EndGround.NOT_CONTESTED)), "2026-05-02", "2026-05-01"),
        besides((*ANSWERED, *REDO, ended("2026-05-01", EndGround.NOT_CONTESTED)), "2026-05-02", "2026-05-01"),
        besides(
            (*ANSWERED, *REDO, served("2026-04-20", number="b"), ended("2026-05-01", EndGround.NOT_CONTESTED)),
            "2026-05-02",
            "2026-05-01",
        ),
        besides(
            (*ANSWERED, *REDO, served("2026-03-20", number="b"), ended("2026-05-01", EndGround.NOT_CONTESTED)),
            "2026-05-02",
            None,
        ),
        besides((*ANSWERED, ended("2026-03-04", EndGround.NOT_CONTESTED), contested("2026-04-01")), "2026-04-02", None),
        besides(
            (
                *TAKEN,
                agreed("2026-01-20", "2026-02-01"),
                fulfilled("2026-01-30", "term-1"),
                ended("2026-02-21", EndGround.AGREEMENT_PERFORMED),
            ),
            "2026-03-01",
            None,
        ),
        besides(
            (
                *TAKEN,
                agreed("2026-01-20", "2026-02-01"),
                fulfilled("2026-01-30", "term-1"),
                broken("2026-02-10", "term-1"),
                ended("2026-02-21", EndGround.AGREEMENT_PERFORMED),
            ),
            "2026-03-01",
            "2026-02-21",
        ),
        besides(
            (*TAKEN, agreed("2026-01-20", "2026-02-01"), ended("2026-02-21", EndGround.AGREEMENT_PERFORMED)),
            "2026-03-01",
            "2026-02-21",
        ),
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
}
