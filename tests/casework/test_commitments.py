"""What was promised: every commitment stands somewhere, and is overdue from the day after its day."""

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.casework.domain import casework
from services.casework.domain.commitments import BreakCommitment, standings
from shared.events import Fact
from shared.events.casework import (
    CaseRelapsed,
    CommitmentBroken,
    CommitmentFulfilled,
    Measure,
    PlanAdopted,
)
from shared.standard import Standard
from shared.terms import (
    RelapseSign,
)
from tests.casework.handling import (
    AGREEMENT,
    BROKEN,
    DONE,
    MEETING,
    OPEN,
    PROMISE,
    READY,
    command,
)
from tests.sample import (
    closed,
    day,
)
from tests.spec import Spec


def test_every_commitment_stands_somewhere(here: Spec[Any]) -> None:
    plan = PlanAdopted(
        adopted_on=day("2026-08-10"),
        measures=(
            Measure(what="核对清单", who="经管站", due_on=day("2026-08-30")),
            Measure(what="随时沟通", who="联络员"),
        ),
    )
    case = here.given(*OPEN, plan, PROMISE, MEETING, AGREEMENT, DONE).state
    shown = {
        s.commitment.commitment_id: (s.source, s.state, s.overdue_days) for s in standings(case, day("2026-09-25"))
    }
    assert shown == {
        "plan-1-1": ("PlanAdopted", "overdue", 26),
        "p-1": ("PromiseMade", "overdue", 3),
        "m-1-1": ("MeetingHeld", "open", 0),
        "a-1": ("AgreementReached", "fulfilled", 0),
    }
    newer = plan.model_copy(update={"adopted_on": day("2026-09-01"), "reason": "测量有误"})
    ids = {s.commitment.commitment_id for s in standings(here.given(*OPEN, plan, newer).state, day("2026-09-25"))}
    assert ids == {"plan-2-1"}


@pytest.mark.parametrize(
    ("done", "found", "state"),
    [
        ("2026-09-10", None, "fulfilled"),
        (None, "2026-09-10", "broken"),
        ("2026-09-10", "2026-09-15", "broken"),  # it had been said to be done, and was not
        ("2026-09-15", "2026-09-15", "broken"),
        ("2026-09-20", "2026-09-15", "fulfilled"),  # late, and done all the same
    ],
)
def test_the_later_word_on_a_commitment_holds(here: Spec[Any], done: str | None, found: str | None, state: str) -> None:
    said: list[Fact] = []
    if done:
        said.append(CommitmentFulfilled(commitment_id="p-1", fulfilled_on=day(done), proof="回单"))
    if found:
        said.append(CommitmentBroken(commitment_id="p-1", found_on=day(found), note="未付"))
    (standing,) = standings(here.given(*OPEN, PROMISE, *said).state, day("2026-09-25"))
    assert standing.state == state


def test_a_broken_agreement_opens_a_closed_case(here: Spec[Any]) -> None:
    facts = (*READY, AGREEMENT, closed("2026-09-12"))
    again = CaseRelapsed(sign=RelapseSign.BROKEN_AGREEMENT, relapsed_on=day("2026-09-21"), note="至今未付")
    here.given(*facts).when(command(BreakCommitment)).then(BROKEN, again)


@for_all(days=st.integers(-400, 400))
def test_a_commitment_is_overdue_from_the_day_after_its_day(standard: Standard, days: int) -> None:
    case = Spec(casework(standard)).given(*OPEN, PROMISE).state
    today = day("2026-09-22").toordinal() + days
    (standing,) = standings(case, day("2026-09-22").fromordinal(today))
    assert (standing.state, standing.overdue_days) == (("overdue", days) if days > 0 else ("open", 0))
