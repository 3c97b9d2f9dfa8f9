"""More invented facts for the tables of the rules: one function per fact, days as ISO text, everything else by default."""

from typing import Any

from shared.events import Official
from shared.events.casework import (
    AgreementReached,
    AidGranted,
    Answer,
    AnswerAgreed,
    CaseEnded,
    Checked,
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
    FileFoundElsewhere,
    FileReceived,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    InquiryReported,
    InterestDeclared,
    LateEntryExplained,
    LeaderAssigned,
    LookedBack,
    Measure,
    MeetingHeld,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    OutsideReviewed,
    PlanAdopted,
    ProgressReported,
    PromiseMade,
    ResponsibilityFixed,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
    SupportGiven,
    TaskForceFormed,
    TextFoundElsewhere,
    VisitLogged,
    Vote,
)
from shared.events.intake import (
    AcceptanceRefused,
    AccusedNamed,
    BacklogExcluded,
    CaseDispatched,
    CaseTakenIn,
    CaseTakenOut,
    JurisdictionRuled,
    NoticeOfAcceptanceServed,
    ObjectionDeclined,
    ObjectionRaised,
    PetitionTakenOver,
    ProgressQueried,
    QueryAnswered,
    UrgentReported,
)
from shared.terms import (
    AcceptanceQuestion,
    AgreementKind,
    Channel,
    DispatchKind,
    DocumentKind,
    EndGround,
    Evaluated,
    EvidenceKind,
    ExclusionGround,
    FundSource,
    Judgement,
    JurisdictionGround,
    MeetingKind,
    NoticeExemption,
    Outcome,
    OutsideView,
    RefusalGround,
    ReviewStage,
    ReviewVerdict,
    Ruler,
    Satisfaction,
    ServedHow,
    SupportKind,
    VisitKind,
)
from tests.sample import LI, TOWN, WANG, day, visit

ZHAO = Official(id="zhao", name="赵某", post="督查员")
"""Who never handled the case."""


def assigned(on: str, due: str, unit: str = TOWN, with_case: str = "") -> CaseDispatched:
    sent = CaseDispatched(kind=DispatchKind.ASSIGN, unit=unit, dispatched_on=day(on), due_on=day(due))
    return sent.model_copy(update={"with_case": with_case})


def told(on: str, unit: str = TOWN, *, exempt: bool = False) -> NoticeOfAcceptanceServed:
    unknown = NoticeExemption.UNKNOWN_ADDRESS if exempt else None
    return NoticeOfAcceptanceServed(
        unit=unit, served_on=day(on), how=None if exempt else ServedHow.BY_POST, exempt=unknown
    )


def taken_in(on: str, *brought: str) -> CaseTakenIn:
    return CaseTakenIn(other="case-2", merged_on=day(on), brought=tuple(map(day, brought)))


def not_taken_up(on: str) -> AcceptanceRefused:
    return AcceptanceRefused(ground=RefusalGround.STATUTORY, refused_on=day(on), told_on=day(on), reason="应先行仲裁")


def objection(on: str, reason: str = "不属于本单位职责", unit: str = TOWN) -> ObjectionRaised:
    return ObjectionRaised(unit=unit, raised_on=day(on), reason=reason)


def objection_declined(on: str, unit: str = TOWN) -> ObjectionDeclined:
    return ObjectionDeclined(unit=unit, declined_on=day(on), reason="属于其职责")


def ruled(on: str, unit: str = TOWN) -> JurisdictionRuled:
    return JurisdictionRuled(
        ruled_on=day(on),
        unit=unit,
        ruler=Ruler.COMMON_SUPERIOR,
        by="县人民政府",
        ground=JurisdictionGround.PLACE_OF_EVENT,
        reason="事发在该镇",
    )


def accused(on: str, *units: str, officials: tuple[Official, ...] = ()) -> AccusedNamed:
    return AccusedNamed(named_on=day(on), units=units, officials=officials)


def reported_urgent(on: str) -> UrgentReported:
    return UrgentReported(reported_on=day(on), to=("县委",), summary="群体性事项")


def queried(on: str, query_id: str = "q-1") -> ProgressQueried:
    return ProgressQueried(query_id=query_id, asked_of=TOWN, channel=Channel.PHONE, queried_on=day(on))


def told_how_it_stands(on: str, query_id: str = "q-1") -> QueryAnswered:
    return QueryAnswered(query_id=query_id, answered_on=day(on), how=ServedHow.OTHER, by=LI)


def nobody_in(on: str) -> VisitLogged:
    return visit(on, met=False, kind=VisitKind.HOME)


def why_late(on: str, of: str = "", until: str = "") -> LateEntryExplained:
    """Of what was done from one day until another, or on that day alone; else of everything, as it was once said."""
    days = {"done_from": day(of), "done_until": day(until or of)} if of else {}
    return LateEntryExplained(entered_on=day(on), reason="停网一周，恢复后补录", by=LI, **days)


def interest(on: str, who: Official = LI) -> InterestDeclared:
    return InterestDeclared(declared_on=day(on), official=who, ground="当事人近亲属")


def evidence_by(on: str, who: Official = WANG, kind: EvidenceKind = EvidenceKind.FILE) -> EvidenceTaken:
    return EvidenceTaken(evidence_id=f"evidence-{on}", kind=kind, taken_on=day(on), official=who, note="查阅发放清单")


def visit_by(on: str, who: Official, kind: VisitKind = VisitKind.RECEPTION, settled: bool | None = None) -> VisitLogged:
    return VisitLogged(visit_id=f"visit-{on}-{who.id}", kind=kind, visited_on=day(on), official=who, settled=settled)


def came_back(on: str, who: Official = ZHAO, *, settled: bool | None = True) -> VisitLogged:
    return visit_by(on, who, VisitKind.RETURN, settled)


def votes(*agree: bool, dissent: str = "依据不足") -> tuple[Vote, ...]:
    return tuple(
        Vote(official=Official(id=f"v{n}", name=f"核查{n}"), agrees=yes, dissent="" if yes else dissent)
        for n, yes in enumerate(agree)
    )


def inquiry(on: str, by: tuple[Vote, ...] = votes(True, True), signed: Official | None = LI) -> InquiryReported:
    return InquiryReported(
        number=f"核〔2026〕{on}", reported_on=day(on), findings=("清单漏列",), votes=by, signed_by=signed
    )


def opinion(on: str, *, text: str = "经查，发放清单漏列两户。", number: str = "", **other: Any) -> OpinionIssued:
    said: dict[str, Any] = {
        "number": number or f"柳信复〔2026〕{on}",
        "issued_on": day(on),
        "facts": text,
        "answers": (Answer(demand=1, outcome=Outcome.SUPPORTED, reasons="应予补发。"),),
        "legal_basis": "土地管理法第四十八条",
        "remedy": "三十日内可请求县人民政府复查",
        "signed_by": WANG,
    }
    return OpinionIssued(**(said | other))


def served(on: str, *, number: str = "柳信复〔2026〕1号", **other: Any) -> OpinionServed:
    said: dict[str, Any] = {"outcome": Outcome.SUPPORTED, "how": ServedHow.IN_PERSON}
    return OpinionServed(number=number, served_on=day(on), **(said | other))


def carried_out(on: str, number: str = "柳信复〔2026〕1号") -> OpinionCarriedOut:
    return OpinionCarriedOut(number=number, carried_out_on=day(on), proof="银行回单")


def commitment(name: str, due: str) -> Commitment:
    return Commitment(commitment_id=name, what="补发差额", who="经管站", due_on=day(due))


def promise(on: str, due: str, name: str = "promise-1") -> PromiseMade:
    return PromiseMade(promised_on=day(on), promise=commitment(name, due))


def met_for(on: str, *dues: str, kind: MeetingKind = MeetingKind.COORDINATION) -> MeetingHeld:
    decisions = tuple(commitment(f"decision-{on}-{n}", due) for n, due in enumerate(dues, 1))
    return MeetingHeld(meeting_id=f"meeting-{on}", kind=kind, held_on=day(on), units=(TOWN,), decisions=decisions)


def agreed(on: str, *dues: str) -> AgreementReached:
    terms = tuple(commitment(f"term-{n}", due) for n, due in enumerate(dues, 1))
    return AgreementReached(
        number="调〔2026〕1号", kind=AgreementKind.MEDIATION, signed_on=day(on), mediated_by="镇调委会", terms=terms
    )


def fulfilled(on: str, name: str) -> CommitmentFulfilled:
    return CommitmentFulfilled(commitment_id=name, fulfilled_on=day(on), proof="银行回单")


def broken(on: str, name: str) -> CommitmentBroken:
    return CommitmentBroken(commitment_id=name, found_on=day(on), note="资金没有到位")


def planned(on: str, *measures: tuple[str, str, str | None]) -> PlanAdopted:
    listed = (Measure(what=what, who=who, due_on=day(due) if due else None) for what, who, due in measures)
    return PlanAdopted(adopted_on=day(on), measures=tuple(listed))


def wrote(on: str, text: str) -> ProgressReported:
    return ProgressReported(report_id=f"report-{on}", reported_on=day(on), text=text)


def asked_to_close(on: str) -> ClosureRequested:
    return ClosureRequested(requested_on=day(on), unit=TOWN, summary="差额已补发")


def evaluated(on: str, word: Satisfaction, of: Evaluated = Evaluated.RESPONSIBLE_UNIT) -> EvaluationReceived:
    return EvaluationReceived(of=of, satisfaction=word, received_on=day(on))


def looked(on: str, *, settled: bool) -> LookedBack:
    return LookedBack(looked_on=day(on), official=ZHAO, settled=settled)


def aid(on: str) -> AidGranted:
    return AidGranted(
        aid_id=f"aid-{on}",
        fund=FundSource.CIVIL_RELIEF,
        cents=500_000,
        granted_on=day(on),
        approved_by=WANG,
        ground="困难",
    )


def seen_by_others(on: str, result: str = "依据充分") -> OutsideReviewed:
    return OutsideReviewed(kind=OutsideView.LAWYER, reviewed_on=day(on), result=result)


def supported(on: str) -> SupportGiven:
    return SupportGiven(kind=SupportKind.LIVING, given_on=day(on), unit=TOWN, note="节前慰问")


def judged_as(on: str, judgement: Judgement, demand: int = 1, basis: str = "土地管理法") -> DemandAssessed:
    return DemandAssessed(demand=demand, judgement=judgement, facts="核对清单", legal_basis=basis, assessed_on=day(on))


def paper(on: str, kind: DocumentKind, name: str = "", digest: str = "", signer: Official | None = LI) -> DocumentFiled:
    name = name or f"{kind}-{on}"
    return DocumentFiled(
        document_id=name,
        kind=kind,
        number="",
        dated_on=day(on),
        signer=signer,
        sha256=digest or name,
        size=1,
        media_type="application/pdf",
        kept_at="档案室",
    )


def came_in(on: str, digest: str) -> FileReceived:
    return FileReceived(sha256=digest, size=1, media_type="application/pdf", received_on=day(on))


def withdrawn(on: str, name: str) -> DocumentWithdrawn:
    return DocumentWithdrawn(document_id=name, withdrawn_on=day(on), reason="误归档")


def hearing_asked(on: str) -> HearingRequested:
    return HearingRequested(requested_on=day(on))


def hearing(on: str) -> HearingHeld:
    return HearingHeld(hearing_id=f"hearing-{on}", held_on=day(on), invited=(), result="事实清楚")


def hearing_declined(on: str, reason: str = "事实清楚，无须听证") -> HearingDeclined:
    return HearingDeclined(declined_on=day(on), reason=reason)


def handled_by(on: str, *who: Official, assisting: tuple[str, ...] = ()) -> ResponsibilityFixed:
    return ResponsibilityFixed(fixed_on=day(on), main=TOWN, handlers=who, assisting=assisting)


def contested(on: str, stage: ReviewStage = ReviewStage.REVIEW) -> ReviewRequested:
    return ReviewRequested(stage=stage, requested_on=day(on), unit="县人民政府")


def decided(
    on: str,
    verdict: ReviewVerdict = ReviewVerdict.UPHELD,
    stage: ReviewStage = ReviewStage.REVIEW,
    unit: str = "县人民政府",
    who: Official = ZHAO,
) -> ReviewDecided:
    return ReviewDecided(
        stage=stage,
        decided_on=day(on),
        number=f"复〔2026〕{on}",
        verdict=verdict,
        unit=unit,
        reviewer=who,
        reasons="见决定",
    )


def review_declined(on: str, reason: str = "逾期申请", stage: ReviewStage = ReviewStage.REVIEW) -> ReviewTakenUp:
    return ReviewTakenUp(stage=stage, decided_on=day(on), unit="县人民政府", taken_up=False, reason=reason)


def ended(on: str, ground: EndGround) -> CaseEnded:
    return CaseEnded(ended_on=day(on), ground=ground, approved_by=WANG)


def file_elsewhere(on: str, digest: str, units: int = 1) -> FileFoundElsewhere:
    return FileFoundElsewhere(sha256=digest, units=units, found_on=day(on))


def text_elsewhere(on: str, nth: int = 1, characters: int = 200) -> TextFoundElsewhere:
    """Of the n-th fact of the case that casework said."""
    fact = f"casework:case-1:{nth}"
    return TextFoundElsewhere(sha256=f"{nth:064}", characters=characters, fact=fact, units=1, found_on=day(on))


def one_answer(on: str) -> AnswerAgreed:
    return AnswerAgreed(agreed_on=day(on), units=(TOWN, "县自然资源局"), answer="补偿标准一致")


def left_out(on: str) -> BacklogExcluded:
    return BacklogExcluded(ground=ExclusionGround.LITIGATION, excluded_on=day(on), approved_by=WANG, reason="已起诉")


def moved_here(on: str, received: str, entered: str | None) -> PetitionTakenOver:
    """A petition that had been entered in another case first."""
    of = {"other": "case-2", "petition_id": f"petition-{received}", "received_on": day(received)}
    return PetitionTakenOver(**of, entered_on=day(entered) if entered else None, taken_over_on=day(on))


def taken_out(on: str) -> CaseTakenOut:
    return CaseTakenOut(other="case-2", unmerged_on=day(on))


def checked(on: str, who: Official = ZHAO) -> ClosureReviewed:
    checks = tuple(Checked(question=question, yes=True) for question in AcceptanceQuestion)
    return ClosureReviewed(reviewed_on=day(on), reviewer=who, checks=checks)


def task_force(on: str, head: Official = WANG) -> TaskForceFormed:
    return TaskForceFormed(formed_on=day(on), head=head, members=(LI,))


def named_by_a_ledger(on: str, who: Official = LI) -> LeaderAssigned:
    """A leader of whom the ledger names no day."""
    return LeaderAssigned(leader=who, unit=TOWN, assigned_on=day(on), undated=True)
