"""The signs of stalling (domain signs I1, I2, I4, I9, T5, C10): each a pure function of the facts, the policy and the day.

A verdict says whether the sign shows, why in one sentence, which facts were counted, which were ignored and why, the
arithmetic of its dates, and on which day its answer can next change by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.supervision.dossier import Dossier, Noted
from shared.deadlines import Deadline, compute, explain, overdue
from shared.events.casework import (
    CaseClosed,
    CaseRelapsed,
    ExtensionApproved,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    VisitLogged,
)
from shared.events.intake import CaseDispatched, DispatchObjected, RepeatPetitionLinked
from shared.events.supervision import Evidence
from shared.policy import Policy
from shared.workdays import Calendar

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """The answer of one rule about one case on one day."""

    shows: bool
    zh: str
    en: str
    since: date | None = None
    """The first day on which the sign shows."""
    changes_on: date | None = None
    """The next day on which the answer can change without a new fact; None when only a fact can change it."""
    counted: tuple[Evidence, ...] = ()
    ignored: tuple[Evidence, ...] = ()
    arithmetic: tuple[str, ...] = ()


Rule = Callable[[Dossier, Policy, Calendar, date], Verdict]


def evidence(noted: Noted, zh: str = "", en: str = "") -> Evidence:
    """How a verdict names a fact."""
    return Evidence(id=noted.id, type=noted.type, on=noted.on, why_zh=zh, why_en=en)


def not_asked(zh: str, en: str) -> Verdict:
    """The rule has nothing to say about this case as it stands."""
    return Verdict(False, zh, en)


CLOSED = not_asked("案件已办结", "the case is closed")


def _after(
    deadline: Deadline,
    today: date,
    late: tuple[str, str],
    in_time: tuple[str, str],
    counted: Iterable[Evidence],
    ignored: Iterable[Evidence] = (),
) -> Verdict:
    """A sign that shows from the day after a deadline."""
    shows = overdue(deadline, today)
    since = deadline.due + DAY if deadline.due else None
    zh, en = late if shows else in_time
    return Verdict(
        shows,
        zh,
        en,
        since,
        None if shows else since,
        tuple(counted),
        tuple(ignored),
        tuple(explain(deadline).split("\n")),
    )


def _days(since: date, today: date) -> int:
    return (today - since).days


def no_leader(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> Verdict:
    """无人包案 (I4): nobody owns the case so many days after it was handed out, or registered when it never was."""
    if dossier.closed:
        return CLOSED
    if dossier.leader:
        return not_asked(f"已由{dossier.leader.leader.name}包案", f"{dossier.leader.leader.name} owns the case")
    dispatches = dossier.all(CaseDispatched)
    start = dispatches[0][0] if dispatches else dossier.intake[0]
    what = ("交办", "dispatch") if dispatches else ("登记", "registration")
    n = _days(start.on, today)
    return _after(
        compute(start.on, policy.rules.no_leader.limit, calendar),
        today,
        (f"{what[0]}已 {n} 天，仍没有包案领导", f"{n} days after {what[1]} the case still has no owner leader"),
        (f"{what[0]} {n} 天，尚未到指定包案领导的时限", f"{n} days after {what[1]}; a leader is not yet due"),
        [evidence(start, "起算点", "the start")],
    )


def idle(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> Verdict:
    """挂账空转 (I1): nothing of substance for so many days. Reports, reassignments and extensions are not substance."""
    if dossier.closed:
        return CLOSED
    facts = [noted for noted in dossier if noted.on <= today]
    opened = dossier.relapse[0] if dossier.relapse else dossier.intake[0]
    moving = [noted for noted in facts if noted.type in policy.progress.substantive and noted.on >= opened.on]
    start = moving[-1] if moving else opened
    ignored = []
    for noted in facts:
        why = policy.progress.why_not(noted.type)
        if why is not None and noted.on > start.on:
            ignored.append(evidence(noted, why.zh, why.en))
    n = _days(start.on, today)
    passed = f"其后 {len(ignored)} 条记录不算实质进展" if ignored else "其后没有任何记录"
    passed_en = f"{len(ignored)} later entries are not progress" if ignored else "nothing was recorded since"
    if moving:
        zh = f"已 {n} 天没有实质进展：最近一次是 {start.on} 的{LABELS.get(start.type, start.type)}，{passed}"
        en = f"no progress for {n} days: the last was {start.type} on {start.on}; {passed_en}"
    else:
        zh = f"自 {start.on} 起 {n} 天从无实质进展，{passed}"
        en = f"no progress at all in the {n} days since {start.on}; {passed_en}"
    return _after(
        compute(start.on, policy.rules.idle.limit, calendar),
        today,
        (zh, en),
        (f"最近一次实质进展在 {n} 天前", f"the last progress was {n} days ago"),
        [evidence(start, "最近一次实质进展" if moving else "起算点", "the last progress" if moving else "the start")],
        ignored,
    )


def never_met(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> Verdict:
    """从未见面 (I2): nobody has met the person so many days after acceptance, or registration when never accepted."""
    if dossier.closed:
        return CLOSED
    visits = [(noted, visit) for noted, visit in dossier.all(VisitLogged) if noted.on <= today]
    if met := [noted for noted, visit in visits if visit.met_petitioner]:
        return not_asked(f"{met[-1].on} 见过信访人", f"the person was met on {met[-1].on}")
    start = dossier.accepted[0] if dossier.accepted else dossier.intake[0]
    n = _days(start.on, today)
    tried = f"，{len(visits)} 次走访都未见到本人" if visits else ""
    return _after(
        compute(start.on, policy.rules.never_met.limit, calendar),
        today,
        (f"{n} 天来没有任何人与信访人见过面{tried}", f"in {n} days nobody has met the person ({len(visits)} tried)"),
        (f"{n} 天，尚未到见面时限{tried}", f"{n} days; a meeting is not yet due"),
        [evidence(start, "起算点", "the start")],
        [evidence(noted, "未见到信访人本人", "the person was not met") for noted, _ in visits],
    )


def late(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> Verdict:
    """超期未办结 (T5): past the 60 days of Art 34 with no reply served and no valid extension."""
    if dossier.closed:
        return CLOSED
    if dossier.accepted is None:
        return not_asked("尚未受理，60 日未起算", "not accepted yet: the 60 days do not run")
    if replies := [noted for noted in dossier.round if isinstance(noted.fact, OpinionServed)]:
        return not_asked(f"已于 {replies[-1].on} 送达答复", f"a reply was served on {replies[-1].on}")
    start = dossier.relapse[0] if dossier.relapse else dossier.accepted[0]
    limit, most = policy.limits.handling, policy.limits.extension_max
    counted, ignored, days, note = [evidence(start, "起算点", "the start")], [], 0, ""
    due = compute(start.on, limit, calendar).due
    for noted in dossier.round:
        if not isinstance(noted.fact, ExtensionApproved):
            continue
        why = _invalid(noted.fact, due, most, taken=days > 0)
        if why is None:
            days, note = noted.fact.days, f"{noted.fact.approved_by.name}于 {noted.on} 批准"
            counted.append(evidence(noted, "有效延期", "a valid extension"))
        else:
            ignored.append(evidence(noted, *why))
    deadline = compute(start.on, limit, calendar, extension_days=days, extension_note=note)
    n = _days(deadline.due, today) if deadline.due else 0
    invalid = f"，{len(ignored)} 次延期无效" if ignored else ""
    return _after(
        deadline,
        today,
        (
            f"办理期限 {deadline.due} 已过 {n} 天，没有送达答复{invalid}",
            f"{n} days past the limit of {deadline.due}, no reply",
        ),
        (f"办理期限为 {deadline.due}{invalid}", f"the limit is {deadline.due}"),
        counted,
        ignored,
    )


def _invalid(extension: ExtensionApproved, due: date | None, most: int, *, taken: bool) -> tuple[str, str] | None:
    """Why an extension does not count (sign T6, Art 34); None when it does."""
    if taken:
        return "只能延期一次", "there is one extension only"
    if extension.days > most:
        return f"超过 {most} 日", f"longer than {most} days"
    if due is not None and extension.approved_on > due:
        return f"期限 {due} 届满后才批准", f"approved after the limit of {due}"
    if extension.told_on is None:
        return "未向信访人告知理由", "the person was not told why"
    return None


def relapse(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> Verdict:  # noqa: ARG001 - a Rule
    """办结反弹 (C10): the same matter is back, by whatever channel, within so many days of closing."""
    closings = dossier.all(CaseClosed)
    if not closings:
        return not_asked("从未办结", "never closed")
    back = [n for n in dossier if isinstance(n.fact, CaseRelapsed | RepeatPetitionLinked) and n.on <= today]
    for sign in reversed(back):
        before = [noted for noted, _ in closings if noted.on <= sign.on]
        again = [noted for noted, _ in closings if noted.on > sign.on]
        n = _days(before[-1].on, sign.on) if before else None
        if n is not None and n <= policy.rules.relapse.days and not again:
            return Verdict(
                True,
                f"{before[-1].on} 办结后第 {n} 天，同一事项再次出现",
                f"the same matter was back {n} days after it was closed on {before[-1].on}",
                sign.on,
                None,
                (evidence(before[-1], "办结", "the closing"), evidence(sign, "再次出现", "it came back")),
                (),
                (f"{before[-1].on} → {sign.on} = {n} 日 ≤ {policy.rules.relapse.days} 日 / days",),
            )
    return not_asked("办结后没有再次出现", "it has not come back since it was closed")


def ping_pong(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> Verdict:  # noqa: ARG001 - a Rule
    """推诿退转 (I9): objected to, or passed on to yet another unit, so often that nobody takes it."""
    if dossier.closed:
        return CLOSED
    moves, holder = [], dossier.registered[1].unit if dossier.registered else ""
    for noted in dossier.intake:
        if isinstance(noted.fact, DispatchObjected):
            moves.append(evidence(noted, f"{noted.fact.unit}退回", f"{noted.fact.unit} sent it back"))
        elif isinstance(noted.fact, CaseDispatched):
            if holder and noted.fact.unit != holder:
                moves.append(evidence(noted, f"由{holder}转到{noted.fact.unit}", f"from {holder} to {noted.fact.unit}"))
            holder = noted.fact.unit
    times = policy.rules.ping_pong.times
    if len(moves) < times:
        return not_asked(f"退回、转办 {len(moves)} 次", f"sent back or on {len(moves)} times")
    if dossier.accepted and dossier.accepted[0].on >= moves[-1].on:
        return not_asked("退转之后已有单位受理", "a unit has accepted it since")
    return Verdict(
        True,
        f"案件已被退回、转办 {len(moves)} 次，至今无单位受理",
        f"sent back or on {len(moves)} times, and no unit has accepted it since",
        moves[times - 1].on,
        None,
        tuple(moves),
        (),
        (f"{len(moves)} 次 ≥ {times} 次 / times",),
    )


RULES: dict[str, Rule] = {
    "no-leader": no_leader,
    "idle": idle,
    "never-met": never_met,
    "overdue": late,
    "relapse": relapse,
    "ping-pong": ping_pong,
}

STALLING = frozenset(RULES) - {"relapse"}
"""Signs that the case is on the books but idle; a relapse is a sign of sham closing instead."""

LABELS = {
    VisitLogged.__name__: "见面走访",
    "PlanAdopted": "化解方案",
    OpinionServed.__name__: "答复送达",
    CaseClosed.__name__: "办结",
    LeaderAssigned.__name__: "确定包案领导",
    LeaderReplaced.__name__: "更换包案领导",
}


def assess(dossier: Dossier, policy: Policy, calendar: Calendar, today: date) -> dict[str, Verdict]:
    """The verdict of every rule in force, by rule. Same facts, same policy, same day: the same verdict."""
    enabled = policy.rules.by_id()
    return {name: rule(dossier, policy, calendar, today) for name, rule in RULES.items() if enabled[name].enabled}
