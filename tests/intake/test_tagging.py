"""谁登记、谁标示: whoever registers a matter tags it, and whoever does not, does not."""

from dataclasses import replace

import pytest

from services.intake.domain import intake
from services.intake.domain.backlog import TagCase
from shared.decider import Rejected, obey
from shared.events import GENESIS, Asked, Called, Fact, Recorded, document, read
from shared.standard import Standard
from shared.terms import Role
from tests.intake.handing_down import HERE, TAGGED, command
from tests.sample import repeat
from tests.spec import NOW, Spec


def of(unit: str | None, *former: str) -> Asked:
    """A registrar of an office, which has been called otherwise."""
    called = tuple(map(Called, (unit, *former))) if unit else ()
    return Asked(actor="zhou", role=Role.REGISTRAR, now=NOW, unit=unit, called=called)


COUNTY, TOWN, OTHER, OF_NONE = of("县信访局"), of("柳林镇信访办"), of("青石镇信访办"), of(None)
AGAIN = repeat("2026-11-04")


def entered(fact: Fact, version: int, by: Asked, imported_from: str | None = None) -> Recorded:
    who = replace(by, imported_from=imported_from)
    return read(document(fact, region="610499", case_id="case-1", version=version, prevhash=GENESIS, asked=who))


def tagging(standard: Standard, by: Asked, *facts: Recorded) -> list[Fact]:
    decider = intake(standard)
    return obey(decider, Spec(decider).given(*facts).state, command(TagCase), by)


@pytest.mark.parametrize(
    ("facts", "may", "may_not"),
    [
        ([entered(HERE[0], 1, TOWN)], [TOWN], [COUNTY, OTHER]),
        ([entered(HERE[0], 1, TOWN), entered(AGAIN, 2, COUNTY)], [TOWN, COUNTY], [OTHER]),
        ([entered(HERE[0], 1, TOWN), entered(AGAIN, 2, COUNTY, "a.xlsx")], [TOWN], [COUNTY, OTHER]),
        ([entered(HERE[0], 1, TOWN)], [of("柳林镇综治中心", "柳林镇信访办"), OF_NONE], []),
        ([entered(HERE[0], 1, OF_NONE), entered(AGAIN, 2, TOWN)], [TOWN, COUNTY, OTHER], []),
        ([entered(HERE[0], 1, COUNTY, "a.xlsx"), entered(AGAIN, 2, TOWN)], [TOWN, COUNTY, OTHER], []),
    ],
)
def test_the_office_that_registered_tags(
    standard: Standard, facts: list[Recorded], may: list[Asked], may_not: list[Asked]
) -> None:
    for by in may:
        assert tagging(standard, by, *facts) == [TAGGED]
    for by in may_not:
        with pytest.raises(Rejected) as refusal:
            tagging(standard, by, *facts)
        assert (refusal.value.rule, "柳林镇信访办" in refusal.value.zh) == ("not-the-registrar", True)
        assert "柳林镇信访办" in refusal.value.en
