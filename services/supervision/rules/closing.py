"""虚假办结: closings that did not settle the matter: papers lacking (C1), no return visit (C2), no reply (C3), against the
person's word (C9), money in place of a solution (C11), other than reported (C17). Pure.
"""

from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.inquiries import handlers_of
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import IMPORTED, OPEN, Matter, Verdict, after, evidence, quiet, shown
from shared.events import Fact
from shared.events.casework import (
    AgreementReached,
    AidGranted,
    CaseClosed,
    CommitmentBroken,
    CommitmentFulfilled,
    DemandAssessed,
    DocumentFiled,
    DocumentWithdrawn,
    EvaluationReceived,
    FileReceived,
    LookedBack,
    OpinionCarriedOut,
    OpinionServed,
    VisitLogged,
)
from shared.policy.rules import DayRule, PlainRule
from shared.replies import unanswered
from shared.terms import DocumentKind, Evaluated, Judgement, Satisfaction, ServedHow, VisitKind

SIX_HAVES = {
    "基本案情材料": (DocumentKind.CASE_FILE,),
    "交办台账及交办函": (DocumentKind.LEDGER, DocumentKind.ASSIGNMENT_LETTER),
    "确定包案领导和责任人的文件": (DocumentKind.LEADER_PAPER,),
    "包案领导签字的查办报告": (DocumentKind.HANDLING_REPORT,),
    "书面答复和回访材料": (DocumentKind.WRITTEN_REPLY, DocumentKind.RETURN_VISIT),
    "后续跟进帮扶材料": (DocumentKind.FOLLOW_UP,),
}
"""六有 (seed plan D1). The sixth is follow-up and help, not control of persons."""

COMPLETE = quiet("六有齐全", "all six papers are there")
DELIVERED = quiet("办结前答复已送达", "the reply had reached the person before the closing")
CONTENT = quiet("没有与办结相反的评价或回访", "nobody said otherwise than that it was settled")
SOLVED = quiet("没有以救助代替解决", "no money in place of a solution")
AS_REPORTED = quiet("没有与报告不符的核查", "nobody found otherwise than was reported")


def six_haves_missing(matter: Matter, rule: DayRule) -> Verdict:
    """六有不全: so many days after closing, one of the six papers is still not on file. One that was withdrawn is not. A paper that
    is said to lie elsewhere is on file, and named: nobody here has seen it, and it is to be looked at where it lies.
    """
    dossier = matter.dossier
    closing = dossier.closing
    if closing is None:
        return OPEN
    if closing.imported:
        return IMPORTED
    withdrawn = {noted.fact.document_id for noted in dossier.all(DocumentWithdrawn)}
    filed = [noted for noted in dossier.all(DocumentFiled) if noted.fact.document_id not in withdrawn]
    kinds = {noted.fact.kind for noted in filed}
    lacking = [name for name, wanted in SIX_HAVES.items() if not kinds.issuperset(wanted)]
    if not lacking:
        seen = {noted.fact.sha256 for noted in dossier.all(FileReceived)}
        unseen = (noted for noted in filed if noted.fact.sha256 not in seen)
        zh, en = "本系统没有收到文件，到存放处核对", "no file of it came in: to be looked at where it lies"
        return COMPLETE._replace(counted=tuple(evidence(noted, zh, en) for noted in unseen))
    deadline = matter.deadline(closing.on, rule.limit)
    zh, en = "、".join(lacking), ", ".join(kind for ks in SIX_HAVES.values() for kind in ks if kind not in kinds)
    return after(
        deadline,
        matter.today,
        lambda: (f"办结后六有不全，缺：{zh}", f"closed, and not on file: {en}"),
        lambda: (f"最迟应在 {deadline.due} 补齐：{zh}", f"to be filed by {deadline.due}: {en}"),
        [evidence(closing, "办结", "the closing")],
        [evidence(noted, "已撤回", "withdrawn") for noted in dossier.all(DocumentWithdrawn)],
    )


def no_return_visit(matter: Matter, rule: DayRule) -> Verdict:
    """办结未回访: so many days after closing nobody has come back to ask (seed plans D1, D11; S8 Art 27)."""
    dossier = matter.dossier
    closing = dossier.closing
    if closing is None:
        return OPEN
    visits = [noted for noted in dossier.here(VisitLogged) if noted.fact.kind is VisitKind.RETURN]
    if met := [noted for noted in visits if noted.fact.met_petitioner]:
        return quiet(f"{met[-1].on} 已回访", f"a return visit was made on {met[-1].on}")
    deadline = matter.deadline(closing.on, rule.limit)
    n = matter.days_since(closing)
    return after(
        deadline,
        matter.today,
        lambda: (f"办结已 {n} 天，没有回访", f"closed for {n} days, and no return visit"),
        lambda: (f"最迟应在 {deadline.due} 回访", f"a return visit is due by {deadline.due}"),
        [evidence(closing, "办结", "the closing")],
        [evidence(noted, "未见到信访人本人", "the person was not met") for noted in visits],
    )


def not_delivered(matter: Matter, rule: PlainRule) -> Verdict:
    """未送达即办结: closed before the written reply reached the person. Refused without a witness, or sent 其他, it did not; where
    a ledger tells of a reply and not of how it was sent, nobody is accused of that.
    """
    dossier = matter.dossier
    closing = dossier.closing
    if closing is None:
        return OPEN
    ignored, delivered = [], []
    for noted in dossier.here(OpinionServed):
        if noted.on > closing.on:
            ignored.append(evidence(noted, "办结后才送达", "served after the closing"))
        elif noted.fact.refused and not noted.fact.note:
            ignored.append(evidence(noted, "拒收，没有见证", "refused, and nobody witnessed it"))
        elif noted.fact.how is ServedHow.OTHER and not noted.imported:
            ignored.append(evidence(noted, "送达方式为其他", "served in some other way"))
        else:
            delivered.append(noted)
    if delivered and not unanswered((noted.fact for noted in delivered), dossier.demands, dossier.elsewhere):
        return DELIVERED
    ignored += [evidence(noted, "只答复了部分诉求", "answers some of the demands") for noted in delivered]
    return shown(
        f"{closing.on} 办结时书面答复没有送达信访人",
        f"closed on {closing.on}, and no written reply had reached the person",
        closing.on,
        [evidence(closing, "办结", "the closing")],
        (),
        ignored,
    )


def against_word(matter: Matter, rule: PlainRule) -> Verdict:
    """违背群众意愿办结: the case is closed, and the person's last word on it is that it is not settled. A word on the petition
    office is none on that; nor is it the person's word when whoever handled the case says that they are content.
    """
    dossier = matter.dossier
    closing = dossier.closing
    if closing is None:
        return OPEN
    of_the_unit = [n for n in dossier.here(EvaluationReceived) if n.fact.of is Evaluated.RESPONSIBLE_UNIT]
    said: list[Noted[Fact]] = [*of_the_unit, *_asked(dossier)]
    last = max(said, key=lambda noted: noted.place, default=None)
    match last.fact if last else None:
        case EvaluationReceived(satisfaction=Satisfaction.DISSATISFIED):
            zh, en = "评价不满意", "evaluated as dissatisfied"
        case VisitLogged(settled=False):
            zh, en = "回访时说没有解决", "said on a return visit that it is not solved"
        case _:
            return CONTENT
    assert last is not None
    return shown(
        f"案件已办结，信访人于 {last.on} {zh}",
        f"the case is closed; on {last.on} the person {en}",
        max(closing.on, last.on),
        [evidence(closing, "办结", "the closing"), evidence(last, zh, en)],
    )


def _asked(dossier: Dossier) -> list[Noted[VisitLogged]]:
    """The visits on which it was asked whether the matter is settled; that it is, only where others than the handlers asked."""
    visits = [noted for noted in dossier.here(VisitLogged) if noted.fact.settled is not None]
    handlers = handlers_of(dossier) if visits else {}
    return [noted for noted in visits if not (noted.fact.settled and noted.fact.official.id in handlers)]


def relief_instead(matter: Matter, rule: PlainRule) -> Verdict:
    """以救助代解决: a demand was found reasonable, and all that was done before closing was to give money (Art 27)."""
    dossier = matter.dossier
    closing = dossier.closing
    if closing is None:
        return OPEN
    aid = dossier.here(AidGranted)
    latest = {noted.fact.demand: noted for noted in dossier.all(DemandAssessed)}
    founded = [n for n in latest.values() if n.fact.judgement in (Judgement.FOUNDED, Judgement.PARTLY)]
    if not aid or not founded or _solutions(dossier):
        return SOLVED
    return shown(
        f"{len(founded)} 项诉求合理，办结时只有救助，没有解决",
        f"demands found reasonable: {len(founded)}; closed with money and without a solution",
        closing.on,
        [evidence(noted, noted.fact.judgement.label, noted.fact.judgement) for noted in founded]
        + [evidence(closing, "办结", "the closing")],
        (),
        [evidence(noted, "救助不是解决", "help is not a solution") for noted in aid],
    )


def _solutions(dossier: Dossier) -> list[Noted[Fact]]:
    """What was said to have settled the matter itself in this round."""
    return [*dossier.here(OpinionCarriedOut), *dossier.here(CommitmentFulfilled), *dossier.here(AgreementReached)]


def report_differs(matter: Matter, rule: PlainRule) -> Verdict:
    """报告与实际不符: something was reported done, and a return visit, a look back or a later finding says that it was not. That
    whoever handled the case found it settled after that, takes nothing back.
    """
    dossier = matter.dossier
    reported: list[Noted[Fact]] = [*_solutions(dossier), *([dossier.closing] if dossier.closing else [])]
    if not reported:
        return AS_REPORTED
    checks: list[Noted[Fact]] = [*dossier.here(LookedBack), *_asked(dossier)]
    last = max(checks, key=lambda noted: noted.place, default=None)
    otherwise = (
        [last] if last and isinstance(last.fact, LookedBack | VisitLogged) and last.fact.settled is False else []
    )
    done = {noted.fact.commitment_id: noted for noted in dossier.here(CommitmentFulfilled)}
    broken = [n for n in dossier.here(CommitmentBroken) if n.fact.commitment_id in done]
    otherwise += [noted for noted in broken if noted.place > done[noted.fact.commitment_id].place]
    said = [noted for noted in reported if any(noted.place < other.place for other in otherwise)]
    if not said:
        return AS_REPORTED
    first = min((other for other in otherwise if other.place > min(n.place for n in said)), key=lambda n: n.place)
    return shown(
        f"报告已落实，{first.on} 的{first.label}与之不符",
        f"reported as done; on {first.on} it was found otherwise ({first.label_en})",
        first.on,
        [evidence(noted, "报告已落实", "reported as done") for noted in said]
        + [evidence(noted, "与报告不符", "found otherwise") for noted in otherwise],
    )


RULES = (
    Rule("six-haves-missing", "C1", DayRule, six_haves_missing, (CaseClosed,), OPEN),
    Rule("no-return-visit", "C2", DayRule, no_return_visit, (CaseClosed,), OPEN),
    Rule("not-delivered", "C3", PlainRule, not_delivered, (CaseClosed,), OPEN),
    Rule("against-word", "C9", PlainRule, against_word, (CaseClosed,), OPEN),
    Rule("relief-instead", "C11", PlainRule, relief_instead, (AidGranted,), SOLVED),
    Rule("report-differs", "C17", PlainRule, report_differs, (LookedBack, VisitLogged, CommitmentBroken), AS_REPORTED),
)
