"""Who owns a case: by rank where it comes from above, and reported to the joint meeting office."""

from datetime import date
from typing import Any

from services.casework.domain import casework
from services.casework.domain.leadership import (
    AssignLeader,
    ReportOwnership,
)
from services.casework.domain.standing import standing
from shared.events import Fact
from shared.events.casework import (
    LeaderAssigned,
)
from shared.events.intake import CaseTakenIn, CaseTakenOut
from shared.standard import Standard
from shared.terms import (
    Channel,
    LeaderRank,
    Role,
)
from tests.casework.handling import (
    HERE,
    OWNERSHIP,
    READY,
)
from tests.sample import (
    LI,
    TOWN,
    WANG,
    accepted,
    day,
    leader,
    repeat,
    unlinked,
)
from tests.spec import Spec


def test_a_case_from_above_is_owned_by_a_leader_of_rank(here: Spec[Any], standard: Standard) -> None:
    (policy,) = standard.policies
    strict = policy.model_copy(
        update={"leaders": policy.leaders.model_copy(update={"ranks_for_assigned": (LeaderRank.MAIN, LeaderRank.TEAM)})}
    )
    spec = Spec(casework(Standard((strict,), standard.calendar)))
    above = HERE.model_copy(update={"channel": Channel.ASSIGNED})
    asked = AssignLeader(leader=LI, unit=TOWN, assigned_on=day("2026-08-06"))
    assert "班子成员" in spec.given(above).when(asked).then_rejected("rank-too-low").zh
    fact = LeaderAssigned(leader=LI, unit=TOWN, assigned_on=day("2026-08-06"), rank=LeaderRank.TEAM)
    spec.given(above).when(asked.model_copy(update={"rank": LeaderRank.TEAM})).then(fact)
    linked = repeat("2026-08-02").model_copy(update={"channel": Channel.ASSIGNED})
    merged = CaseTakenIn(other="case-2", merged_on=day("2026-08-03"), from_above=True)
    out = CaseTakenOut(other="case-2", unmerged_on=day("2026-08-04"))
    spec.given(HERE, linked).when(asked).then_rejected("rank-too-low")
    spec.given(HERE, merged).when(asked).then_rejected("rank-too-low")
    spec.given(HERE, merged, out).when(asked).then(leader("2026-08-06"))
    spec.given(HERE).when(asked).then(leader("2026-08-06"))  # not from above: any leader
    here.given(above).when(asked).then(leader("2026-08-06"))  # a policy that asks for no rank


def test_a_rank_that_is_too_low_is_missing_since_the_case_was_assigned_from_above(standard: Standard) -> None:
    (policy,) = standard.policies
    ranks = policy.leaders.model_copy(update={"ranks_for_assigned": (LeaderRank.TEAM,)})
    strict = Standard((policy.model_copy(update={"leaders": ranks}),), standard.calendar)

    def owned(*facts: Fact, by: Standard = strict) -> list[tuple[date | None, date | None, Role, str]]:
        shown = standing(Spec(casework(by)).given(*facts).state, by, day("2026-09-01")).checklists
        names = {"一名包案领导", "包案领导", "领导落实", "化解责任明确"}
        there = {item.name: item for listed in shown for item in listed.items if item.name in names}
        assert there["化解责任明确"].met_on == day("2026-08-06")  # whose duty it is, is clear, whatever the rank
        return [(i.met_on, i.missing_since, i.duty, i.on_whom) for i in there.values() if i.name != "化解责任明确"]

    merged = CaseTakenIn(other="case-2", merged_on=day("2026-08-20"), from_above=True)
    out = CaseTakenOut(other="case-2", unmerged_on=day("2026-08-25"))
    again = repeat("2026-08-18").model_copy(update={"channel": Channel.ASSIGNED})
    low = (HERE, accepted("2026-08-05"), leader("2026-08-06"))
    head = f"{TOWN}主要负责人"
    there = (day("2026-08-06"), None, Role.UNIT_HEAD, head)
    lacking = (None, day("2026-08-20"), Role.UNIT_HEAD, head)
    assert owned(*low) == owned(*low, merged, out) == owned(*low, merged, by=standard) == [there] * 3
    assert owned(*low, merged) == [lacking] * 3
    assert owned(*low, merged, again) == [(None, day("2026-08-18"), Role.UNIT_HEAD, head)] * 3
    assert owned(*low, again, unlinked("2026-08-25", again)) == [there] * 3
    ranked = leader("2026-08-22").model_copy(update={"rank": LeaderRank.TEAM})
    assert owned(*low, merged, ranked) == [there] * 3
    late = (HERE, merged, leader("2026-08-06"), leader("2026-08-22", WANG))  # as a ledger claims
    assert owned(*late) == [(None, day("2026-08-22"), Role.UNIT_HEAD, head)] * 3


def test_the_same_leader_may_state_another_rank(here: Spec[Any]) -> None:
    asked = AssignLeader(leader=LI, unit=TOWN, assigned_on=day("2026-08-20"), rank=LeaderRank.TEAM)
    named = LeaderAssigned(leader=LI, unit=TOWN, assigned_on=day("2026-08-20"), rank=LeaderRank.TEAM)
    here.given(HERE, leader("2026-08-06")).when(asked).then(named)
    here.given(HERE, leader("2026-08-06"), named).when(asked.model_copy(update={"rank": None})).then()
    before = asked.model_copy(update={"assigned_on": day("2026-08-05")})
    here.given(HERE, leader("2026-08-06")).when(before).then_rejected("replaced-before-assigned")


def test_the_owner_is_reported_to_the_joint_meeting_office(here: Spec[Any]) -> None:
    here.given(*READY).when(ReportOwnership(reported_on=day("2026-08-07"), to="县联席办")).then(OWNERSHIP)
