"""核查听证回访: signatures (C13), who made the return visit (C14), mediation without a paper (C15), hearings (C18), thin reports
(C19). Pure.
"""

from services.supervision.cited import Cited
from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Owed, Verdict, Words, evidence, owing, quiet, shown
from shared.events import Fact, Official
from shared.events.casework import (
    AgreementReached,
    CaseEnded,
    ClockSuspended,
    DocumentFiled,
    DocumentWithdrawn,
    EvidenceTaken,
    HearingDeclined,
    HearingHeld,
    HearingRequested,
    InquiryReported,
    LeaderAssigned,
    LeaderReplaced,
    ResponsibilityFixed,
    VisitLogged,
)
from shared.policy.rules import DayRule, PlainRule
from shared.standard import suspensions
from shared.terms import DocumentKind, EndGround, SuspensionGround, VisitKind

SIGNED = quiet("报告已由包案领导签字", "the owner leader signed the reports")
BY_OTHERS = quiet("回访由未经办的人进行", "nobody who handled the case made the return visits")
ON_PAPER = quiet("调解和解有协议书", "what was agreed is on paper")
HEARD = quiet("没有待答复的听证申请", "no hearing that was asked for waits for an answer")
THOROUGH = quiet("核查报告符合要求", "the inquiry reports have what they need")


def unsigned_report(matter: Matter, rule: PlainRule) -> Verdict:
    """报告未签字: the last inquiry report, or a handling report on file, is not signed by a leader who owned the case (D1)."""
    dossier = matter.dossier
    named: list[Noted[LeaderAssigned] | Noted[LeaderReplaced]] = [
        *dossier.all(LeaderAssigned),
        *dossier.all(LeaderReplaced),
    ]
    leaders = {noted.fact.leader.id for noted in named}
    withdrawn = {noted.fact.document_id for noted in dossier.all(DocumentWithdrawn)}
    papers = [n for n in dossier.here(DocumentFiled) if n.fact.kind is DocumentKind.HANDLING_REPORT]
    signatures: list[tuple[Noted[Fact], Official | None]] = []
    signatures += [(noted, noted.fact.signed_by) for noted in dossier.here(InquiryReported)[-1:]]
    signatures += [(noted, noted.fact.signer) for noted in papers if noted.fact.document_id not in withdrawn]
    wrong: list[Cited] = []
    for noted, who in signatures:
        if noted.imported or (who is not None and who.id in leaders):
            continue
        why = ("没有签字", "nobody signed") if who is None else ("签字的不是包案领导", "not signed by an owner leader")
        wrong.append(evidence(noted, *why))
    if not wrong:
        return SIGNED
    first = min(wrong, key=lambda one: (one.on, one.id))
    return shown(
        f"{len(wrong)} 份报告签字不合要求：{first.why_zh}",
        f"reports not signed as they have to be: {len(wrong)} ({first.why_en})",
        first.on,
        wrong,
    )


def handlers_of(dossier: Dossier) -> dict[str, Words]:
    """Who has handled the case, by id, and how: their own word that it is settled is no return visit."""
    handlers: dict[str, Words] = {}
    for noted in dossier.all(VisitLogged):
        if noted.fact.kind is not VisitKind.RETURN:
            handlers[noted.fact.official.id] = "接访走访过", "had met the person before"
    handlers |= {noted.fact.official.id: ("核查过", "took evidence") for noted in dossier.all(EvidenceTaken)}
    for fixed in dossier.all(ResponsibilityFixed):
        handlers |= {who.id: ("是承办人", "handles the case") for who in fixed.fact.handlers}
    return handlers


def self_visit(matter: Matter, rule: PlainRule) -> Verdict:
    """自办自访: whoever made the return visit had handled the case themselves, and nobody else has met the person on one."""
    dossier = matter.dossier
    returns = [noted for noted in dossier.here(VisitLogged) if noted.fact.kind is VisitKind.RETURN]
    if not returns:
        return BY_OTHERS
    handlers = handlers_of(dossier)
    own = [noted for noted in returns if noted.fact.official.id in handlers]
    if not own or any(noted.fact.met_petitioner for noted in returns if noted not in own):
        return BY_OTHERS
    first = own[0].fact.official
    return shown(
        f"回访由经办人自己进行：{first.name}{handlers[first.id][0]}",
        f"who made the return visit had handled the case: {first.name} {handlers[first.id][1]}",
        own[0].on,
        [evidence(noted, *handlers[noted.fact.official.id]) for noted in own],
    )


def mediation_unproven(matter: Matter, rule: DayRule) -> Verdict:
    """调解无协议: so many days after an agreement is said to have been reached, its paper is not on file (Art 33).

    Ending a case on an agreement of which there is none shows at once.
    """
    dossier = matter.dossier
    reached = dossier.all(AgreementReached)
    for ended in dossier.all(CaseEnded):
        if ended.fact.ground is EndGround.AGREEMENT_PERFORMED and not reached:
            zh, en = "以协议已履行终结，没有任何协议", "ended on an agreement that was performed; there is none"
            return shown(zh, en, ended.on, [evidence(ended, "终结依据", "the ground of the end")])
    if not reached:
        return ON_PAPER
    withdrawn = {noted.fact.document_id for noted in dossier.all(DocumentWithdrawn)}
    filed = [n for n in dossier.all(DocumentFiled) if n.fact.kind is DocumentKind.AGREEMENT]
    papers = [noted for noted in filed if noted.fact.document_id not in withdrawn]
    owed = [
        Owed(
            noted, matter.deadline(noted.on, rule.limit), f"{noted.on} 的{noted.fact.kind.label}", f"that of {noted.on}"
        )
        for noted in reached
        if not any(paper.on >= noted.on for paper in papers)
    ]
    return owing(owed, matter.today, "没有协议书：{zh}", "no paper of the agreement: {en}", ON_PAPER)


def hearing_ignored(matter: Matter, rule: DayRule) -> Verdict:
    """听证申请未答复: a hearing was asked for, and so many days later it is neither held nor declined for a reason (S3 Art 39).
    Closing the case answers nobody, nor does the stop of its clock for that very hearing.
    """
    dossier = matter.dossier
    asked = dossier.here(HearingRequested)
    if not asked:
        return HEARD
    if dossier.closed and dossier.closing is None:
        return CLOSED
    answers: list[Noted[Fact]] = [*dossier.all(HearingHeld)]
    answers += [noted for noted in dossier.all(HearingDeclined) if noted.fact.reason]
    other = (noted.fact for noted in dossier.round if not _for_a_hearing(noted.fact))
    stood_still = suspensions(other) if dossier.stood_still else ()
    owed = [
        Owed(
            noted,
            matter.deadline(noted.on, rule.limit, stood_still),
            f"{noted.on} 的申请",
            f"that of {noted.on}",
        )
        for noted in asked
        if not any(answer.on >= noted.on for answer in answers)
    ]
    return owing(owed, matter.today, "听证申请没有答复：{zh}", "a request for a hearing is not answered: {en}", HEARD)


def _for_a_hearing(fact: Fact) -> bool:
    return isinstance(fact, ClockSuspended) and fact.ground is SuspensionGround.HEARING


def thin_inquiry(matter: Matter, rule: PlainRule) -> Verdict:
    """核查单薄: the last inquiry report has too few verifiers, no majority, or a no without its reason (seed plan D6)."""
    reports = matter.dossier.here(InquiryReported)
    if not reports or reports[-1].imported:
        return THOROUGH
    report, least = reports[-1], matter.policy.inquiry.verifiers
    votes = report.fact.votes
    ayes = sum(vote.agrees for vote in votes)
    why = []
    if len(votes) < least:
        why.append((f"核查人员 {len(votes)} 人，少于 {least} 人", f"verifiers: {len(votes)}, fewer than {least}"))
    if 2 * ayes <= len(votes):
        why.append((f"同意 {ayes} 人，不过半数", f"in favour: {ayes}, no majority"))
    if any(not vote.agrees and not vote.dissent for vote in votes):
        why.append(("不同意见没有记录在案", "a dissent is not on record"))
    if not why:
        return THOROUGH
    zh, en = "；".join(one for one, _ in why), "; ".join(one for _, one in why)
    return shown(
        f"{report.on} 的核查报告：{zh}",
        f"the inquiry report of {report.on}: {en}",
        report.on,
        [evidence(report, zh, en)],
        [f"同意 {ayes} / {len(votes)}，至少 {least} 人 / in favour {ayes} of {len(votes)}, at least {least}"],
    )


RULES = (
    Rule("unsigned-report", "C13", PlainRule, unsigned_report, (InquiryReported, DocumentFiled), SIGNED),
    Rule("self-visit", "C14", PlainRule, self_visit, (VisitLogged,), BY_OTHERS),
    Rule("mediation-unproven", "C15", DayRule, mediation_unproven, (AgreementReached, CaseEnded), ON_PAPER),
    Rule("hearing-ignored", "C18", DayRule, hearing_ignored, (HearingRequested,), HEARD),
    Rule("thin-inquiry", "C19", PlainRule, thin_inquiry, (InquiryReported,), THOROUGH),
)
