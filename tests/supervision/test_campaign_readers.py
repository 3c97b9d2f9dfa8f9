"""Who reads what of a campaign: a unit its own reports, under whatever name it was opened; who never filed, those who watch."""

import pytest

from shared.events import Called, Fact
from shared.events.supervision import CampaignAccepted, ReportFiled, ReportMissed
from shared.http.who import theirs
from shared.identity import Actor
from shared.terms import Role
from tests.sample import OTHER, TOWN, day
from tests.spec import recorded
from tests.supervision.campaigning import ACCEPT, OPENED, PUBLISHED

STREET = "柳林街道"
FILED = ReportFiled(report="2026-11", unit=TOWN, filed_on=day("2026-11-18"), text="化解 3 件")
THEIR_OWN = (FILED, ReportMissed(report="2026-10", unit=TOWN, due_on=day("2026-10-20")))
OF_OTHERS = (ReportMissed(report="2026-10", unit=OTHER, due_on=day("2026-10-20")),)
END = CampaignAccepted(
    **ACCEPT.model_dump(exclude={"by"}), by=OPENED.by, open_reports=(f"2026-10：{TOWN}", f"2026-10：{OTHER}")
)
ALL = (OPENED, *THEIR_OWN, *OF_OTHERS, PUBLISHED, END)


def seen(actor: Actor) -> list[Fact | None]:
    said = [recorded(fact, n, "campaign-1") for n, fact in enumerate(ALL, 1)]
    return [one.fact for one in theirs(actor, said)]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LEADER, Role.UNIT_HEAD])
def test_a_unit_sees_its_own_reports_also_under_its_new_name(role: Role) -> None:
    own = [OPENED, *THEIR_OWN, PUBLISHED]
    assert seen(Actor("li", role, TOWN, "610499")) == own
    renamed = Called(TOWN, until=day("2026-11-01")), Called(STREET, since=day("2026-11-01"))
    assert seen(Actor("li", role, STREET, "610499", renamed)) == own


def test_whoever_took_the_name_since_sees_nothing_of_it() -> None:
    namesake = Actor("li", Role.UNIT_HEAD, TOWN, "610499", (Called(TOWN, since=day("2026-11-01")),))
    assert seen(namesake) == [OPENED, PUBLISHED]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.PETITION_OFFICE])
def test_those_who_watch_see_who_never_filed(role: Role) -> None:
    assert seen(Actor("zhao", role, "县信访局", "610499")) == list(ALL)
