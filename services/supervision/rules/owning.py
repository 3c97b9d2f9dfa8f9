"""包案: the owner leader who does nothing (I3), and owners who change (I4). Pure."""

from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, after, evidence, quiet, shown
from shared.events import Fact
from shared.events.casework import (
    CommitmentFulfilled,
    EvidenceTaken,
    InquiryReported,
    LeaderAssigned,
    LeaderReplaced,
    MeetingHeld,
    OpinionIssued,
    PlanAdopted,
    VisitLogged,
)
from shared.policy.rules import DayRule, TimesRule
from shared.workdays import business_date

NO_OWNER = quiet("尚无包案领导", "nobody owns the case yet")
STEADY = quiet("包案领导没有频繁更换", "the owner leader has not changed often")


def leader_absent(matter: Matter, rule: DayRule) -> Verdict:
    """包案领导未亲为: so many days after taking the case on, the owner leader has done nothing in person of what is to be done so
    (四亲自, seed plan D10): met the person, or looked; drawn up the plan; chaired a meeting, or signed; seen to what was due.

    What others did is named and not counted (seed plan D6: 不得由部门或他人代替). Of a meeting it is who chaired it. Of whom a
    ledger names without a day, nobody knows more than that they own the case since the ledger came.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    owning, leader = dossier.owned_since, dossier.leader
    if owning is None or leader is None:
        return NO_OWNER
    start: Noted[Fact] = max(owning, dossier.relapse or owning, key=lambda noted: noted.place)
    since, undated = start.on, isinstance(start.fact, LeaderAssigned) and start.fact.undated
    if undated:
        since = max(since, business_date(start.recorded))
    by_others: list[Noted[Fact]] = []
    for noted, who in _acts(matter):
        if who == leader.leader.id:
            return quiet(f"{leader.leader.name}于 {noted.on} 亲自办理", f"{leader.leader.name} acted on {noted.on}")
        if noted.on >= since:
            by_others.append(noted)
    deadline = matter.deadline(since, rule.limit, dossier.stood_still)
    n, name = (matter.today - since).days, leader.leader.name
    zh, en = "", ""
    if undated:
        zh, en = "（台账未载包案日期，自入账起算）", " (since the ledger came, which names no day)"
    return after(
        deadline,
        matter.today,
        lambda: (
            f"{name}包案已 {n} 天{zh}，没有亲自接访、核查、研究方案、主持协调、落实或签字",
            f"{name} has owned the case for {n} days{en} and has met nobody, looked at nothing, drawn up, chaired, seen to and"
            " signed nothing",
        ),
        lambda: (f"{name}最迟应在 {deadline.due} 前亲自办理", f"{name} is to act in person by {deadline.due}"),
        [evidence(start, "起算点", "the start")],
        [evidence(noted, "他人所为，不是包案领导本人", "done by others, not by the leader") for noted in by_others],
    )


def _acts(matter: Matter) -> list[tuple[Noted[Fact], str]]:
    """What was done in person in this round, and by whom."""
    dossier = matter.dossier
    found: list[tuple[Noted[Fact], str]] = [(noted, noted.fact.official.id) for noted in dossier.here(VisitLogged)]
    found += [(noted, noted.fact.official.id) for noted in dossier.here(EvidenceTaken)]
    found += [(noted, noted.fact.signed_by.id) for noted in dossier.here(OpinionIssued)]
    found += [(noted, noted.fact.signed_by.id) for noted in dossier.here(InquiryReported) if noted.fact.signed_by]
    found += [(noted, noted.fact.drawn_up_by.id) for noted in dossier.here(PlanAdopted) if noted.fact.drawn_up_by]
    found += [(noted, noted.fact.chair.id) for noted in dossier.here(MeetingHeld) if noted.fact.chair]
    found += [(noted, noted.fact.seen_to_by.id) for noted in dossier.here(CommitmentFulfilled) if noted.fact.seen_to_by]
    return sorted(found, key=lambda one: one[0].place)


def leader_swapped(matter: Matter, rule: TimesRule) -> Verdict:
    """频繁更换包案领导: so many leaders have handed the case to the next since it was opened, or opened again."""
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    named: list[Noted[Fact]] = [*dossier.here(LeaderAssigned), *dossier.here(LeaderReplaced)]
    if len(named) < rule.times:
        return STEADY
    swaps: list[Noted[Fact]] = []
    holder = None
    for noted in sorted(named, key=lambda noted: noted.place):
        if isinstance(noted.fact, LeaderAssigned | LeaderReplaced) and noted.fact.leader.id != holder:
            if holder is not None or isinstance(noted.fact, LeaderReplaced):
                swaps.append(noted)
            holder = noted.fact.leader.id
    if len(swaps) < rule.times:
        return STEADY
    n = len(swaps)
    return shown(
        f"包案领导已更换 {n} 次",
        f"times the owner leader has changed: {n}",
        swaps[rule.times - 1].on,
        [evidence(noted, "更换", "changed") for noted in swaps],
        [f"{n} 次 ≥ {rule.times} 次 / times"],
    )


RULES = (
    Rule("leader-absent", "I3", DayRule, leader_absent, (LeaderAssigned, LeaderReplaced), NO_OWNER, stalls=True),
    Rule("leader-swapped", "I4", TimesRule, leader_swapped, (LeaderAssigned, LeaderReplaced), STEADY, stalls=True),
)
