"""Units through the log: what is found of a unit, who is told, and that neither order, delay nor a kill changes it."""

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.supervision.course import PETITION_OFFICE
from services.supervision.domain import next_moment, supervision
from services.supervision.domain.findings import AnswerFinding
from services.supervision.domain.sweeps import SWEEPS
from services.supervision.domain.units import answered
from services.supervision.library import KIND, LogLibrary, booked
from services.supervision.queries import dossier_of
from services.supervision.rules import UNIT_RULES
from services.supervision.unitbook import Entry, book_id, book_of
from services.supervision.words import Words
from shared.events import Recorded
from shared.events.supervision import (
    BookOpened,
    FindingRaised,
    FindingResolved,
    NoticeIssued,
    SweepCompleted,
)
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Forbidden, Request, SQLiteLog, Store
from shared.terms import Role, Satisfaction
from tests.sample import BUREAU, LI, TOWN, WANG, closed, day, extension, leader, visit
from tests.supervision.account import command
from tests.supervision.deeds import evaluated
from tests.supervision.lives import moment, only
from tests.supervision.tables.units import TABLE
from tests.supervision.town import town
from tests.supervision.unit_cases import asked
from tests.supervision.unit_days import BOOK, Clerks, conduct_of, days_of, mornings, said_of
from tests.supervision.watching import REGION, log_of

UNITS = tuple(rule.id for rule in UNIT_RULES)


@pytest.fixture(scope="session")
def standard(national: Standard) -> Standard:
    """The rules about units alone: those about cases would have their word in each."""
    return only(national, *UNITS)


def late(clerks: Clerks, cases: int = 10, at: str = "2026-02-24") -> Clerks:
    """So many visits, all entered weeks later within minutes; the rest was entered in time."""
    for case in range(cases + 2):
        clerks.take_on(case, "2026-01-10")
    for case in range(cases):
        clerks.write(case, visit("2026-02-01"), at, case)
    return clerks


def found(folder: Path, book: str = BOOK) -> dict[str, tuple[date, tuple[str, ...]]]:
    """What holds of the unit, by rule: since when, and on which facts."""
    conduct = conduct_of(folder, book)
    return (
        {rule: (f.since, tuple(e.id for e in f.counted)) for rule, f in conduct.words.findings.items()}
        if conduct
        else {}
    )


async def test_what_was_entered_in_a_burst_is_found_on_the_next_day_and_the_head_is_told(
    standard: Standard, tmp_path: Path
) -> None:
    heard = sorted([*late(Clerks()).heard(), *town()], key=lambda one: one.time)
    await days_of(tmp_path, heard, mornings("2026-02-23", "2026-02-28"), standard)
    opened, raised, notice = said_of(tmp_path)[:3]
    assert opened == BookOpened(unit=TOWN, region=REGION)
    assert isinstance(raised, FindingRaised)
    assert (raised.rule, raised.unit, len(raised.counted)) == ("bulk-backfill", TOWN, 10)
    assert raised.as_of == moment("2026-02-25", 7)
    assert isinstance(notice, NoticeIssued)
    assert (notice.addressee.name, notice.addressee.unit) == ("王某 镇长", TOWN)
    assert notice.findings == (raised.finding_id,)
    assert len(said_of(tmp_path)) == 3  # said once, however often the watch comes by
    sweeps = [p.recorded.fact for p in log_of(tmp_path, SWEEPS) if isinstance(p.recorded.fact, SweepCompleted)]
    assert {(s.units, s.unplaced) for s in sweeps[-3:]} == {(1, 0)}
    assert sweeps[-1].skipped == ()


async def test_a_head_who_does_not_answer_and_a_supervisor_who_serves_nothing_are_found_too(
    national: Standard, tmp_path: Path
) -> None:
    """As of a case: what follows from a notice about a unit is followed to its end, and told to the joint meeting."""
    words = only(national, "bulk-backfill", "notice-unheeded", "supervisor-idle")
    await days_of(tmp_path, late(Clerks()).heard(), mornings("2026-02-24", "2026-03-31"), words)
    said = [fact for fact in said_of(tmp_path) if isinstance(fact, FindingRaised | NoticeIssued)]
    assert [
        (f.rule, str(f.since), f.unit)
        if isinstance(f, FindingRaised)
        else (f.level.value, str(f.issued_on), f.addressee.unit)
        for f in said
    ] == [
        ("bulk-backfill", "2026-02-24", TOWN),
        ("reminder", "2026-02-25", TOWN),
        ("supervision", "2026-03-08", TOWN),
        ("notice-unheeded", "2026-03-08", TOWN),
        ("accountability", "2026-03-24", TOWN),
        ("supervisor-idle", "2026-03-24", PETITION_OFFICE),
        ("reminder", "2026-03-24", "信访工作联席会议"),
    ]


async def test_nobody_is_a_head_by_a_guess(standard: Standard, tmp_path: Path) -> None:
    await days_of(tmp_path, late(Clerks()).heard(), ["2026-02-25"], standard)
    notice = next(fact for fact in said_of(tmp_path) if isinstance(fact, NoticeIssued))
    assert (notice.addressee.role, notice.addressee.name) == (Role.UNIT_HEAD, "柳林镇主要负责人")


async def test_a_sign_that_is_over_is_resolved_by_the_calendar_alone(standard: Standard, tmp_path: Path) -> None:
    """Six of eleven closings fall into the last days of March; a month later nothing is said of March any more."""
    clerks = Clerks()
    for case in range(11):
        clerks.take_on(case, "2026-02-10")
        clerks.write(case, closed("2026-03-10" if case < 5 else "2026-03-29"))
    await days_of(tmp_path, clerks.heard(), mornings("2026-03-28", "2026-05-03"), standard)
    said = [fact for fact in said_of(tmp_path) if getattr(fact, "rule", "") == "month-end-spike"]
    raised, resolved = said
    assert isinstance(raised, FindingRaised)
    assert isinstance(resolved, FindingResolved)
    assert (raised.as_of, resolved.as_of) == (moment("2026-04-01", 7), moment("2026-05-01", 7))


async def test_what_others_write_of_a_case_belongs_to_whose_case_it_is(standard: Standard, tmp_path: Path) -> None:
    """The petition office enters the evaluations: without them a unit that asked everybody would look too good."""
    clerks = Clerks()
    for case in range(10):
        clerks.take_on(case, "2026-01-10")
        clerks.write(case, closed("2026-03-01"))
        clerks.write(case, evaluated("2026-03-02", Satisfaction.SATISFIED), role=Role.PETITION_OFFICE, unit="县信访局")
    heard = clerks.heard()
    await days_of(tmp_path / "asked", heard, mornings("2026-03-01", "2026-03-05"), standard)
    assert "too-good" not in found(tmp_path / "asked")
    silent = [one for one in heard if one.type != "EvaluationReceived"]
    await days_of(tmp_path / "not", silent, mornings("2026-03-01", "2026-03-05"), standard)
    assert "too-good" in found(tmp_path / "not")


async def test_a_leader_who_gave_cases_to_another_unit_owns_them_no_more(standard: Standard, tmp_path: Path) -> None:
    clerks = Clerks()
    for case in range(11):
        clerks.take_on(case, "2025-01-10")
        clerks.write(case, leader("2025-01-12", LI))
    elsewhere = leader("2026-06-10", WANG).model_copy(update={"unit": BUREAU})
    clerks.write(3, elsewhere, unit=BUREAU)
    at = [*mornings("2025-01-12", "2025-01-14"), "2026-05-01", *mornings("2026-06-10", "2026-06-12")]
    await days_of(tmp_path, clerks.heard(), at, standard)
    rules = [(type(fact), getattr(fact, "rule", "")) for fact in said_of(tmp_path)]
    assert (FindingRaised, "too-many-owned") in rules
    assert (FindingResolved, "too-many-owned") in rules
    assert found(tmp_path, book_id(REGION, BUREAU)) == {}


@pytest.mark.parametrize("name", TABLE)
def test_what_a_ledger_claims_accuses_nobody(national: Standard, name: str) -> None:
    rule, said, today, _ = TABLE[name]
    claimed = [replace(one, imported=True) if isinstance(one, Entry) else one for one in said]
    assert not asked(national, rule, claimed, today).shows or rule == "records-differ"  # what was seen, was seen


def test_units_of_one_name_in_two_counties_have_two_books_and_villages_none_of_their_own() -> None:
    clerks = Clerks()
    for case, region in enumerate((REGION, "610498", "610499101002")):
        clerks.take_on(case, "2026-01-10", region=region)
    where = [
        booked(dossier_of(f for f in clerks.heard() if f.case_id == f"case-{n}"), moment("2026-01-11"))
        for n in range(3)
    ]
    books = [one.books for one in where if one is not None]
    assert books == [{BOOK: (TOWN, REGION)}, {book_id("610498", TOWN): (TOWN, "610498")}, {BOOK: (TOWN, REGION)}]


# Neither order, delay nor a kill


KINDS = ("visit", "extension", "closed", "leader", "evaluated")


@st.composite
def busy(draw: Any) -> list[Recorded]:
    """A few months of a town, part of it written by others or entered late."""
    clerks = Clerks()
    first = date(2026, 1, 10)
    for case in range(draw(st.integers(10, 14))):
        clerks.take_on(case, str(first + timedelta(days=draw(st.integers(0, 5)))))
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=4, unique=True)):
            on = str(first + timedelta(days=draw(st.integers(10, 60))))
            fact = {
                "visit": visit(on),
                "extension": extension(on),
                "closed": closed(on),
                "leader": leader(on, LI),
                "evaluated": evaluated(on, Satisfaction.SATISFIED),
            }[kind]
            entered = str(day(on) + timedelta(days=draw(st.sampled_from((0, 0, 9)))))
            office = draw(st.booleans()) and kind in ("closed", "evaluated")
            role, unit = (Role.PETITION_OFFICE, None) if office else (Role.HANDLER, TOWN)
            clerks.write(case, fact, entered, draw(st.integers(0, 3)), role=role, unit=unit)
    return clerks.heard()


@settings(max_examples=8)
@given(busy(), st.data())
def test_neither_the_order_in_which_facts_come_nor_the_days_of_the_watch_change_what_is_found(
    national: Standard, tmp_path_factory: pytest.TempPathFactory, life: list[Recorded], data: st.DataObject
) -> None:
    standard = only(national, *UNITS)
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    last = mornings("2026-04-03", "2026-04-04")
    asyncio.run(
        days_of(one, life, [*mornings("2026-01-10", "2026-03-25")[:: data.draw(st.integers(1, 9))], *last], standard)
    )
    cases = data.draw(st.permutations(sorted({fact.case_id for fact in life})))
    order = {case: n for n, case in enumerate(cases)}
    shuffled = sorted(life, key=lambda fact: (order[fact.case_id], fact.service != "casework", fact.time))
    asyncio.run(days_of(other, shuffled, last, standard))
    assert found(one) == found(other)
    book = book_of(TOWN, REGION, life)
    answers = answered(standard, book, Words(), moment("2026-04-04", 7))
    assert {rule for rule, verdict in answers.items() if verdict.shows} == found(one).keys()


@settings(max_examples=30)
@given(busy(), st.dates(date(2026, 1, 20), date(2027, 3, 1)))
def test_what_is_not_read_any_more_changes_no_answer(
    national: Standard, tmp_path_factory: pytest.TempPathFactory, life: list[Recorded], today: date
) -> None:
    """A library leaves out what was closed long ago: the rules come to the same by all there ever was."""
    folder = tmp_path_factory.mktemp("log")
    asyncio.run(days_of(folder, life, ["2026-06-01"], only(national)))
    with closing(SQLiteLog(folder / "supervision.db")) as log:
        book = LogLibrary(log)(BOOK, today)
    whole = book_of(TOWN, REGION, life)
    assert book is not None
    policy = national.policies[0]
    for rule in UNIT_RULES:
        assert rule.ask(book, policy, today) == rule.ask(whole, policy, today)


async def test_a_stop_between_hearing_and_judging_loses_nothing(standard: Standard, tmp_path: Path) -> None:
    heard = late(Clerks()).heard()
    await days_of(tmp_path, heard, ["2026-02-23", "2026-02-24"], standard, hour=22)
    assert found(tmp_path) == {}
    await days_of(tmp_path, [], ["2026-02-25"], standard)
    assert found(tmp_path).keys() == {"bulk-backfill"}


async def test_a_log_from_before_gets_its_books_once_and_says_the_same(standard: Standard, tmp_path: Path) -> None:
    heard = late(Clerks()).heard()
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        await days_of(folder, heard, ["2026-02-23", "2026-02-24"], standard, hour=22)
    with closing(SQLiteLog(old / "supervision.db")) as log:
        forgotten = (
            "DELETE FROM book",
            "DELETE FROM due WHERE case_id LIKE 'book-%'",
            "DELETE FROM meta WHERE name LIKE 'books%'",
        )
        log.append((), [(statement, ()) for statement in forgotten])
    for folder in (old, new):
        await days_of(folder, [], ["2026-02-25", "2026-02-26"], standard)
    assert found(old).keys() == {"bulk-backfill"}
    assert found(old) == found(new)


async def test_the_unit_answers_and_nobody_else_does(standard: Standard, tmp_path: Path) -> None:
    await days_of(tmp_path, late(Clerks()).heard(), ["2026-02-25"], standard)
    with closing(SQLiteLog(tmp_path / "supervision.db")) as log:
        library = LogLibrary(log)
        now = moment("2026-02-25", 9)
        store = Store(
            "supervision",
            REGION,
            log,
            supervision(standard, library=library),
            lambda: now,
            lambda state, at: next_moment(standard, state, at, library),
            booked,
        )
        answer = command(AnswerFinding, answered_on=day("2026-02-25"))
        for unit, region in ((BUREAU, REGION), (TOWN, "610498")):
            with pytest.raises(Forbidden):
                await store.handle(BOOK, answer, Request(Actor("x", Role.UNIT_HEAD, unit, region)))
        head = Request(Actor("wang", Role.UNIT_HEAD, TOWN, REGION))
        assert len((await store.handle(BOOK, answer, head)).facts) == 1
        assert (await store.handle(BOOK, answer, head)).facts == ()
        assert store.due(now, 10) == []
        await store.lay_books(KIND)
        assert store.due(now, 10) == []
        store._writer.close()
