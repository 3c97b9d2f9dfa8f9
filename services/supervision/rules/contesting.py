"""复查复核终结: late reviews, and reviewers of their own work (T10); ends without a ground (T11); the same answer, after it was
quashed (C8) or the matter came back (C7). Pure.
"""

from collections.abc import Sequence

from services.supervision.likeness import likeness
from services.supervision.noted import Noted
from services.supervision.rules.commitments import kept
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import IMPORTED, Matter, Owed, Verdict, Words, evidence, owing, quiet, shown
from shared.deadlines import compute, overdue
from shared.events import Fact
from shared.events.casework import (
    AgreementReached,
    CaseAccepted,
    CaseEnded,
    CaseRelapsed,
    EvidenceTaken,
    InquiryReported,
    LeaderAssigned,
    LeaderReplaced,
    OpinionIssued,
    OpinionServed,
    ResponsibilityFixed,
    ReviewDecided,
    ReviewRequested,
    ReviewTakenUp,
    VisitLogged,
)
from shared.policy.rules import LikenessRule, PlainRule
from shared.redone import quashes, redone, said_to
from shared.standard import hearings
from shared.terms import EndGround, ReviewStage, ReviewVerdict

NOT_CONTESTED = quiet("没有未决的复查复核", "no review waits for its decision")
NOT_ENDED = quiet("没有终结", "the case was not ended")
GROUNDED = quiet("终结依据成立", "the ground of the end is there")
ANSWERED_ONCE = quiet("没有反弹之后重新作出的答复", "nothing was answered anew after it came back")
ANSWERED_ANEW = quiet("没有重作的答复", "no opinion was given anew after one was quashed")


def review_late(matter: Matter, rule: PlainRule) -> Verdict:
    """复查复核逾期: no decision within the 30 days of Arts 35 and 36; time for a hearing in the final review is not counted.

    It shows too when somebody reviewed what they, or their unit, had handled. Whoever does not take a request up, and says why
    (S3 Arts 43, 44), owes no decision on it.
    """
    dossier = matter.dossier
    requests = dossier.all(ReviewRequested)
    if not requests:
        return NOT_CONTESTED
    decisions = dossier.all(ReviewDecided)
    if own := _own_reviews(matter, decisions):
        noted, (zh, en) = own[0]
        said = f"{noted.fact.stage.label}由{zh}作出", f"the {noted.fact.stage} was decided by {en}"
        return shown(*said, noted.on, [evidence(one, *why) for one, why in own])
    declined = [noted for noted in dossier.all(ReviewTakenUp) if not noted.fact.taken_up and noted.fact.reason]
    answers: list[Noted[ReviewDecided] | Noted[ReviewTakenUp]] = [*decisions, *declined]
    owed = []
    for asked in requests:
        stage = asked.fact.stage
        if any(answer.fact.stage is stage and answer.on >= asked.on for answer in answers):
            continue
        limits = matter.standard.policy_on(asked.on).limits
        first = stage is ReviewStage.REVIEW
        stood_still = () if first else hearings(noted.fact for noted in dossier.facts)
        deadline = matter.deadline(asked.on, limits.review if first else limits.final_review, stood_still)
        owed.append(
            Owed(
                asked,
                deadline,
                f"{asked.on} 向{asked.fact.unit}的{stage.label}申请",
                f"the {stage} that {asked.fact.unit} was asked for on {asked.on}",
            )
        )
    return owing(owed, matter.today, "逾期未作决定：{zh}", "past its limit and not decided: {en}", NOT_CONTESTED)


def _own_reviews(matter: Matter, decisions: list[Noted[ReviewDecided]]) -> list[tuple[Noted[ReviewDecided], Words]]:
    """Decisions of those who, or whose unit, had handled the case."""
    dossier = matter.dossier
    units = {noted.fact.unit for noted in dossier.all(CaseAccepted)}
    first = [noted for noted in decisions if noted.fact.stage is ReviewStage.REVIEW]
    hands = {noted.fact.official.id for noted in dossier.all(VisitLogged)}
    hands |= {noted.fact.official.id for noted in dossier.all(EvidenceTaken)}
    hands |= {vote.official.id for noted in dossier.all(InquiryReported) for vote in noted.fact.votes}
    hands |= {who.id for noted in dossier.all(ResponsibilityFixed) for who in noted.fact.handlers}
    hands |= {noted.fact.signed_by.id for noted in dossier.all(OpinionIssued)}
    hands |= {noted.fact.leader.id for noted in dossier.all(LeaderAssigned)}
    hands |= {noted.fact.leader.id for noted in dossier.all(LeaderReplaced)}
    found: list[tuple[Noted[ReviewDecided], Words]] = []
    for noted in decisions:
        unit, reviewer = noted.fact.unit, noted.fact.reviewer
        before = [one for one in first if noted.fact.stage is ReviewStage.FINAL_REVIEW and one.place < noted.place]
        if unit in units:
            found.append((noted, (f"原办理单位{unit}", f"{unit}, which had handled it")))
        elif reviewer.id in hands:
            found.append((noted, (f"经办过本案的{reviewer.name}", f"{reviewer.name}, who had handled it")))
        elif any(unit == one.fact.unit for one in before):
            found.append((noted, (f"原复查机关{unit}", f"{unit}, whose own review it was")))
        elif any(reviewer.id == one.fact.reviewer.id for one in before):
            found.append((noted, (f"作过复查的{reviewer.name}", f"{reviewer.name}, whose own review it was")))
    return found


def ended_unfounded(matter: Matter, rule: PlainRule) -> Verdict:
    """终结无据: ended without the decision, the lapsed days or the performed agreement on which the end is said to rest."""
    dossier = matter.dossier
    ended = dossier.last(CaseEnded)
    if ended is None:
        return NOT_ENDED
    if ended.imported:
        return IMPORTED
    why = _ungrounded(matter, ended)
    if why is None:
        return GROUNDED
    return shown(
        f"{ended.on} 以「{ended.fact.ground.label}」终结，{why[0]}",
        f"ended on {ended.on} on the ground '{ended.fact.ground}'; {why[1]}",
        ended.on,
        [evidence(ended, *why)],
    )


def _ungrounded(matter: Matter, ended: Noted[CaseEnded]) -> Words | None:
    dossier, standard = matter.dossier, matter.standard
    decisions = [noted for noted in dossier.all(ReviewDecided) if noted.on <= ended.on]
    match ended.fact.ground:
        case EndGround.FINAL_REVIEW:
            final = [noted for noted in decisions if noted.fact.stage is ReviewStage.FINAL_REVIEW]
            if final and final[-1].fact.verdict is not ReviewVerdict.QUASHED:
                return None
            return "没有复核意见", "there is no decision of a final review"
        case EndGround.NOT_CONTESTED:
            said: list[Noted[Fact]] = [*decisions, *(n for n in dossier.all(OpinionServed) if n.on <= ended.on)]
            got = max(said, key=lambda noted: noted.place, default=None)
            if got is None:
                return "没有送达答复，申请期限未起算", "no reply was served: the time to contest it never began"
            match got.fact:
                case ReviewDecided(verdict=ReviewVerdict.QUASHED):
                    return (
                        f"意见 {got.on} 已被撤销，没有重新答复",
                        f"what was said was quashed on {got.on}, and not said anew",
                    )
                case ReviewDecided():
                    limit = standard.policy_on(got.on).limits.final_review_request
                case _:
                    limit = standard.policy_on(got.on).limits.review_request
            due = compute(got.on, limit, standard.calendar)
            if not overdue(due, ended.on):
                return f"申请期限到 {due.due} 才届满", f"the time to contest it ended only on {due.due}"
            if any(got.on <= noted.on <= ended.on for noted in dossier.all(ReviewRequested)):
                return "信访人已申请复查复核", "the person has contested it"
            return None
        case EndGround.AGREEMENT_PERFORMED:
            terms = {t.commitment_id for noted in dossier.all(AgreementReached) for t in noted.fact.terms}
            return (
                None
                if terms and terms <= kept(dossier)
                else ("协议没有全部履行", "not all of an agreement was performed")
            )


def same_answer(matter: Matter, rule: LikenessRule) -> Verdict:
    """重作雷同: after an opinion was quashed, the new one says the same to a demand, or much the same (S3 Art 45). A human
    confirms it.
    """
    dossier = matter.dossier
    quashed = [noted for noted in dossier.all(ReviewDecided) if quashes(noted.fact)]
    opinions = dossier.all(OpinionIssued)
    if not quashed or len(opinions) < 2:
        return ANSWERED_ANEW
    decision = quashed[-1]
    before = [noted for noted in opinions if noted.place < decision.place]
    since = [noted for noted in opinions if noted.place > decision.place]
    most = _most_alike(before, since)
    if most is None:
        return ANSWERED_ANEW
    how, demand, old, new = most
    if how < rule.likeness:
        return quiet(f"重作的意见书与被撤销的不同（{how:.2f}）", f"given anew, and in other words ({how:.2f})")
    which, which_en = (f"对第 {demand} 项诉求", f" to demand {demand}") if dossier.demands > 1 else ("", "")
    return shown(
        f"重作的意见书{which}与被撤销的基本相同（相似度 {how:.2f}）",
        f"the opinion given anew says the same{which_en} as the one that was quashed ({how:.2f})",
        new.on,
        [
            evidence(old, "被撤销的意见书", "the one that was quashed"),
            evidence(decision, "撤销", "quashed it"),
            evidence(new, "重作的意见书", "the one given anew"),
        ],
        [f"{how:.2f} ≥ {rule.likeness}"],
    )


def answered_as_before(matter: Matter, rule: LikenessRule) -> Verdict:
    """照搬旧答复: the matter came back after it was closed, and is answered in the words that had not settled it. Where these were
    quashed it is `same_answer` that shows.
    """
    dossier = matter.dossier
    reopening = dossier.reopening
    if reopening is None:
        return ANSWERED_ONCE
    opinions = [noted for noted in dossier.all(OpinionIssued) if not noted.imported]
    quashed = [noted.place for noted in dossier.all(ReviewDecided) if quashes(noted.fact)]
    before = [noted for noted in opinions if noted.place < reopening.place]
    before = [noted for noted in before if not any(noted.place < place for place in quashed)]
    most = _most_alike(before, [noted for noted in opinions if noted.place > reopening.place])
    if most is None:
        return ANSWERED_ONCE
    how, demand, old, new = most
    if how < rule.likeness:
        return quiet(
            f"反弹之后的答复与先前的不同（{how:.2f}）", f"answered in other words than before it came back ({how:.2f})"
        )
    which, which_en = (f"对第 {demand} 项诉求", f" to demand {demand}") if dossier.demands > 1 else ("", "")
    return shown(
        f"反弹之后{which}的答复照搬先前的意见书（相似度 {how:.2f}）",
        f"it came back, and the answer{which_en} is in the words of the one before ({how:.2f})",
        new.on,
        [
            evidence(old, "先前的意见书", "the one before"),
            evidence(reopening, "反弹", "it came back"),
            evidence(new, "反弹之后的意见书", "the one since"),
        ],
        [f"{how:.2f} ≥ {rule.likeness}"],
    )


Alike = tuple[float, int, Noted[OpinionIssued], Noted[OpinionIssued]]
"""How alike, to which demand, and which two opinions."""


def _most_alike(before: Sequence[Noted[OpinionIssued]], since: Sequence[Noted[OpinionIssued]]) -> Alike | None:
    """The two opinions that say most nearly the same to a demand, one of before and one given anew; None without such two."""
    opinion_of = {id(noted.fact): noted for noted in (*before, *since)}
    pairs = [
        (likeness(said_to(old, n), said_to(new, n)), n, opinion_of[id(old)], opinion_of[id(new)])
        for n, old, new in redone((noted.fact for noted in before), (noted.fact for noted in since))
    ]
    return max(pairs, key=lambda pair: (pair[0], -pair[1]), default=None)


RULES = (
    Rule("review-late", "T10", PlainRule, review_late, (ReviewRequested,), NOT_CONTESTED),
    Rule("ended-unfounded", "T11", PlainRule, ended_unfounded, (CaseEnded,), NOT_ENDED),
    Rule("same-answer", "C8", LikenessRule, same_answer, (ReviewDecided,), ANSWERED_ANEW),
    Rule("answered-as-before", "C7", LikenessRule, answered_as_before, (CaseRelapsed,), ANSWERED_ONCE),
)
