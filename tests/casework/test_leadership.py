"""Who owns a case: by rank where it comes from above, and reported to the joint meeting office."""

from typing import Any

from services.casework.domain import casework
from services.casework.domain.leadership import (
    AssignLeader,
    ReportOwnership,
)
from shared.events.casework import (
    LeaderAssigned,
)
from shared.events.intake import CaseTakenIn, CaseTakenOut
from shared.standard import Standard
from shared.terms import (
    Channel,
    LeaderRank,
)
from tests.casework.handling import (
    HERE,
    OWNERSHIP,
    READY,
)
from tests.sample import (
    LI,
    TOWN,
    day,
    leader,
    repeat,
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


def test_the_owner_is_reported_to_the_joint_meeting_office(here: Spec[Any]) -> None:
    here.given(*READY).when(ReportOwnership(reported_on=day("2026-08-07"), to="县联席办")).then(OWNERSHIP)
