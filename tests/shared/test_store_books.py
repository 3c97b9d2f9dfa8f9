"""The books of units beside a log: where each case stands, when a book falls due, and that nobody takes that moment away."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from shared.events.casework import CaseAccepted
from shared.store import Among, Books, Log, Pages, Store, beside
from shared.store.beside import NOBODYS, Booked
from tests.petitions import DAY, LIFE, NOON, REGION, Link, Petitions, Speaker, asking, opened

TOMORROW = NOON + timedelta(days=1, minutes=1)
LATER = NOON + timedelta(days=40)
CLOSED = "已结"
"""A unit whose acceptance stands for a closing."""


def name_of(unit: str) -> str:
    return f"book-{unit}"


def books(state: Petitions, now: datetime) -> Booked | None:
    """A case with a petition stands in the book of every unit that has accepted it."""
    if not state.linked:
        return None
    found: Mapping[str, tuple[str, str]] = {name_of(u): (u, REGION) for u in state.accepted if u != CLOSED} or {
        NOBODYS: ("", "")
    }
    return Booked(found, DAY if CLOSED in state.accepted else None, now + timedelta(days=1))


def written(log: Log, unit: str = "a", since: str = "2026-01-01") -> Pages | None:
    return Books(log, ["CaseAccepted"])(name_of(unit), date.fromisoformat(since))


def cases(log: Log, unit: str = "a", since: str = "2026-01-01") -> list[str]:
    pages = written(log, unit, since)
    assert pages is not None
    return [fact.case_id for fact in pages.facts]


def due(store: Store[Petitions], at: datetime = TOMORROW) -> list[str]:
    return [name for name in store.due(at, 100) if name.startswith("book-")]


async def test_a_case_stands_in_the_book_of_each_of_its_units_whatever_came_first(log: Log) -> None:
    speaker, asked = Speaker(), asking()
    async with opened(log, books=books) as store:
        await store.adopt([speaker.accept("case-1", "a"), speaker.accept("case-2", "b")])
        assert written(log) is None  # not on the books yet
        for n in (1, 2):
            await store.handle(f"case-{n}", Link(petitions=("p",)), asked)
        await store.adopt([speaker.accept("case-1", "b"), speaker.accept("case-2", "c")])
        pages = written(log)
        assert pages is not None
        assert (pages.unit, pages.region) == ("a", REGION)
        assert [(r.case_id, r.fact.unit) for r in pages.facts if isinstance(r.fact, CaseAccepted)] == [
            ("case-1", "a"),
            ("case-1", "b"),  # what others say of its cases is there too
        ]
        assert cases(log, "b") == ["case-1", "case-1", "case-2", "case-2"]
        assert store.books() == (["book-a", "book-b", "book-c"], 0)
        assert due(store, NOON + timedelta(hours=1)) == []
        assert sorted(due(store)) == ["book-a", "book-b", "book-c"]


async def test_what_was_closed_before_is_not_read_any_more(log: Log) -> None:
    speaker = Speaker()
    async with opened(log, books=books) as store:
        await store.handle("case-1", Link(petitions=("p",)), asking())
        await store.adopt([speaker.accept("case-1", "a")])
        assert len(cases(log, since="2030-01-01")) == 1
        await store.adopt([speaker.accept("case-1", CLOSED)])
        assert len(cases(log, since="2026-03-02")) == 2
        assert cases(log, since="2026-03-03") == []


async def test_what_no_unit_is_known_for_is_counted_until_one_is(log: Log) -> None:
    speaker = Speaker()
    async with opened(log, books=books) as store:
        await store.handle("case-1", Link(petitions=("p",)), asking())
        await store.adopt([speaker.accept("case-1", CLOSED)])
        assert store.books() == ([], 1)
        assert due(store) == []
        await store.adopt([speaker.accept("case-1", "a")])
        assert store.books() == (["book-a"], 0)


async def test_whoever_has_not_seen_what_came_does_not_take_its_moment_away(log: Log) -> None:
    """The guard is how much was written: a book's own history does not grow by what is written of its cases."""
    speaker = Speaker()
    async with opened(log, books=books) as store:
        await store.handle("case-1", Link(petitions=("p",)), asking())
        await store.adopt([speaker.accept("case-1", "a")])
        (seen,) = log.query("SELECT version FROM due WHERE case_id = ?", ("book-a",))[0]
        await store.adopt([speaker.accept("case-1", "b")])
        log.append((), beside.due("book-a", seen, LATER))
        assert "book-a" in due(store)
        log.append((), beside.due("book-a", seen + 1, LATER))
        assert "book-a" not in due(store)
        await store.adopt([speaker.accept("case-1", "c")])
        assert "book-a" in due(store)
        await store.adopt([speaker.accept("case-2", "c")])  # of no case that it has
        log.append((), beside.due("book-a", seen + 2, LATER))
        assert "book-a" not in due(store)


async def test_an_earlier_moment_stays_and_a_new_standard_asks_all(log: Log) -> None:
    speaker = Speaker()
    async with opened(log, books=books) as store:
        await store.handle("case-1", Link(petitions=("p",)), asking())
        await store.adopt([speaker.accept("case-1", "a")])
        log.append((), beside.due("book-a", 1, NOON + timedelta(minutes=1)))
        await store.adopt([speaker.accept("case-1", "b")])
        assert due(store, NOON + timedelta(hours=1)) == ["book-a"]
        log.append((), [*beside.due("book-a", 9, LATER), *beside.due("book-b", 9, LATER)])
        assert due(store) == []
        await store.ask_again(Among(LIFE, frozenset()), books=False)
        assert due(store, NOON + timedelta(hours=1)) == []
        await store.ask_again(Among(LIFE, frozenset()), books=True)
        assert sorted(due(store, NOON + timedelta(hours=1))) == ["book-a", "book-b"]


async def test_a_log_without_books_gets_them_once(log: Log) -> None:
    speaker = Speaker()
    async with opened(log) as store:
        for n in range(5):
            await store.handle(f"case-{n}", Link(petitions=("p",)), asking())
            await store.adopt([speaker.accept(f"case-{n}", "a")])
        assert written(log) is None
    async with opened(log, books=books) as store:
        await store.lay_books("1")
        assert len(cases(log)) == 5
        assert due(store) == ["book-a"]
        before = log.query("SELECT version FROM due WHERE case_id = ?", ("book-a",))
        await store.lay_books("1")
        assert log.query("SELECT version FROM due WHERE case_id = ?", ("book-a",)) == before
        await store.lay_books("2")  # books of another kind
        assert log.query("SELECT version FROM due WHERE case_id = ?", ("book-a",)) != before


async def test_a_case_as_it_stood_before_does_not_overwrite_how_it_stands(log: Log) -> None:
    log.append((), beside.booked("case-1", 7, Booked({"book-a": ("a", REGION)}, None, NOON)))
    log.append((), beside.booked("case-1", 6, Booked({"book-a": ("a", REGION)}, DAY, NOON)))
    assert log.query("SELECT until FROM book") == [(beside.STILL,)]
