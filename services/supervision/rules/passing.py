"""推诿退转: units that hand a case around (I9), object late (T4), and clocks that are set back (T8). Pure."""

from datetime import date

from services.supervision.cited import Cited
from services.supervision.noted import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, Words, evidence, quiet, shown
from shared.deadlines import compute, overdue
from shared.events import Fact
from shared.events.casework import CaseAccepted, CaseRelapsed
from shared.events.intake import (
    CaseDispatched,
    CaseTakenIn,
    DispatchObjected,
    JurisdictionRuled,
    NoticeOfAcceptanceServed,
    ObjectionDeclined,
    ObjectionRaised,
)
from shared.handling import takes_up
from shared.policy.rules import PlainRule, TimesRule

NEVER_MOVED = quiet("没有被退回或转办", "never sent back or on")
IN_TIME = quiet("没有超期或无理由的异议", "no objection that is late or without a reason")
NOT_SET_BACK = quiet("期限没有被重置", "no clock was set back")


def ping_pong(matter: Matter, rule: TimesRule) -> Verdict:
    """推诿退转: sent back, or passed on to yet another unit, so often that nobody takes it.

    Sending back and the dispatch that follows it are one move, not two; the first dispatch is none. A relapse, and a ruling of
    whose it is (Art 24), begin the count anew.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    moves: list[Cited] = []
    holder = ""
    ruled: list[Noted[Fact]] = [*dossier.all(JurisdictionRuled)]
    for noted in sorted([*dossier.handed_on, *ruled], key=lambda noted: noted.place) if ruled else dossier.handed_on:
        match noted.fact:
            case DispatchObjected(unit=unit):
                moves.append(evidence(noted, f"{unit}退回", f"{unit} sent it back"))
                holder = ""
            case CaseDispatched(unit=unit):
                if holder not in ("", unit):
                    moves.append(evidence(noted, f"由{holder}转到{unit}", f"from {holder} to {unit}"))
                holder = unit
            case JurisdictionRuled():
                moves.clear()
                holder = ""  # the dispatch that goes with a ruling is no passing on
            case CaseRelapsed():
                moves.clear()
    times, n = rule.times, len(moves)
    if not moves:
        return NEVER_MOVED
    if n < times:
        return quiet(f"被退回、转办 {n} 次", f"times sent back or on: {n}")
    accepted: Noted[CaseAccepted] | None = dossier.last(CaseAccepted)
    if accepted and accepted.on >= moves[-1].on:
        return quiet(f"退转之后，{accepted.fact.unit}已受理", f"{accepted.fact.unit} has accepted it since")
    return Verdict(
        True,
        f"案件已被退回、转办 {n} 次，至今无单位受理",
        f"no unit has accepted it since; times sent back or on: {n}",
        since=moves[times - 1].on,
        counted=tuple(moves),
        arithmetic=(f"{n} 次 ≥ {times} 次 / times",),
    )


def objection_late(matter: Matter, rule: PlainRule) -> Verdict:
    """异议超期或无理由: "not ours" said after the 5 working days of Art 23, or without a reason.

    It shows until the case goes on: declined, accepted or sent to another. A ledger's returns are not counted by days.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    sent: dict[str, date] = {}
    wrong: tuple[Noted[Fact], Words, tuple[str, ...]] | None = None
    objecting = ""
    for noted in dossier.handed_on:
        match noted.fact:
            case CaseDispatched(unit=unit):
                sent[unit], wrong, objecting = noted.on, None, ""
            case CaseAccepted() | ObjectionDeclined() | CaseRelapsed():
                wrong, objecting = None, ""
            case ObjectionRaised(unit=unit, reason=reason) | DispatchObjected(unit=unit, reason=reason) if (
                unit != objecting and not noted.imported
            ):
                objecting = unit
                limit = matter.standard.policy_on(noted.on).limits.objection
                if unit in sent and overdue(due := compute(sent[unit], limit, matter.standard.calendar), noted.on):
                    wrong = noted, (f"{due.due} 届满后才提出", f"raised after {due.due}"), due.arithmetic
                elif not reason:
                    wrong = noted, ("没有说明理由", "without a reason"), ()
    if wrong is None:
        return IN_TIME
    noted, (zh, en), arithmetic = wrong
    return shown(
        f"{objecting}于 {noted.on} 提出异议，{zh}",
        f"{objecting} objected on {noted.on}, {en}",
        noted.on,
        [evidence(noted, zh, en)],
        arithmetic,
    )


def clock_reset(matter: Matter, rule: PlainRule) -> Verdict:
    """重置期限: a unit that had the case was sent it once more with a later day for the result, or with none, or took it up once
    more, or long after it had told the person that it did; or the matter was registered before, and that case was merged into this
    newer one.

    The limit does not begin anew by that; that somebody tried is a sign. A relapse begins a new round.
    """
    dossier = matter.dossier
    if dossier.closed or dossier.registered is None:
        return CLOSED
    set_back: list[Cited] = []
    dues: dict[str, Noted[CaseDispatched]] = {}
    taken: dict[str, Noted[CaseAccepted]] = {}
    ruled = {(noted.on, noted.fact.unit) for noted in dossier.all(JurisdictionRuled)}
    for noted in dossier.here(CaseDispatched):
        unit, due = noted.fact.unit, noted.fact.due_on
        before = dues[unit].fact.due_on if unit in dues else None
        lawful = noted.fact.with_case or (noted.on, unit) in ruled  # what a merge brought; what goes with a ruling
        if before is not None and not lawful and (due is None or due > before):
            zh, en = (f"改为 {due}", f"to {due}") if due else ("取消", "to none")
            set_back.append(evidence(noted, f"期限由 {before} {zh}", f"from {before} {en}"))
        dues[unit] = noted
    for accepted in dossier.here(CaseAccepted):
        if accepted.fact.unit in taken:
            first = taken[accepted.fact.unit].on
            set_back.append(evidence(accepted, f"{first} 已受理，再次受理", f"accepted before, on {first}"))
        else:
            taken[accepted.fact.unit] = accepted
            if (told := _told_long_before(matter, accepted)) is not None:
                zh, en = f"{told.on} 已告知受理，才受理", f"the person had been told of it on {told.on}"
                set_back.append(evidence(accepted, zh, en))
    opened = dossier.registered.on
    for merged in dossier.here(CaseTakenIn):
        begun = min(merged.fact.brought, default=opened)
        if begun < opened:
            zh = f"{begun} 已登记的同一事项并入 {opened} 登记的本案"
            set_back.append(evidence(merged, zh, f"a case of {begun} was merged into this one of {opened}"))
    if not set_back:
        return NOT_SET_BACK
    return shown(
        f"期限被重置 {len(set_back)} 次：{set_back[-1].why_zh}",
        f"times a clock was set back: {len(set_back)} ({set_back[-1].why_en})",
        min(one.on for one in set_back),
        set_back,
    )


def _told_long_before(matter: Matter, accepted: Noted[CaseAccepted]) -> Noted[NoticeOfAcceptanceServed] | None:
    """The notice by which a unit told the person that it took the matter up, longer before it did so than such a notice takes."""
    for told in matter.dossier.here(NoticeOfAcceptanceServed):
        if takes_up(told.fact, accepted.fact.unit) and not (told.imported or accepted.imported):
            limit = matter.standard.policy_on(told.on).limits.notice
            return told if overdue(matter.deadline(told.on, limit), accepted.on) else None
    return None


RULES = (
    Rule("ping-pong", "I9", TimesRule, ping_pong, (CaseDispatched, DispatchObjected), NEVER_MOVED, stalls=True),
    Rule("objection-late", "T4", PlainRule, objection_late, (ObjectionRaised, DispatchObjected), IN_TIME),
    Rule("clock-reset", "T8", PlainRule, clock_reset, (CaseDispatched, CaseAccepted, CaseTakenIn), NOT_SET_BACK),
)
