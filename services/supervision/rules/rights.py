"""信访人权利: sent to those it is about (R1), no recusal (R2), an urgent matter that nobody reported (R4), a
query without an answer (R5). Pure.

Retaliation (R3) is a person's report and a human's matter: it goes another way, never to the unit.
"""

from collections.abc import Mapping

from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import IMPORTED, Matter, Owed, Verdict, after, evidence, owing, quiet, shown
from shared.events import Fact, Official
from shared.events.casework import (
    AidGranted,
    CaseAccepted,
    CaseEnded,
    ClosureReviewed,
    CommitmentFulfilled,
    EvidenceTaken,
    ExtensionApproved,
    InquiryReported,
    InterestDeclared,
    LeaderAssigned,
    LeaderReplaced,
    LookedBack,
    MeetingHeld,
    OpinionIssued,
    PlanAdopted,
    ResponsibilityFixed,
    ReviewDecided,
    TaskForceFormed,
    VisitLogged,
)
from shared.events.intake import (
    AccusedNamed,
    BacklogExcluded,
    CaseDispatched,
    ProgressQueried,
    QueryAnswered,
    RouteDetermined,
    UrgentReported,
)
from shared.policy.rules import DayRule, PlainRule

NOT_AMONG = quiet("没有转给被反映的单位", "not in the hands of those whom it is about")
ALL_APART = quiet("没有应回避而未回避的人员", "nobody who has to keep away has acted")
NO_QUERY = quiet("没有未答复的查询", "no query waits for an answer")
NOT_URGENT = quiet("不是重大紧急事项", "not an urgent matter")


def sent_to_accused(matter: Matter, rule: PlainRule) -> Verdict:
    """转给被反映单位: the case lies with a unit whom it is about, or one that was sent it took it up, or has a part in handling it
    (Arts 30, 46).

    It shows until the case is taken from them, whenever it was said whom it is about.
    """
    dossier = matter.dossier
    named = dossier.all(AccusedNamed)
    units = {unit: noted for noted in reversed(named) for unit in noted.fact.units}
    if not units:
        return NOT_AMONG
    if dossier.unit not in units:
        return _has_a_part(matter, units)
    holders: list[Noted[CaseDispatched] | Noted[CaseAccepted]] = [
        *dossier.all(CaseDispatched),
        *dossier.all(CaseAccepted),
    ]
    given = [noted for noted in holders if noted.fact.unit == dossier.unit]
    said = units[dossier.unit]
    counted = [evidence(said, "被反映单位", "whom it is about")]
    counted += [evidence(noted, "交给该单位", "given to it") for noted in given]
    since = max(said.on, min((noted.on for noted in given), default=said.on))
    return shown(
        f"案件在被反映的单位{dossier.unit}手中",
        f"the case lies with {dossier.unit}, whom it is about",
        since,
        counted,
    )


def _has_a_part(matter: Matter, units: Mapping[str, Noted[AccusedNamed]]) -> Verdict:
    """Whether the duty in the case, as it is divided now, falls to a unit whom it is about."""
    divided = matter.dossier.last(ResponsibilityFixed)
    if divided is None or matter.dossier.closed:
        return NOT_AMONG
    fact = divided.fact
    theirs = [unit for unit in (fact.main, *fact.secondary, *fact.assisting) if unit in units]
    if not theirs:
        return NOT_AMONG
    names, said = "、".join(theirs), [units[unit] for unit in theirs]
    return shown(
        f"被反映的单位{names}参与办理本案",
        f"{', '.join(theirs)}, whom it is about, has a part in handling the case",
        max(divided.on, min(noted.on for noted in said)),
        [evidence(noted, "被反映单位", "whom it is about") for noted in dict.fromkeys(said)]
        + [evidence(divided, "责任分工", "how the duty is divided")],
    )


def no_recusal(matter: Matter, rule: PlainRule) -> Verdict:
    """应回避未回避: somebody whom the matter is about, or who declared an interest, handles, verifies or decides (Art 28). Whoever
    owns or handles an open case, by the last word on that, still does.
    """
    dossier = matter.dossier
    apart: dict[str, Noted[Fact]] = {}
    for named in dossier.all(AccusedNamed):
        for official in named.fact.officials:
            apart.setdefault(official.id, named)
    for declared in dossier.all(InterestDeclared):
        apart.setdefault(declared.fact.official.id, declared)
    if not apart:
        return ALL_APART
    acts: list[tuple[Noted[Fact], Official]] = []
    for noted in dossier.facts:
        acts += [(noted, who) for who in _who(noted.fact) if who.id in apart and noted.place > apart[who.id].place]
    standing = [dossier.owning, dossier.last(ResponsibilityFixed), dossier.last(TaskForceFormed)]
    for still in filter(None, () if dossier.closed else standing):
        acts += [(still, who) for who in _who(still.fact) if who.id in apart and (still, who) not in acts]
    if not acts:
        return ALL_APART
    since = min(max(noted.on, apart[who.id].on) for noted, who in acts)
    names = "、".join(dict.fromkeys(who.name for _, who in acts))
    return shown(
        f"应当回避的{names}参与办理",
        f"had to keep away, and acted: {names}",
        since,
        [evidence(noted, f"{who.name}，{noted.label}", f"{who.name}: {noted.label_en}") for noted, who in acts],
    )


def _who(fact: Fact) -> tuple[Official, ...]:
    """Who acted in the case by this fact."""
    match fact:
        case VisitLogged(official=who) | EvidenceTaken(official=who) | LookedBack(official=who):
            return (who,)
        case LeaderAssigned(leader=who) | LeaderReplaced(leader=who) | OpinionIssued(signed_by=who):
            return (who,)
        case ReviewDecided(reviewer=who) | ClosureReviewed(reviewer=who):
            return (who,)
        case ExtensionApproved(approved_by=who) | AidGranted(approved_by=who) | CaseEnded(approved_by=who):
            return (who,)
        case RouteDetermined(approved_by=who) | BacklogExcluded(approved_by=who):
            return (who,)
        case InquiryReported(votes=votes, signed_by=who) if who is not None:
            return (*(vote.official for vote in votes), who)
        case MeetingHeld(chair=who) | PlanAdopted(drawn_up_by=who) | CommitmentFulfilled(seen_to_by=who):
            return (who,) if who is not None else ()
        case InquiryReported(votes=votes):
            return tuple(vote.official for vote in votes)
        case ResponsibilityFixed(handlers=handlers):
            return handlers
        case TaskForceFormed(head=head, members=members):
            return (head, *members)
        case _:
            return ()


def urgent_late(matter: Matter, rule: DayRule) -> Verdict:
    """紧急事项未报: a matter marked as urgent was not reported upward within so many days of being received (Art 25)."""
    registered = matter.dossier.registered
    if registered is None or registered.imported:
        return IMPORTED
    if not registered.fact.urgent:
        return NOT_URGENT
    if reported := matter.dossier.first(UrgentReported):
        return quiet(f"已于 {reported.on} 上报", f"reported upward on {reported.on}")
    deadline = matter.deadline(registered.on, rule.limit)
    return after(
        deadline,
        matter.today,
        lambda: (f"重大紧急事项，{deadline.due} 前没有上报", f"urgent, and not reported upward by {deadline.due}"),
        lambda: (f"重大紧急事项，最迟应在 {deadline.due} 上报", f"urgent: to be reported upward by {deadline.due}"),
        [evidence(registered, "重大紧急", "urgent")],
    )


def query_unanswered(matter: Matter, rule: DayRule) -> Verdict:
    """查询不复: the person asked how the matter stands, and was not told within so many days (Arts 18, 21).

    Nothing stops that clock: also of a case that stands still, or is closed, it can be said how it stands.
    """
    answered = {noted.fact.query_id for noted in matter.dossier.all(QueryAnswered)}
    owed = [
        Owed(
            noted,
            matter.deadline(noted.on, rule.limit),
            f"{noted.on} 向{noted.fact.asked_of}的查询",
            f"{noted.fact.asked_of} was asked on {noted.on}",
        )
        for noted in matter.dossier.all(ProgressQueried)
        if noted.fact.query_id not in answered
    ]
    return owing(
        owed, matter.today, "查询进展逾期未答复：{zh}", "asked how it stands, and not answered: {en}", NO_QUERY
    )


RULES = (
    Rule("sent-to-accused", "R1", PlainRule, sent_to_accused, (AccusedNamed,), NOT_AMONG),
    Rule("no-recusal", "R2", PlainRule, no_recusal, (AccusedNamed, InterestDeclared), ALL_APART),
    Rule("urgent-late", "R4", DayRule, urgent_late),
    Rule("query-unanswered", "R5", DayRule, query_unanswered, (ProgressQueried,), NO_QUERY),
)
