"""What was foreseen by somebody who only reads is said by the writer, of the histories that still are due as they were."""

from collections.abc import Collection
from datetime import datetime, timedelta

from shared.decider import Scope
from shared.events import GENESIS, Fact, read, sha256
from shared.store import Among, Log, Store
from shared.store.beside import Foreseen, Owed
from shared.store.draft import LARGEST
from tests.petitions import LIFE, NOON, REGION, Link, Petitions, Speaker, asking, linked, opened, petitions

SOON, LATER = NOON + timedelta(hours=1), NOON + timedelta(days=9)


def at_once(_: Petitions, now: datetime) -> datetime:
    """Every case is due as soon as something was said of it."""
    return now


def owed(store: Store[Petitions]) -> list[Owed]:
    return sorted(store.owed(SOON, 9))


def last_of(store: Store[Petitions], case_id: str) -> str:
    """The digest of what was last said of a case here."""
    return sha256([fact.raw for fact in store.history(case_id) if fact.service == "intake"][-1])


def saying(store: Store[Petitions], one: Owed, *facts: Fact, at: datetime | None = LATER) -> Foreseen:
    return Foreseen(one, at, facts, last_of(store, one.history))


async def said(store: Store[Petitions], *foreseen: Foreseen, holds: bool = True) -> Collection[str]:
    return [*await store.say(foreseen, asking(), lambda: holds)]


async def test_it_is_due_later_or_never(log: Log) -> None:
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        for case_id in ("case-1", "case-2", "case-3"):
            await store.handle(case_id, Link(petitions=("a",)), asking())
        first, second, third = owed(store)
        assert [one.history for one in (first, second, third)] == store.due(SOON, 9)
        assert await said(store, Foreseen(first, LATER), Foreseen(second, None)) == ["case-1", "case-2"]
        assert owed(store) == [third]
        assert store.due(LATER, 9) == ["case-3", "case-1"]


async def test_what_is_foreseen_is_said_as_if_it_had_been_decided_here(log: Log) -> None:
    """One chain, one row, and whoever decides next knows of it, also where the case was at hand."""
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        (one,) = owed(store)
        assert await said(store, saying(store, one, linked("b"), linked("c"))) == ["case-1"]
        assert (owed(store), store.due(LATER, 9)) == ([], ["case-1"])
        answer = await store.handle("case-1", Link(petitions=("b", "c", "d")), asking())
        assert ([fact.fact for fact in answer.facts], answer.version) == ([linked("d")], 4)
    documents = [event.state for event in log.events("case-1")]
    assert [read(raw).prevhash for raw in documents] == [GENESIS, *map(sha256, documents[:-1])]
    assert {(read(raw).actor, read(raw).role) for raw in documents} == {("registrar-1", "registrar")}


async def test_what_has_fallen_due_anew_stays_due_and_nothing_is_said_of_it(log: Log) -> None:
    """By a new fact, or because what it was asked by has changed: the answer of before says nothing about that."""
    speaker = Speaker()
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        for case_id in ("case-1", "case-2"):
            await store.handle(case_id, Link(petitions=("a",)), asking())
        first, second = owed(store)
        await store.adopt([speaker.accept("case-1")])
        foreseen = (Foreseen(first, LATER), saying(store, first, linked("b")), Foreseen(second, LATER))
        assert await said(store, *foreseen) == ["case-2"]
        assert [(one.history, one.version) for one in owed(store)] == [("case-1", 2)]

        (before,) = owed(store)
        await store.ask_again(Among(LIFE), books=False)
        assert await said(store, Foreseen(before, None), saying(store, before, linked("b"))) == []
        assert [(one.history, one.version) for one in owed(store)] == [("case-1", 2)]
        assert len(store.history("case-1")) == 2


async def test_nothing_is_said_once_what_it_was_foreseen_by_holds_no_more(log: Log) -> None:
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        (one,) = owed(store)
        assert await said(store, saying(store, one, linked("b")), holds=False) == []
        assert (owed(store), len(store.history("case-1"))) == ([one], 1)


async def test_what_the_bus_could_not_carry_holds_up_no_other(log: Log) -> None:
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        for case_id in ("case-1", "case-2"):
            await store.handle(case_id, Link(petitions=("a",)), asking())
        first, second = owed(store)
        large = saying(store, first, linked("b"), linked("c" * LARGEST))
        assert await said(store, large, saying(store, second, linked("b"))) == ["case-2"]
        assert owed(store) == [first]
        assert [len(store.history(one.history)) for one in (first, second)] == [1, 2]
        answer = await store.handle("case-1", Link(petitions=("b",)), asking())
        assert answer.version == 2
