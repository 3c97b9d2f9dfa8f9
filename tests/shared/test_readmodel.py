"""The read model by example, on SQLite and PostgreSQL: batches, faults, what is parked, rebuilds, and reading meanwhile."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from shared.events import Recorded
from shared.events.casework import CaseAccepted
from shared.events.intake import RepeatPetitionLinked
from shared.readmodel import Change, Get, Instant, ReadModel, Renewed, Sheet, Superseded
from shared.store import Delivery, Gap
from tests.petitions import NOON, POISON, Clinic, Speaker, accepted_document, edited, linked

CASES = Sheet(
    "cases",
    {"petitions": sa.Integer, "last": sa.Text, "unit": sa.Text, "moment": Instant},
    indexed=("unit",),
    versioned=True,
)
LINKS = Sheet("links", {"case_id": sa.Text, "number": sa.Integer})
CLINIC = Clinic()


def project(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Petitions are counted per case and listed; the unit is the one that accepted."""
    case_id = recorded.case_id
    match recorded.fact:
        case RepeatPetitionLinked(petition_id=petition):
            before = get("cases", case_id) or {}
            count = (before.get("petitions") or 0) + 1
            yield (
                "links",
                f"{case_id}/{petition}",
                {"case_id": case_id, "number": 2**70 if petition == "huge" else count},
            )
            if petition == "misspelt":
                yield "cases", case_id, {"petitionz": count}
            yield "cases", case_id, {"petitions": count, "last": petition, "moment": recorded.occurred_at}
        case CaseAccepted(unit=unit):
            yield "cases", case_id, {"unit": unit}
            if unit == POISON and not CLINIC.cured:
                raise ArithmeticError("this fact is too much")
        case _:
            pass


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'reporting.db'}"
    dsn: str = request.getfixturevalue("dsn")
    return dsn.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def model(url: str) -> Iterator[ReadModel]:
    CLINIC.cured = False
    made = ReadModel(url, "reporting", [CASES, LINKS], project)
    yield made
    made.close()


class County:
    """Intake and casework, each with a log."""

    def __init__(self, epoch: str = "e1") -> None:
        self.intake, self.casework = Speaker("intake", epoch), Speaker("casework", epoch, step=2)

    def link(self, case_id: str, petition: str, at: int = 0) -> Delivery:
        return self.intake.say(case_id, linked(petition), NOON + timedelta(minutes=at))

    def accept(self, case_id: str, unit: str, at: int = 0) -> Delivery:
        return self.casework.say(
            case_id, CaseAccepted(unit=unit, accepted_on=NOON.date()), NOON + timedelta(minutes=at)
        )


Short = dict[str, tuple[object, ...]]


def cases(model: ReadModel) -> Short:
    with model.reading() as (connection, tables):
        table = tables.sheets["cases"]
        return {row.key: (row.petitions, row.last, row.unit) for row in connection.execute(sa.select(table))}


def as_known(model: ReadModel, minute: int) -> Short:
    """The cases as known at a minute after noon."""
    moment = NOON + timedelta(minutes=minute)
    with model.reading() as (connection, tables):
        live, old = tables.sheets["cases"], tables.old["cases"]
        now = sa.select(live.c.key, live.c.petitions, live.c.last, live.c.unit).where(live.c.known_from <= moment)
        then = sa.select(old.c.key, old.c.petitions, old.c.last, old.c.unit)
        then = then.where(old.c.known_from <= moment, old.c.known_to > moment)
        found = connection.execute(sa.union_all(now, then)).all()
    assert len(found) == len({row.key for row in found})
    return {row.key: (row.petitions, row.last, row.unit) for row in found}


def links(model: ReadModel) -> list[str]:
    with model.reading() as (connection, tables):
        return sorted(connection.scalars(sa.select(tables.sheets["links"].c.key)))


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


def rebuilt(model: ReadModel, batches: Sequence[Sequence[Delivery]]) -> bool:
    rebuild = model.begin_rebuild()
    for batch in batches:
        rebuild.receive(batch)
    return rebuild.switch()


def test_a_rebuild_beside_the_live_tables_ends_up_the_same(model: ReadModel) -> None:
    county = County()
    facts = [county.link(f"case-{n % 5}", f"p{n}", n) for n in range(40)]
    facts += [county.accept(f"case-{n % 5}", f"u{n}", 100 + n) for n in range(20)]
    model.receive(facts)
    before, known = cases(model), as_known(model, 110)
    for _ in range(3):
        assert rebuilt(model, [facts[:30], facts[20:50], facts[50:]])
        assert (cases(model), as_known(model, 110)) == (before, known)
        model.receive(facts)
        assert cases(model) == before
    model.receive([county.link("case-0", "new", 200)])
    assert cases(model)["case-0"][:2] == (9, "new")


def test_a_rebuild_that_has_heard_less_does_not_take_over(model: ReadModel) -> None:
    county = County()
    facts = [county.link("a", "p1"), county.accept("a", "u"), county.link("a", "p2")]
    model.receive(facts)
    assert not rebuilt(model, [])
    assert not rebuilt(model, [facts[:1]])
    assert not rebuilt(model, [[facts[0], facts[2]]])
    assert cases(model) == {"a": (2, "p2", "u")}
    model.receive([county.link("a", "p3")])
    assert cases(model) == {"a": (3, "p3", "u")}


def test_a_rebuild_that_another_one_overtook_is_void(model: ReadModel) -> None:
    county = County()
    facts = [county.link("a", "p1")]
    model.receive(facts)
    first = model.begin_rebuild()
    second = model.begin_rebuild()
    with pytest.raises(Superseded):
        first.receive(facts)
    with pytest.raises(Superseded):
        first.switch()
    second.receive(facts)
    assert second.switch()
    with pytest.raises(Superseded):
        second.switch()
    assert cases(model) == {"a": (1, "p1", None)}


def test_a_log_that_speaks_under_a_new_name_is_not_counted_twice_and_a_rebuild_mends_it(model: ReadModel) -> None:
    before, after = County("e1"), County("e2")
    model.receive([before.link("a", "p1"), before.link("a", "lost")])
    renewed = [after.link("a", "p1"), after.link("a", "other")]
    with pytest.raises(Renewed, match="重建"):
        model.receive(renewed)
    assert cases(model) == {"a": (2, "lost", None)}
    assert rebuilt(model, [renewed])
    assert cases(model) == {"a": (2, "other", None)}
    model.receive([*renewed, after.link("a", "p3")])
    assert cases(model) == {"a": (3, "p3", None)}


def test_readers_are_never_disturbed_by_rebuilds(model: ReadModel) -> None:
    county = County()
    facts = [county.link(f"case-{n}", f"p{n}") for n in range(30)]
    model.receive(facts)
    done, seen = threading.Event(), list[tuple[int, int]]()

    def read() -> None:
        while not done.is_set():
            with model.reading() as (connection, tables):
                number = connection.execute(sa.select(sa.func.count()).select_from(tables.sheets["links"])).scalar_one()
                again = connection.execute(sa.select(sa.func.count()).select_from(tables.sheets["cases"])).scalar_one()
            seen.append((number, again))

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read) for _ in range(3)]
        try:
            for _ in range(6):
                assert rebuilt(model, [facts[:10], facts[10:]])
        finally:
            done.set()
        for each in reading:
            each.result()
    assert set(seen) == {(30, 30)}
    assert len(seen) > 10


def test_replaced_tables_are_dropped_when_nobody_can_be_reading_them(
    model: ReadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = County()
    facts = [county.link("a", "p1")]
    model.receive(facts)

    def there() -> set[str]:
        with model.reading() as (connection, _):
            return {name for name in sa.inspect(connection).get_table_names() if name.startswith("links_")}

    assert rebuilt(model, [facts])
    assert there() == {"links_1", "links_2"}
    model.begin_rebuild()
    assert there() == {"links_1", "links_2", "links_3"}
    monkeypatch.setattr("shared.readmodel.model.STILL_READ", timedelta(0))
    assert rebuilt(model, [facts])
    assert there() == {"links_2", "links_4"}
    assert cases(model) == {"a": (1, "p1", None)}


def test_a_rebuild_ends_with_the_indexes_of_tables_that_were_live_from_the_start(model: ReadModel) -> None:
    def indexed() -> list[tuple[str, list[str | None]]]:
        with model.reading() as (connection, tables):
            inspector = sa.inspect(connection)
            every = [*tables.sheets.items(), *((f"{name} before", table) for name, table in tables.old.items())]
            return [
                (name, index["column_names"]) for name, table in every for index in inspector.get_indexes(table.name)
            ]

    county = County()
    facts = [county.link("a", "p1"), county.link("a", "p2"), county.link("b", "q1", 10)]
    model.receive(facts)
    at_first = indexed()
    assert at_first == [("cases", ["unit", "key"]), ("cases before", ["key", "known_from"])]
    rebuild = model.begin_rebuild()
    rebuild.receive(facts[:2])
    rebuild.index()
    rebuild.receive(facts)
    assert rebuild.switch()
    assert (indexed(), cases(model)) == (at_first, {"a": (2, "p2", None), "b": (1, "q1", None)})


def test_tables_of_another_version_are_retired_and_all_is_heard_again(url: str) -> None:
    county = County()
    facts = [county.link("a", "p1"), county.link("a", "p2")]
    with closing(ReadModel(url, "reporting", [CASES, LINKS], project)) as older:
        older.receive(facts)
    wider = Sheet(LINKS.name, {**LINKS.columns, "note": sa.Text})
    with closing(ReadModel(url, "reporting", [CASES, wider], project)) as newer:
        assert newer.heard() == {}
        newer.receive(facts)
        assert cases(newer) == {"a": (2, "p2", None)}
    with closing(ReadModel(url, "reporting", [CASES, wider], project)) as again:
        assert cases(again) == {"a": (2, "p2", None)}


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
    assert model.lease()


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
