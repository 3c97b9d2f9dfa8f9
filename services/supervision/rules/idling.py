"""空转: nobody owns the case (I4), nothing of substance is done (I1), nobody has met the person (I2). Pure."""

from services.supervision.dossier import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, Words, after, begun, evidence, quiet
from shared.events import Fact
from shared.events.casework import EvidenceTaken, HearingHeld, MeetingHeld, VisitLogged
from shared.events.intake import CaseDispatched, CaseUnmerged
from shared.policy import Progress, Why
from shared.policy.rules import DayRule
from shared.terms import EvidenceKind


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


def idle(matter: Matter, rule: DayRule) -> Verdict:
    """挂账空转: nothing of substance for so many days. Reports, reassignments and extensions are not substance."""
    dossier, progress = matter.dossier, matter.policy.progress
    if dossier.closed:
        return CLOSED
    opening = matter.opening
    ignored = []
    start, moving, opened = opening, False, opening.place
    for noted in reversed(dossier.round):
        if noted.place <= opened:
            break
        if isinstance(noted.fact, CaseUnmerged):  # nobody could handle it while it was merged
            start = noted
            break
        why = why_not(progress, noted.fact)
        if why is None:
            start, moving = noted, True
            break
        ignored.append(evidence(noted, why.zh, why.en))
    ignored.reverse()
    deadline = matter.deadline(start.on, rule.limit, dossier.stood_still)
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
        [evidence(start, "最近一次实质进展" if moving else "起算点", "the last progress" if moving else "the start")],
        ignored,
    )


def never_met(matter: Matter, rule: DayRule) -> Verdict:
    """从未见面: nobody has met the person so many days after acceptance; after registration when never accepted. Whoever heard the
    person in the inquiry, or in a hearing, has met them (Art 31).

    A relapse opens a new round: whoever closed the case in vain meets the person again.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    visits = dossier.here(VisitLogged)
    met: list[Noted[Fact]] = [noted for noted in visits if noted.fact.met_petitioner]
    met += [noted for noted in dossier.here(EvidenceTaken) if noted.fact.kind is EvidenceKind.PETITIONER_HEARD]
    met += dossier.here(HearingHeld)
    if met:
        last = max(noted.on for noted in met)
        return quiet(f"{last} 已与信访人见面", f"the person was met on {last}")
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
