"""单位的走访: made by night, many at a time (B4), and written down in the same words (C7). Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.supervision.likeness import copies
from services.supervision.rules.unit_rule import ORDINARY, UnitRule, by_year, named
from services.supervision.rules.verdict import Verdict
from services.supervision.unitbook import Entry, UnitBook, turns
from shared.events.casework import VisitLogged
from shared.policy.rules import NightRule, NotesRule
from shared.verbatim import plain_text


def night_visits(book: UnitBook, year: int, rule: NightRule) -> Verdict:
    """夜间集中走访: in a year, so many visits within so many days that began by night. One alone may well have been called for."""
    visits = [one for one in book.all(VisitLogged) if not one.imported and _by_night(one, rule)]
    found: dict[str, Entry] = {}
    for n, one in enumerate(visits[rule.times - 1 :]):
        if (one.on - visits[n].on).days < rule.days:
            found |= {its.id: its for its in visits[n : n + rule.times]}
    if not found:
        return ORDINARY
    many = list(found.values())
    hours = f"{rule.from_hour}:00 – {rule.until_hour}:00"
    return Verdict(
        True,
        f"{len(many)} 次走访接访在夜间（{hours}）集中进行，每 {rule.days} 天不少于 {rule.times} 次",
        f"visits by night ({hours}), {rule.times} or more within {rule.days} days: {len(many)}",
        since=many[rule.times - 1].on,
        changes_on=turns(year),
        counted=named(many, "夜间走访", "by night"),
        arithmetic=(f"{len(many)} ≥ {rule.times}",),
    )


def _by_night(one: Entry, rule: NightRule) -> bool:
    hour = int(one.made[1][:2]) if one.made else None
    return hour is not None and not rule.until_hour <= hour < rule.from_hour


def copied_notes(book: UnitBook, year: int, rule: NotesRule) -> Verdict:
    """走访记录雷同: in a year, the notes of visits in so many cases are all but the same. Short ones are not compared."""
    visits = [one for one in book.all(VisitLogged) if not one.imported]
    notes = {one.id: one for one in visits if len(plain_text(one.text)) >= rule.characters}
    alike: dict[str, set[str]] = {}
    least = 1.0
    for a, b, how in copies({key: one.text for key, one in notes.items()}, rule.likeness):
        if notes[a].case_id != notes[b].case_id:
            alike.setdefault(a, {a}).add(b)
            alike.setdefault(b, {b}).add(a)
            least = min(least, how)
    many = [mine for mine in alike.values() if len({notes[key].case_id for key in mine}) >= rule.times]
    if not many:
        return ORDINARY
    found = sorted((notes[key] for key in set().union(*many)), key=lambda one: (one.on, one.id))
    return Verdict(
        True,
        f"{len({one.case_id for one in found})} 件案件的 {len(found)} 次走访接访记录内容雷同",
        f"notes of visits in the same words: {len(found)}, in cases: {len({one.case_id for one in found})}",
        since=min(_nth_case([notes[key] for key in mine], rule.times) for mine in many),
        changes_on=turns(year),
        counted=named(found, "内容雷同", "in the same words"),
        arithmetic=(f"相似度 {least:.2f} ≥ {rule.likeness}",),
    )


def _nth_case(visits: list[Entry], nth: int) -> date:
    """The day on which so many cases were there."""
    firsts: dict[str, date] = {}
    for one in sorted(visits, key=lambda one: one.on):
        firsts.setdefault(one.case_id, one.on)
    return sorted(firsts.values())[nth - 1]


RULES: Sequence[UnitRule[Any]] = (
    UnitRule("night-visits", "B4", NightRule, by_year(night_visits)),
    UnitRule("copied-notes", "C7", NotesRule, by_year(copied_notes)),
)
