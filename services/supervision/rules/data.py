"""数据异常: deeds entered before they happened (B4), one proof for two deeds (B5), files changed after the end and idle weeks
filled afterwards (B6), reports of more than the log holds (B9). Pure.

That something was written down late is no fault of a ledger that was taken in, and none of what it tells of.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from itertools import accumulate

from services.supervision.cited import Cited
from services.supervision.likeness import same
from services.supervision.noted import Noted
from services.supervision.rules.idling import why_not
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, evidence, quiet, shown
from shared.events import Fact
from shared.events.casework import (
    CaseClosed,
    CaseRelapsed,
    ClockSuspended,
    DocumentFiled,
    DocumentWithdrawn,
    MeetingHeld,
    ProgressReported,
    VisitLogged,
)
from shared.events.intake import CaseMerged, CaseRegistered, CaseUnmerged
from shared.policy import Progress
from shared.policy.rules import DayRule, PlainRule
from shared.workdays import business_date

NOT_AHEAD = quiet("没有先于发生的记录", "nothing was entered before it happened")
EACH_ITS_OWN = quiet("材料各不相同", "no paper stands for two")
AS_LOGGED = quiet("汇报没有多于台账的数字", "no report of more than the log holds")
UNTOUCHED = quiet("办结后案卷没有改动", "the file was not changed after closing")
NOT_FILLED = quiet("没有在空转之后补录的办理", "no idle time was filled afterwards")
TURNS = (CaseRegistered, CaseRelapsed, CaseMerged, CaseUnmerged)
"""What opens a case, or takes it out of everybody's hands, beside its closing."""
FIGURES: tuple[tuple[Callable[[ProgressReported], int | None], type[Fact], str, str], ...] = (
    (lambda report: report.visits, VisitLogged, "接访走访", "visits"),
    (lambda report: report.meetings, MeetingHeld, "会商", "meetings"),
)
"""What a report says was done, and of which facts the log holds it."""
NAMED = 100
"""How many late deeds a verdict names, the first ones: all of them, restated with each, would be more than a log should hold."""


def impossible_time(matter: Matter, rule: PlainRule) -> Verdict:
    """时间不可能: a deed was entered on a day before the one on which it is said to have been done.

    Only deeds of substance, by the policy: a leader may well be named for a day to come.
    """
    dossier, progress = matter.dossier, matter.policy.progress
    ahead = [
        (noted, entered)
        for noted in dossier.facts
        if (entered := business_date(noted.recorded)) < noted.on and progress.why_not(noted.type) is None
    ]
    if not ahead:
        return NOT_AHEAD
    noted, entered = ahead[0]
    return shown(
        f"{noted.on} 的{noted.label}在 {entered} 就已录入",
        f"{noted.label_en} of {noted.on} was entered on {entered}, before it happened",
        noted.on,
        [evidence(one, f"{at} 录入", f"entered on {at}") for one, at in ahead],
        [f"{at} < {one.on}" for one, at in ahead],
    )


def same_proof(matter: Matter, rule: PlainRule) -> Verdict:
    """材料重复使用: the same file, by its digest, is on record as two papers of the case."""
    filed = matter.dossier.all(DocumentFiled)
    if len(filed) < 2:
        return EACH_ITS_OWN
    withdrawn = {noted.fact.document_id for noted in matter.dossier.all(DocumentWithdrawn)}
    standing = [noted for noted in filed if noted.fact.document_id not in withdrawn]
    twice = {name for names in same((n.fact.document_id, n.fact.sha256) for n in standing).values() for name in names}
    if not twice:
        return EACH_ITS_OWN
    papers = [noted for noted in standing if noted.fact.document_id in twice]
    again = min(n.on for at, n in enumerate(papers) if n.fact.sha256 in {before.fact.sha256 for before in papers[:at]})
    return shown(
        f"{len(papers)} 份材料是同一个文件",
        f"papers that are one file: {len(papers)}",
        again,
        [evidence(noted, noted.fact.kind.label, noted.fact.kind) for noted in papers],
    )


def changed_afterwards(matter: Matter, rule: PlainRule) -> Verdict:
    """事后改动案卷: a paper was withdrawn after the case had been closed, and nothing was filed in its place (S3 Art 65)."""
    dossier = matter.dossier
    withdrawn = dossier.all(DocumentWithdrawn)
    closing = dossier.first(CaseClosed)
    if not withdrawn or closing is None:
        return UNTOUCHED
    filed = dossier.all(DocumentFiled)
    kinds = {noted.fact.document_id: noted.fact.kind for noted in filed}
    gone = [
        noted
        for noted in withdrawn
        if noted.place > closing.place
        and not any(n.place > noted.place and n.fact.kind is kinds.get(noted.fact.document_id) for n in filed)
    ]
    if not gone:
        return UNTOUCHED
    return shown(
        f"办结后撤回材料 {len(gone)} 份，没有另行归档",
        f"papers withdrawn after closing and not replaced: {len(gone)}",
        gone[0].on,
        [evidence(noted, noted.fact.reason, "withdrawn after closing") for noted in gone],
    )


def numbers_differ(matter: Matter, rule: PlainRule) -> Verdict:
    """报数与台账不符: a month's last report says that more visits were made, or meetings held, in the month up to its day than the
    log holds (S8 Art 40). What is entered late counts; a figure that was corrected is held against the log anew, and a report
    that gives none corrects none. A figure that is too low accuses nobody: more may have been done after it was given.
    """
    dossier = matter.dossier
    reports = [noted for noted in dossier.all(ProgressReported) if not noted.imported]
    counted, sums = [], []
    for figure, kind, zh, en in FIGURES:
        last = {noted.on.replace(day=1): (noted, its) for noted in reports if (its := figure(noted.fact)) is not None}
        for first, (report, said) in last.items():
            logged = sum(first <= noted.on <= report.on for noted in dossier.all(kind))
            if said > logged:
                counted.append(
                    evidence(report, f"报{zh} {said} 次，台账 {logged} 次", f"{en}: reported {said}, logged {logged}")
                )
                sums.append(f"{zh} {en}: {said} > {logged}（{first} → {report.on}）")
    if not counted:
        return AS_LOGGED
    counted.sort(key=lambda one: one.on)
    return shown(
        f"汇报的数字多于台账：{'；'.join(one.why_zh for one in counted)}",
        f"reported more than the log holds: {'; '.join(one.why_en for one in counted)}",
        counted[0].on,
        counted,
        sums,
    )


def filled_after_stall(matter: Matter, rule: DayRule) -> Verdict:
    """事后补录进展: the case was idle already by all that was on record, and then a deed was entered, so many days late or more,
    that is said to have been done in time; or a stop of the clock. Nothing is ever changed here: this is what changing the past
    looks like.

    A ledger that is taken in, and what was explained on the day of the entry, accuse nobody.
    """
    filled: list[Cited] = []
    excused: list[Cited] = []
    since: date | None = None
    coming: date | None = None
    sums: list[str] = []
    moves: dict[str, _Moves] = {}
    for noted in matter.dossier.facts:
        if noted.imported or (noted.recorded.date() - noted.on).days < rule.days - 1:  # days of UTC, which cost nothing
            continue
        entered = business_date(noted.recorded)
        if (entered - noted.on).days < rule.days or isinstance(noted.fact, CaseClosed):
            continue
        due = _idle_by(matter, noted, entered, moves)
        if due is None:
            continue
        if entered > matter.today:  # whoever asks about a day asks what was there to be found on it
            coming = min(coming or entered, entered)
            continue
        if matter.dossier.explained(noted):
            excused.append(evidence(noted, "当日已说明补录原因", "explained on the day of the entry"))
            continue
        filled.append(evidence(noted, f"{entered} 才录入", f"entered only on {entered}"))
        sums.append(f"{noted.on} ≤ {due} < {entered}")
        since = min(since or entered, entered)
    if since is None:
        return NOT_FILLED._replace(ignored=tuple(excused[:NAMED]), changes_on=coming)
    return shown(
        f"空转之后补录 {len(filled)} 条此前的办理：{filled[0].on} 的办理 {filled[0].why_zh}",
        f"deeds entered when the case was idle, as done before: {len(filled)} ({filled[0].on}, {filled[0].why_en})",
        since,
        filled[:NAMED],
        sums[:NAMED],
        excused[:NAMED],
    )._replace(changes_on=coming)


class _Moves:
    """What moved a case, by the order in which it was recorded: asked of one late deed after the other, it is gone through once."""

    def __init__(self, facts: Sequence[Noted[Fact]], progress: Progress) -> None:
        moved = [noted for noted in facts if isinstance(noted.fact, TURNS) or why_not(progress, noted.fact) is None]
        told = sorted((n for n in moved if business_date(n.recorded) >= n.on), key=lambda noted: noted.recorded)
        self._recorded = [noted.recorded for noted in told]
        self._last: list[Noted[Fact]] = list(accumulate(told, _later))
        self._ahead = [noted for noted in moved if business_date(noted.recorded) < noted.on]

    def before(self, deed: Noted[Fact], entered: date) -> Noted[Fact] | None:
        """The last by what was on record before a deed was entered."""
        at = bisect_left(self._recorded, deed.recorded)
        found = [self._last[at - 1]] if at else []
        found += [noted for noted in self._ahead if noted.recorded < deed.recorded and noted.on <= entered]
        return reduce(_later, found) if found else None


def _later(one: Noted[Fact], other: Noted[Fact]) -> Noted[Fact]:
    return other if other.place > one.place else one


def _idle_by(matter: Matter, deed: Noted[Fact], entered: date, moves: dict[str, _Moves]) -> date | None:
    """The day by which something was due, when by what was on record before this deed was entered that day had passed, and the
    deed is said to lie before it. None otherwise, and for what neither is progress nor stops the clock. `moves` are kept from one
    deed to the next, by policy.
    """
    policy = matter.standard.policy_on(entered)
    idle, progress = policy.rules["idle"], policy.progress
    if not isinstance(idle, DayRule) or not idle.enabled:
        return None
    if not isinstance(deed.fact, ClockSuspended) and why_not(progress, deed.fact) is not None:
        return None
    if policy.version not in moves:
        moves[policy.version] = _Moves(matter.dossier.facts, progress)
    last = moves[policy.version].before(deed, entered)
    if last is None or isinstance(last.fact, CaseClosed | CaseMerged) or deed.place < last.place:
        return None
    due = matter.deadline(last.on, idle.limit, matter.dossier.stood_still_by(deed)).due
    return due if due is not None and deed.on <= due < entered else None


RULES = (
    Rule("impossible-time", "B4", PlainRule, impossible_time, past=True),
    Rule("same-proof", "B5", PlainRule, same_proof, (DocumentFiled,), EACH_ITS_OWN),
    Rule("numbers-differ", "B9", PlainRule, numbers_differ, (ProgressReported,), AS_LOGGED),
    Rule("changed-afterwards", "B6", PlainRule, changed_afterwards, (DocumentWithdrawn,), UNTOUCHED),
    Rule("filled-after-stall", "B6", DayRule, filled_after_stall, past=True, goes_by=("idle",)),
)
