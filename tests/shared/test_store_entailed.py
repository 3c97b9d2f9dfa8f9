"""What a fact entails on another history is obeyed with it or not at all: in a group, in a lost race, and with a key."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from shared.decider import Command, Decider, Rejected
from shared.events import Recorded
from shared.events.intake import RepeatPetitionLinked
from shared.store import KeyReused, Log, PostgresLog, Stale, Store
from tests.petitions import Clock, Link, Petitions, asking, opened, petitions, said
from tests.shared.test_store_groups import Gate, counted, link


def mirrored() -> Decider[Petitions]:
    """Whatever is linked to a case is linked to `all` too; and from there nowhere else."""

    def entails(_: Petitions, recorded: Recorded) -> Iterable[tuple[str, Command]]:
        if isinstance(recorded.fact, RepeatPetitionLinked) and recorded.case_id != "all":
            wanted = recorded.fact.petition_id
            yield "all", Link(petitions=("refused" if wanted.startswith("bad") else wanted,))

    return replace(petitions(), entails=entails)


async def test_what_is_entailed_is_said_in_the_same_transaction(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(log, mirrored()) as store:
        sizes = counted(log, monkeypatch)
        answer = await link(store, "case-1", "a", "b")
        assert sizes == [4]
        assert (len(answer.facts), answer.version) == (2, 2)
        assert (said(store), said(store, "all")) == (["a", "b"], ["a", "b"])


async def test_the_cause_of_what_is_entailed_is_the_fact(log: Log) -> None:
    async with opened(log, mirrored()) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking("key-1"))
        (mirror,) = store.history("all")
        assert (mirror.cause, mirror.command_hash, mirror.actor) == ("intake:case-1:1", None, "registrar-1")


async def test_when_it_is_refused_nothing_is_said_at_all(log: Log) -> None:
    async with opened(log, mirrored()) as store:
        await link(store, "case-1", "a")
        with pytest.raises(Rejected, match="规则不允许"):
            await link(store, "case-1", "b", "bad")
        assert (said(store), said(store, "all")) == (["a"], ["a"])
        assert (await link(store, "case-1", "c")).version == 2


async def test_in_a_group_the_refused_take_nothing_of_the_others_along(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    async with opened(log, mirrored(), clock=gate) as store:
        sizes = counted(log, monkeypatch)
        busy = await gate.close(store)
        good = [link(store, f"case-{n % 3}", f"p-{n}") for n in range(30)]
        bad = [link(store, f"case-{n % 3}", f"q-{n}", f"bad-{n}") for n in range(5)]
        good += [link(store, f"case-{n % 3}", f"p-{n}") for n in range(30, 40)]
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(busy, *good)
        assert all(isinstance(error, Rejected) for error in await asyncio.gather(*bad, return_exceptions=True))
        assert said(store, "all") == [f"p-{n}" for n in range(40)]
        assert sizes == [80]


async def test_a_key_that_comes_again_gives_the_facts_again_and_entails_nothing_more(log: Log) -> None:
    async with opened(log, mirrored()) as store:
        first = await store.handle("case-1", Link(petitions=("a",)), asking("key-1"))
        again = await store.handle("case-1", Link(petitions=("a",)), asking("key-1"))
        assert [fact.id for fact in again.facts] == [fact.id for fact in first.facts]
        with pytest.raises(KeyReused):
            await store.handle("case-1", Link(petitions=("b",)), asking("key-1"))
        assert said(store, "all") == ["a"]
        # the key is the first history's: on the other it is free
        assert (await store.handle("all", Link(petitions=("z",)), asking("key-1"))).version == 2


async def test_the_version_that_the_caller_has_seen_is_that_of_the_first_history(log: Log) -> None:
    async with opened(log, mirrored()) as store:
        for n in range(3):
            await link(store, f"case-{n}", f"p-{n}")
        assert (await store.handle("case-1", Link(petitions=("x",)), asking(expected=1))).version == 2
        with pytest.raises(Stale):
            await store.handle("case-1", Link(petitions=("y",)), asking(expected=1))
        assert said(store, "all") == ["p-0", "p-1", "p-2", "x"]


async def test_a_race_lost_on_the_other_history_is_decided_again(log: Log) -> None:
    gate = Gate()
    async with opened(log, mirrored(), clock=gate) as store:
        await link(store, "case-1", "a")
        async with opened(log, mirrored()) as elsewhere:
            busy = await gate.close(store)
            mine = [link(store, "case-1", "b"), link(store, "case-2", "c")]
            await asyncio.sleep(0)
            await elsewhere.handle("case-9", Link(petitions=("theirs",)), asking())
            gate.open()
            await asyncio.gather(busy, *mine)
        assert said(store, "all") == ["a", "theirs", "b", "c"]
        assert (said(store), said(store, "case-2"), said(store, "case-9")) == (["a", "b"], ["c"], ["theirs"])


async def test_processes_that_race_for_the_other_history_lose_and_double_nothing(dsn: str) -> None:
    @asynccontextmanager
    async def process() -> AsyncIterator[Store[Petitions]]:
        log = PostgresLog(dsn, "intake")
        async with opened(log, mirrored(), clock=Clock()) as store:
            yield store
        log.close()

    async with process() as left, process() as right:
        for n in range(40):
            await asyncio.gather(
                left.handle(f"left-{n}", Link(petitions=(f"l-{n}",)), asking(f"l-{n}")),
                right.handle(f"right-{n}", Link(petitions=(f"r-{n}",)), asking(f"r-{n}")),
            )
        there = said(left, "all")
        assert sorted(there) == sorted([f"l-{n}" for n in range(40)] + [f"r-{n}" for n in range(40)])
        assert [r.version for r in left.history("all")] == list(range(1, 81))
