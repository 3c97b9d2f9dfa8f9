"""The town's posts: who heads it, who follows, and who is away."""

from shared.events import Official, Recorded
from shared.events.intake import (
    DelegationGiven,
    LeaveGranted,
    PostLeft,
    PostTaken,
    UnitEstablished,
    UnitFact,
)
from shared.terms import LeaderRank
from tests.sample import (
    LI,
    TOWN,
    WANG,
    day,
)
from tests.spec import recorded
from tests.supervision.lives import moment

SUN = Official(id="sun", name="孙某", post="镇长")


def town(*more: UnitFact, at: str = "2026-01-01", region: str = "610499") -> list[Recorded]:
    """The town's own history, recorded on a day: 王某 heads it, and 李某 is his deputy."""
    facts = (
        UnitEstablished(name=TOWN, region=region, established_on=day("2010-01-01")),
        PostTaken(holding_id="h-1", official=WANG, since=day("2024-03-01"), rank=LeaderRank.MAIN, heads_unit=True),
        PostTaken(holding_id="h-2", official=LI, since=day("2024-03-01"), rank=LeaderRank.TEAM),
        *more,
    )
    return [recorded(fact, n, "unit-0000000000000001", now=moment(at)) for n, fact in enumerate(facts, 1)]


SUCCESSION = (
    PostLeft(holding_id="h-1", left_on=day("2026-03-01")),
    PostTaken(holding_id="h-3", official=SUN, since=day("2026-03-01"), rank=LeaderRank.MAIN, heads_unit=True),
)
EARLIER = [fact.model_copy(update={fact.occurred or "": day("2026-02-05")}) for fact in SUCCESSION]
AWAY = (
    LeaveGranted(
        leave_id="l-1",
        official_id="wang",
        granted_on=day("2026-02-01"),
        first_day=day("2026-02-02"),
        last_day=day("2026-02-20"),
    ),
    DelegationGiven(
        delegation_id="d-1",
        official_id="wang",
        delegate=LI,
        given_on=day("2026-02-01"),
        first_day=day("2026-02-02"),
        last_day=day("2026-02-20"),
    ),
)
