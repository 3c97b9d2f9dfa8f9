"""久拖不决: a hard case that nobody puts before those who could settle it (I16), the same excuse again (I17). Pure."""

from collections.abc import Sequence

from services.supervision.likeness import alike, likeness
from services.supervision.noted import Noted
from services.supervision.rules.idling import why_not
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, after, begun, evidence, quiet, shown
from shared.deadlines import Suspension
from shared.events import Fact
from shared.events.casework import MeetingHeld, ProgressReported
from shared.policy.rules import DayRule, LikenessTimesRule
from shared.terms import MeetingKind, SuspensionGround

ABOVE = frozenset({MeetingKind.JOINT_MEETING, MeetingKind.EXECUTIVE})
"""Who can settle what a unit cannot: 联席会议, 常务会议."""

ORDERED = frozenset({SuspensionGround.HEARING.label, SuspensionGround.APPRAISAL.label})
"""What the clock stands still for because the unit itself ordered it: 听证, 鉴定勘验. A court, or another road, is not its own."""

SAME_WORDS = quiet("汇报没有雷同", "no reports in the same words")


def never_escalated(matter: Matter, rule: DayRule) -> Verdict:
    """疑难未提级: open for so many days and never put to the joint meeting or to the executive meeting.

    Days on which the clock lawfully stood still do not count, but for those of a second hearing or a second appraisal: such a case
    is hard. While it stands still, somebody is to write now and then how that stands: a stop of which nobody has written a word
    for so many days has only parked the case. A relapse opens a new round.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    held = dossier.here(MeetingHeld)
    if raised := [noted for noted in held if noted.fact.kind in ABOVE]:
        last = raised[-1]
        return quiet(f"{last.on} 已提请{last.fact.kind.label}", f"put to the {last.fact.kind} on {last.on}")
    start: Noted[Fact] = dossier.relapse or dossier.accepted or matter.opening
    deadline = matter.deadline(start.on, rule.limit, _waited(dossier.stood_still))
    if deadline.due is None:
        said = dossier.facts[-1]
        waits, silent = matter.deadline(said.on, rule.limit), matter.days_since(said)
        return after(
            waits,
            matter.today,
            lambda: (
                f"期限中止，已 {silent} 天无人过问",
                f"its clock was stopped, and nobody has written a word for {silent} days",
            ),
            lambda: (
                f"期限中止；最迟应在 {waits.due} 记明情况",
                f"its clock stands still; how that stands is due by {waits.due}",
            ),
            [evidence(start, "起算点", "the start"), evidence(said, "最后一条记录", "the last word")],
        )
    (zh, en), n = begun(start), matter.days_since(start)
    return after(
        deadline,
        matter.today,
        lambda: (
            f"{zh}已 {n} 天未化解，没有提请联席会议或常务会议研究",
            f"not settled in {n} days since {en}, and never put to the joint meeting or the executive meeting",
        ),
        lambda: (f"最迟应在 {deadline.due} 化解或提级研究", f"to be settled, or put to those above, by {deadline.due}"),
        [evidence(start, "起算点", "the start")],
        [evidence(noted, f"{noted.fact.kind.label}，不是提级研究", "not a meeting of those above") for noted in held],
    )


def _waited(stood_still: Sequence[Suspension]) -> list[Suspension]:
    """The stops for which a hard case has to wait: for what others decide, as often as they do; once for what the unit orders."""
    firsts: dict[str, Suspension] = {}
    for stop in stood_still:
        firsts.setdefault(stop.ground, stop)
    return [stop for stop in stood_still if stop.ground not in ORDERED or stop is firsts[stop.ground]]


def excuse_repeated(matter: Matter, rule: LikenessTimesRule) -> Verdict:
    """理由雷同: since anything was last done, so many reports say the same as the latest one."""
    dossier, progress = matter.dossier, matter.policy.progress
    if dossier.closed:
        return CLOSED
    reports = dossier.here(ProgressReported)
    if len(reports) < rule.times:
        return SAME_WORDS
    done = max((noted.place for noted in dossier.round if why_not(progress, noted.fact) is None), default=None)
    silent = [noted for noted in reports if done is None or noted.place > done]
    if len(silent) < rule.times:
        return SAME_WORDS
    latest = silent[-1].fact.text
    same = [noted for noted in silent if alike(noted.fact.text, latest, rule.likeness)]
    if len(same) < rule.times:
        return SAME_WORDS
    least = min(likeness(noted.fact.text, latest) for noted in same)
    return shown(
        f"连续无实质进展期间，{len(same)} 次汇报内容雷同",
        f"reports in the same words while nothing was done: {len(same)}",
        same[rule.times - 1].on,
        [evidence(noted, "内容雷同", "in the same words") for noted in same],
        [
            f"{len(same)} 次 ≥ {rule.times} 次 / times",
            f"相似度 {least:.2f} ≥ {rule.likeness} / alike by {least:.2f} or more",
        ],
        [evidence(noted, "内容不同", "in other words") for noted in silent if noted not in same],
    )


RULES = (
    Rule("never-escalated", "I16", DayRule, never_escalated, stalls=True),
    Rule("excuse-repeated", "I17", LikenessTimesRule, excuse_repeated, (ProgressReported,), SAME_WORDS, stalls=True),
)
