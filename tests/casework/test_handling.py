"""Inquiry, meetings, demands, agreements, opinions, documents, clocks, closing and review: what each command leads to,
and each refusal. Every command is also obeyed twice (tests/spec.py)."""

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.casework.domain import RULES, casework
from services.casework.domain.acceptance import ApproveExtension, ResumeClock, SuspendClock
from services.casework.domain.closing import CloseCase, LookBack, ReceiveEvaluation, RequestClosure, ReviewClosure
from services.casework.domain.commitments import BreakCommitment, FulfilCommitment, MakePromise, standings
from services.casework.domain.contact import AnnounceGoingDown, LogVisit, ReportGoingDown
from services.casework.domain.demands import DUTIES, AssessDemand
from services.casework.domain.desk import CaseCommand
from services.casework.domain.documents import FileDocument, ReceiveFile, WithdrawDocument, six_haves
from services.casework.domain.inquiry import RecordOutsideReview, ReportInquiry, TakeEvidence
from services.casework.domain.leadership import (
    AssignLeader,
    FixResponsibility,
    FormTaskForce,
    NameLiaison,
    ReportOwnership,
)
from services.casework.domain.meetings import DeclineHearing, HoldHearing, HoldMeeting, RequestHearing
from services.casework.domain.opinion import AgreeAnswer, CarryOutOpinion, IssueOpinion, ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportPolicyProblem
from services.casework.domain.recusal import DeclareInterest
from services.casework.domain.review import DecideReview, EndCase, RequestReview, TakeUpReview, redone_likeness
from services.casework.domain.settlement import GiveSupport, GrantAid, ReachAgreement, ReturnAid
from shared.events import Fact, Official
from shared.events.casework import (
    AgreementReached,
    AidGranted,
    AidReturned,
    Answer,
    AnswerAgreed,
    CaseEnded,
    CaseRelapsed,
    Checked,
    ClockResumed,
    ClockSuspended,
    ClosureRequested,
    ClosureReviewed,
    Commitment,
    CommitmentBroken,
    CommitmentFulfilled,
    DemandAssessed,
    DocumentFiled,
    DocumentWithdrawn,
    EvaluationReceived,
    EvidenceTaken,
    ExtensionApproved,
    FileReceived,
    GoingDownAnnounced,
    GoingDownReported,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    InquiryReported,
    InterestDeclared,
    LeaderAssigned,
    LiaisonNamed,
    LookedBack,
    Measure,
    MeetingHeld,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    OutsideReviewed,
    OwnershipReported,
    PlanAdopted,
    PolicyProblemReported,
    PromiseMade,
    ResponsibilityFixed,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
    SupportGiven,
    TaskForceFormed,
    Vote,
)
from shared.events.intake import AccusedNamed
from shared.standard import Standard
from shared.terms import (
    AcceptanceQuestion,
    AgreementKind,
    Channel,
    DispatchKind,
    DocumentKind,
    Duty,
    EndGround,
    Evaluated,
    EvidenceKind,
    FundSource,
    GoingDownPaper,
    Invited,
    Judgement,
    LeaderRank,
    MeetingKind,
    Outcome,
    OutsideView,
    PaperForm,
    Purpose,
    RelapseSign,
    ReviewStage,
    ReviewVerdict,
    Satisfaction,
    ServedHow,
    SupportKind,
    SuspensionGround,
    VisitKind,
)
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    accepted,
    closed,
    day,
    dispatched,
    leader,
    registered,
    relapsed,
    reply,
    visit,
)
from tests.spec import Spec

ZHAO = Official(id="zhao", name="赵某", post="督查科长")
HERE = registered("2026-08-01")
OPEN = (HERE, accepted("2026-08-05"))
READY = (*OPEN, leader("2026-08-06"), visit("2026-08-20"), reply("2026-09-10"))
CLOSED = (*READY, closed("2026-09-12"))


def due(on: str, name: str = "c-1") -> Commitment:
    return Commitment(commitment_id=name, what="补发差额", who="经管站", due_on=day(on))


EVIDENCE = EvidenceTaken(
    evidence_id="e-1", kind=EvidenceKind.FILE, taken_on=day("2026-08-21"), official=LI, note="查阅原始协议"
)
INQUIRY = InquiryReported(
    number="核〔2026〕1号",
    reported_on=day("2026-08-25"),
    findings=("差额属实",),
    cause="测量错误",
    votes=(Vote(official=LI, agrees=True), Vote(official=WANG, agrees=True)),
)
OUTSIDE = OutsideReviewed(kind=OutsideView.LAWYER, reviewed_on=day("2026-08-26"), result="程序合法")
MEETING = MeetingHeld(
    meeting_id="m-1",
    kind=MeetingKind.CONSULTATION,
    held_on=day("2026-08-27"),
    units=(TOWN, BUREAU),
    decisions=(due("2026-09-30", "m-1-1"),),
)
ASKED_HEARING = HearingRequested(requested_on=day("2026-08-28"))
DECLINED = HearingDeclined(declined_on=day("2026-08-29"), reason="事实清楚，无争议")
HEARING = HearingHeld(
    hearing_id="h-1", held_on=day("2026-09-01"), invited=(Invited.DEPUTY, Invited.LAWYER), result="应当补发"
)
FOUNDED = DemandAssessed(
    demand=1, judgement=Judgement.FOUNDED, facts="少发三亩", legal_basis="土地管理法", assessed_on=day("2026-09-02")
)
AGREEMENT = AgreementReached(
    number="调〔2026〕1号",
    kind=AgreementKind.MEDIATION,
    signed_on=day("2026-09-03"),
    mediated_by="柳林村人民调解委员会",
    terms=(due("2026-09-20", "a-1"),),
)
AID = AidGranted(
    aid_id="aid-1",
    fund=FundSource.JUDICIAL_RELIEF,
    cents=500_000,
    granted_on=day("2026-09-04"),
    approved_by=WANG,
    ground="家庭困难",
)
BACK = AidReturned(return_id="r-1", aid_id="aid-1", cents=200_000, returned_on=day("2026-10-08"), reason="未使用")
SUPPORT = SupportGiven(kind=SupportKind.WORK, given_on=day("2026-09-05"), unit=TOWN, note="介绍公益性岗位")
ONE_ANSWER = AnswerAgreed(agreed_on=day("2026-09-05"), units=(TOWN, BUREAU), answer="差额应当补发")
OPINION = OpinionIssued(
    number="柳信复〔2026〕2026-09-10",
    issued_on=day("2026-09-06"),
    facts="经核查，少发三亩补偿款",
    answers=(Answer(demand=1, outcome=Outcome.SUPPORTED, reasons="属实"),),
    legal_basis="土地管理法第四十八条",
    remedy="三十日内可向县政府申请复查",
    signed_by=WANG,
)
CARRIED_OUT = OpinionCarriedOut(number="柳信复〔2026〕2026-09-10", carried_out_on=day("2026-09-11"), proof="转账凭证")
PROMISE = PromiseMade(promised_on=day("2026-08-22"), promise=due("2026-09-22", "p-1"))
DONE = CommitmentFulfilled(commitment_id="a-1", fulfilled_on=day("2026-09-18"), proof="转账凭证")
BROKEN = CommitmentBroken(commitment_id="a-1", found_on=day("2026-09-21"), note="至今未付")
OWNERSHIP = OwnershipReported(reported_on=day("2026-08-07"), to="县联席办", leader=LI)
DIVISION = ResponsibilityFixed(fixed_on=day("2026-08-07"), main=TOWN, assisting=(BUREAU,), handlers=(LI,))
TASK_FORCE = TaskForceFormed(formed_on=day("2026-08-08"), head=WANG, members=(LI,))
LIAISON = LiaisonNamed(named_on=day("2026-08-08"), liaison=ZHAO, village="柳林村")
GOING_DOWN = GoingDownAnnounced(
    announced_on=day("2026-09-01"),
    contacted_on=day("2026-08-27"),
    visit_on=day("2026-09-07"),
    leader=LI,
    place="柳林村",
)
WENT_DOWN = visit("2026-09-07", kind=VisitKind.GOING_DOWN)
HANDED_IN = GoingDownReported(
    paper=GoingDownPaper.REPORT,
    visit_on=day("2026-09-07"),
    handed_on=day("2026-09-11"),
    to="县联席办",
    leader=LI,
    place="柳林村",
)
PROBLEM = PolicyProblemReported(
    reported_on=day("2026-09-15"),
    unit=TOWN,
    policy="县征地补偿办法",
    problem="边角地如何丈量没有规定",
    proposal="补充丈量细则",
)
FILE = FileReceived(sha256="0" * 64, size=1024, media_type="application/pdf", received_on=day("2026-08-09"))
PAPER = DocumentFiled(
    document_id="d-1",
    kind=DocumentKind.CASE_FILE,
    number="",
    dated_on=day("2026-08-09"),
    sha256="0" * 64,
    size=1024,
    media_type="application/pdf",
    kept_at="档案室二层",
)
WITHDRAWN = DocumentWithdrawn(document_id="d-1", withdrawn_on=day("2026-08-10"), reason="装错案卷")
STOPPED = ClockSuspended(suspended_on=day("2026-08-15"), ground=SuspensionGround.COURT, note="民事诉讼未决")
RESUMED = ClockResumed(resumed_on=day("2026-08-25"))
REQUESTED = ClosureRequested(requested_on=day("2026-09-11"), unit=TOWN, summary="差额已补发")


def checked(on: str, *no: AcceptanceQuestion) -> ClosureReviewed:
    checks = (Checked(question=q, yes=q not in no, mend="补齐签收单" if q in no else "") for q in AcceptanceQuestion)
    return ClosureReviewed(reviewed_on=day(on), reviewer=ZHAO, checks=tuple(checks))


PASSED = checked("2026-09-12")
EVALUATION = EvaluationReceived(
    of=Evaluated.RESPONSIBLE_UNIT, satisfaction=Satisfaction.MOSTLY, received_on=day("2026-09-20")
)
LOOKED = LookedBack(looked_on=day("2026-10-12"), official=ZHAO, settled=True)
CONTESTED = ReviewRequested(stage=ReviewStage.REVIEW, requested_on=day("2026-10-10"), unit="县人民政府")

TAKEN_UP = ReviewTakenUp(stage=ReviewStage.REVIEW, decided_on=day("2026-10-13"), unit="县人民政府", taken_up=True)


def decided(verdict: ReviewVerdict = ReviewVerdict.UPHELD, on: str = "2026-10-30") -> ReviewDecided:
    return ReviewDecided(
        stage=ReviewStage.REVIEW,
        decided_on=day(on),
        number="复查〔2026〕1号",
        verdict=verdict,
        unit="县人民政府",
        reviewer=ZHAO,
        reasons="事实清楚",
    )


ENDED = CaseEnded(ended_on=day("2026-10-11"), ground=EndGround.NOT_CONTESTED, approved_by=WANG)

INTEREST = InterestDeclared(declared_on=day("2026-08-06"), official=ZHAO, ground="信访人的亲属")

EXAMPLES: dict[type[CaseCommand], tuple[tuple[Fact, ...], Fact, dict[str, Any]]] = {
    TakeEvidence: (OPEN, EVIDENCE, {}),
    ReportInquiry: (OPEN, INQUIRY, {}),
    RecordOutsideReview: (OPEN, OUTSIDE, {}),
    HoldMeeting: (OPEN, MEETING, {}),
    RequestHearing: (OPEN, ASKED_HEARING, {}),
    DeclineHearing: ((*OPEN, ASKED_HEARING), DECLINED, {}),
    HoldHearing: (OPEN, HEARING, {}),
    AssessDemand: (OPEN, FOUNDED, {}),
    ReachAgreement: (OPEN, AGREEMENT, {}),
    GrantAid: (OPEN, AID, {}),
    ReturnAid: ((*OPEN, AID), BACK, {}),
    GiveSupport: (OPEN, SUPPORT, {"wished": True}),
    AgreeAnswer: (OPEN, ONE_ANSWER, {}),
    IssueOpinion: (OPEN, OPINION, {}),
    CarryOutOpinion: (READY, CARRIED_OUT, {}),
    MakePromise: (OPEN, PROMISE, {}),
    FulfilCommitment: ((*OPEN, AGREEMENT), DONE, {}),
    BreakCommitment: ((*OPEN, AGREEMENT), BROKEN, {}),
    FixResponsibility: (OPEN, DIVISION, {}),
    FormTaskForce: (OPEN, TASK_FORCE, {"head_leads_unit": True}),
    NameLiaison: (OPEN, LIAISON, {}),
    AnnounceGoingDown: (OPEN, GOING_DOWN, {}),
    ReportGoingDown: ((*OPEN, WENT_DOWN), HANDED_IN, {}),
    ReportPolicyProblem: (OPEN, PROBLEM, {}),
    ReceiveFile: (OPEN, FILE, {}),
    FileDocument: (OPEN, PAPER, {}),
    WithdrawDocument: ((*OPEN, PAPER), WITHDRAWN, {}),
    SuspendClock: (OPEN, STOPPED, {}),
    ResumeClock: ((*OPEN, STOPPED), RESUMED, {}),
    RequestClosure: (READY, REQUESTED, {}),
    ReviewClosure: ((*READY, REQUESTED), PASSED, {}),
    ReceiveEvaluation: (CLOSED, EVALUATION, {}),
    LookBack: (CLOSED, LOOKED, {}),
    RequestReview: (CLOSED, CONTESTED, {}),
    TakeUpReview: ((*CLOSED, CONTESTED), TAKEN_UP, {}),
    DecideReview: ((*CLOSED, CONTESTED), decided(), {}),
    EndCase: (CLOSED, ENDED, {}),
    DeclareInterest: (OPEN, INTEREST, {}),
}
"""Each command: what has happened before, the fact that it leads to in the same words, and what it says beside."""

each = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


def command(wanted: type[CaseCommand], /, **changes: Any) -> CaseCommand:
    _, fact, beside = EXAMPLES[wanted]
    return wanted(**fact.model_dump() | beside | changes)


@pytest.fixture
def here(standard: Standard) -> Spec[Any]:
    return Spec(casework(standard))


@each
def test_each_command_leads_to_its_fact(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact, _ = EXAMPLES[kind]
    here.given(*before).when(command(kind)).then(fact)


@each
def test_no_command_reaches_a_case_that_has_not_arrived(here: Spec[Any], kind: type[CaseCommand]) -> None:
    here.given().when(command(kind)).then_rejected("no-such-case")


@each
def test_nothing_happens_before_the_petition_came_or_tomorrow(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact, _ = EXAMPLES[kind]
    for on in ("2026-07-31", "2026-11-21"):
        example = here.given(*before).when(command(kind, **{str(fact.occurred): day(on)}))
        with pytest.raises(Exception, match=r"[\u4e00-\u9fff].* / .*[a-z]{3}"):
            example.then(fact)


@pytest.mark.parametrize("kind", [k for k in RULES if not k.when_closed and k in EXAMPLES], ids=lambda k: k.__name__)
def test_a_closed_case_is_not_handled(here: Spec[Any], kind: type[CaseCommand]) -> None:
    here.given(*CLOSED).when(command(kind)).then_rejected("case-closed")


def with_second_round(*facts: Fact) -> tuple[Fact, ...]:
    return (*CLOSED, relapsed("2026-09-20"), *facts)


SUGGESTED = (HERE.model_copy(update={"purpose": Purpose.SUGGESTION}), *OPEN[1:])
EXTEND = ApproveExtension(
    days=30, approved_on=day("2026-09-20"), approved_by=WANG, reason="案情复杂", told_on=day("2026-09-21")
)

REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("id-taken", (*OPEN, EVIDENCE), command(TakeEvidence, kind="site")),
    ("verifier-twice", OPEN, command(ReportInquiry, votes=(Vote(official=LI, agrees=True),) * 2)),
    ("too-few-verifiers", OPEN, command(ReportInquiry, votes=(Vote(official=LI, agrees=True),))),
    (
        "dissent-without-words",
        OPEN,
        command(ReportInquiry, votes=(Vote(official=LI, agrees=True), Vote(official=WANG, agrees=False))),
    ),
    (
        "no-majority",
        OPEN,
        command(
            ReportInquiry,
            votes=(Vote(official=LI, agrees=True), Vote(official=WANG, agrees=False, dissent="面积有争议")),
        ),
    ),
    ("commitment-id-taken", (*OPEN, PROMISE), command(HoldMeeting, decisions=(due("2026-09-30", "p-1"),))),
    ("commitment-id-taken", OPEN, command(HoldMeeting, decisions=(due("2026-09-30"), due("2026-09-30")))),
    ("due-before-made", OPEN, command(MakePromise, promise=due("2026-08-21", "p-1"))),
    ("no-hearing-requested", OPEN, command(DeclineHearing)),
    ("no-hearing-requested", (*OPEN, ASKED_HEARING), command(DeclineHearing, declined_on=day("2026-08-27"))),
    ("no-such-demand", OPEN, command(AssessDemand, demand=2)),
    ("unfounded-without-ground", OPEN, command(AssessDemand, judgement="unfounded")),
    ("unfounded-without-ground", (*OPEN, INQUIRY), command(AssessDemand, judgement="hardship", legal_basis="")),
    ("not-wished", OPEN, command(GiveSupport, wished=False)),
    ("no-such-demand", OPEN, command(IssueOpinion, answers=OPINION.answers * 2)),
    ("demand-unanswered", (HERE.model_copy(update={"demands": ("一", "二")}), *OPEN[1:]), command(IssueOpinion)),
    ("no-such-opinion", OPEN, command(CarryOutOpinion)),
    ("no-such-commitment", OPEN, command(FulfilCommitment)),
    ("before-it-was-made", (*OPEN, AGREEMENT), command(FulfilCommitment, fulfilled_on=day("2026-09-02"))),
    ("no-leader", OPEN, ReportOwnership(reported_on=day("2026-08-07"), to="县联席办")),
    ("unit-twice", OPEN, command(FixResponsibility, assisting=(TOWN,))),
    ("changing-needs-reason", (*OPEN, DIVISION), command(FixResponsibility, main=BUREAU, assisting=())),
    ("head-must-lead-the-unit", OPEN, command(FormTaskForce, head_leads_unit=False)),
    ("announced-too-late", OPEN, command(AnnounceGoingDown, contacted_on=day("2026-08-29"))),
    ("announced-too-late", OPEN, command(AnnounceGoingDown, announced_on=day("2026-09-03"))),
    ("no-going-down", OPEN, command(ReportGoingDown)),
    ("no-going-down", (*OPEN, WENT_DOWN), command(ReportGoingDown, handed_on=day("2026-09-06"))),
    ("first-and-in-remit", OPEN, command(FixResponsibility, first_responsible=WANG, in_remit=(WANG,))),
    ("form-of-other-material", OPEN, command(FileDocument, form=PaperForm.SUMMARY)),
    ("aid-not-compared", OPEN, command(GrantAid, cents=5_000_000)),
    ("no-limit-of-art-34", SUGGESTED, EXTEND),
    ("no-review-requested", CLOSED, command(TakeUpReview)),
    ("refusal-without-reason", (*CLOSED, CONTESTED), command(TakeUpReview, taken_up=False)),
    ("not-signed-by-leader", READY, command(FileDocument, kind="handling-report", signer=WANG)),
    ("no-such-document", OPEN, command(WithdrawDocument)),
    ("clock-not-running", (HERE,), command(SuspendClock)),
    ("clock-not-running", OPEN, command(SuspendClock, suspended_on=day("2026-08-04"))),
    ("clock-suspended", (*OPEN, STOPPED), command(SuspendClock, suspended_on=day("2026-08-16"))),
    ("suspended-before-resumed", (*OPEN, STOPPED, RESUMED), command(SuspendClock, suspended_on=day("2026-08-20"))),
    ("clock-running", OPEN, command(ResumeClock)),
    ("resumed-before-suspended", (*OPEN, STOPPED), command(ResumeClock, resumed_on=day("2026-08-14"))),
    ("not-ready-to-close", OPEN, command(RequestClosure)),
    ("no-closure-requested", READY, command(ReviewClosure)),
    ("five-questions", (*READY, REQUESTED), command(ReviewClosure, checks=PASSED.checks[:1] * 5)),
    (
        "nothing-to-mend",
        (*READY, REQUESTED),
        command(ReviewClosure, checks=tuple(c.model_copy(update={"yes": False}) for c in PASSED.checks)),
    ),
    ("not-reviewed", (*READY, REQUESTED), CloseCase(closed_on=day("2026-09-12"))),
    (
        "not-reviewed",
        (*READY, dispatched("2026-08-02", kind=DispatchKind.ASSIGN)),
        CloseCase(closed_on=day("2026-09-12")),
    ),
    (
        "sent-back",
        (*READY, REQUESTED, checked("2026-09-12", AcceptanceQuestion.COMPLETE)),
        CloseCase(closed_on=day("2026-09-12")),
    ),
    ("closed-too-early", (*READY, REQUESTED, PASSED), CloseCase(closed_on=day("2026-09-11"))),
    ("not-closed", READY, command(LookBack)),
    ("look-back-by-handler", CLOSED, command(LookBack, official=LI)),
    ("nothing-to-contest", OPEN, command(RequestReview)),
    ("nothing-to-contest", CLOSED, command(RequestReview, stage="final-review")),
    ("requested-too-late", CLOSED, command(RequestReview, requested_on=day("2026-10-11"))),
    ("no-review-requested", CLOSED, command(DecideReview)),
    ("reviewed-by-handling-unit", (*CLOSED, CONTESTED), command(DecideReview, unit=TOWN)),
    ("reviewed-by-handler", (*CLOSED, CONTESTED), command(DecideReview, reviewer=LI)),
    ("no-ground-to-end", CLOSED, command(EndCase, ended_on=day("2026-10-10"))),
    ("no-ground-to-end", (*CLOSED, CONTESTED), command(EndCase)),
    ("no-ground-to-end", CLOSED, command(EndCase, ground="final-review")),
    ("no-ground-to-end", (*CLOSED, AGREEMENT), command(EndCase, ground="agreement-performed")),
    ("already-ended", (*CLOSED, ENDED), command(EndCase, ended_on=day("2026-10-12"))),
    (
        "return-visit-by-handler",
        CLOSED,
        LogVisit(visit_id="r-1", kind=VisitKind.RETURN, visited_on=day("2026-10-12"), official=LI),
    ),
    (
        "refusal-without-witness",
        OPEN,
        ServeOpinion(
            number="x", outcome=Outcome.DECLINED, served_on=day("2026-09-10"), how=ServedHow.IN_PERSON, refused=True
        ),
    ),
    (
        "served-before-issued",
        (*OPEN, OPINION),
        ServeOpinion(
            number=OPINION.number, outcome=Outcome.SUPPORTED, served_on=day("2026-09-05"), how=ServedHow.IN_PERSON
        ),
    ),
    (
        "due-before-made",
        OPEN,
        AdoptPlan(
            adopted_on=day("2026-08-10"), measures=(Measure(what="核对", who="经管站", due_on=day("2026-08-09")),)
        ),
    ),
]


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[f"{n}-{r[0]}" for n, r in enumerate(REFUSALS)])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)


def test_a_large_sum_says_what_others_got(here: Spec[Any]) -> None:
    large = AID.model_copy(update={"cents": 5_000_000, "comparable": "同村同类困难两户，各五万元"})
    here.given(*OPEN).when(command(GrantAid, cents=large.cents, comparable=large.comparable)).then(large)
    below = AID.model_copy(update={"cents": 4_999_999})
    here.given(*OPEN).when(command(GrantAid, cents=below.cents)).then(below)


def test_a_form_of_a_plan_is_filed_as_other_material(here: Spec[Any]) -> None:
    for form in PaperForm:
        filed = PAPER.model_copy(update={"kind": DocumentKind.OTHER, "form": form})
        here.given(*OPEN).when(command(FileDocument, kind="other", form=form)).then(filed)


# Leadership


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
    spec.given(HERE).when(asked).then(leader("2026-08-06"))  # not from above: any leader
    here.given(above).when(asked).then(leader("2026-08-06"))  # a policy that asks for no rank


def test_the_owner_is_reported_to_the_joint_meeting_office(here: Spec[Any]) -> None:
    here.given(*READY).when(ReportOwnership(reported_on=day("2026-08-07"), to="县联席办")).then(OWNERSHIP)


# Commitments


def test_every_commitment_stands_somewhere(here: Spec[Any]) -> None:
    plan = PlanAdopted(
        adopted_on=day("2026-08-10"),
        measures=(
            Measure(what="核对清单", who="经管站", due_on=day("2026-08-30")),
            Measure(what="随时沟通", who="联络员"),
        ),
    )
    case = here.given(*OPEN, plan, PROMISE, MEETING, AGREEMENT, DONE).state
    shown = {
        s.commitment.commitment_id: (s.source, s.state, s.overdue_days) for s in standings(case, day("2026-09-25"))
    }
    assert shown == {
        "plan-1-1": ("PlanAdopted", "overdue", 26),
        "p-1": ("PromiseMade", "overdue", 3),
        "m-1-1": ("MeetingHeld", "open", 0),
        "a-1": ("AgreementReached", "fulfilled", 0),
    }
    newer = plan.model_copy(update={"adopted_on": day("2026-09-01"), "reason": "测量有误"})
    ids = {s.commitment.commitment_id for s in standings(here.given(*OPEN, plan, newer).state, day("2026-09-25"))}
    assert ids == {"plan-2-1"}


def test_a_broken_agreement_opens_a_closed_case(here: Spec[Any]) -> None:
    facts = (*READY, AGREEMENT, closed("2026-09-12"))
    again = CaseRelapsed(sign=RelapseSign.BROKEN_AGREEMENT, relapsed_on=day("2026-09-21"), note="至今未付")
    here.given(*facts).when(command(BreakCommitment)).then(BROKEN, again)


@for_all(days=st.integers(-400, 400))
def test_a_commitment_is_overdue_from_the_day_after_its_day(standard: Standard, days: int) -> None:
    case = Spec(casework(standard)).given(*OPEN, PROMISE).state
    today = day("2026-09-22").toordinal() + days
    (standing,) = standings(case, day("2026-09-22").fromordinal(today))
    assert (standing.state, standing.overdue_days) == (("overdue", days) if days > 0 else ("open", 0))


# Demands, documents


def test_every_judgement_obliges_to_something() -> None:
    assert set(DUTIES) == set(Judgement)
    assert all(DUTIES.values())
    assert DUTIES[Judgement.HARDSHIP] == (Duty.EXPLAIN, Duty.HELP)


def test_a_report_with_dissent_on_record_is_a_report(here: Spec[Any]) -> None:
    three = (*INQUIRY.votes, Vote(official=ZHAO, agrees=False, dissent="面积应当重测"))
    fact = INQUIRY.model_copy(update={"votes": three})
    here.given(*OPEN).when(command(ReportInquiry, votes=three)).then(fact)


def test_the_six_haves_say_what_is_missing(here: Spec[Any]) -> None:
    case = here.given(*OPEN, PAPER).state
    lacking = six_haves(case)
    assert lacking["有基本案情材料"] == []
    assert lacking["有交办案件台账及交办函"] == [DocumentKind.LEDGER, DocumentKind.ASSIGNMENT_LETTER]
    assert six_haves(here.given(*OPEN, PAPER, WITHDRAWN).state)["有基本案情材料"] == [DocumentKind.CASE_FILE]


# Closing and review


def test_a_case_that_was_handed_down_closes_after_its_check(here: Spec[Any]) -> None:
    handed_down = dispatched("2026-08-02", kind=DispatchKind.ASSIGN)
    sent_back, again = (
        checked("2026-09-11", AcceptanceQuestion.SETTLED),
        REQUESTED.model_copy(update={"summary": "已补正"}),
    )
    asked = CloseCase(closed_on=day("2026-09-12"), summary="差额已补发")
    here.given(*READY, handed_down, REQUESTED, PASSED).when(asked).then(closed("2026-09-12"))
    here.given(*READY, handed_down, REQUESTED, sent_back, again, PASSED).when(asked).then(closed("2026-09-12"))


@pytest.mark.parametrize(
    ("asked", "said", "sign"),
    [
        (
            command(ReceiveEvaluation, satisfaction="dissatisfied", reason="款未到"),
            EVALUATION.model_copy(update={"satisfaction": Satisfaction.DISSATISFIED, "reason": "款未到"}),
            RelapseSign.DISSATISFIED,
        ),
        (
            command(LookBack, settled=False, note="款未到"),
            LOOKED.model_copy(update={"settled": False, "note": "款未到"}),
            RelapseSign.FAILED_RETURN_VISIT,
        ),
        (
            LogVisit(
                visit_id="visit-2026-10-12-True", kind="return", visited_on=day("2026-10-12"), official=ZHAO,
                settled=False, note="款未到",
            ),
            visit("2026-10-12", kind=VisitKind.RETURN).model_copy(
                update={"official": ZHAO, "settled": False, "note": "款未到"}
            ),
            RelapseSign.FAILED_RETURN_VISIT,
        ),
    ],
)  # fmt: skip
def test_what_shows_that_a_matter_is_not_settled_opens_the_case(
    here: Spec[Any], asked: CaseCommand, said: Fact, sign: RelapseSign
) -> None:
    relapse = CaseRelapsed(sign=sign, relapsed_on=said.claimed_time(), note="款未到")
    here.given(*CLOSED).when(asked).then(said, relapse)


@pytest.mark.parametrize("verdict", [ReviewVerdict.QUASHED, ReviewVerdict.CHANGED])
def test_an_opinion_that_does_not_stand_opens_the_case(here: Spec[Any], verdict: ReviewVerdict) -> None:
    relapse = CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day("2026-10-30"), note="事实清楚")
    here.given(*CLOSED, CONTESTED).when(command(DecideReview, verdict=verdict)).then(decided(verdict), relapse)


def test_a_redone_opinion_is_laid_beside_the_one_that_was_quashed(here: Spec[Any]) -> None:
    quashed = decided(ReviewVerdict.QUASHED)
    before = (*OPEN, OPINION, CONTESTED, quashed)
    same = OPINION.model_copy(update={"number": "二", "issued_on": day("2026-11-05")})
    other = same.model_copy(update={"facts": "重新测量后确认少发四亩，已全部补足", "legal_basis": "民法典"})
    assert redone_likeness(here.given(*before).state) is None
    assert redone_likeness(here.given(*before, same).state) == 1.0
    assert (redone_likeness(here.given(*before, other).state) or 0) < 0.8


def test_the_road_ends_on_each_of_its_grounds(here: Spec[Any]) -> None:
    last = ReviewRequested(stage=ReviewStage.FINAL_REVIEW, requested_on=day("2026-11-01"), unit="市人民政府")
    final = decided(on="2026-11-10").model_copy(update={"stage": ReviewStage.FINAL_REVIEW, "number": "复核1号"})
    for ground, before in (
        (EndGround.FINAL_REVIEW, (*CLOSED, CONTESTED, decided(), last, final)),
        (EndGround.AGREEMENT_PERFORMED, (*READY, AGREEMENT, DONE, closed("2026-09-19"))),
    ):
        fact = ENDED.model_copy(update={"ground": ground, "ended_on": day("2026-11-12")})
        here.given(*before).when(command(EndCase, ground=ground, ended_on=day("2026-11-12"))).then(fact)


def test_a_new_round_starts_with_empty_hands(here: Spec[Any]) -> None:
    reopened = with_second_round(leader("2026-09-21"), visit("2026-09-22"), reply("2026-10-01"), REQUESTED)
    assert here.given(*reopened).state.in_round(OpinionServed) == [reply("2026-10-01")]
    asked = command(ReviewClosure, reviewed_on=day("2026-10-02"))
    here.given(*reopened).when(asked).then_rejected("no-closure-requested")  # the old request is of the old round


def test_the_limit_stands_still_while_the_clock_is_stopped(here: Spec[Any]) -> None:
    asked = ApproveExtension(
        days=30, approved_on=day("2026-10-10"), approved_by=WANG, reason="案情复杂", told_on=day("2026-10-10")
    )
    here.given(*OPEN).when(asked).then_rejected("extension-too-late")  # 2026-08-05 + 60 = 2026-10-04
    example = here.given(*OPEN, STOPPED, RESUMED).when(asked)  # + 10 days
    example.then(ExtensionApproved(**dict(asked)))


def test_whoever_has_an_interest_or_is_accused_keeps_away(here: Spec[Any]) -> None:
    tester = Official(id="tester", name="某某", post="科员")  # who gives the commands of these examples
    mine = INTEREST.model_copy(update={"official": tester})
    accused = AccusedNamed(named_on=day("2026-08-02"), officials=(tester,))
    for fact in (mine, accused):
        refusal = here.given(*OPEN, fact).when(command(TakeEvidence)).then_rejected("recused")
        assert "回避" in refusal.zh
    here.given(*OPEN, INTEREST).when(command(TakeEvidence)).then(EVIDENCE)
