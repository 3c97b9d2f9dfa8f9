"""Backlog, routes, objections, disputes, notices: what each command leads to, and each refusal."""

from typing import Any

import pytest

from services.intake.domain import RULES, intake
from services.intake.domain.backlog import ExcludeBacklog, IdentifyByPlan, ReviewExclusion, TagCase
from services.intake.domain.case import Case
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
from services.intake.domain.registering import DeclineRepeat, LinkRepeatPetition, RegisterCase
from services.intake.domain.routing import DetermineRoute, RefuseAcceptance, ReportUrgent
from services.intake.domain.screening import screening
from shared.decider import Rejected, obey
from shared.directory import Directory
from shared.events import GENESIS, Asked, Fact, document, read
from shared.events.casework import CaseEnded
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
    RepeatPetitionLinked,
    RouteDetermined,
    UnitEstablished,
    UnitRenamed,
    UrgentReported,
)
from shared.policy.petitions import Few
from shared.standard import Standard
from shared.terms import (
    Category,
    Channel,
    EndGround,
    ExclusionGround,
    JurisdictionGround,
    NoticeExemption,
    Purpose,
    RefusalGround,
    Role,
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
    closed,
    day,
    dispatched,
    objected,
    registered,
    repeat,
    reply,
)
from tests.spec import NOW, Spec, recorded

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
    policy="national-2026.4",
    identified_on=day("2026-11-05"),
    features=FEATURES,
)
NO_REPEAT = RepeatDeclined(declined_on=day("2026-11-05"), other="case-9", reason="不是同一块地")
TAGGED = CaseTagged(tagged_on=day("2026-11-03"), spans=(Span.CROSS_REGION,))
ROUTED = RouteDetermined(
    route=Route.ARBITRATION, determined_on=day("2026-11-05"), approved_by=WANG, reason="劳动争议应先行仲裁"
)
REFUSED = AcceptanceRefused(
    ground=RefusalGround.ENDED, refused_on=day("2026-11-05"), told_on=day("2026-11-06"), reason="复核意见已送达"
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
each = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


def command(wanted: type[CaseCommand], /, **changes: Any) -> CaseCommand:
    said = EXAMPLES[wanted][1].model_dump() | changes
    return wanted(**{name: value for name, value in said.items() if name in wanted.model_fields})


def decision(consents: bool, on: str = "2026-11-12") -> DecideObjection:
    return DecideObjection(unit=TOWN, decided_on=day(on), consents=consents, reason="事发地属柳林镇")


@pytest.fixture
def here(standard: Standard) -> Spec[Any]:
    return Spec(intake(standard))


@each
def test_each_command_leads_to_its_fact(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact = EXAMPLES[kind]
    here.given(*before).when(command(kind)).then(fact)


@each
def test_nothing_happens_to_a_case_that_is_not_there(here: Spec[Any], kind: type[CaseCommand]) -> None:
    here.given().when(command(kind)).then_rejected("no-such-case")


@each
def test_nothing_happens_tomorrow_or_before_the_petition_came(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact = EXAMPLES[kind]
    for on in ("2026-11-01", "2026-11-21"):
        example = here.given(*before).when(command(kind, **{str(fact.occurred): day(on)}))
        with pytest.raises(Exception, match=r"[\u4e00-\u9fff].* / .*[a-z]{3}"):
            example.then(fact)


MERGING = (MergeCase, UnmergeCase)


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind not in MERGING], ids=lambda k: k.__name__)
def test_a_merged_case_goes_on_elsewhere(here: Spec[Any], kind: type[CaseCommand]) -> None:
    refusal = here.given(*EXAMPLES[kind][0], MERGED).when(command(kind)).then_rejected("merged")
    assert "case-2" in refusal.zh


def test_every_command_of_intake_says_who_may_give_it() -> None:
    assert all(kind.roles and Role.AUDITOR not in kind.roles for kind in RULES)


SUGGESTED = (HERE[0].model_copy(update={"purpose": Purpose.SUGGESTION}),)
REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("no-backlog", HERE, command(ExcludeBacklog)),
    ("no-such-criterion", HERE, command(IdentifyByPlan, criterion="三跨")),
    ("criterion-not-met", HERE, command(IdentifyByPlan, features=FEATURES[:3])),
    ("criterion-not-met", HERE, command(IdentifyByPlan, criterion="times", features=())),
    ("criterion-not-met", HERE, command(IdentifyByPlan, criterion="not-ended", features=())),
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


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[f"{n}-{r[0]}" for n, r in enumerate(REFUSALS)])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)


def test_an_objection_is_in_time_on_the_fifth_working_day(here: Spec[Any]) -> None:
    last = RAISED.model_copy(update={"raised_on": day("2026-11-11")})
    here.given(*SENT).when(command(RaiseObjection, raised_on=day("2026-11-11"))).then(last)
    refusal = (
        here.given(*SENT).when(command(RaiseObjection, raised_on=day("2026-11-12"))).then_rejected("objected-too-late")
    )
    assert "5 个工作日" in refusal.zh


def test_only_with_the_senders_consent_does_the_case_come_back(here: Spec[Any]) -> None:
    here.given(*SENT, RAISED).when(decision(False)).then(STAYS)
    back = objected("2026-11-12").model_copy(update={"reason": "事发地属柳林镇"})
    here.given(*SENT, RAISED).when(decision(True)).then(back)
    assert here.given(*SENT, RAISED, STAYS).state.holder == SENT[-1]
    assert here.given(*SENT, RAISED, back).state.holder is None


def test_the_sender_is_the_unit_that_handed_it_down(standard: Standard) -> None:
    decider = intake(standard)
    city, county = (
        Asked(actor="zhou", role=Role.PETITION_OFFICE, now=NOW, unit=unit) for unit in ("市信访局", "县信访局")
    )
    sent = document(SENT[1], region="610499", case_id="case-1", version=2, prevhash=GENESIS, asked=city)
    state = Spec(decider).given(SENT[0], read(sent), RAISED).state
    with pytest.raises(Rejected) as refusal:
        obey(decider, state, decision(True), county)
    assert (refusal.value.rule, "市信访局" in refusal.value.zh) == ("not-the-sender", True)
    assert len(obey(decider, state, decision(True), city)) == 1


def test_nobody_objects_for_another_unit(standard: Standard) -> None:
    decider = intake(standard)
    state, said = Spec(decider).given(*SENT).state, command(RaiseObjection)
    ours, other = (Asked(actor="x", role=Role.HANDLER, now=NOW, unit=unit) for unit in (TOWN, BUREAU))
    assert len(obey(decider, state, said, ours)) == 1
    with pytest.raises(Rejected) as refusal:
        obey(decider, state, said, other)
    assert refusal.value.rule == "another-units-word"


def test_whoever_it_is_about_does_not_get_it_under_another_name(standard: Standard) -> None:
    unit = (
        UnitEstablished(name=BUREAU, region="610499", established_on=day("2010-01-01")),
        UnitRenamed(name="县住建和交通局", renamed_on=day("2026-11-03")),
    )
    directory = Directory().plus(recorded(fact, n, "unit-00000000000000a1") for n, fact in enumerate(unit, 1))
    asked = DispatchCase(kind="forward", unit="县住建和交通局", dispatched_on=day("2026-11-04"))
    known, unknown = Spec(intake(standard, lambda: directory)), Spec(intake(standard))
    known.given(*HERE, ACCUSED).when(asked).then_rejected("dispatched-to-the-accused")
    unknown.given(*HERE, ACCUSED).when(asked).then(dispatched("2026-11-04", "县住建和交通局"))


def test_a_ruling_sends_the_case_to_whose_it_is(here: Spec[Any]) -> None:
    sent = dispatched("2026-11-13", OTHER).model_copy(update={"note": "事发地为主"})
    here.given(*SENT, DISPUTED).when(RuleJurisdiction(**RULED.model_dump())).then(RULED, sent)


def test_some_demands_of_a_mixed_matter_take_a_road_of_their_own(here: Spec[Any]) -> None:
    two = (HERE[0].model_copy(update={"demands": ("补偿", "撤销判决")}), *HERE[1:])
    of_one = ROUTED.model_copy(update={"demands": (2,)})
    here.given(*two).when(command(DetermineRoute, demands=(2,))).then(of_one)
    here.given(*two, of_one).when(command(DetermineRoute)).then(ROUTED)
    here.given(*two).when(command(DetermineRoute, demands=(1, 2))).then_rejected("demands-not-split")


def test_another_road_is_a_new_word_and_the_same_none(here: Spec[Any]) -> None:
    back = ROUTED.model_copy(update={"route": Route.PETITION, "determined_on": day("2026-11-10")})
    here.given(*HERE, ROUTED).when(command(DetermineRoute, route="petition", determined_on=day("2026-11-10"))).then(
        back
    )
    here.given(*HERE, ROUTED).when(command(DetermineRoute, determined_on=day("2026-11-10"))).then()


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


def test_a_later_ground_is_taken_when_it_is_said_why_no_earlier_one_serves(here: Spec[Any]) -> None:
    ruled = RULED.model_copy(update={"ground": JurisdictionGround.HOUSEHOLD, "passed_over": "事发地已撤销"})
    sent = dispatched("2026-11-13", OTHER).model_copy(update={"note": "事发地为主"})
    here.given(*SENT, DISPUTED).when(RuleJurisdiction(**ruled.model_dump())).then(ruled, sent)


def test_a_matter_is_backlog_of_a_plan_by_how_often_it_was_brought_wherever(here: Spec[Any]) -> None:
    """次数定义, changed: by matter, whatever the channel; a visit to a higher office counts no more than a letter here."""
    asked = command(IdentifyByPlan, criterion="times", features=())
    said = BY_PLAN.model_copy(update={"criterion": "times", "name": "两年内三次以上", "features": ()})
    here.given(*HERE, repeat("2024-11-05"), repeat("2026-11-03")).when(asked).then_rejected("criterion-not-met")
    here.given(*HERE, repeat("2024-11-06"), repeat("2026-11-03")).when(asked).then(said)


def test_a_matter_that_was_closed_without_its_end_is_backlog_of_a_plan(here: Spec[Any]) -> None:
    asked = command(IdentifyByPlan, criterion="not-ended", features=())
    said = BY_PLAN.model_copy(update={"criterion": "not-ended", "name": "未按程序终结", "features": ()})
    here.given(*HERE, closed("2026-11-04")).when(asked).then(said)
    here.given(*HERE, reply("2026-11-03"), closed("2026-11-04")).when(asked).then_rejected("criterion-not-met")
    here.given(*HERE, BY_PLAN, said).when(command(ExcludeBacklog)).then(EXCLUDED)


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
    here.given(*gone, RepeatPetitionLinked(**dict(link))).when(command(RefuseAcceptance)).then(REFUSED)


def test_screening_says_class_turn_focus_and_what_the_plans_count(standard: Standard) -> None:
    registered_as = HERE[0].model_copy(update={"categories": (Category.PERSONNEL,), "urgent": True})
    given = Spec(intake(standard)).given(registered_as, repeat("2026-11-03"), BY_PLAN, EXCLUDED, LOOKED_AT)
    case, (policy,) = given.state, standard.policies
    assert isinstance(case, Case)
    said = screening(case, registered_as, standard, day("2026-11-20"))
    assert (said.turn, said.matter_class, said.focus) == (1, "组织人事问题类", ("干部调整",))
    assert [(c.criterion, c.met, c.identified) for c in said.by_plan] == [
        ("four-features", True, True),
        ("times", False, False),
        ("not-ended", False, False),
    ]
    assert (said.excluded, said.urgent_unreported, said.brought) == (
        False,
        True,
        (day("2026-11-02"), day("2026-11-03")),
    )
    assert (said.in_self_check, said.self_check_from) == (True, day("2021-11-20"))
    later = screening(case, registered_as, standard, day("2031-11-03"))
    assert later.in_self_check is False
    without = Standard((policy.model_copy(update={"classes": ()}),), standard.calendar)
    nothing = screening(case, HERE[0], without, day("2028-02-29"))
    assert (nothing.turn, nothing.matter_class, nothing.self_check_from) == (None, "", day("2023-02-28"))
    words = HERE[0].model_copy(update={"demands": ("村里换届选举程序不合规定",)})
    assert screening(case, words, standard, day("2026-11-20")).focus == ("换届工作",)
    assert screening(case, words, standard, day("2026-11-20")).matter_class == "其它遗留问题类"
