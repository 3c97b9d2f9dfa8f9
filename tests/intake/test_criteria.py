"""积案标准: what the facts say to each of the three criteria, day by day."""

from typing import Any

import pytest

from services.intake.domain import intake
from services.intake.domain.backlog import IdentifyBacklog
from services.intake.domain.case import Case
from services.intake.domain.criteria import met_by_law
from services.intake.domain.screening import screening
from shared.events import Fact
from shared.events.casework import CaseRelapsed, EvaluationReceived
from shared.events.intake import BacklogIdentified
from shared.standard import Standard
from shared.terms import BacklogCriterion, Evaluated, Purpose, RelapseSign, ReviewVerdict, Satisfaction
from tests.sample import (
    accepted,
    closed,
    day,
    dispatched,
    extension,
    registered,
    relapsed,
    repeat,
    resumed,
    routed,
    stopped,
)
from tests.spec import Spec
from tests.supervision.deeds import contested, decided, told

HERE = registered("2026-01-05")
SENT = (HERE, dispatched("2026-01-06"))
OPEN = (*SENT, accepted("2026-01-10"))
"""60 days from the day after: the last is 2026-03-11."""
QUASHED = (contested("2026-02-20"), decided("2026-03-01", ReviewVerdict.QUASHED))
ASSIGNED = (HERE, SENT[1].model_copy(update={"due_on": day("2026-02-20")}))
NO_CLAIM = HERE.model_copy(update={"purpose": Purpose.SUGGESTION})
OVERDUE, REPEATED, DISSATISFIED = BacklogCriterion


def evaluated(on: str, satisfaction: Satisfaction, of: Evaluated = Evaluated.RESPONSIBLE_UNIT) -> EvaluationReceived:
    return EvaluationReceived(of=of, satisfaction=satisfaction, received_on=day(on))


UNHAPPY = evaluated("2026-03-01", Satisfaction.DISSATISFIED)
AGAIN = CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day("2026-03-20"))


@pytest.mark.parametrize(
    ("criterion", "facts", "on", "met"),
    [
        (OVERDUE, OPEN, "2026-03-11", False),
        (OVERDUE, OPEN, "2026-03-12", True),
        (OVERDUE, (HERE, accepted("2026-01-10")), "2026-04-01", False),  # handed to nobody
        (OVERDUE, SENT, "2026-06-01", False),  # no day is known by which
        (OVERDUE, ASSIGNED, "2026-02-20", False),
        (OVERDUE, ASSIGNED, "2026-02-21", True),
        (OVERDUE, (*OPEN, closed("2026-03-09")), "2026-03-20", False),
        (OVERDUE, (*OPEN, closed("2026-03-20")), "2026-03-19", True),  # as of the day before
        (OVERDUE, (*OPEN, extension("2026-03-01", 30)), "2026-04-10", False),
        (OVERDUE, (*OPEN, extension("2026-03-01", 30)), "2026-04-11", True),
        (OVERDUE, (*OPEN, stopped("2026-02-01"), resumed("2026-02-11")), "2026-03-21", False),
        (OVERDUE, (*OPEN, routed("2026-02-01")), "2026-06-01", False),
        (OVERDUE, (NO_CLAIM, *OPEN[1:]), "2026-06-01", False),
        (OVERDUE, (*OPEN, closed("2026-02-01"), relapsed("2026-05-01")), "2026-06-30", False),
        (OVERDUE, (*OPEN, closed("2026-02-01"), relapsed("2026-05-01")), "2026-07-01", True),
        (OVERDUE, (*OPEN, extension("2026-03-01", 30, told=False)), "2026-03-12", True),  # it does not count
        (OVERDUE, (*OPEN, *QUASHED), "2026-04-30", False),  # the reply is given anew, by 2026-04-30
        (OVERDUE, (*OPEN, *QUASHED), "2026-05-01", True),
        (OVERDUE, (*OPEN, extension("2026-02-10", 30), *QUASHED), "2026-05-01", True),  # of a limit that is over
        (OVERDUE, (*OPEN, *QUASHED, closed("2026-03-02"), relapsed("2026-03-10")), "2026-05-09", False),
        (OVERDUE, (*SENT, told("2026-01-10")), "2026-03-11", False),
        (OVERDUE, (*SENT, told("2026-01-10")), "2026-03-12", True),
        (OVERDUE, (*SENT, told("2026-01-10", "信访局")), "2026-06-01", False),
        (OVERDUE, (*SENT, told("2026-01-10", exempt=True)), "2026-06-01", False),
        (REPEATED, (*OPEN, repeat("2026-02-01")), "2026-03-01", False),
        (REPEATED, (*OPEN, closed("2026-02-02"), repeat("2026-02-01")), "2026-03-01", False),
        (REPEATED, (*OPEN, closed("2026-02-02"), repeat("2026-02-09")), "2026-02-08", False),
        (REPEATED, (*OPEN, closed("2026-02-02"), repeat("2026-02-09")), "2026-02-09", True),
        (REPEATED, (*OPEN, closed("2026-02-02"), AGAIN), "2026-03-20", True),
        (DISSATISFIED, OPEN, "2026-03-01", False),
        (DISSATISFIED, (*OPEN, UNHAPPY), "2026-02-28", False),
        (DISSATISFIED, (*OPEN, UNHAPPY), "2026-03-01", True),
        (DISSATISFIED, (*OPEN, UNHAPPY, evaluated("2026-03-05", Satisfaction.SATISFIED)), "2026-03-05", False),
        (
            DISSATISFIED,
            (*OPEN, UNHAPPY, evaluated("2026-03-05", Satisfaction.SATISFIED, Evaluated.PETITION_OFFICE)),
            "2026-03-05",
            True,
        ),
    ],
)
def test_what_the_facts_say_to_a_criterion(
    standard: Standard, criterion: BacklogCriterion, facts: tuple[Fact, ...], on: str, met: bool
) -> None:
    case = Spec(intake(standard)).given(*facts).state
    assert isinstance(case, Case)
    said = met_by_law(case, criterion, standard, day(on))
    assert (said.met, bool(said.zh), bool(said.en)) == (met, True, True)


def test_what_is_shown_needs_no_word_and_what_is_not_does(standard: Standard) -> None:
    here: Spec[Any] = Spec(intake(standard))
    asked = IdentifyBacklog(criterion=OVERDUE, identified_on=day("2026-03-12"))
    here.given(*OPEN).when(asked).then(BacklogIdentified(**dict(asked)))
    early = asked.model_copy(update={"identified_on": day("2026-03-11")})
    refusal = here.given(*OPEN).when(early).then_rejected("criterion-not-shown")
    assert ("2026-03-11" in refusal.zh, "60" in refusal.en) == (True, True)
    from_before = early.model_copy(update={"note": "原系统登记为超期件"})
    here.given(*OPEN).when(from_before).then(BacklogIdentified(**dict(from_before)))


def test_screening_says_what_each_of_the_three_comes_to(standard: Standard) -> None:
    case = Spec(intake(standard)).given(*OPEN, UNHAPPY, BacklogIdentified(
        criterion=DISSATISFIED, identified_on=day("2026-03-02"))).state  # fmt: skip
    assert isinstance(case, Case)
    said = screening(case, HERE, standard, day("2026-03-15")).by_law
    assert [(its.criterion, its.met, its.identified) for its in said] == [
        ("overdue", True, False),
        ("repeated", False, False),
        ("dissatisfied", True, True),
    ]
