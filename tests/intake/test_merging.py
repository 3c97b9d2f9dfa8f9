"""并案与撤销并案: two cases are one matter, or turn out not to be."""

from typing import Any

import pytest

from services.intake.domain import intake
from services.intake.domain.merging import MergeCase, TakeInCase, TakeOutCase, UnmergeCase
from shared.events.intake import CaseTakenIn, CaseTakenOut
from shared.standard import Standard
from tests.intake.test_handing_down import HERE, MERGED, UNMERGED, command
from tests.sample import day
from tests.spec import Spec

TAKEN = CaseTakenIn(other="case-2", merged_on=day("2026-11-05"), brought=(day("2026-10-30"),))
OUT = CaseTakenOut(other="case-2", unmerged_on=day("2026-11-07"))


@pytest.fixture
def here(standard: Standard) -> Spec[Any]:
    return Spec(intake(standard))


def test_a_case_takes_in_another_of_its_county_once(here: Spec[Any]) -> None:
    asked = TakeInCase(other="case-2", region="610499", merged_on=day("2026-11-05"), brought=(day("2026-10-30"),))
    here.given(*HERE).when(asked).then(TAKEN)
    assert here.given(*HERE, TAKEN).state.received == (day("2026-11-02"), day("2026-10-30"))
    for before, elsewhere in ((), "610499"), (HERE, "610498"):
        said = asked.model_copy(update={"region": elsewhere})
        here.given(*before).when(said).then_rejected("merged-into-nothing")
    assert "case-2" in here.given(*HERE, MERGED).when(asked).then_rejected("merged-into-merged").zh


def test_what_was_taken_in_is_taken_out_with_its_days(here: Spec[Any]) -> None:
    asked = TakeOutCase(other="case-2", unmerged_on=day("2026-11-07"))
    here.given(*HERE, TAKEN).when(asked).then(OUT)
    assert here.given(*HERE, TAKEN, OUT).state.received == (day("2026-11-02"),)
    assert here.given(*HERE, TAKEN, OUT, TAKEN).state.received == (day("2026-11-02"), day("2026-10-30"))
    here.given(*HERE).when(asked).then()
    here.given(*HERE, TAKEN, OUT).when(TakeInCase(region="610499", **TAKEN.model_dump())).then(TAKEN)
    assert "case-2" in here.given(*HERE, TAKEN, MERGED).when(asked).then_rejected("unmerged-from-merged").zh


def test_a_merge_that_was_undone_may_be_made_again_for_another_reason(here: Spec[Any]) -> None:
    undone = here.given(*HERE, MERGED, UNMERGED)
    assert undone.state.merged is None
    undone.when(command(MergeCase)).then_rejected("merged-before-unmerged")
    again = MERGED.model_copy(update={"merged_on": day("2026-11-08"), "reason": "复核后确为同一事项"})
    undone.when(command(MergeCase, **again.model_dump())).then(again)
    undone.when(command(UnmergeCase)).then()
    later = UNMERGED.model_copy(update={"unmerged_on": day("2026-11-09")})
    undone.when(command(UnmergeCase, unmerged_on=day("2026-11-09"))).then(later)
