"""What is found of demands, and the papers that show it."""

from typing import Any

from services.casework.domain.demands import DUTIES
from services.casework.domain.documents import six_haves
from services.casework.domain.inquiry import ReportInquiry
from shared.events.casework import (
    Vote,
)
from shared.terms import (
    DocumentKind,
    Duty,
    Judgement,
)
from tests.casework.handling import (
    INQUIRY,
    OPEN,
    PAPER,
    WITHDRAWN,
    ZHAO,
    command,
)
from tests.spec import Spec


def test_every_judgement_obliges_to_something() -> None:
    assert set(DUTIES) == set(Judgement)
    assert all(DUTIES.values())
    assert DUTIES[Judgement.HARDSHIP] == (Duty.EXPLAIN, Duty.HELP)


def test_a_report_with_dissent_on_record_is_a_report(here: Spec[Any]) -> None:
    three = (*INQUIRY.votes, Vote(official=ZHAO, agrees=False, dissent="面积应当重测"))
    fact = INQUIRY.model_copy(update={"votes": three})
    here.given(*OPEN).when(command(ReportInquiry, votes=three)).then(fact)


def test_the_six_haves_say_what_is_missing(here: Spec[Any]) -> None:
    case = here.given(*OPEN, PAPER).state
    lacking = six_haves(case)
    assert lacking["有基本案情材料"] == []
    assert lacking["有交办案件台账及交办函"] == [DocumentKind.LEDGER, DocumentKind.ASSIGNMENT_LETTER]
    assert six_haves(here.given(*OPEN, PAPER, WITHDRAWN).state)["有基本案情材料"] == [DocumentKind.CASE_FILE]
