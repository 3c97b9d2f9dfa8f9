"""A case with a finding and a notice, and each word that people may say about them: for the tests of supervision's commands."""

from typing import Any

from services.supervision.domain.desk import CaseCommand
from services.supervision.domain.findings import AnswerFinding, UpholdFinding, WithdrawFinding
from services.supervision.domain.inspections import ConcludeReverseInquiry, HoldInspection
from services.supervision.domain.notices import (
    AcknowledgeNotice,
    AnswerNotice,
    JudgeRectification,
    RecordService,
    ReportRectification,
    WithdrawNotice,
)
from services.supervision.domain.suggestions import AnswerSuggestion, MakeSuggestion
from services.supervision.domain.treatments import (
    DecideCommendation,
    DecideSanction,
    ProposeCommendation,
    ProposeSanction,
    RevokeSanction,
)
from shared.events import Fact, Official
from shared.events.supervision import (
    Addressee,
    CommendationDecided,
    CommendationProposed,
    Difference,
    Evidence,
    FindingAnswered,
    FindingRaised,
    FindingUpheld,
    FindingWithdrawn,
    InspectionHeld,
    NoticeAcknowledged,
    NoticeAnswered,
    NoticeIssued,
    NoticeServed,
    NoticeWithdrawn,
    RectificationJudged,
    RectificationReported,
    ReverseInquiryConcluded,
    ReverseInquiryOpened,
    SanctionDecided,
    SanctionProposed,
    SanctionRevoked,
    SuggestionAnswered,
    SuggestionMade,
)
from shared.terms import (
    Adoption,
    Body,
    FindingKind,
    NoticeLevel,
    ReturnCause,
    ServedHow,
    SuggestionKind,
    Treatment,
)
from tests.sample import LI, OTHER, TOWN, WANG, day, leader, registered
from tests.supervision.lives import moment

ZHAO = Official(id="zhao", name="赵某", post="督查员")
QIAN = Official(id="qian", name="钱某", post="联席会议召集人")
SUN = Official(id="sun", name="孙某", post="督查员")
HERE = registered("2026-08-01")

FOUND = FindingRaised(
    finding_id="finding-1",
    rule="idle",
    name="挂账空转",
    kind=FindingKind.SUSPICION,
    basis="第四十条",
    policy="national-2026.7",
    since=day("2026-10-20"),
    as_of=moment("2026-10-20"),
    sentence_zh="没有实质进展",
    sentence_en="idle",
    counted=(Evidence(id="casework:case-1:2", type="LeaderAssigned", on=day("2026-08-02")),),
    ignored=(),
    arithmetic=(),
    unit=TOWN,
)
NOTICE = NoticeIssued(
    notice_id="notice-1",
    level=NoticeLevel.REMINDER,
    addressee=Addressee(role="leader", name="李某 副镇长", unit=TOWN),
    findings=("finding-1",),
    sentence_zh="没有实质进展",
    sentence_en="idle",
    issued_on=day("2026-11-12"),
    due_on=day("2026-11-22"),
    policy="national-2026.7",
)
WATCHED = (HERE, leader("2026-08-02"), FOUND, NOTICE)
ANSWERED = FindingAnswered(
    finding_id="finding-1", answered_on=day("2026-11-13"), answer="走访未及时录入", by=LI, evidence=("走访记录 3 号",)
)
UPHELD = FindingUpheld(
    finding_id="finding-1", upheld_on=day("2026-11-14"), by=ZHAO, reasons="记录系事后补写", answered=True
)
WITHDRAWN = FindingWithdrawn(
    finding_id="finding-1",
    rule="idle",
    withdrawn_on=day("2026-11-14"),
    by=ZHAO,
    reasons="走访属实",
    counted=("casework:case-1:2",),
)
SERVED = NoticeServed(notice_id="notice-1", served_on=day("2026-11-12"), how=ServedHow.IN_PERSON, to="镇党政办")
READ = NoticeAcknowledged(notice_id="notice-1", acknowledged_on=day("2026-11-13"), by=LI)
REPLY = NoticeAnswered(
    notice_id="notice-1",
    answered_on=day("2026-11-13"),
    answer="已安排走访",
    by=LI,
    rectify_by=day("2026-11-28"),
)
REPORT = RectificationReported(
    notice_id="notice-1",
    report_id="r-1",
    reported_on=day("2026-11-15"),
    what="已入户见面",
    proof=("走访记录 4 号",),
    by=LI,
)
NOT_DONE = RectificationJudged(
    notice_id="notice-1",
    report_id="r-1",
    judged_on=day("2026-11-16"),
    done=False,
    reasons="没有见到本人",
    by=ZHAO,
    redo_by=day("2026-11-30"),
)
TAKEN_BACK = NoticeWithdrawn(
    notice_id="notice-1", withdrawn_on=day("2026-11-14"), by=ZHAO, reasons="对象有误", reissue=True
)
SUGGESTED = SuggestionMade(
    suggestion_id="s-1",
    kind=SuggestionKind.WORK,
    addressed_to=OTHER,
    text="建立补偿款发放台账",
    findings=("finding-1",),
    by=ZHAO,
    made_on=day("2026-11-14"),
    due_on=day("2026-12-14"),
)
FEEDBACK = SuggestionAnswered(
    suggestion_id="s-1", answered_on=day("2026-11-18"), adoption=Adoption.PART, answer="先在两个村试行", by=WANG
)
PROPOSED = SanctionProposed(
    proposal_id="p-1",
    treatment=Treatment.TALK,
    about=TOWN,
    findings=("finding-1",),
    reasons="长期空转",
    by=ZHAO,
    proposed_on=day("2026-11-15"),
)
SANCTIONED = SanctionDecided(
    proposal_id="p-1",
    treatment=Treatment.TALK,
    about=TOWN,
    adopted=True,
    body=Body.JOINT_MEETING,
    by=QIAN,
    reasons="情况属实",
    document="县信联〔2026〕7 号",
    decided_on=day("2026-11-18"),
)
REVOKED = SanctionRevoked(
    proposal_id="p-1",
    treatment=Treatment.TALK,
    about=TOWN,
    body=Body.JOINT_MEETING,
    by=QIAN,
    reasons="所依据的问题已撤销",
    document="县信联〔2026〕9 号",
    revoked_on=day("2026-11-19"),
)
PRAISED = CommendationProposed(
    commendation_id="c-1",
    about=TOWN,
    reasons="二十日内化解",
    evidence=("casework:case-1:2",),
    by=ZHAO,
    proposed_on=day("2026-11-15"),
)
COMMENDED = CommendationDecided(
    commendation_id="c-1", about=TOWN, adopted=True, by=QIAN, reasons="", decided_on=day("2026-11-18")
)
LOOKED = InspectionHeld(
    inspection_id="i-1",
    held_on=day("2026-11-15"),
    place="柳林镇三组",
    members=(ZHAO, SUN),
    seen="补偿款仍未发放",
    differences=(Difference(fact="casework:case-1:2", says="已发放", seen="未发放"),),
)
BACK = ReverseInquiryOpened(
    inquiry_id="inquiry-1",
    finding_id="finding-1",
    closing="casework:case-1:9",
    closed_on=day("2026-09-01"),
    back_on=day("2026-10-20"),
    about=TOWN,
    opened_on=day("2026-10-21"),
    due_on=day("2026-11-20"),
    policy="national-2026.7",
)
CONCLUDED = ReverseInquiryConcluded(
    inquiry_id="inquiry-1",
    concluded_on=day("2026-11-18"),
    cause=ReturnCause.NOT_CARRIED_OUT,
    reasons="答复后未拨款",
    answerable=(LI,),
    by=ZHAO,
)

EXAMPLES: dict[type[CaseCommand], tuple[tuple[Fact, ...], Fact]] = {
    AnswerFinding: (WATCHED, ANSWERED),
    UpholdFinding: ((*WATCHED, ANSWERED), UPHELD),
    WithdrawFinding: ((*WATCHED, ANSWERED), WITHDRAWN),
    RecordService: (WATCHED, SERVED),
    AcknowledgeNotice: (WATCHED, READ),
    AnswerNotice: (WATCHED, REPLY),
    ReportRectification: ((*WATCHED, REPLY), REPORT),
    JudgeRectification: ((*WATCHED, REPLY, REPORT), NOT_DONE),
    WithdrawNotice: (WATCHED, TAKEN_BACK),
    MakeSuggestion: (WATCHED, SUGGESTED),
    AnswerSuggestion: ((*WATCHED, SUGGESTED), FEEDBACK),
    ProposeSanction: ((*WATCHED, ANSWERED, UPHELD), PROPOSED),
    DecideSanction: ((*WATCHED, ANSWERED, UPHELD, PROPOSED), SANCTIONED),
    RevokeSanction: ((*WATCHED, ANSWERED, UPHELD, PROPOSED, SANCTIONED), REVOKED),
    ProposeCommendation: (WATCHED, PRAISED),
    DecideCommendation: ((*WATCHED, PRAISED), COMMENDED),
    HoldInspection: (WATCHED, LOOKED),
    ConcludeReverseInquiry: ((*WATCHED, BACK), CONCLUDED),
}
"""Each command about a case: what has been said before, and the fact that it leads to."""


def command(wanted: type[CaseCommand], /, **changes: Any) -> CaseCommand:
    """The command in the words of its fact, but for these changes."""
    said = EXAMPLES[wanted][1].model_dump(include=set(wanted.model_fields))
    return wanted(**said | changes)
