"""办理期限: casework's clock and supervision's rule T5 reckon the limit of Art 34 alike, whatever has happened."""

from datetime import timedelta

import pytest

from services.casework.domain import casework
from services.casework.domain.clocks import clocks
from shared.decider import fold
from shared.events import Fact
from shared.standard import Standard
from tests.sample import BUREAU, closed, day, extension, relapsed, stopped
from tests.spec import recorded
from tests.supervision.deeds import told
from tests.supervision.lives import Late, judged
from tests.supervision.tables.clocks import CLOCKS
from tests.supervision.test_limits import HERE, OVERDUE, QUASHED, TOLD

LIVES = {
    **{name: (facts, today) for name, (facts, today, _) in OVERDUE.items()},
    **{f"worked case {n}": (its.facts, its.today) for n, its in enumerate(CLOCKS["overdue"]) if not its.other},
    "a suspension of before the quashing goes on": ((*HERE, stopped("2026-02-01"), *QUASHED[2:]), "2026-12-01"),
    "an extension of the new limit": ((*QUASHED, extension("2026-05-01")), "2026-12-01"),
    "one of the old limit ended with it": ((*HERE, extension("2026-02-01"), *QUASHED[2:]), "2026-12-01"),
    "quashed in the round that a relapse ended": (
        (*QUASHED, closed("2026-03-20"), relapsed("2026-04-01")),
        "2026-12-01",
    ),
    "told that it was taken up": (TOLD, "2026-12-01"),
    "told by somebody else": ((*TOLD[:2], told("2026-01-08", BUREAU)), "2026-12-01"),
}


@pytest.mark.parametrize(("facts", "today"), LIVES.values(), ids=LIVES.keys())
def test_the_clock_of_casework_says_the_same_day(
    standard: Standard, facts: tuple[Fact | Late, ...], today: str
) -> None:
    """Found: it took a reply that was quashed for an answer, counted extensions that do not count, and waited for an
    acceptance after the person had been told of one.
    """
    there = [fact.fact if isinstance(fact, Late) else fact for fact in facts]
    known = [fact for fact in there if (on := fact.claimed_time()) is not None and on <= day(today)]
    case = fold(casework(standard), [recorded(fact, n) for n, fact in enumerate(known, 1)])
    clock = next((its for its in clocks(case, standard, day(today)) if its.name == "办结"), None)
    runs = clock is not None and clock.met_on is None and not (case.closed or case.merged)
    due = clock.due if clock is not None and runs else None
    verdict = judged(standard, "overdue", known, today)
    assert verdict.shows == (due is not None and due < day(today))
    if verdict.since is not None:
        assert due == verdict.since - timedelta(days=1)
