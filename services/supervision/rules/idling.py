"""空转: nobody owns the case (I4), nothing of substance is done (I1), nobody has met the person (I2). Pure."""

from itertools import pairwise

from services.supervision.cited import Cited
from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, Words, after, begun, evidence, quiet
from shared.deadlines import Suspension
from shared.events import Fact
from shared.events.casework import (
    AidGranted,
    DemandAssessed,
    EvidenceTaken,
    HearingHeld,
    InquiryReported,
    MeetingHeld,
    OpinionIssued,
    OpinionServed,
    OutsideReviewed,
    PlanAdopted,
    SupportGiven,
    VisitLogged,
)
from shared.events.intake import CaseDispatched, CaseMerged, CaseUnmerged
from shared.events.supervision import FindingWithdrawn
from shared.policy import Progress, Why
from shared.policy.rules import DayRule
from shared.redone import said_to
from shared.terms import EvidenceKind
from shared.verbatim import plain_text


def no_leader(matter: Matter, rule: DayRule) -> Verdict:
    """无人包案: nobody owns the case so many days after it was first handed out; after registration when it never was.

    A relapse gives the days anew.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    if dossier.leader:
        name = dossier.leader.leader.name
        return quiet(f"已由{name}包案", f"{name} owns the case")
    start: Noted[Fact] = dossier.relapse or dossier.first(CaseDispatched) or matter.opening
    deadline = matter.deadline(start.on, rule.limit)
    (zh, en), n = begun(start), matter.days_since(start)
    return after(
        deadline,
        matter.today,
        lambda: (f"{zh}已 {n} 天，仍没有包案领导", f"{n} days after {en} the case still has no owner leader"),
        lambda: (f"尚无包案领导，最迟应在 {deadline.due} 确定", f"no owner leader yet; one is due by {deadline.due}"),
        [evidence(start, "起算点", "the start")],
    )


DECIDED_NOTHING = Why(zh="开了会，没有决定事项", en="a meeting that decided nothing")


def why_not(progress: Progress, fact: Fact) -> Why | None:
    """Why a fact does not move the idle clock; None when it does. A meeting does by what it decides."""
    if isinstance(fact, MeetingHeld) and not fact.decisions:
        return DECIDED_NOTHING
    return progress.why_not(type(fact).__name__)


NOTHING_NEW = Why(zh="与此前的同一步骤相比没有新内容", en="the same step once more, with nothing new in it")


def nothing_new(dossier: Dossier, noted: Noted[Fact]) -> Why | None:
    """Why a step that counts as progress moves nothing this time: since the case was last opened it was taken in the same way
    before. The same plan, judgement, evidence, decisions, report, opinion or view from outside; more help of the same kind; and to
    find nobody in again: by the last visit, or by the last of its kind, though the person was met by visits of another kind since.
    """
    step = _step(noted.fact)
    if step is None:
        return None
    before = [one.fact for one in dossier.here(type(noted.fact)) if one.place < noted.place]
    if isinstance(noted.fact, VisitLogged):
        of_its_kind = [fact for fact in before if isinstance(fact, VisitLogged) and fact.kind is noted.fact.kind]
        before = [*before[-1:], *of_its_kind[-1:]]
    return NOTHING_NEW if any(_step(fact) == step for fact in before) else None


def _step(fact: Fact) -> object:
    """What a step consists in, where to take it once more is nothing new; None where it is."""
    match fact:
        case PlanAdopted(measures=measures):
            return measures
        case DemandAssessed(demand=demand, judgement=judgement):
            return demand, judgement
        case EvidenceTaken(kind=kind, note=note):
            return kind, plain_text(note)
        case OutsideReviewed(kind=kind, result=result):
            return kind, plain_text(result)
        case SupportGiven(kind=kind):
            return kind
        case AidGranted(fund=fund):
            return fund
        case MeetingHeld(decisions=decisions):
            return frozenset(plain_text(decision.what) for decision in decisions)
        case InquiryReported(findings=findings):
            return findings
        case OpinionIssued():
            return [plain_text(said_to(fact, answer.demand)) for answer in fact.answers]
        case OpinionServed(number=number):
            return number
        case VisitLogged(met_petitioner=False):
            return "nobody in"
        case _:
            return None


def idle(matter: Matter, rule: DayRule) -> Verdict:
    """挂账空转: nothing of substance for so many days. Reports, reassignments and extensions are not substance; nor is the same
    step taken once more. While it was merged into another case nobody could handle it: these days do not count.
    """
    dossier, progress = matter.dossier, matter.policy.progress
    if dossier.closed:
        return CLOSED
    opening = matter.opening
    ignored = []
    start, moving, opened = opening, False, opening.place
    for noted in reversed(dossier.round):
        if noted.place <= opened:
            break
        why = why_not(progress, noted.fact) or nothing_new(dossier, noted)
        if why is None:
            start, moving = noted, True
            break
        ignored.append(evidence(noted, why.zh, why.en))
    ignored.reverse()
    cleared = _cleared(dossier, start)
    since = max([start.on, *(fact.withdrawn_on for fact in cleared)])
    deadline = matter.deadline(since, rule.limit, (*dossier.stood_still, *_elsewhere(dossier)))
    n, due = matter.days_since(start), deadline.due
    what = start.fact.kind.label if isinstance(start.fact, VisitLogged) else start.label
    begun_zh, begun_en = begun(start)

    def late() -> Words:
        zh, en = "此后没有任何记录", "nothing was recorded since"
        if ignored:
            zh, en = f"此后 {len(ignored)} 条记录不算实质进展", f"later entries, none of them progress: {len(ignored)}"
        if moving:
            return (
                f"已 {n} 天没有实质进展：最近一次是 {start.on} 的{what}，{zh}",
                f"no progress for {n} days: the last was on {start.on} ({start.label_en}); {en}",
            )
        return (
            f"{begun_zh}已 {n} 天，从无实质进展，{zh}",
            f"no progress at all in the {n} days since {begun_en}; {en}",
        )

    def in_time() -> Words:
        if moving:
            return (
                f"最近一次实质进展是 {start.on} 的{what}，最迟 {due} 应有新的进展",
                f"the last progress was on {start.on} ({start.label_en}); more is due by {due}",
            )
        return (
            f"{begun_zh}后尚无实质进展，最迟 {due} 应有进展",
            f"no progress since {begun_en} yet; it is due by {due}",
        )

    return after(
        deadline,
        matter.today,
        late,
        in_time,
        [
            evidence(start, "最近一次实质进展" if moving else "起算点", "the last progress" if moving else "the start"),
            *(
                Cited(
                    dossier.words.id_of(fact), type(fact).__name__, fact.withdrawn_on, "撤销后重新起算", "counted anew"
                )
                for fact in cleared
            ),
        ],
        ignored,
    )


def _cleared(dossier: Dossier, start: Noted[Fact]) -> list[FindingWithdrawn]:
    """The withdrawals of what was found of this very start. None is a licence to leave the case alone for ever: from the last of
    them the days run anew.
    """
    if not dossier.words.spoken:
        return []
    found = [f for f in dossier.words.all(FindingWithdrawn) if f.rule == "idle" and start.id in f.counted]
    return sorted(found, key=lambda fact: fact.withdrawn_on)[-1:]


def _elsewhere(dossier: Dossier) -> list[Suspension]:
    """When it went on under another number, and was nobody's to handle: the merges that were undone."""
    if CaseUnmerged not in dossier.by_type:
        return []
    turns: list[Noted[Fact]] = [*dossier.all(CaseMerged), *dossier.all(CaseUnmerged)]
    turns.sort(key=lambda noted: noted.place)
    return [
        Suspension(out.on, back.on, "并案")
        for out, back in pairwise(turns)
        if isinstance(out.fact, CaseMerged) and isinstance(back.fact, CaseUnmerged)
    ]


def meetings(dossier: Dossier) -> list[Noted[Fact]]:
    """When the person was met since the case was last opened, in order: on a visit, in the inquiry, or in a hearing (Art 31)."""
    met: list[Noted[Fact]] = [noted for noted in dossier.here(VisitLogged) if noted.fact.met_petitioner]
    met += [noted for noted in dossier.here(EvidenceTaken) if noted.fact.kind is EvidenceKind.PETITIONER_HEARD]
    return sorted([*met, *dossier.here(HearingHeld)], key=lambda noted: noted.place)


def never_met(matter: Matter, rule: DayRule) -> Verdict:
    """从未见面: nobody has met the person so many days after acceptance; after registration when never accepted. Whoever heard the
    person in the inquiry, or in a hearing, has met them (Art 31).

    A relapse opens a new round: whoever closed the case in vain meets the person again.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    visits = dossier.here(VisitLogged)
    if met := meetings(dossier):
        return quiet(f"{met[-1].on} 已与信访人见面", f"the person was met on {met[-1].on}")
    start: Noted[Fact] = dossier.relapse or dossier.accepted or matter.opening
    deadline = matter.deadline(start.on, rule.limit)
    (zh, en), n = begun(start), matter.days_since(start)
    tried, tried_en = "", ""
    if visits:
        tried, tried_en = f"，走访 {len(visits)} 次未见到本人", f"; visits that missed the person: {len(visits)}"
    return after(
        deadline,
        matter.today,
        lambda: (
            f"{zh}已 {n} 天，没有任何人与信访人见过面{tried}",
            f"nobody has met the person in {n} days since {en}{tried_en}",
        ),
        lambda: (
            f"尚未与信访人见面，最迟应在 {deadline.due} 见面{tried}",
            f"not met yet; due by {deadline.due}{tried_en}",
        ),
        [evidence(start, "起算点", "the start")],
        [evidence(noted, "未见到信访人本人", "the person was not met") for noted in visits],
    )


RULES = (
    Rule("no-leader", "I4", DayRule, no_leader, stalls=True),
    Rule("idle", "I1", DayRule, idle, stalls=True),
    Rule("never-met", "I2", DayRule, never_met, stalls=True),
)
