"""A region's year: to whom it was reported, what it came to for each unit, and among whom that was made known."""

import pytest

from services.supervision.domain import next_moment, supervision
from services.supervision.domain.years import RULES, AssessUnit, CirculateAssessments, SubmitAnnualReport, YearCommand
from shared.decider import Scope, fold
from shared.events import Fact
from shared.standard import Standard
from shared.terms import Grade, ReportedTo
from tests.sample import OTHER, TOWN, day
from tests.spec import NOW, Spec, recorded
from tests.supervision.year_end import ASSESSED, CIRCULATED, EXAMPLES, REFUSALS, SUBMITTED, command

each = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


def test_every_rule_has_its_example() -> None:
    assert EXAMPLES.keys() == RULES.keys()


@each
def test_each_command_leads_to_its_fact(standard: Standard, kind: type[YearCommand]) -> None:
    before, fact = EXAMPLES[kind]
    Spec(supervision(standard)).given(*before).when(command(kind)).then(fact)


@each
def test_nothing_is_claimed_for_tomorrow(standard: Standard, kind: type[YearCommand]) -> None:
    before, fact = EXAMPLES[kind]
    later = command(kind, **{str(fact.occurred): day("2026-11-21")})
    Spec(supervision(standard)).given(*before).when(later).then_rejected("in-the-future")


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS)
def test_what_is_refused(standard: Standard, rule: str, before: tuple[Fact, ...], asked: YearCommand) -> None:
    Spec(supervision(standard)).given(*before).when(asked).then_rejected(rule)


def test_the_same_paper_goes_to_both_and_another_corrects_it(standard: Standard) -> None:
    here = Spec(supervision(standard)).given(SUBMITTED)
    above = SUBMITTED.model_copy(update={"to": ReportedTo.OFFICE_ABOVE})
    here.when(command(SubmitAnnualReport, to=ReportedTo.OFFICE_ABOVE)).then(above)
    corrected = SUBMITTED.model_copy(update={"document": "县信发〔2026〕5 号", "other": "另有一事"})
    here.when(command(SubmitAnnualReport, document=corrected.document, other=corrected.other)).then(corrected)


def test_an_assessment_is_corrected_with_a_reason_and_both_stay_on_record(standard: Standard) -> None:
    revised = ASSESSED.model_copy(update={"grade": Grade.PASSED, "revised_because": "两件督办逾期未计入"})
    changes = {"grade": revised.grade, "revised_because": revised.revised_because}
    Spec(supervision(standard)).given(ASSESSED).when(command(AssessUnit, **changes)).then(revised)
    Spec(supervision(standard)).given(ASSESSED, revised).when(command(AssessUnit)).then()


def test_what_was_circulated_is_what_had_been_assessed_by_then(standard: Standard) -> None:
    other = ASSESSED.model_copy(update={"unit": OTHER})
    both = CIRCULATED.model_copy(update={"units": tuple(sorted((TOWN, OTHER)))})
    Spec(supervision(standard)).given(ASSESSED, other).when(command(CirculateAssessments)).then(both)
    Spec(supervision(standard)).given(ASSESSED, CIRCULATED, other).when(command(CirculateAssessments)).then()


def test_a_year_belongs_to_its_region_and_time_changes_nothing_in_it(standard: Standard) -> None:
    decider = supervision(standard)
    state = fold(decider, [recorded(SUBMITTED, 1, "year-610499-2025")])
    assert decider.scope(state) == Scope("610499")
    assert next_moment(standard, state, NOW) is None
