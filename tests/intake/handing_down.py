"""A registered case on its way to whoever handles it, and each command that leads it there: for the tests of intake."""

from typing import Any

from services.intake.domain.backlog import ExcludeBacklog, IdentifyByPlan, ReviewExclusion, TagCase
from services.intake.domain.desk import CaseCommand
from services.intake.domain.dispatching import (
    DecideObjection,
    DispatchCase,
    NameAccused,
    RaiseObjection,
    ReportDispute,
    RuleJurisdiction,
    ServeNotice,
)
from services.intake.domain.merging import MergeCase, UnmergeCase
from services.intake.domain.queries import AnswerQuery, RecordQuery
from services.intake.domain.registering import DeclineRepeat
from services.intake.domain.routing import DetermineRoute, RefuseAcceptance, ReportUrgent
from services.intake.domain.unlinking import UnlinkRepeatPetition
from shared.events import Fact
from shared.events.intake import (
    AcceptanceRefused,
    AccusedNamed,
    BacklogExcluded,
    CaseMerged,
    CaseTagged,
    CaseUnmerged,
    ExclusionReviewed,
    JurisdictionDisputed,
    JurisdictionRuled,
    NoticeOfAcceptanceServed,
    ObjectionDeclined,
    ObjectionRaised,
    PlanBacklogIdentified,
    ProgressQueried,
    QueryAnswered,
    RepeatDeclined,
    RouteDetermined,
    UrgentReported,
)
from shared.terms import (
    Channel,
    ExclusionGround,
    JurisdictionGround,
    NoticeExemption,
    Purpose,
    RefusalGround,
    Route,
    Ruler,
    ServedHow,
    Span,
)
from tests.sample import (
    BUREAU,
    LI,
    OTHER,
    TOWN,
    WANG,
    accepted,
    backlog,
    day,
    dispatched,
    objected,
    registered,
    repeat,
    unlinked,
)

HERE = (registered("2026-11-02"),)
SENT = (*HERE, dispatched("2026-11-04"))
"""Sent on a Wednesday: five working days end on Wednesday, 2026-11-11."""
EXCLUDED = BacklogExcluded(
    ground=ExclusionGround.LITIGATION, excluded_on=day("2026-11-06"), approved_by=WANG, reason="已诉至法院"
)
LOOKED_AT = ExclusionReviewed(reviewed_on=day("2026-11-12"), reviewer=LI, stands=False, reason="法院未受理")
FEATURES = ("时间跨度长", "解决难度大", "情况复杂久拖不决", "诉求有一定合理成份")
BY_PLAN = PlanBacklogIdentified(
    criterion="four-features",
    name="四特征",
    policy="national-2026.7",
    identified_on=day("2026-11-05"),
    features=FEATURES,
)
AGAIN = repeat("2026-08-01")
TWICE = (registered("2026-08-01"), AGAIN)
TAKEN_BACK = unlinked("2026-11-20", AGAIN)
LINKED_ONCE = {"petition_id": "petition-2026-11-10", "belongs_to": "case-1"}
NO_REPEAT = RepeatDeclined(declined_on=day("2026-11-05"), other="case-9", reason="不是同一块地")
TAGGED = CaseTagged(tagged_on=day("2026-11-03"), spans=(Span.CROSS_REGION,))
ROUTED = RouteDetermined(
    route=Route.ARBITRATION, determined_on=day("2026-11-05"), approved_by=WANG, reason="劳动争议应先行仲裁"
)
REFUSED = AcceptanceRefused(
    ground=RefusalGround.ENDED,
    refused_on=day("2026-11-05"),
    told_on=day("2026-11-06"),
    reason="复核意见已送达",
    same_as="HY-2019-007",
)
URGENT = UrgentReported(reported_on=day("2026-11-02"), to=("县委", "县联席办"), summary="群体性讨薪")
MERGED = CaseMerged(merged_on=day("2026-11-05"), into="case-2", reason="与上级交办件为同一事项")
UNMERGED = CaseUnmerged(unmerged_on=day("2026-11-07"), approved_by=WANG, reason="不是同一块地")
ACCUSED = AccusedNamed(named_on=day("2026-11-02"), units=(BUREAU,), officials=(LI,))
RAISED = ObjectionRaised(unit=TOWN, raised_on=day("2026-11-10"), reason="事发地在青石镇")
STAYS = ObjectionDeclined(unit=TOWN, declined_on=day("2026-11-12"), reason="事发地属柳林镇")
DISPUTED = JurisdictionDisputed(disputed_on=day("2026-11-12"), units=(TOWN, OTHER))
RULED = JurisdictionRuled(
    ruled_on=day("2026-11-13"),
    unit=OTHER,
    ruler=Ruler.COMMON_SUPERIOR,
    by="县人民政府",
    ground=JurisdictionGround.PLACE_OF_EVENT,
    reason="事发地为主",
)
TOLD = NoticeOfAcceptanceServed(unit="县信访局", served_on=day("2026-11-10"), how=ServedHow.BY_POST)
QUERIED = ProgressQueried(query_id="q-1", asked_of=TOWN, channel=Channel.PHONE, queried_on=day("2026-11-06"))
ANSWERED = QueryAnswered(query_id="q-1", answered_on=day("2026-11-09"), how=ServedHow.IN_PERSON, by=LI)
EXAMPLES: dict[type[CaseCommand], tuple[tuple[Fact, ...], Fact]] = {
    ExcludeBacklog: ((*HERE, backlog("2026-11-03")), EXCLUDED),
    ReviewExclusion: ((*HERE, backlog("2026-11-03"), EXCLUDED), LOOKED_AT),
    IdentifyByPlan: (HERE, BY_PLAN),
    UnlinkRepeatPetition: (TWICE, TAKEN_BACK),
    DeclineRepeat: (HERE, NO_REPEAT),
    TagCase: (HERE, TAGGED),
    DetermineRoute: (HERE, ROUTED),
    RefuseAcceptance: (HERE, REFUSED),
    ReportUrgent: (HERE, URGENT),
    MergeCase: (HERE, MERGED),
    UnmergeCase: ((*HERE, MERGED), UNMERGED),
    NameAccused: (HERE, ACCUSED),
    RaiseObjection: (SENT, RAISED),
    ReportDispute: (HERE, DISPUTED),
    ServeNotice: (HERE, TOLD),
    RecordQuery: (HERE, QUERIED),
    AnswerQuery: ((*HERE, QUERIED), ANSWERED),
}


def command(wanted: type[CaseCommand], /, **changes: Any) -> CaseCommand:
    said = EXAMPLES[wanted][1].model_dump() | changes
    return wanted(**{name: value for name, value in said.items() if name in wanted.model_fields})


def decision(consents: bool, on: str = "2026-11-12") -> DecideObjection:
    return DecideObjection(unit=TOWN, decided_on=day(on), consents=consents, reason="事发地属柳林镇")


SUGGESTED = (HERE[0].model_copy(update={"purpose": Purpose.SUGGESTION}),)
REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("no-backlog", HERE, command(ExcludeBacklog)),
    ("no-such-criterion", HERE, command(IdentifyByPlan, criterion="三跨")),
    ("criterion-not-met", HERE, command(IdentifyByPlan, features=FEATURES[:3])),
    ("criterion-not-met", HERE, command(IdentifyByPlan, criterion="times", features=())),
    ("criterion-not-met", HERE, command(IdentifyByPlan, criterion="not-ended", features=())),
    ("not-linked", HERE, command(UnlinkRepeatPetition)),
    ("unlinked-before-linked", TWICE, command(UnlinkRepeatPetition, unlinked_on=day("2026-07-31"))),
    (
        "unlinked-to-nothing",
        (*HERE, repeat("2026-11-10")),
        command(UnlinkRepeatPetition, **LINKED_ONCE),
    ),
    ("compared-with-itself", HERE, command(DeclineRepeat, other="case-1")),
    ("roads-are-for-claims", SUGGESTED, command(DetermineRoute)),
    ("not-excluded", HERE, command(ReviewExclusion)),
    ("reviewed-by-approver", EXAMPLES[ReviewExclusion][0], command(ReviewExclusion, reviewer=WANG)),
    (
        "rerouted-before-routed",
        (*HERE, ROUTED),
        command(DetermineRoute, route="petition", determined_on=day("2026-11-04")),
    ),
    ("demands-not-split", HERE, command(DetermineRoute, demands=(1,))),
    ("demands-not-split", HERE, command(DetermineRoute, demands=(2,))),
    ("accepted-already", (*HERE, accepted("2026-11-04")), command(RefuseAcceptance)),
    ("same-as-what", HERE, command(RefuseAcceptance, same_as="")),
    ("same-as-what", HERE, command(RefuseAcceptance, ground=RefusalGround.IN_HAND, same_as=" ")),
    ("not-told", HERE, command(RefuseAcceptance, told_on=day("2026-11-04"))),
    ("not-told", HERE, command(RefuseAcceptance, told_on=day("2026-11-21"))),
    ("merged", (*HERE, MERGED), command(MergeCase, into="case-3")),
    ("not-merged", HERE, command(UnmergeCase)),
    ("unmerged-before-merged", (*HERE, MERGED), command(UnmergeCase, unmerged_on=day("2026-11-04"))),
    ("merged-before-unmerged", (*HERE, MERGED, UNMERGED), command(MergeCase, merged_on=day("2026-11-06"))),
    ("merged-into-itself", HERE, command(MergeCase, into="case-1")),
    (
        "dispatched-to-the-accused",
        (*HERE, ACCUSED),
        DispatchCase(kind="forward", unit=BUREAU, dispatched_on=day("2026-11-04")),
    ),
    ("not-dispatched-here", HERE, command(RaiseObjection)),
    ("not-dispatched-here", SENT, command(RaiseObjection, unit=BUREAU)),
    ("not-dispatched-here", (*SENT, objected("2026-11-05")), command(RaiseObjection)),
    ("objected-too-late", SENT, command(RaiseObjection, raised_on=day("2026-11-12"))),
    ("no-objection", SENT, decision(True)),
    ("no-objection", (*SENT, RAISED, objected("2026-11-11")), decision(False)),
    ("no-objection", (*SENT, RAISED, STAYS), decision(True, "2026-11-13")),  # it was decided on
    ("no-objection", (*SENT, RAISED, objected("2026-11-11"), dispatched("2026-11-12")), decision(True)),  # of before
    ("no-dispute", HERE, RuleJurisdiction(**RULED.model_dump())),
    (
        "earlier-ground-first",
        (*HERE, DISPUTED),
        RuleJurisdiction(**RULED.model_dump() | {"ground": JurisdictionGround.HOUSEHOLD}),
    ),
    (
        "earlier-ground-first",
        (*HERE, DISPUTED),
        RuleJurisdiction(**RULED.model_dump() | {"ruler": Ruler.JOINT_MEETING}),
    ),
    (
        "dispatched-to-the-accused",
        (*HERE, ACCUSED, DISPUTED),
        RuleJurisdiction(**RULED.model_dump() | {"unit": BUREAU}),
    ),
    ("how-or-exempt", HERE, command(ServeNotice, how=None)),
    ("how-or-exempt", HERE, command(ServeNotice, exempt=NoticeExemption.UNKNOWN_ADDRESS)),
    ("id-taken", (*HERE, QUERIED), command(RecordQuery, channel="visit")),
    ("id-taken", (*HERE, QUERIED, ANSWERED), command(AnswerQuery, by=WANG)),
    ("no-such-query", (*HERE, QUERIED), command(AnswerQuery, query_id="q-2")),
    ("answered-before-asked", (*HERE, QUERIED), command(AnswerQuery, answered_on=day("2026-11-05"))),
]
