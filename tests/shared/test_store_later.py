"""What was asked elsewhere, and had nothing to say, is asked later, unless something has come up since."""

from datetime import datetime, timedelta

from shared.decider import Scope
from shared.store import Log, Store
from shared.store.beside import Later, Owed
from tests.petitions import NOON, REGION, Link, Petitions, Speaker, asking, opened, petitions

SOON, LATER = NOON + timedelta(hours=1), NOON + timedelta(days=9)


def at_once(_: Petitions, now: datetime) -> datetime:
    """Every case is due as soon as something was said of it."""
    return now


def owed(store: Store[Petitions]) -> list[Owed]:
    return sorted(store.owed(SOON, 9))


async def test_it_is_due_later_or_never(log: Log) -> None:
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        for case_id in ("case-1", "case-2", "case-3"):
            await store.handle(case_id, Link(petitions=("a",)), asking())
        first, second, third = owed(store)
        assert [one.history for one in (first, second, third)] == store.due(SOON, 9)
        await store.ask_later([Later(first, LATER), Later(second, None)])
        assert owed(store) == [third]
        assert store.due(LATER, 9) == ["case-3", "case-1"]


async def test_what_has_fallen_due_anew_stays_due(log: Log) -> None:
    """By a new fact, or because what it was asked by has changed: the answer of before says nothing about that."""
    speaker = Speaker()
    async with opened(log, petitions(scope=Scope(REGION)), at_once) as store:
        for case_id in ("case-1", "case-2"):
            await store.handle(case_id, Link(petitions=("a",)), asking())
        first, second = owed(store)
        await store.adopt([speaker.accept("case-1")])
        await store.ask_later([Later(first, LATER), Later(first, None), Later(second, LATER)])
        assert [(one.history, one.version) for one in owed(store)] == [("case-1", 2)]

        (before,) = owed(store)
        await store.ask_again("CaseAccepted")
        await store.ask_later([Later(before, LATER), Later(before, None)])
        assert [one.history for one in owed(store)] == ["case-1"]
