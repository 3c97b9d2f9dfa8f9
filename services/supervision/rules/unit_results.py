"""单位的办理: extensions as a habit (T7), too many cases owned (I5), copied opinions (C7), results too good (B7, B10), the content
alone asked (B11). Pure.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from services.supervision.likeness import copies
from services.supervision.rules.unit_rule import ORDINARY, UnitRule, by_year, changing, few, named, share
from services.supervision.rules.verdict import Verdict, quiet
from services.supervision.unitbook import Entry, UnitBook, matters_since, turns
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    EvaluationReceived,
    ExtensionApproved,
    OpinionIssued,
)
from shared.policy.rules import (
    BackAgainRule,
    LikenessRule,
    ShareDaysRule,
    ShareRule,
    TimesRule,
    TooGoodRule,
)
from shared.workdays import DAY


def extension_habit(book: UnitBook, today: date, rule: ShareRule) -> Verdict:
    """延期成习: of the cases that the unit took on in a year, so large a share was extended, then or later (Art 34: 情况复杂)."""
    year = matters_since(today).year
    taken, extended = book.during(year).cases(CaseAccepted), book.cases(ExtensionApproved)
    both = [one for case, one in extended.items() if case in taken and not one.imported]
    if len(taken) < rule.at_least:
        return few(len(both), len(taken))
    if len(both) < rule.share * len(taken):
        return quiet(f"延期占比 {share(len(both), len(taken))}", f"extended: {share(len(both), len(taken))}")
    said = share(len(both), len(taken))
    return Verdict(
        True,
        f"{year} 年受理的案件延期占比 {said}",
        f"of the cases taken on in {year}, extended: {said}",
        since=max(one.on for one in both),
        changes_on=turns(year),
        counted=named(both, "延期", "extended"),
        arithmetic=(f"{said} ≥ {rule.share:.0%}",),
    )


def too_many_owned(book: UnitBook, today: date, rule: TimesRule) -> Verdict:
    """包案过多: one leader owns more open cases than anybody can look after in person (seed plan D7)."""
    by: dict[str, list[Entry]] = defaultdict(list)
    for one in book.owners().values():
        if not one.imported:
            by[one.about].append(one)
    over = {who: mine for who, mine in sorted(by.items()) if len(mine) > rule.times}
    if not over:
        return ORDINARY
    most = max(len(mine) for mine in over.values())
    counted = sorted((one for mine in over.values() for one in mine), key=lambda one: (one.on, one.id))
    return Verdict(
        True,
        f"{len(over)} 位领导包案超过 {rule.times} 件，最多 {most} 件",
        f"leaders who own more than {rule.times} open cases: {len(over)}, at most {most}",
        since=min(sorted(one.on for one in mine)[rule.times] for mine in over.values()),
        counted=named(counted, "包案", "owned"),
        arithmetic=(f"{most} > {rule.times}",),
    )


def copied_text(book: UnitBook, year: int, rule: LikenessRule) -> Verdict:
    """套用文本: opinions in different cases that are all but the same, though no two matters are."""
    opinions = {one.id: one for one in book.all(OpinionIssued) if not one.imported}
    pairs = list(copies({key: one.text for key, one in opinions.items()}, rule.likeness))
    pairs = [(a, b, how) for a, b, how in pairs if opinions[a].case_id != opinions[b].case_id]
    if not pairs:
        return ORDINARY
    copied = sorted({key for a, b, _ in pairs for key in (a, b)}, key=lambda key: (opinions[key].on, key))
    return Verdict(
        True,
        f"{len(copied)} 份意见书在不同案件中内容雷同",
        f"opinions of different cases in the same words: {len(copied)}",
        since=min(max(opinions[a].on, opinions[b].on) for a, b, _ in pairs),
        changes_on=turns(year),
        counted=named((opinions[key] for key in copied), "内容雷同", "in the same words"),
        arithmetic=(f"相似度 {min(how for *_, how in pairs):.2f} ≥ {rule.likeness}",),
    )


def month_end_spike(book: UnitBook, today: date, rule: ShareDaysRule) -> Verdict:
    """月底突击办结: of the cases that were closed in the last full month, so large a share was in its last days; a case that was
    closed more than once counts by the last of them.
    """
    end = today.replace(day=1) - DAY
    its = {one.case_id: one for one in book.all(CaseClosed) if one.on.replace(day=1) == end.replace(day=1)}
    closings = [*its.values()]
    spike = [one for one in closings if (end - one.on).days < rule.days and not one.imported]
    turns = (today.replace(day=28) + 4 * DAY).replace(day=1)
    if len(closings) < rule.at_least:
        return changing(few(len(spike), len(closings)), turns)
    said = share(len(spike), len(closings))
    if len(spike) <= rule.share * len(closings):
        return changing(quiet(f"月底办结占比 {said}", f"closed in the last days: {said}"), turns)
    return Verdict(
        True,
        f"{end:%Y-%m} 的办结有 {said} 集中在最后 {rule.days} 天",
        f"closings of {end:%Y-%m} in its last {rule.days} days: {said}",
        since=end + DAY,
        changes_on=turns,
        counted=named(spike, "月底办结", "closed in the last days"),
        arithmetic=(f"{said} > {rule.share:.0%}",),
    )


def too_good(book: UnitBook, today: date, rule: TooGoodRule) -> Verdict:
    """数据过好: nearly all cases that were on the unit's books in a year are settled, and hardly anybody was asked whether they
    are.
    """
    year = matters_since(today).year
    done, taken = book.during(year), book.on_the_books(year)
    closings, asked = done.cases(CaseClosed), done.cases(EvaluationReceived)
    settled = [one for case, one in closings.items() if case in taken and not one.imported]
    heard = [one for one in settled if one.case_id in asked]
    if len(taken) < rule.at_least:
        return few(len(settled), len(taken))
    if not settled:
        return quiet(f"在册 {len(taken)} 件，尚无化解", f"on the books: {len(taken)}, and none settled")
    sums = (share(len(settled), len(taken)), share(len(heard), len(settled)))
    if len(settled) < rule.settled_share * len(taken) or len(heard) >= rule.evaluated_share * len(settled):
        return quiet(f"化解 {sums[0]}，参评 {sums[1]}", f"settled {sums[0]}, evaluated {sums[1]}")
    return Verdict(
        True,
        f"化解 {sums[0]}，参评只有 {sums[1]}",
        f"settled {sums[0]}, and evaluated only {sums[1]}",
        since=max(one.on for one in settled),
        changes_on=turns(year),
        counted=named(settled, "办结", "closed"),
        arithmetic=(f"{sums[0]} ≥ {rule.settled_share:.0%}", f"{sums[1]} < {rule.evaluated_share:.0%}"),
    )


def settled_and_back(book: UnitBook, today: date, rule: BackAgainRule) -> Verdict:
    """办结反复: nearly all cases that were on the unit's books in a year were settled, and so large a share of these is back. The
    share is the policy's: a unit is not held against others, whose cases are not like its own.
    """
    year = matters_since(today).year
    done, taken = book.during(year), book.on_the_books(year)
    closings, relapses = done.cases(CaseClosed), done.cases(CaseRelapsed)
    settled = [one for case, one in closings.items() if case in taken and not one.imported]
    back = [relapses[one.case_id] for one in settled if one.case_id in relapses]
    back = [one for one in back if not one.imported]
    if len(taken) < rule.at_least:
        return few(len(back), len(taken))
    if not settled:
        return quiet(f"在册 {len(taken)} 件，尚无化解", f"on the books: {len(taken)}, and none settled")
    sums = (share(len(settled), len(taken)), share(len(back), len(settled)))
    if not back or len(settled) < rule.settled_share * len(taken) or len(back) < rule.back_share * len(settled):
        return quiet(f"化解 {sums[0]}，反弹 {sums[1]}", f"settled {sums[0]}, back {sums[1]}")
    return Verdict(
        True,
        f"化解 {sums[0]}，其中反弹 {sums[1]}",
        f"settled {sums[0]}, and of these back {sums[1]}",
        since=max(one.on for one in back),
        changes_on=turns(year),
        counted=named(sorted(back, key=lambda one: (one.on, one.id)), "办结后反弹", "back after it was closed"),
        arithmetic=(f"{sums[0]} ≥ {rule.settled_share:.0%}", f"{sums[1]} ≥ {rule.back_share:.0%}"),
    )


def picked_evaluations(book: UnitBook, today: date, rule: ShareRule) -> Verdict:
    """选择性评价: whoever was asked is content, all but one in many (of `at_least` cases not even one), and of the cases of which
    nobody was asked so large a share is back. It needs no device and no number: what became of the cases tells.
    """
    year = matters_since(today).year
    done = book.during(year)
    closings, relapses = done.cases(CaseClosed), done.cases(CaseRelapsed)
    asked = done.cases(EvaluationReceived)
    discontent = {one.case_id for one in done.all(EvaluationReceived) if not one.about}
    settled = {case: one for case, one in closings.items() if not one.imported}
    heard = [one for case, one in settled.items() if case in asked]
    unheard = [case for case in settled if case not in asked]
    back = [relapses[case] for case in unheard if case in relapses and not relapses[case].imported]
    if min(len(heard), len(unheard)) < rule.at_least:
        return few(len(heard), len(settled))
    said = share(len(back), len(unheard))
    if len(discontent) * rule.at_least >= max(len(heard), 1) or len(back) < rule.share * len(unheard):
        zh = f"评价 {len(heard)} 件，不满意 {len(discontent)} 件；未评价的反弹 {said}"
        return quiet(zh, f"evaluated: {len(heard)}, dissatisfied: {len(discontent)}; of the others back: {said}")
    return Verdict(
        True,
        f"参加评价的 {len(heard)} 件中不满意的只有 {len(discontent)} 件，未评价的反弹 {said}",
        f"evaluated: {len(heard)}, and of them dissatisfied only {len(discontent)}; of those of which nobody was asked, back:"
        f" {said}",
        since=max(one.on for one in back),
        changes_on=turns(year),
        counted=named(sorted(back, key=lambda one: (one.on, one.id)), "未评价而反弹", "not evaluated, and back"),
        arithmetic=(f"{said} ≥ {rule.share:.0%}",),
    )


RULES: Sequence[UnitRule[Any]] = (
    UnitRule("extension-habit", "T7", ShareRule, extension_habit),
    UnitRule("too-many-owned", "I5", TimesRule, too_many_owned, past=False),
    UnitRule("copied-text", "C7", LikenessRule, by_year(copied_text)),
    UnitRule("month-end-spike", "B7", ShareDaysRule, month_end_spike),
    UnitRule("too-good", "B10", TooGoodRule, too_good),
    UnitRule("settled-and-back", "B10", BackAgainRule, settled_and_back),
    UnitRule("picked-evaluations", "B11", ShareRule, picked_evaluations),
)
