"""On which rung the ladder goes on with what is back on the very facts of which the unit was told."""

from typing import Any

import pytest

from services.supervision.notices import notices
from services.supervision.words import Words
from shared.events import Fact
from shared.events.supervision import (
    Addressee,
    Evidence,
    FindingRaised,
    NoticeClosed,
    NoticeIssued,
    NoticeSupplemented,
    SupervisionFact,
)
from shared.standard import Standard
from shared.terms import NoticeLevel
from tests.sample import BUREAU, TOWN, day
from tests.supervision.account import FOUND, NOTICE, TAKEN_BACK, WITHDRAWN
from tests.supervision.lives import moment

NOW = moment("2027-03-01")
REMINDER, SUPERVISION, ACCOUNTABILITY = NoticeLevel.REMINDER, NoticeLevel.SUPERVISION, NoticeLevel.ACCOUNTABILITY


def found(n: int, *facts: str, rule: str = "idle") -> FindingRaised:
    """A finding that stands on these facts."""
    stood_on = tuple(Evidence(id=name, type="VisitLogged", on=day("2026-08-02")) for name in facts)
    return FOUND.model_copy(update={"finding_id": f"finding-{n}", "rule": rule, "counted": stood_on})


def told(n: int, level: NoticeLevel, *of: FindingRaised, unit: str = TOWN) -> NoticeIssued:
    """A notice that named them."""
    changes: dict[str, Any] = {"notice_id": f"notice-{n}", "level": level, "findings": tuple(f.finding_id for f in of)}
    return NOTICE.model_copy(update={**changes, "addressee": NOTICE.addressee.model_copy(update={"unit": unit})})


def over(n: int) -> NoticeClosed:
    return NoticeClosed(notice_id=f"notice-{n}", as_of=moment("2026-12-01"))


ONCE, OTHER = found(1, "a", "b"), found(3, "c", rule="leader-absent")
STOOD = (ONCE, told(1, REMINDER, ONCE), told(2, SUPERVISION, ONCE), over(1), over(2))
"""It was told on the second rung, and is found no more."""
AGAIN = found(2, "a", "b")
NEW = found(5, "d", rule="never-met")


def said_then(standard: Standard, said: tuple[Fact, ...], *now: FindingRaised) -> list[Fact]:
    """What is said of notices when these are found."""
    words = Words()
    for n, fact in enumerate((*said, *now)):
        assert isinstance(fact, SupervisionFact)
        words = words.after(fact, f"supervision:case-1:{n}")
    addressee = Addressee(role="leader", name="李某 副镇长", unit=TOWN)
    return notices(
        words,
        [*now],
        standard.policies[0],
        standard.calendar,
        NOW,
        lambda: addressee,
        lambda one, other: one[0] == other[0],
        office=False,
    )


def next_told(standard: Standard, said: tuple[Fact, ...], *now: FindingRaised) -> NoticeIssued:
    """What is issued when these are found."""
    (issued,) = (fact for fact in said_then(standard, said, *now) if isinstance(fact, NoticeIssued))
    return issued


def test_what_is_new_is_told_beside_what_is_back_also_when_something_else_goes_up_to_the_last_rung(
    standard: Standard,
) -> None:
    """Found: it was told a moment later, and only if somebody asked."""
    high = found(7, "e", rule="no-leader")
    before = (*STOOD, high, told(3, SUPERVISION, high))
    once = said_then(standard, before, high, AGAIN, NEW)
    levels = [fact.level for fact in once if isinstance(fact, NoticeIssued)]
    assert levels == [ACCOUNTABILITY, SUPERVISION]
    assert [fact.findings for fact in once if isinstance(fact, NoticeSupplemented)] == [(NEW.finding_id,)]
    assert said_then(standard, (*before, *once), high, AGAIN, NEW) == []


FEWER = found(6, "a")
RUNGS: dict[str, tuple[tuple[SupervisionFact, ...], FindingRaised, NoticeLevel]] = {
    "on the very facts": (STOOD, AGAIN, SUPERVISION),
    "and on another one beside": (STOOD, found(2, "a", "b", "c"), SUPERVISION),
    "on some of them": (STOOD, found(2, "a"), REMINDER),
    "on one of them, and another": (STOOD, found(2, "b", "c"), REMINDER),
    "by another rule": (STOOD, found(2, "a", "b", rule="never-met"), REMINDER),
    "on none": ((found(1), *STOOD[1:]), found(2), REMINDER),
    "the very same finding": (STOOD, ONCE, REMINDER),
    "another unit had been told": (
        (ONCE, told(1, REMINDER, ONCE, unit=BUREAU), told(2, SUPERVISION, ONCE, unit=BUREAU), over(1), over(2)),
        AGAIN,
        REMINDER,
    ),
    "it had been proposed to hold somebody to account": (
        (*STOOD, told(3, ACCOUNTABILITY, ONCE), over(3)),
        AGAIN,
        SUPERVISION,
    ),
    "a supervisor had taken the notice back": (
        (*STOOD, TAKEN_BACK.model_copy(update={"notice_id": "notice-2"})),
        AGAIN,
        REMINDER,
    ),
    "a supervisor had taken the finding back": (
        (*STOOD, WITHDRAWN.model_copy(update={"counted": ("a",)})),
        AGAIN,
        REMINDER,
    ),
    "lower, on fewer facts, since": ((*STOOD, FEWER, told(3, REMINDER, FEWER), over(3)), AGAIN, SUPERVISION),
}


@pytest.mark.parametrize(("said", "now", "level"), RUNGS.values(), ids=RUNGS.keys())
def test_what_is_back_goes_on_where_it_stood(
    national: Standard, said: tuple[SupervisionFact, ...], now: FindingRaised, level: NoticeLevel
) -> None:
    issued = next_told(national, said, now)
    assert (issued.level, issued.findings) == (level, (now.finding_id,))


def test_of_several_that_are_back_the_highest_rung_counts_and_what_is_new_is_pressed_by_none(
    national: Standard,
) -> None:
    before = (*STOOD, OTHER, told(3, REMINDER, OTHER), over(3))
    other = found(4, "c", rule="leader-absent")
    issued = next_told(national, before, AGAIN, other, NEW)
    assert (issued.level, issued.findings) == (SUPERVISION, ("finding-2", "finding-4"))


def test_on_the_first_rung_what_is_new_is_told_together_with_what_is_back(national: Standard) -> None:
    issued = next_told(national, (ONCE, told(1, REMINDER, ONCE), over(1)), AGAIN, NEW)
    assert (issued.level, issued.findings) == (REMINDER, ("finding-2", "finding-5"))
