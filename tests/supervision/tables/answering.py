"""Worked cases of what follows from supervision's own words: notices, suggestions, inspections (I12 to I15, C17).

A lawful stop of the case's clock stops none of their days: what a notice or a suggestion asks for is owed by its own day.
"""

from typing import Any, TypeVar

from shared.events import Fact
from shared.events.supervision import (
    Addressee,
    CommendationDecided,
    CommendationProposed,
    Difference,
    FindingAnswered,
    FindingUpheld,
    InspectionHeld,
    NoticeAnswered,
    NoticeClosed,
    NoticeIssued,
    NoticeServed,
    NoticeWithdrawn,
    RectificationJudged,
    RectificationReported,
    ReverseInquiryConcluded,
    ReverseInquiryOpened,
    SanctionDecided,
    SanctionProposed,
    SuggestionAnswered,
    SuggestionMade,
)
from shared.terms import NoticeLevel
from tests.sample import closed, day, registered, relapsed, resumed, stopped
from tests.supervision.account import (
    ANSWERED,
    BACK,
    COMMENDED,
    CONCLUDED,
    FEEDBACK,
    FOUND,
    LOOKED,
    NOT_DONE,
    NOTICE,
    PRAISED,
    PROPOSED,
    REPLY,
    REPORT,
    SANCTIONED,
    SERVED,
    SUGGESTED,
    TAKEN_BACK,
    UPHELD,
)
from tests.supervision.deeds import served
from tests.supervision.lives import Late, moment
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

F = TypeVar("F", bound=Fact)

HERE = registered("2026-01-05")
STOPPED = (stopped("2026-02-05"), resumed("2026-02-25"))


def _but(fact: F, /, **other: Any) -> F:
    return fact.model_copy(update=other)


def notice(on: str, due: str, number: int = 1, level: NoticeLevel = NoticeLevel.REMINDER) -> NoticeIssued:
    follows = f"notice-{number - 1}" if number > 1 else None
    name = f"notice-{number}"
    return _but(NOTICE, notice_id=name, issued_on=day(on), due_on=day(due), follows=follows, level=level)


def answer(on: str, rectify_by: str | None, number: int = 1) -> NoticeAnswered:
    by = day(rectify_by) if rectify_by else None
    return _but(REPLY, notice_id=f"notice-{number}", answered_on=day(on), rectify_by=by)


def rectified(on: str, number: int = 1) -> RectificationReported:
    return _but(REPORT, notice_id=f"notice-{number}", reported_on=day(on))


def rejected(on: str, redo_by: str, number: int = 1) -> RectificationJudged:
    return _but(NOT_DONE, notice_id=f"notice-{number}", judged_on=day(on), redo_by=day(redo_by))


def done(on: str, number: int = 1) -> RectificationJudged:
    return _but(NOT_DONE, notice_id=f"notice-{number}", judged_on=day(on), done=True, redo_by=None)


def handed_over(on: str, number: int = 2) -> NoticeServed:
    return _but(SERVED, notice_id=f"notice-{number}", served_on=day(on))


def objected_to(on: str) -> FindingAnswered:
    return _but(ANSWERED, answered_on=day(on))


def upheld(on: str) -> FindingUpheld:
    return _but(UPHELD, upheld_on=day(on))


def suggested(on: str, due: str, name: str = "s-1") -> SuggestionMade:
    return _but(SUGGESTED, suggestion_id=name, made_on=day(on), due_on=day(due))


def fed_back(on: str, name: str = "s-1") -> SuggestionAnswered:
    return _but(FEEDBACK, suggestion_id=name, answered_on=day(on))


def looked_back(on: str, due: str, number: int = 1) -> ReverseInquiryOpened:
    return _but(BACK, inquiry_id=f"inquiry-{number}", opened_on=day(on), due_on=day(due))


def concluded(on: str, number: int = 1) -> ReverseInquiryConcluded:
    return _but(CONCLUDED, inquiry_id=f"inquiry-{number}", concluded_on=day(on))


def proposed(on: str, finding: str = "finding-1") -> SanctionProposed:
    return _but(PROPOSED, proposed_on=day(on), findings=(finding,))


def decided(on: str, *, adopted: bool) -> SanctionDecided:
    return _but(SANCTIONED, decided_on=day(on), adopted=adopted)


def praised(on: str) -> CommendationProposed:
    return _but(PRAISED, proposed_on=day(on))


def commended(on: str) -> CommendationDecided:
    return _but(COMMENDED, decided_on=day(on))


def looked_at(on: str, *, differs: bool = True) -> InspectionHeld:
    other = (Difference(fact="casework:case-1:1", says="已发放", seen="未发放"),)
    return _but(LOOKED, inspection_id=f"i-{on}", held_on=day(on), differences=other if differs else ())


FOUND_HERE = _but(FOUND, since=day("2026-01-20"), as_of=moment("2026-01-20"))
TOLD: tuple[Fact, ...] = (HERE, FOUND_HERE, notice("2026-02-01", "2026-02-11"))
"""Told on 2026-02-01, to be answered by 2026-02-11."""
MORE = (*TOLD, notice("2026-02-12", "2026-02-22", 2))
ANSWERED_ONLY = (*TOLD, answer("2026-02-05", "2026-03-10"))
UP = (*TOLD, notice("2026-02-12", "2026-02-22", 2, NoticeLevel.SUPERVISION))
"""Gone up on 2026-02-12, to a 督办 that is to be served."""
ABOUT_THE_OFFICE = _but(
    notice("2026-02-12", "2026-02-22", 1, NoticeLevel.SUPERVISION),
    addressee=Addressee(role="joint-meeting", name="信访工作联席会议", unit="信访工作联席会议"),
)
NOT_SO = (*ANSWERED_ONLY, rectified("2026-03-05"), rejected("2026-03-15", "2026-03-25"))
"""Reported as done, and a supervisor found that it is not: to be made up for by 2026-03-25."""
WITHDRAWN: NoticeWithdrawn = _but(TAKEN_BACK, withdrawn_on=day("2026-02-15"))
TURNED_BACK = (HERE, FOUND_HERE, looked_back("2026-02-01", "2026-03-03"))
"""A reverse inquiry, to be concluded by 2026-03-03."""
PUT_UP = (HERE, FOUND_HERE, proposed("2026-02-01"))
"""Proposed on 2026-02-01, to be decided within 31 days: by 2026-03-04."""
OF_THE_WATCH = _but(FOUND_HERE, finding_id="finding-2", rule="supervisor-idle", since=day("2026-01-25"))
ASKED = (HERE, suggested("2026-02-01", "2026-03-03"))
REPLIED = (HERE, served("2026-01-20"))
SEEN = (*REPLIED, looked_at("2026-02-10"))
ELSEWHERE = _but(looked_at("2026-02-20", differs=False), place="柳林镇五组")

ANSWERING: dict[str, tuple[Worked, ...]] = {
    "notice-unheeded": (
        fires(TOLD, "2026-03-01", "2026-02-12"),
        not_yet(TOLD, "2026-02-11"),
        on_the_day(TOLD, "2026-02-12"),
        paused((*TOLD, *STOPPED), "2026-03-01", "2026-02-12"),
        late((*TOLD, Late(answer("2026-02-10", "2026-03-10"), "2026-02-20")), "2026-02-20", None),
        policy(TOLD, "2026-03-01", None, enabled=False),
        besides((*TOLD, Late(answer("2026-02-10", "2026-03-10"), "2026-02-20")), "2026-02-19", "2026-02-12"),
        besides(MORE, "2026-02-15", "2026-02-12"),
        besides((*MORE, answer("2026-02-14", "2026-03-10", 2)), "2026-02-20", "2026-02-12"),
        besides((*TOLD, objected_to("2026-02-05")), "2026-03-01", None),
        besides((*TOLD, objected_to("2026-02-05"), upheld("2026-02-20")), "2026-03-01", "2026-02-12"),
        besides((*TOLD, NoticeClosed(notice_id="notice-1", as_of=moment("2026-02-15"))), "2026-03-01", None),
        besides((*TOLD, WITHDRAWN), "2026-03-01", None),
    ),
    "not-rectified": (
        fires(ANSWERED_ONLY, "2026-04-01", "2026-03-11"),
        not_yet(ANSWERED_ONLY, "2026-03-10"),
        on_the_day(ANSWERED_ONLY, "2026-03-11"),
        paused((*ANSWERED_ONLY, *STOPPED), "2026-04-01", "2026-03-11"),
        late((*ANSWERED_ONLY, Late(rectified("2026-03-05"), "2026-03-20")), "2026-03-20", None),
        policy(ANSWERED_ONLY, "2026-04-01", None, enabled=False),
        besides((*ANSWERED_ONLY, Late(rectified("2026-03-05"), "2026-03-20")), "2026-03-19", "2026-03-11"),
        besides(TOLD, "2026-04-01", None),
        besides((*TOLD, answer("2026-02-05", None)), "2026-02-11", None),
        besides(NOT_SO, "2026-03-25", None),
        besides(NOT_SO, "2026-04-01", "2026-03-26"),
        besides((*NOT_SO, rectified("2026-03-20")), "2026-04-01", None),
        besides((*NOT_SO, rectified("2026-03-20"), done("2026-03-22")), "2026-04-01", None),
        besides((*NOT_SO, notice("2026-03-26", "2026-04-05", 2)), "2026-04-01", "2026-03-26"),
        besides((*ANSWERED_ONLY, NoticeClosed(notice_id="notice-1", as_of=moment("2026-02-15"))), "2026-04-01", None),
    ),
    "supervisor-idle": (
        fires(UP, "2026-04-01", "2026-02-28"),
        not_yet(UP, "2026-02-27"),
        on_the_day(UP, "2026-02-28"),
        paused((*UP, *STOPPED), "2026-04-01", "2026-02-28"),
        late((*UP, Late(handed_over("2026-02-20"), "2026-03-10")), "2026-03-10", None),
        policy(UP, "2026-04-01", "2026-03-15", days=30),
        besides((*UP, Late(handed_over("2026-02-20"), "2026-03-10")), "2026-03-09", "2026-02-28"),
        besides((*UP, answer("2026-02-20", "2026-05-10", 2)), "2026-04-01", None),
        besides((*UP, notice("2026-02-23", "2026-03-23", 3, NoticeLevel.ACCOUNTABILITY)), "2026-03-01", "2026-02-28"),
        besides(
            (*UP, handed_over("2026-02-14"), notice("2026-02-23", "2026-03-23", 3, NoticeLevel.ACCOUNTABILITY)),
            "2026-04-01",
            "2026-03-11",
        ),
        besides(TOLD, "2026-06-01", None),
        besides((*TOLD, objected_to("2026-02-05")), "2026-04-01", "2026-02-21"),
        besides((*TOLD, objected_to("2026-02-05"), upheld("2026-03-10")), "2026-04-01", None),
        besides((*ANSWERED_ONLY, rectified("2026-03-05")), "2026-04-01", "2026-03-21"),
        besides(NOT_SO, "2026-06-01", None),
        besides((HERE, FOUND_HERE, ABOUT_THE_OFFICE), "2026-06-01", None),
        besides(TURNED_BACK, "2026-03-03", None),
        besides(TURNED_BACK, "2026-03-04", "2026-03-04"),
        besides((*TURNED_BACK, concluded("2026-03-10")), "2026-04-01", None),
        besides((*TURNED_BACK, Late(concluded("2026-03-01"), "2026-03-20")), "2026-03-19", "2026-03-04"),
        besides(
            (*TURNED_BACK, looked_back("2026-03-01", "2026-03-31", 2), concluded("2026-03-02")), "2026-03-31", None
        ),
        besides(PUT_UP, "2026-03-04", None),
        besides(PUT_UP, "2026-04-01", "2026-03-05"),
        policy(PUT_UP, "2026-04-01", "2026-02-16", decision_days=14),
        besides((*PUT_UP, decided("2026-03-01", adopted=True)), "2026-04-01", None),
        besides((*PUT_UP, decided("2026-03-10", adopted=False)), "2026-04-01", None),
        besides((HERE, FOUND_HERE, OF_THE_WATCH, proposed("2026-02-01", "finding-2")), "2026-06-01", None),
        besides((HERE, FOUND_HERE, praised("2026-02-01")), "2026-03-04", None),
        besides((HERE, FOUND_HERE, praised("2026-02-01")), "2026-03-05", "2026-03-05"),
        besides((HERE, FOUND_HERE, praised("2026-02-01"), commended("2026-03-10")), "2026-04-01", None),
    ),
    "suggestion-unanswered": (
        fires(ASKED, "2026-04-01", "2026-03-04"),
        not_yet(ASKED, "2026-03-03"),
        on_the_day(ASKED, "2026-03-04"),
        paused((*ASKED, *STOPPED), "2026-04-01", "2026-03-04"),
        late((*ASKED, Late(fed_back("2026-03-01"), "2026-03-10")), "2026-03-10", None),
        policy(ASKED, "2026-04-01", None, enabled=False),
        besides((*ASKED, Late(fed_back("2026-03-01"), "2026-03-10")), "2026-03-09", "2026-03-04"),
        besides((*ASKED, fed_back("2026-02-10", "s-2")), "2026-04-01", "2026-03-04"),
        besides(
            (*ASKED, suggested("2026-02-10", "2026-03-12", "s-2"), fed_back("2026-02-20")), "2026-04-01", "2026-03-13"
        ),
        besides((*ASKED, closed("2026-02-20")), "2026-04-01", "2026-03-04"),
    ),
    "reply-differs": (
        fires(SEEN, "2026-03-01", "2026-02-10"),
        not_yet((*REPLIED, looked_at("2026-02-10", differs=False)), "2026-03-01"),
        on_the_day(SEEN, "2026-02-10"),
        paused((*SEEN, *STOPPED), "2026-03-01", "2026-02-10"),
        late((*SEEN, Late(served("2026-02-15", number="b"), "2026-03-01")), "2026-03-01", None),
        policy(SEEN, "2026-03-01", None, enabled=False),
        besides((*SEEN, served("2026-02-10")), "2026-03-01", "2026-02-10"),
        besides((*SEEN, served("2026-02-15")), "2026-03-01", "2026-02-10"),  # the same paper, handed over once more
        besides((*SEEN, looked_at("2026-02-20", differs=False)), "2026-03-01", None),  # there, it is so by now
        besides((*SEEN, ELSEWHERE), "2026-03-01", "2026-02-10"),
        besides((*SEEN, closed("2026-02-12"), relapsed("2026-02-20")), "2026-03-01", "2026-02-10"),
        besides((*SEEN, looked_at("2026-02-12")), "2026-03-01", "2026-02-12"),
        besides((*SEEN, served("2026-02-10", number="b")), "2026-03-01", "2026-02-10"),  # of the very day
    ),
}
