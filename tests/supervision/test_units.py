"""Signs across the cases of a unit: worked cases, and that the book forgets the order in which facts came."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.supervision.unitbook import entry
from shared.events import Asked, document, read
from shared.standard import Standard
from shared.terms import Evaluated, Satisfaction
from shared.workdays import DAY, start_of
from tests.sample import BUREAU, accepted, day, visit
from tests.supervision.deeds import evaluated, why_late
from tests.supervision.tables.unit_entries import LATE, SEEN, SLOW
from tests.supervision.tables.units import TABLE, WORKED
from tests.supervision.unit_cases import RULES, VISITED, Said, asked, line, went_there
from tests.supervision.worked import KINDS, Kind


@pytest.mark.parametrize(("rule", "entries", "today", "since"), TABLE.values(), ids=TABLE.keys())
def test_the_table(national: Standard, rule: str, entries: Sequence[Said], today: str, since: str | None) -> None:
    said = asked(national, rule, entries, today)
    assert (said.since and said.since.isoformat()) == since, said.zh
    assert said.shows == (since is not None)
    assert said.zh
    assert said.en
    assert not said.shows or said.counted
    assert asked(national, rule, reversed(entries), today) == said
    assert asked(national, rule, [*entries, *entries], today) == said
    assert not asked(national, rule, entries, today, unit=BUREAU).shows
    assert not asked(national, rule, entries, today, enabled=False).shows


def test_a_word_on_the_petition_office_is_none_on_the_unit() -> None:
    """Found: to have the office evaluated was enough to seem to have asked people, and one who was not content with it, to seem to
    have asked everybody.
    """
    for of, there in ((Evaluated.RESPONSIBLE_UNIT, True), (Evaluated.PETITION_OFFICE, False)):
        said = evaluated("2026-03-05", Satisfaction.SATISFIED, of)
        office = Asked(actor="office", role="petition-office", now=start_of(day("2026-03-05")))
        made = document(said, region="610499", case_id="case-1", version=1, prevhash="0" * 64, asked=office)
        assert (entry(read(made)) is not None) is there


def test_the_inspection_that_counts_and_what_it_saw_otherwise_are_named(national: Standard) -> None:
    said = asked(
        national, "records-differ", [*SEEN, line(visit("2026-03-02"), 2), went_there("2026-03-20")], "2026-03-25"
    )
    assert [one.id for one in said.counted] == ["supervision:book:d-2026-03-20", VISITED.id]


def test_what_was_explained_on_the_day_of_the_entry_is_named_and_not_counted(national: Standard) -> None:
    one = line(why_late("2026-02-20"), 0, n=50)
    said = asked(national, "bulk-backfill", [*LATE, one], "2026-03-01")
    assert not said.shows
    assert [(e.id, e.why_zh) for e in said.ignored] == [(LATE[0].id, "当日已说明补录原因")]
    more = asked(
        national, "bulk-backfill", [*LATE, line(visit("2026-02-01"), 10, "2026-02-20", n=9), one], "2026-03-01"
    )
    assert (more.shows, len(more.counted), len(more.ignored)) == (True, 10, 1)
    told = [line(why_late("2026-03-10"), 1, n=50)]
    assert asked(national, "late-entry", SLOW, "2026-04-01").shows
    assert not asked(national, "late-entry", [*SLOW, *told], "2026-04-01").shows


def test_what_is_explained_later_or_of_another_case_or_by_another_unit_counts(national: Standard) -> None:
    later = line(why_late("2026-02-20"), 0, "2026-02-21", n=50)
    others = line(why_late("2026-02-20"), 99, n=50), line(why_late("2026-02-20"), 0, n=50, unit=BUREAU)
    assert asked(national, "bulk-backfill", [*LATE, later, *others], "2026-03-01").shows


def test_a_reason_excuses_what_it_was_given_for(national: Standard) -> None:
    """Found: a reason for one entry excused all that the unit entered in the case on the day."""
    done = str(LATE[0].on)
    for of, until, shows in ((done, "", False), (done, "2026-02-20", False), ("2026-02-20", "", True)):
        one = line(why_late("2026-02-20", of, until), 0, n=50)
        assert asked(national, "bulk-backfill", [*LATE, one], "2026-03-01").shows is shows


def test_explaining_makes_nobody_quick(national: Standard) -> None:
    often = [line(why_late("2026-03-11"), case, n=50) for case in range(2, 60)]
    assert asked(national, "late-entry", [*SLOW, *often], "2026-04-01").shows


def test_what_is_taken_over_leaves_the_count_of_the_one_and_not_of_the_other(national: Standard) -> None:
    theirs = [line(accepted("2026-01-10", BUREAU), n, unit=BUREAU) for n in range(3)]
    taken_over = [*theirs, *(line(accepted("2026-03-18"), n, n=1) for n in range(3))]
    assert asked(national, "shrinking", taken_over, "2026-03-25", unit=BUREAU).shows
    assert not asked(national, "shrinking", taken_over, "2026-03-25").shows


def test_every_rule_has_its_cases_of_all_six_kinds() -> None:
    assert {rule for rule, *_ in TABLE.values()} == WORKED.keys() == RULES.keys()
    assert all(cases.keys() == KINDS for cases in WORKED.values())
    for rule in RULES:
        assert {since is None for name, _, _, since in TABLE.values() if name == rule} == {True, False}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("rule", WORKED)
def test_the_worked_case(national: Standard, rule: str, kind: Kind) -> None:
    entries, today, since, other = WORKED[rule][kind]
    said = asked(national, rule, entries, today, **other)
    assert (said.since and said.since.isoformat()) == since, said.zh
    assert not said.shows or said.counted
    assert kind != "policy" or other


@pytest.mark.parametrize(("rule", "entries", "today", "since"), TABLE.values(), ids=TABLE.keys())
def test_an_answer_changes_by_itself_no_earlier_than_it_says(
    national: Standard, rule: str, entries: Sequence[Said], today: str, since: str | None
) -> None:
    if since is None:
        return
    now = date.fromisoformat(today)
    said = asked(national, rule, entries, today)
    last = (said.changes_on or now + 400 * DAY) - DAY
    assert asked(national, rule, entries, str(last)).shows
    assert said.changes_on is None or not asked(national, rule, entries, str(said.changes_on)).shows
