"""What people say of a finding about a unit: the same words as about a case, in the unit's own history."""

import pytest

from services.supervision.domain import supervision
from services.supervision.domain.desk import FoundCommand
from services.supervision.domain.units import AssessBook
from services.supervision.unitbook import UnitBook
from shared.decider import Scope, fold
from shared.events import Fact
from shared.events.casework import CaseworkFact
from shared.events.intake import CaseRegistered
from shared.events.supervision import BookOpened
from shared.standard import Standard
from tests.sample import TOWN
from tests.spec import NOW, Spec, recorded
from tests.supervision.account import EXAMPLES, SUGGESTED, command
from tests.supervision.unit_days import BOOK

HERE = BookOpened(unit=TOWN, region="610499")
ASK = AssessBook(as_of=NOW, book=BOOK)


def of_unit(before: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """What was said before, without the case."""
    return (HERE, *(fact for fact in before if not isinstance(fact, CaseRegistered | CaseworkFact)))


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if issubclass(kind, FoundCommand)])
def test_each_command_leads_to_its_fact(standard: Standard, kind: type[FoundCommand]) -> None:
    before, fact = EXAMPLES[kind]
    Spec(supervision(standard)).given(*of_unit(before)).when(command(kind)).then(fact)
    Spec(supervision(standard)).given().when(command(kind)).then_rejected("no-such-case")


def test_a_unit_is_looked_at_from_its_first_entry_on(national: Standard) -> None:
    empty_book = UnitBook(TOWN, (), region="610499")
    here = Spec(supervision(national, library=lambda name, _: empty_book if name == BOOK else None))
    here.given().when(ASK).then(HERE)
    here.given(HERE).when(ASK).then()
    here.given().when(ASK.model_copy(update={"book": "book-0000000000000000"})).then_rejected("no-such-case")


def test_it_belongs_to_the_unit_and_its_region(standard: Standard) -> None:
    decider, opened = supervision(standard), recorded(HERE, case_id=BOOK)
    scope = Scope("610499", frozenset({(TOWN, opened.occurred_on)}))
    assert decider.scope(fold(decider, [opened])) == scope


def test_whoever_is_given_a_suggestion_about_a_unit_reads_what_was_found_of_it(standard: Standard) -> None:
    decider = supervision(standard)
    said = [recorded(HERE, case_id=BOOK), recorded(SUGGESTED, 2, case_id=BOOK)]
    scope = decider.scope(fold(decider, said))
    assert scope is not None
    assert (SUGGESTED.addressed_to, SUGGESTED.made_on) in scope.units
