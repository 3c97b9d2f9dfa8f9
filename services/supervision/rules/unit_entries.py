"""单位的录入: entered late, in bursts, on the eve of a report or an inspection, or twice (B1, B2, B3, B5); in two places at once
(B4); leaving the count (B8). Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from services.supervision.cited import Cited
from services.supervision.likeness import same
from services.supervision.rules.eves import Eve, inspection_eves, of_any_eve, reporting_eves
from services.supervision.rules.unit_rule import ORDINARY, UnitRule, by_year, changing, few, named
from services.supervision.rules.verdict import Verdict, quiet
from services.supervision.unitbook import Entry, UnitBook, turns
from shared.events.casework import (
    DocumentFiled,
    DocumentWithdrawn,
    LateEntryExplained,
    ProgressReported,
    VisitLogged,
)
from shared.events.intake import (
    AcceptanceRefused,
    BacklogExcluded,
    CaseMerged,
    CaseUnmerged,
    RepeatPetitionUnlinked,
    RouteDetermined,
)
from shared.policy.rules import (
    BurstRule,
    EveRule,
    MinutesRule,
    ProofRule,
    TimesDaysRule,
)
from shared.workdays import business_date

EXPLANATION = LateEntryExplained.__name__
"""Why entries are late. It is no entry itself: whoever explains much would else seem quick."""
REPORT = ProgressReported.__name__
"""How things stand. It tells of no deed, and is dated on the day on which it is written: whoever reports much would else seem quick
to enter what is done.
"""
PAPER = DocumentFiled.__name__
"""A paper bears its own day, and is filed when it is put away, with others: nobody is late for that."""


def bulk_backfill(book: UnitBook, year: int, rule: BurstRule) -> Verdict:
    """集中补录: so many entries by one hand within so many minutes, each so many days after what it tells of.

    Entries whose lateness was explained on the day itself are named, and not counted.
    """
    written, explained = _written(book)
    late: dict[str, list[Entry]] = defaultdict(list)
    for one in written:
        if one.lag >= rule.days:
            late[one.by].append(one)
    found: dict[str, Entry] = {}
    for mine in late.values():
        mine.sort(key=lambda one: (one.recorded, one.id))
        for n in range(len(mine) - rule.times + 1):
            if mine[n + rule.times - 1].recorded - mine[n].recorded <= timedelta(minutes=rule.minutes):
                found |= {one.id: one for one in mine[n : n + rule.times]}
    excused = _named_explained(one for one in explained if one.lag >= rule.days)
    if not found:
        return Verdict(False, ORDINARY.zh, ORDINARY.en, ignored=excused)
    burst = sorted(found.values(), key=lambda one: (one.recorded, one.id))
    return Verdict(
        True,
        f"{len(burst)} 条记录由同一人在 {rule.minutes} 分钟内集中补录，均迟于发生 {rule.days} 天以上",
        f"entries by one hand within {rule.minutes} minutes, each {rule.days} days late or more: {len(burst)}",
        since=business_date(burst[min(rule.times, len(burst)) - 1].recorded),
        changes_on=turns(year),
        counted=named(burst, "补录", "entered late"),
        ignored=excused,
        arithmetic=(f"{len(burst)} ≥ {rule.times}",),
    )


def _written(book: UnitBook) -> tuple[list[Entry], list[Entry]]:
    """What the unit's own clerks wrote down, and apart from it what of that was explained on the day on which it was written: of
    what was done on its day.
    """
    own = [one for one in book.entries if one.own and not one.imported and one.type != PAPER]
    said: dict[tuple[str, date], list[LateEntryExplained]] = defaultdict(list)
    for one in own:
        if one.explains and business_date(one.recorded) == one.on:
            said[one.case_id, one.on].append(one.explains)
    written = [one for one in own if one.type != EXPLANATION]

    def why(one: Entry) -> bool:
        return any(its.covers(one.on) for its in said.get((one.case_id, business_date(one.recorded)), ()))

    return [one for one in written if not why(one)], [one for one in written if why(one)]


def _named_explained(explained: Iterable[Entry]) -> tuple[Cited, ...]:
    return named(explained, "当日已说明补录原因", "explained on the day of the entry")


def eve_filling(book: UnitBook, today: date, rule: EveRule) -> Verdict:
    """迎报迎检突击补录: so many entries in the last days before a reporting day, or before an inspection since it was known of, of
    what had happened before those days.
    """
    eves = (*reporting_eves(today, rule), *inspection_eves(book, today, rule))
    return of_any_eve(_filled(book, eve, rule) for eve in eves)


def _filled(book: UnitBook, eve: Eve, rule: EveRule) -> Verdict:
    first, last, until, zh, en = eve
    filled = [
        one
        for one in book.entries
        if one.own and not one.imported and one.type != PAPER
        if first <= business_date(one.recorded) <= last and one.on < first
    ]
    if len(filled) < rule.times:
        return changing(quiet(f"{zh}前补录 {len(filled)} 条", f"entered before {en} {last}: {len(filled)}"), until)
    return Verdict(
        True,
        f"{last} {zh}前 {rule.days} 天内补录 {len(filled)} 条此前发生的事",
        f"entries within {rule.days} days before {en} {last}, of what happened before: {len(filled)}",
        since=sorted(business_date(one.recorded) for one in filled)[rule.times - 1],
        changes_on=until,
        counted=named(filled, f"{zh}前补录", "entered on the eve"),
        arithmetic=(f"{len(filled)} ≥ {rule.times}",),
    )


def shrinking(book: UnitBook, today: date, rule: EveRule) -> Verdict:
    """分母缩水: so many cases left the count, on whatever lawful ground, in the last days before a reporting day.

    A merge that was undone by that day took nothing out of it. What another unit took over from this one left this one's count;
    so did the case of which a repeat petition was taken back: fewer came back. What is said on the eve to have left long before
    left on the eve: until then it was counted.
    """
    return of_any_eve(_shrunk(book, eve, rule) for eve in reporting_eves(today, rule))


def _shrunk(book: UnitBook, eve: Eve, rule: EveRule) -> Verdict:
    first, last = eve.first, eve.last
    back = {one.case_id: one.place for one in book.all(CaseUnmerged) if one.on <= last}
    left = [one for one in book.all(CaseMerged) if one.case_id not in back or one.place > back[one.case_id]]
    left += book.all(BacklogExcluded, AcceptanceRefused, RepeatPetitionUnlinked)
    left += [one for one in book.all(RouteDetermined) if one.about]
    left += book.taken_over()
    days = {one.id: one.on if one.on >= first else business_date(one.recorded) for one in left}
    left = [one for one in left if first <= days[one.id] <= last and not one.imported]
    if len({one.case_id for one in left}) < rule.times:
        return changing(
            quiet(f"报送前移出 {len(left)} 件", f"left the count before the reporting day: {len(left)}"), eve.until
        )
    left.sort(key=lambda one: (days[one.id], one.id))
    firsts = sorted({one.case_id: days[one.id] for one in reversed(left)}.values())
    return Verdict(
        True,
        f"{last} 报送前 {rule.days} 天内有 {len(firsts)} 件移出统计",
        f"cases that left the count within {rule.days} days before the reporting day {last}: {len(firsts)}",
        since=firsts[rule.times - 1],
        changes_on=eve.until,
        counted=named(left, "移出统计", "left the count"),
        arithmetic=(f"{len(firsts)} ≥ {rule.times}",),
    )


def late_entry(book: UnitBook, year: int, rule: TimesDaysRule) -> Verdict:
    """录入迟缓: the middle one of a year's entries was written down more than so many days after it happened (Art 21).

    Entries whose lateness was explained on the day itself are named, and not counted.
    """
    entries, explained = _written(book)
    entries = [one for one in entries if one.type != REPORT]
    if len(entries) < rule.times:
        return few(sum(one.lag > rule.days for one in entries), len(entries))
    middle = median(one.lag for one in entries)
    if middle <= rule.days:
        return quiet(f"录入时差中位数 {middle:g} 天", f"median delay: {middle:g} days")
    slow = [one for one in entries if one.lag > rule.days]
    return Verdict(
        True,
        f"{year} 年 {len(entries)} 条记录的录入时差中位数 {middle:g} 天",
        f"median delay of the {len(entries)} entries of {year}: {middle:g} days",
        since=max(business_date(one.recorded) for one in entries),
        changes_on=turns(year),
        counted=named(slow, "录入迟缓", "entered late"),
        ignored=_named_explained(one for one in explained if one.lag > rule.days),
        arithmetic=(f"{middle:g} > {rule.days}",),
    )


def shared_proof(book: UnitBook, today: date, rule: ProofRule) -> Verdict:
    """材料一件多用: the same file, by its digest, is a paper of several cases, of a kind that belongs to one alone. What was
    withdrawn as filed by mistake is no paper.
    """
    gone = {(one.case_id, one.about) for one in book.all(DocumentWithdrawn)}
    papers = [
        one
        for one in book.all(DocumentFiled)
        if one.paper and one.paper[1] in rule.kinds and (one.case_id, one.paper[0]) not in gone and not one.imported
    ]
    twice = same((one.case_id, one.about) for one in papers)
    again = [one for one in papers if one.about in twice]
    if not again:
        return ORDINARY
    firsts: dict[str, str] = {}
    seconds = [one.on for one in again if firsts.setdefault(one.about, one.case_id) != one.case_id]
    return Verdict(
        True,
        f"{len(twice)} 个文件用在 {len({one.case_id for one in again})} 件案件",
        f"files that are papers of several cases: {len(twice)}",
        since=min(seconds),
        counted=named(again, "同一文件", "the same file"),
    )


def two_places(book: UnitBook, year: int, rule: MinutesRule) -> Verdict:
    """一人两地: in a year an official is said to have begun two visits in two places within so many minutes. Only visits of which
    hour and place were noted can show it. A town and a village of it are no two places.
    """
    made = sorted(
        (one for one in book.all(VisitLogged) if one.made and not one.imported),
        key=lambda one: (one.on, one.made, one.id),
    )
    days: dict[tuple[date, str], list[tuple[int, str, Entry]]] = defaultdict(list)
    for one in made:
        if one.made is not None and one.made[2]:
            who, begun, where = one.made
            days[one.on, who].append((60 * int(begun[:2]) + int(begun[3:]), where, one))
    both = {
        one.id: one
        for visits in days.values()
        for n, (begun, where, one) in enumerate(visits)
        for other, elsewhere, _ in (*visits[:n], *visits[n + 1 :])
        if not (elsewhere.startswith(where) or where.startswith(elsewhere)) and abs(other - begun) < rule.minutes
    }
    if not both:
        return ORDINARY
    found = list(both.values())
    return Verdict(
        True,
        f"{len(found)} 次走访接访同一人在 {rule.minutes} 分钟内身处两地",
        f"visits that one official began in two places within {rule.minutes} minutes: {len(found)}",
        since=found[0].on,
        changes_on=turns(year),
        counted=named(found, "同一人、不同地点", "one official, another place"),
    )


RULES: Sequence[UnitRule[Any]] = (
    UnitRule("bulk-backfill", "B1", BurstRule, by_year(bulk_backfill)),
    UnitRule("eve-filling", "B2", EveRule, eve_filling),
    UnitRule("late-entry", "B3", TimesDaysRule, by_year(late_entry)),
    UnitRule("shared-proof", "B5", ProofRule, shared_proof, past=False),
    UnitRule("two-places", "B4", MinutesRule, by_year(two_places)),
    UnitRule("shrinking", "B8", EveRule, shrinking),
)
