"""Whose failing it is: what only the petition office can do is held against no unit, and no unit is told that it is accused."""

import pytest

from shared.events import Fact
from shared.events.supervision import FindingRaised, NoticeIssued
from shared.standard import Standard
from shared.terms import EndGround
from tests.sample import TOWN, accepted, closed, dispatched, leader, registered, repeat, unlinked
from tests.supervision.deeds import accused, contested, ended
from tests.supervision.lives import Late, lived, only

HERE = registered("2026-01-05")
CAME = repeat("2026-02-20")
LED = (HERE, dispatched("2026-01-06"), accepted("2026-01-07"), leader("2026-01-08"))

LIVES: dict[str, tuple[Fact | Late, ...]] = {
    "late-registration": (Late(HERE, "2026-02-01"), *LED[1:]),
    "not-forwarded": (HERE, leader("2026-01-08")),
    "urgent-late": (HERE.model_copy(update={"urgent": True}), *LED[1:]),
    "sent-to-accused": (*LED, accused("2026-01-09", TOWN)),
    "review-late": (*LED, contested("2026-01-20")),
    "unlinked-afterwards": (*LED, closed("2026-02-01"), CAME, unlinked("2026-02-25", CAME)),
    "ended-unfounded": (*LED, ended("2026-01-20", EndGround.FINAL_REVIEW)),
}


@pytest.mark.parametrize("rule", LIVES)
def test_what_only_the_petition_office_can_do_goes_to_the_joint_meeting(national: Standard, rule: str) -> None:
    """Found: the unit that had a case was pressed, up to a proposal of accountability, for what no unit may do or mend."""
    watched = lived(only(national, rule), *LIVES[rule], until="2026-06-01")
    found = [r.fact for r in watched.said if isinstance(r.fact, FindingRaised)]
    assert {(finding.rule, finding.unit) for finding in found} == {(rule, "信访部门")}
    told = [r.fact.addressee for r in watched.said if isinstance(r.fact, NoticeIssued)]
    assert told
    assert {addressee.role for addressee in told} == {"joint-meeting"}


def test_these_are_all_of_them_that_a_policy_holds_against_the_office(national: Standard) -> None:
    office = {rule for rule, table in national.policies[0].rules.items() if table.about == "office"}
    assert office == {*LIVES, "supervisor-idle"}
