"""What is registered, and of whom: many speak through few, days in their order, and what has ended is entered all the same."""

from typing import Any

import pytest

from services.intake.domain import intake
from services.intake.domain.registering import LinkRepeatPetition, RegisterCase
from services.intake.domain.routing import RefuseAcceptance
from shared.events.casework import CaseEnded
from shared.events.intake import RepeatPetitionLinked
from shared.policy.petitions import Few
from shared.standard import Standard
from shared.terms import EndGround, Purpose, RefusalGround
from tests.intake.handing_down import HERE, REFUSED, command
from tests.sample import WANG, accepted, day
from tests.spec import Spec


@pytest.mark.parametrize(("headcount", "representatives"), [(60, 6), (3, 4)])
def test_a_crowd_speaks_through_at_most_five(here: Spec[Any], headcount: int, representatives: int) -> None:
    crowd = HERE[0].model_copy(update={"headcount": 60, "representatives": 5, "purpose": Purpose.CLAIM})
    here.given().when(RegisterCase(**crowd.model_dump())).then(crowd)
    said = crowd.model_dump() | {"headcount": headcount, "representatives": representatives}
    here.given().when(RegisterCase(**said)).then_rejected("too-many-representatives")


@pytest.mark.parametrize(("headcount", "most"), [(2, 2), (10, 3), (11, 5)])
def test_a_place_may_want_fewer_representatives_of_few(standard: Standard, headcount: int, most: int) -> None:
    (policy,) = standard.policies
    petitions = policy.petitions.model_copy(update={"few": Few(people=10, representatives=3)})
    spec = Spec(intake(Standard((policy.model_copy(update={"petitions": petitions}),), standard.calendar)))
    crowd = HERE[0].model_copy(update={"headcount": headcount, "representatives": most})
    spec.given().when(RegisterCase(**crowd.model_dump())).then(crowd)
    said = crowd.model_dump() | {"representatives": most + 1}
    spec.given().when(RegisterCase(**said)).then_rejected("too-many-representatives")


@pytest.mark.parametrize("name", ["happened_on", "first_on"])
def test_nothing_of_a_petition_happened_after_it_came(here: Spec[Any], name: str) -> None:
    said = HERE[0].model_copy(update={name: day("2026-11-02")})
    here.given().when(RegisterCase(**said.model_dump())).then(said)
    here.given().when(RegisterCase(**said.model_dump() | {name: day("2026-11-03")})).then_rejected("after-receipt")


def test_a_matter_that_has_ended_is_registered_all_the_same(here: Spec[Any]) -> None:
    """不登记 is never built: what cannot be taken up again is still entered in the books (Arts 22, 36, 44)."""
    link = LinkRepeatPetition(
        petition_id="p-9", channel="letter", received_on=day("2026-11-10"), same_matter="同一事实"
    )
    here.given(*HERE, REFUSED).when(link).then(RepeatPetitionLinked(**dict(link)))
    gone = (
        *HERE,
        accepted("2026-11-02"),
        CaseEnded(ended_on=day("2026-11-04"), ground=EndGround.FINAL_REVIEW, approved_by=WANG),
    )
    this = REFUSED.model_copy(update={"same_as": ""})
    here.given(*gone, RepeatPetitionLinked(**dict(link))).when(command(RefuseAcceptance, same_as="")).then(this)
    of_law = this.model_copy(update={"ground": RefusalGround.STATUTORY})
    here.given(*HERE).when(command(RefuseAcceptance, **of_law.model_dump())).then(of_law)
