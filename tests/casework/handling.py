"""A case in hand, and each word that people may say about it: for the tests of casework's commands."""

from typing import Any

from services.casework.domain.acceptance import ApproveExtension, ResumeClock, SuspendClock
from services.casework.domain.closing import LookBack, ReceiveEvaluation, RequestClosure, ReviewClosure
from services.casework.domain.commitments import BreakCommitment, FulfilCommitment, MakePromise
from services.casework.domain.contact import AnnounceGoingDown, ReportGoingDown
from services.casework.domain.demands import AssessDemand
from services.casework.domain.desk import CaseCommand
from services.casework.domain.documents import FileDocument, ReceiveFile, WithdrawDocument
from services.casework.domain.inquiry import RecordOutsideReview, ReportInquiry, TakeEvidence
from services.casework.domain.leadership import (
    FixResponsibility,
    FormTaskForce,
    NameLiaison,
)
from services.casework.domain.meetings import DeclineHearing, HoldHearing, HoldMeeting, RequestHearing
from services.casework.domain.opinion import AgreeAnswer, CarryOutOpinion, IssueOpinion
from services.casework.domain.progress import ExplainLateEntry, ReportPolicyProblem
from services.casework.domain.recusal import DeclareInterest
from services.casework.domain.review import DecideReview, EndCase, RequestReview, TakeUpReview
from services.casework.domain.settlement import GiveSupport, GrantAid, ReachAgreement, ReturnAid
from shared.events import Fact, Official
from shared.events.casework import (
    AgreementReached,
    AidGranted,
    AidReturned,
    Answer,
    AnswerAgreed,
    CaseEnded,
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
    FileReceived,
    GoingDownAnnounced,
    GoingDownReported,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    InquiryReported,
    InterestDeclared,
    LateEntryExplained,
    LiaisonNamed,
    LookedBack,
    MeetingHeld,
    OpinionCarriedOut,
    OpinionIssued,
    OutsideReviewed,
    OwnershipReported,
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
from shared.terms import (
    AcceptanceQuestion,
    AgreementKind,
    DocumentKind,
    EndGround,
    Evaluated,
    EvidenceKind,
    FundSource,
    GoingDownPaper,
    Invited,
    Judgement,
    MeetingKind,
    Outcome,
    OutsideView,
    Purpose,
    ReviewStage,
    ReviewVerdict,
    Satisfaction,
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
    leader,
    opinion,
    registered,
    relapsed,
    reply,
    visit,
)

ZHAO = Official(id="zhao", name="赵某", post="督查科长")
HERE = registered("2026-08-01")
OPEN = (HERE, accepted("2026-08-05"))
READY = (*OPEN, leader("2026-08-06"), visit("2026-08-20"), opinion("2026-09-10"), reply("2026-09-10"))
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
LATE = LateEntryExplained(
    entered_on=day("2026-11-20"),
    reason="村里停网一周，今日恢复后补录",
    by=LI,
    done_from=day("2026-11-13"),
    done_until=day("2026-11-19"),
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
LAST = ReviewRequested(stage=ReviewStage.FINAL_REVIEW, requested_on=day("2026-11-01"), unit="市人民政府")

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

SUGGESTED = (HERE.model_copy(update={"purpose": Purpose.SUGGESTION}), *OPEN[1:])
EXTEND = ApproveExtension(
    days=30, approved_on=day("2026-09-20"), approved_by=WANG, reason="案情复杂", told_on=day("2026-09-21")
)

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
    ExplainLateEntry: (OPEN, LATE, {}),
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


def command(wanted: type[CaseCommand], /, **changes: Any) -> CaseCommand:
    _, fact, beside = EXAMPLES[wanted]
    return wanted(**fact.model_dump() | beside | changes)


def with_second_round(*facts: Fact) -> tuple[Fact, ...]:
    """A case that was closed, and relapsed, with what has happened since."""
    return (*CLOSED, relapsed("2026-09-20"), *facts)
