"""复查复核终结: late reviews, and reviewers of their own work (T10); ends without a ground (T11). Pure."""

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
from shared.policy.rules import PlainRule
from shared.standard import hearings
from shared.terms import EndGround, ReviewStage, ReviewVerdict

NOT_CONTESTED = quiet("没有未决的复查复核", "no review waits for its decision")
NOT_ENDED = quiet("没有终结", "the case was not ended")
GROUNDED = quiet("终结依据成立", "the ground of the end is there")


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


RULES = (
    Rule("review-late", "T10", PlainRule, review_late, (ReviewRequested,), NOT_CONTESTED),
    Rule("ended-unfounded", "T11", PlainRule, ended_unfounded, (CaseEnded,), NOT_ENDED),
)
