"""The read model by example, on SQLite and PostgreSQL: batches, faults, what is parked, and what was known when."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from shared.readmodel import ReadModel
from shared.store import Delivery, Gap
from tests.petitions import NOON, POISON, accepted_document, edited
from tests.shared.petition_rows import CASES, CLINIC, LINKS, County, as_known, cases, links, project, rebuilt


def test_a_batch_is_taken_in_once_however_often_it_comes(model: ReadModel) -> None:
    county = County()
    batch = [county.link("a", "p1"), county.link("a", "p2"), county.accept("a", "u"), county.link("b", "p3")]
    for _ in range(3):
        model.receive(batch)
    model.receive(batch[1:])
    assert cases(model) == {"a": (2, "p2", "u"), "b": (1, "p3", None)}
    assert model.heard() == {("610499.intake", "e1"): 3, ("610499.casework", "e1"): 2}
    model.receive([])


def test_a_gap_is_refused_and_nothing_is_half_done(model: ReadModel) -> None:
    county = County()
    facts = [county.link("a", f"p{n}") for n in range(4)]
    model.receive(facts[:1])
    with pytest.raises(Gap):
        model.receive([facts[1], facts[3]])
    assert (cases(model), model.heard()) == ({"a": (1, "p0", None)}, {("610499.intake", "e1"): 1})
    model.receive(facts)
    assert cases(model) == {"a": (4, "p3", None)}


def test_a_commit_that_fails_leaves_nothing_behind_not_even_in_memory(model: ReadModel) -> None:
    county = County()
    first, second = county.link("a", "p1"), county.link("a", "p2")
    model.receive([first])
    engine = model._database._engine

    def fails(_: sa.Connection) -> None:
        raise OSError("the disk is gone")

    sa.event.listen(engine, "commit", fails)
    with pytest.raises(OSError, match="gone"):
        model.receive([second])
    sa.event.remove(engine, "commit", fails)
    assert cases(model) == {"a": (1, "p1", None)}
    model.receive([second])
    assert cases(model) == {"a": (2, "p2", None)}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_all_of_a_batch_and_goes_on_when_there_is_room(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p")])

    def room(pages: int) -> None:
        with model._database.writing() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with model.reading() as (connection, _):
        used = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    room(used + 3)
    much = [county.link(f"case-{n}", f"p{n}" * 50) for n in range(300)]
    for _ in range(2):
        with pytest.raises(sa.exc.OperationalError, match="full"):
            model.receive(much)
    assert (len(cases(model)), model.parked()) == (1, [])
    room(100_000)
    model.receive(much)
    assert len(cases(model)) == 301


@pytest.mark.parametrize(
    "bad",
    [
        lambda county: county.accept("a", POISON),
        lambda county: county.link("a", "misspelt"),
        lambda county: county.link("a", "huge"),
        lambda county: county.intake.send(edited(accepted_document("a", 7), dataschema="urn:x:99")),
        lambda county: county.intake.send(b"\x00 junk"),
    ],
    ids=["projection fails", "column that is not there", "number too large", "future schema", "junk"],
)
def test_a_fact_that_cannot_be_handled_parks_its_case_whole_and_no_other(
    model: ReadModel, bad: Callable[[County], Delivery]
) -> None:
    county = County()
    batch = [
        county.link("a", "p1"),
        county.link("b", "q1"),
        bad(county),
        county.link("b", "q2"),
        county.accept("c", "u"),
    ]
    model.receive(batch)
    model.receive([*batch, county.link("b", "q3")])
    assert cases(model) == {"a": (1, "p1", None), "b": (3, "q3", None), "c": (None, None, "u")}
    assert links(model) == ["a/p1", "b/q1", "b/q2", "b/q3"]
    ((case_id, why),) = model.parked()
    assert case_id in ("a", "")
    assert why


def test_what_follows_waits_in_order_and_goes_through_once_the_cause_is_gone(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p1"), county.accept("a", POISON), county.link("a", "p2")])
    model.receive([county.accept("a", "u2"), county.link("b", "q1"), county.link("a", "p3")])
    assert cases(model) == {"a": (1, "p1", None), "b": (1, "q1", None)}
    assert [case_id for case_id, _ in model.parked()] == ["a"] * 4
    assert model.redrive() == []
    assert len(model.parked()) == 4
    CLINIC.cured = True
    assert model.redrive() == ["a"]
    assert cases(model) == {"a": (3, "p3", "u2"), "b": (1, "q1", None)}
    assert model.parked() == []
    model.receive([county.link("a", "p4")])
    assert cases(model)["a"] == (4, "p4", "u2")


def test_what_the_database_still_does_not_keep_waits_on_and_keeps_no_other_case_waiting(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p1"), county.link("a", "huge"), county.accept("b", POISON)])
    CLINIC.cured = True
    assert model.redrive() == ["b"]
    assert [case_id for case_id, _ in model.parked()] == ["a"]
    assert cases(model) == {"a": (1, "p1", None), "b": (None, None, POISON)}


def test_facts_of_an_unknown_type_are_counted_and_hold_nothing_up(model: ReadModel) -> None:
    def count() -> float:
        return REGISTRY.get_sample_value("huajie_facts_unknown_total", {"service": "reporting"}) or 0.0

    county, before = County(), count()
    song = county.casework.send(edited(accepted_document("a"), type="huajie.casework.CaseWasSung", data={}))
    model.receive([song, county.link("a", "p1")])
    assert (cases(model), model.parked(), count() - before) == ({"a": (1, "p1", None)}, [], 1)


def test_the_past_can_be_asked_for(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p1", 10), county.accept("a", "u1", 20)])
    model.receive([county.link("a", "p2", 30), county.link("b", "q1", 35), county.accept("a", "u2", 40)])
    known = [as_known(model, minute) for minute in (9, 10, 25, 30, 35, 99)]
    assert known == [
        {},
        {"a": (1, "p1", None)},
        {"a": (1, "p1", "u1")},
        {"a": (2, "p2", "u1")},
        {"a": (2, "p2", "u1"), "b": (1, "q1", None)},
        {"a": (2, "p2", "u2"), "b": (1, "q1", None)},
    ]
    assert as_known(model, 10_000) == cases(model)


def test_a_fact_that_is_heard_late_is_never_shown_as_known_before_it_was_recorded(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p1", 10), county.link("a", "p2", 50)])
    model.receive([county.accept("a", "late", 30)])
    assert as_known(model, 29) == {"a": (1, "p1", None)}
    assert as_known(model, 50) == cases(model) == {"a": (2, "p2", "late")}


def test_what_changes_nothing_makes_no_version(model: ReadModel) -> None:
    county = County()
    model.receive([county.accept("a", "u", 10), county.accept("a", "u", 20), county.accept("a", "u", 30)])
    with model.reading() as (connection, tables):
        assert connection.execute(sa.select(tables.old["cases"])).all() == []
        row = connection.execute(sa.select(tables.sheets["cases"])).one()
        assert row.known_from == NOON + timedelta(minutes=10)


def test_moments_keep_their_zone(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p1")])
    with model.reading() as (connection, tables):
        moment: datetime = connection.execute(sa.select(tables.sheets["cases"].c.moment)).scalar_one()
    assert moment.utcoffset() is not None
    assert moment == datetime.fromisoformat("2026-03-02T00:00+08:00")


def test_one_transaction_of_a_reader_sees_one_state(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "p1")])
    with model.reading() as (connection, tables):
        before = connection.execute(sa.select(tables.sheets["cases"])).all()
        model.receive([county.link("a", "p2"), county.link("b", "q")])
        assert connection.execute(sa.select(tables.sheets["cases"])).all() == before
        assert connection.scalars(sa.select(tables.sheets["links"].c.key)).all() == ["a/p1"]
    assert links(model) == ["a/p1", "a/p2", "b/q"]


def test_what_was_heard_outlives_a_restart(url: str) -> None:
    county = County()
    for n in range(4):
        model = ReadModel(url, "reporting", [CASES, LINKS], project)
        model.receive([county.link("a", f"p{n}"), county.accept("a", f"u{n}")])
        assert cases(model) == {"a": (n + 1, f"p{n}", f"u{n}")}
        model.close()


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_processes_that_take_turns_do_not_trust_what_they_remember(model: ReadModel, url: str) -> None:
    other, county = ReadModel(url, "reporting", [CASES, LINKS], project), County()
    facts = [county.link("a", f"p{n}") for n in range(20)]
    for n in range(20):
        (model, other)[n // 3 % 2].receive(facts[max(0, n - 2) : n + 1])
    assert rebuilt(other, [facts])
    model.receive([county.link("a", "p20")])
    assert cases(model) == cases(other) == {"a": (21, "p20", None)}
    other.close()


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_processes_that_are_handed_the_same_facts_at_once_take_them_in_once(model: ReadModel, url: str) -> None:
    county = County()
    facts = [county.link(f"case-{n % 3}", f"p{n}") for n in range(60)]
    models = [model, *(ReadModel(url, "reporting", [CASES, LINKS], project) for _ in range(2))]

    def take(mine: ReadModel) -> None:
        for n in range(0, 60, 5):
            mine.receive(facts[max(0, n - 20) : n + 5])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(take, models))
    assert cases(model) == {f"case-{n}": (20, f"p{57 + n}", None) for n in range(3)}
    with model.reading() as (connection, tables):
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.old["cases"])).scalar_one() == 0
    assert models[1].lease() + models[2].lease() == 1
    for other in models[1:]:
        other.close()
    ends = time.monotonic() + 30
    while not model.lease():  # the database notices in its own time that they are gone
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_whoever_cannot_keep_the_lease_lets_others_have_it(model: ReadModel, url: str) -> None:
    """Its connection lives on, and with it would the lock."""
    assert model.lease()
    held = model._database._lease
    assert held is not None
    with pytest.raises(sa.exc.DBAPIError):
        held.exec_driver_sql("BEGIN; SELECT 1 / 0")
    assert not model.lease()
    with closing(ReadModel(url, "reporting", [CASES, LINKS], project)) as other:
        ends = time.monotonic() + 30
        while not other.lease():
            assert time.monotonic() < ends
            time.sleep(0.02)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_what_is_parked_may_hold_what_the_database_cannot_keep_as_text(model: ReadModel) -> None:
    county = County()
    model.receive([county.casework.send(accepted_document("a\0b"))])
    model.receive([county.casework.send(accepted_document("a\0b", 2))])
    assert [case_id for case_id, _ in model.parked()] == ["a\ufffdb"] * 2
    assert cases(model) == {}


def test_errors_do_not_repeat_what_is_in_the_rows(model: ReadModel) -> None:
    county = County()
    model.receive([county.link("a", "huge")])
    assert "RepeatPetition" not in model.parked()[0][1]
    assert "huge" not in model.parked()[0][1]


def test_whoever_still_reads_reads_to_the_end_and_then_all_connections_are_closed(model: ReadModel) -> None:
    model.receive([County().link("a", "p")])
    with ThreadPoolExecutor(1) as thread:
        with model.reading() as (connection, tables):
            closing, raw = thread.submit(model.close), connection.connection.dbapi_connection
            assert not closing.done()
            assert connection.scalars(sa.select(tables.sheets["cases"].c.key)).all() == ["a"]
        closing.result()
    assert raw is not None
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        raw.execute("SELECT 1")
