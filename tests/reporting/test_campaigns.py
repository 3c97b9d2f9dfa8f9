"""Who reads what of how a campaign ended."""

import random

import pytest

from services.reporting.accounting import campaign, campaigns
from shared.events import GENESIS, Fact, document
from shared.events.supervision import CampaignAccepted
from shared.identity import Actor
from shared.store import Delivery
from shared.terms import Role
from tests.reporting.test_queries import filled
from tests.sample import OTHER, TOWN, registered
from tests.spec import asked
from tests.supervision.account import ACCEPT, OPENED

LEFT_OPEN = ("case-1", "case-2", "case-9")
END = CampaignAccepted(**ACCEPT.model_dump(exclude={"by", "open_cases"}), by=OPENED.by, open_cases=LEFT_OPEN)


def log(*facts: tuple[str, Fact]) -> list[Delivery]:
    """One speaker's log of these facts, each the next of its history."""
    said: list[Delivery] = []
    versions: dict[str, int] = {}
    for n, (name, fact) in enumerate(facts, 1):
        versions[name] = versions.get(name, 0) + 1
        raw = document(fact, region="610499", case_id=name, version=versions[name], prevhash=GENESIS, asked=asked())
        said.append(Delivery(f"610499.{fact.speaker}", "e", n, n - 1, raw))
    return said


HEARD = [
    *log(("case-1", registered("2026-01-05", TOWN)), ("case-2", registered("2026-01-06", OTHER))),
    *log(("campaign-1", OPENED), ("campaign-1", END)),
]


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.HANDLER, TOWN, ["case-1"]),
        (Role.UNIT_HEAD, OTHER, ["case-2"]),
        (Role.SUPERVISOR, None, list(LEFT_OPEN)),
        (Role.AUDITOR, None, list(LEFT_OPEN)),
    ],
)
def test_of_the_cases_that_were_left_open_a_unit_sees_its_own(role: Role, unit: str | None, sees: list[str]) -> None:
    actor = Actor("x", role, unit, "610499")
    with filled(HEARD, random.Random(1)) as model:
        (listed,) = campaigns(model, actor)
        assert listed["open_cases"] == sees
        one = campaign(model, actor, "campaign-1", None)
        assert one is not None
        assert (one["open_cases"], one["conclusion"]) == (sees, "化解九成")
