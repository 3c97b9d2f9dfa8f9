"""Rebuilding a read model beside the live one, on SQLite and PostgreSQL, and reading meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa

from shared.readmodel import ReadModel, Renewed, Sheet, Superseded
from tests.shared.petition_rows import CASES, LINKS, County, as_known, cases, project, rebuilt


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


def test_rows_of_another_edition_are_read_until_a_rebuild_has_made_them_anew(url: str) -> None:
    county = County()
    facts = [county.link("a", "p1"), county.link("a", "p2")]
    with closing(ReadModel(url, "reporting", [CASES, LINKS], project, "one")) as older:
        older.receive(facts)
        assert not older.outdated()
    with closing(ReadModel(url, "reporting", [CASES, LINKS], project, "another")) as newer:
        assert newer.outdated()
        assert cases(newer) == {"a": (2, "p2", None)}
        facts.append(county.link("b", "q1"))
        newer.receive(facts)
        rebuild = newer.begin_rebuild()
        rebuild.receive(facts)
        assert newer.outdated()
        assert rebuild.switch()
        assert not newer.outdated()
    with closing(ReadModel(url, "reporting", [CASES, LINKS], project, "another")) as again:
        assert not again.outdated()


def test_what_tells_of_tables_in_the_words_of_another_version_is_made_anew(url: str) -> None:
    county = County()
    facts = [county.link("a", "p1"), county.link("a", "p2")]
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE generations (number INTEGER PRIMARY KEY, state TEXT NOT NULL)"))
        connection.execute(sa.text("INSERT INTO generations VALUES (1, 'live')"))
        connection.execute(sa.text("CREATE TABLE cases_1 (id TEXT PRIMARY KEY)"))
    engine.dispose()
    for _ in range(2):
        with closing(ReadModel(url, "reporting", [CASES, LINKS], project)) as newer:
            newer.receive(facts)
            assert cases(newer) == {"a": (2, "p2", None)}
