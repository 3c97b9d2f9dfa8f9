"""处理意见: an impossible order (C4), defects of form (C5), demands left out (C6), unfounded without a ground (C12). Pure."""

import sys
from datetime import date

from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import IMPORTED, Matter, Verdict, Words, evidence, quiet, shown
from shared.events import Fact
from shared.events.casework import (
    CaseClosed,
    CaseEnded,
    DemandAssessed,
    EvidenceTaken,
    HearingHeld,
    InquiryReported,
    OpinionIssued,
    OpinionServed,
    VisitLogged,
)
from shared.policy.rules import PlainRule
from shared.terms import EvidenceKind, Judgement, VisitKind

NO_OPINION = quiet("尚无处理意见书", "there is no written opinion yet")
IN_ORDER = quiet("程序先后没有倒置", "nothing happened in an impossible order")
WELL_FORMED = quiet("意见书要件齐全", "the opinion has all that it has to hold")
ALL_ANSWERED = quiet("逐项答复了诉求", "every demand is answered")
IN_TURN = quiet("其余诉求分割办理，排在后面", "the other demands were split off, and their turn comes later")
SUPPORTED = quiet("没有缺依据的无理认定", "no demand was found unfounded without a ground")


def impossible_order(matter: Matter, rule: PlainRule) -> Verdict:
    """程序倒置: served before it was signed; signed before anything was inquired into, or the person was heard, and these done
    afterwards (Art 31); met only after it was closed.

    What a ledger claims has days as people remember them: it is not held to their order.
    """
    dossier = matter.dossier
    wrong: list[tuple[Noted[Fact], date, Words]] = []
    issued = {noted.fact.number: noted for noted in dossier.here(OpinionIssued)}
    for served in dossier.here(OpinionServed):
        opinion = issued.get(served.fact.number)
        if opinion is not None and served.on < opinion.on:
            wrong.append((served, opinion.on, (f"{opinion.on} 才签发", f"signed only on {opinion.on}")))
    found: list[Noted[Fact]] = [
        *dossier.here(InquiryReported),
        *dossier.here(HearingHeld),
        *dossier.here(EvidenceTaken),
    ]
    heard: list[Noted[Fact]] = [n for n in dossier.here(EvidenceTaken) if n.fact.kind is EvidenceKind.PETITIONER_HEARD]
    heard += dossier.here(HearingHeld)
    heard += [n for n in dossier.here(VisitLogged) if n.fact.met_petitioner and n.fact.kind is not VisitKind.RETURN]
    for deeds, zh, en in (
        (found, "调查在后", "inquired into later"),
        (heard, "听取陈述在后", "the person heard later"),
    ):
        if issued and deeds and all(noted.on > opinion.on for noted in deeds for opinion in issued.values()):
            signed = max(opinion.on for opinion in issued.values())
            why = f"意见书 {signed} 已签发，{zh}", f"the opinion was signed on {signed}, and {en}"
            wrong += [(noted, noted.on, why) for noted in deeds if all(noted is not one for one, _, _ in wrong)]
    if closings := dossier.here(CaseClosed):
        at, ended = closings[0].on, dossier.first(CaseEnded)
        late = [n for n in dossier.here(VisitLogged) if n.on > at and n.fact.kind is not VisitKind.RETURN]
        if ended is not None:  # after the end of the road explaining goes on (Art 37)
            late = [n for n in late if n.on < ended.on]
        late = [n for n in late if all(n is not one for one, _, _ in wrong)]
        wrong += [(n, n.on, (f"{at} 已办结，才去{n.fact.kind.label}", f"closed before it, on {at}")) for n in late]
    wrong = [(noted, since, why) for noted, since, why in wrong if not noted.imported]
    if not wrong:
        return IN_ORDER
    wrong.sort(key=lambda one: one[0].place)
    noted, _, (zh, en) = wrong[0]
    return shown(
        f"程序先后倒置：{noted.on} 的{noted.label}，{zh}",
        f"in an impossible order: {noted.label_en} on {noted.on}, {en}",
        min(since for _, since, _ in wrong),
        [evidence(one, *why) for one, _, why in wrong],
    )


def opinion_defects(matter: Matter, rule: PlainRule) -> Verdict:
    """意见书要件不全: the last opinion lacks the facts, the legal basis, or where and until when to contest it; or a claim was
    replied to, and there is no opinion of which these could be read (Art 32).
    """
    opinion, dossier = _last_opinion(matter), matter.dossier
    if opinion is None:
        replies = [noted for noted in dossier.here(OpinionServed) if not noted.imported]
        if not replies or dossier.other_procedure:
            return NO_OPINION
        zh, en = "没有登记处理意见书", "no opinion was put down"
        return shown(
            f"{replies[0].on} 已送达答复，{zh}，看不出事实、依据和救济途径",
            f"a reply was served on {replies[0].on}, and {en}: no facts, no law, no remedy can be read",
            replies[0].on,
            [evidence(replies[0], zh, en)],
        )
    if opinion.imported:
        return IMPORTED
    parts = {"事实": opinion.fact.facts, "法律依据": opinion.fact.legal_basis, "救济途径和期限": opinion.fact.remedy}
    named = {"事实": "facts", "法律依据": "legal basis", "救济途径和期限": "remedy"}
    lacking = [name for name, said in parts.items() if not said]
    if not lacking:
        return WELL_FORMED
    zh, en = "、".join(lacking), ", ".join(named[name] for name in lacking)
    return shown(
        f"意见书{opinion.fact.number}缺：{zh}",
        f"the opinion {opinion.fact.number} lacks: {en}",
        opinion.on,
        [evidence(opinion, f"缺{zh}", f"lacks {en}")],
    )


def demands_unanswered(matter: Matter, rule: PlainRule) -> Verdict:
    """诉求漏答: the opinions say nothing to one of the demands (seed plan D6: 不留尾巴). What was split off for a later turn
    is not passed over (D5), unless the case is closed without it.
    """
    opinion, registered = _last_opinion(matter), matter.dossier.registered
    if opinion is None or registered is None:
        return NO_OPINION
    if opinion.imported:
        return IMPORTED
    given = matter.dossier.here(OpinionIssued)
    answered = {answer.demand for noted in given for answer in noted.fact.answers if answer.reasons}
    turns = {noted.fact.demand: noted.fact.order for noted in matter.dossier.all(DemandAssessed)}
    turn = sys.maxsize if matter.dossier.closed else max((turns.get(n, 1) for n in answered), default=1)
    silent = [n for n in range(1, matter.dossier.demands + 1) if n not in answered | matter.dossier.elsewhere]
    left = [str(n) for n in silent if turns.get(n, 1) <= turn]
    if not left:
        return IN_TURN if silent else ALL_ANSWERED
    return shown(
        f"{len(registered.fact.demands)} 项诉求中，第 {'、'.join(left)} 项没有答复",
        f"of {len(registered.fact.demands)} demands, not answered: {', '.join(left)}",
        opinion.on,
        [evidence(opinion, f"未答复第 {'、'.join(left)} 项", f"silent on {', '.join(left)}")],
        [
            f"{len(registered.fact.demands)} 项 - {len(registered.fact.demands) - len(left)} 项 = {len(left)} 项 / demands"
        ],
    )


def _last_opinion(matter: Matter) -> Noted[OpinionIssued] | None:
    found = matter.dossier.here(OpinionIssued)
    return found[-1] if found else None


def unfounded_unsupported(matter: Matter, rule: PlainRule) -> Verdict:
    """认定无理缺依据: a demand was found unreasonable without an inquiry report, a legal basis, or a signature on the report."""
    dossier = matter.dossier
    latest = {noted.fact.demand: noted for noted in dossier.all(DemandAssessed)}
    judged = [n for n in latest.values() if n.fact.judgement in (Judgement.UNFOUNDED, Judgement.HARDSHIP)]
    if not judged:
        return SUPPORTED
    signed = [noted for noted in dossier.all(InquiryReported) if noted.fact.signed_by is not None]
    unsigned = [noted for noted in dossier.all(InquiryReported) if noted.fact.signed_by is None]
    lacking = []
    for noted in sorted(judged, key=lambda noted: noted.place):
        why = [("没有签字的核查报告", "no signed inquiry report")] if not signed else []
        why += [("没有法律依据", "no legal basis")] if not noted.fact.legal_basis else []
        if why:
            lacking.append(evidence(noted, "、".join(zh for zh, _ in why), ", ".join(en for _, en in why)))
    if not lacking:
        return SUPPORTED
    return shown(
        f"{len(lacking)} 项诉求认定为无理，依据不足：{lacking[0].why_zh}",
        f"demands found unfounded without support: {len(lacking)} ({lacking[0].why_en})",
        lacking[0].on,
        lacking,
        (),
        [evidence(noted, "核查报告没有签字", "an inquiry report that nobody signed") for noted in unsigned],
    )


RULES = (
    Rule("impossible-order", "C4", PlainRule, impossible_order),
    Rule("opinion-defects", "C5", PlainRule, opinion_defects, (OpinionIssued, OpinionServed), NO_OPINION),
    Rule("demands-unanswered", "C6", PlainRule, demands_unanswered, (OpinionIssued,), NO_OPINION),
    Rule("unfounded-unsupported", "C12", PlainRule, unfounded_unsupported, (DemandAssessed,), SUPPORTED),
)
