"""Group commit: what waits is committed together, and one command never harms another."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from eventsourcing.persistence import DataError, PersistenceError, StoredEvent

from shared.decider import Rejected
from shared.store import Answer, Log, Store, Unavailable
from shared.store.writer import Job, Writer
from tests.petitions import (
    NOON,
    POISON,
    REGION,
    Clinic,
    Clock,
    Link,
    Petitions,
    Speaker,
    Stumble,
    asking,
    heard,
    linked,
    opened,
    petitions,
    said,
)


class Gate:
    """A clock at which the writer waits, so that a test decides what comes together in one group."""

    def __init__(self) -> None:
        self._clock, self._open = Clock(), threading.Event()
        self.waiting = threading.Event()
        self._open.set()

    def __call__(self) -> datetime:
        self.waiting.set()
        assert self._open.wait(10)
        return self._clock()

    async def close(self, store: Store[Petitions]) -> "asyncio.Task[Answer]":
        """Keep the writer busy with a command that changes nothing. It ends with the next `open`."""
        self._open.clear()
        self.waiting.clear()
        busy = asyncio.create_task(store.handle("nothing", Link(petitions=()), asking()))
        assert await asyncio.to_thread(self.waiting.wait, 10)
        return busy

    def open(self) -> None:
        self._open.set()


def link(store: Store[Petitions], case_id: str, *wanted: str) -> "asyncio.Task[Answer]":
    return asyncio.create_task(store.handle(case_id, Link(petitions=wanted), asking()))


def counted(log: Log, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the transactions from now on."""
    sizes: list[int] = []
    append = log.append

    def counting(events: Sequence[StoredEvent], beside: Sequence[tuple[str, tuple[object, ...]]] = ()) -> Sequence[int]:
        sizes.append(len(events))
        return append(events, beside)

    monkeypatch.setattr(log, "append", counting)
    return sizes


async def test_what_waits_is_committed_at_once(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    async with opened(log, clock=gate) as store:
        sizes = counted(log, monkeypatch)
        busy = await gate.close(store)
        waiting = [link(store, f"case-{n % 7}", f"petition-{n}") for n in range(100)]
        await asyncio.sleep(0)
        gate.open()
        answers = await asyncio.gather(busy, *waiting)
        assert sizes == [100]
        assert sorted(answer.version for answer in answers[1:8]) == [1] * 7
        assert said(store, "case-1") == [f"petition-{n}" for n in range(100) if n % 7 == 1]


async def test_a_bad_command_harms_only_itself(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def due(state: Petitions, now: datetime) -> datetime:  # noqa: ARG001 - the shape of a Due
        if "undue" in state.linked:
            raise LookupError("no calendar for that year")
        return NOON

    gate = Gate()
    async with opened(log, petitions(), due, gate) as store:
        sizes = counted(log, monkeypatch)
        busy = await gate.close(store)
        good = [link(store, "case-1", "a"), link(store, "case-2", "b")]
        refused = link(store, "case-1", "c", "refused")
        stumbled = asyncio.create_task(store.handle("case-2", Stumble(), asking()))
        undue = link(store, "case-1", "undue", "d")
        good += [link(store, "case-1", "e"), link(store, "case-2", "f")]
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(busy, *good)
        for bad, error in ((refused, Rejected), (stumbled, ZeroDivisionError), (undue, LookupError)):
            with pytest.raises(error):
                await bad
        assert (said(store, "case-1"), said(store, "case-2")) == (["a", "e"], ["b", "f"])
        assert sizes == [4]


async def test_what_the_database_does_not_want_to_keep_harms_only_itself(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = log.append

    def picky(events: Sequence[StoredEvent], beside: Sequence[tuple[str, tuple[object, ...]]] = ()) -> Sequence[int]:
        if any(event.originator_id == "case-bad" for event in events):
            raise DataError("cannot be kept")
        return append(events, beside)

    gate = Gate()
    async with opened(log, clock=gate) as store:
        monkeypatch.setattr(log, "append", picky)
        busy = await gate.close(store)
        bad, *good = (link(store, case_id, "a") for case_id in ("case-bad", "case-1", "case-2"))
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(busy, *good)
        with pytest.raises(Unavailable):
            await bad
        assert [said(store, case_id) for case_id in ("case-bad", "case-1", "case-2")] == [[], ["a"], ["a"]]


async def test_a_race_lost_in_a_group_is_decided_again_on_the_newer_truth(log: Log) -> None:
    gate = Gate()
    async with opened(log, clock=gate) as store:
        await link(store, "case-1", "a")
        async with opened(log) as elsewhere:
            busy = await gate.close(store)
            mine = [link(store, "case-1", "b", "c"), link(store, "case-2", "d")]
            await asyncio.sleep(0)
            theirs = await elsewhere.handle("case-1", Link(petitions=("b",)), asking())
            gate.open()
            _, second, other = await asyncio.gather(busy, *mine)
        assert (theirs.version, [fact.version for fact in second.facts], other.version) == (2, [3], 1)
        assert (said(store), said(store, "case-2")) == (["a", "b", "c"], ["d"])


async def test_a_caller_who_leaves_before_the_turn_takes_the_command_along_and_harms_nobody(log: Log) -> None:
    gate = Gate()
    async with opened(log, clock=gate) as store:
        busy = await gate.close(store)
        leaving, staying = link(store, "case-1", "a"), link(store, "case-2", "b")
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        gate.open()
        await asyncio.gather(busy, staying)
        assert (said(store, "case-1"), said(store, "case-2")) == ([], ["b"])


async def test_a_caller_who_leaves_during_the_commit_harms_nobody(log: Log) -> None:
    gate = Gate()
    async with opened(log, clock=gate) as store:
        busy = await gate.close(store)
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)
        gate.open()
        assert (await link(store, "case-1", "a")).version == 1


async def test_a_defect_in_the_log_does_not_stop_the_writer(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_: object) -> list[int]:
        raise PersistenceError("of no known kind")

    def worse(*_: object) -> list[int]:
        raise RuntimeError("not even a PersistenceError")

    async with opened(log) as store:
        for fault, seen in ((defect, Unavailable), (worse, RuntimeError)):
            with monkeypatch.context() as broken:
                broken.setattr(log, "append", fault)
                with pytest.raises(seen):
                    await link(store, "case-1", "a")
        assert (await link(store, "case-1", "a")).version == 1


async def test_what_is_queued_is_finished_before_closing_and_nothing_after_it_hangs(log: Log) -> None:
    gate = Gate()
    store = Store("intake", REGION, log, petitions(), gate)
    busy = await gate.close(store)
    waiting = [link(store, "case-1", str(n)) for n in range(10)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(store._writer.close))
    await asyncio.sleep(0.05)
    gate.open()
    await asyncio.gather(busy, closing, *waiting)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(link(store, "case-1", "late"), 5)
    assert said(store) == [str(n) for n in range(10)]


async def test_what_is_heard_and_what_is_driven_again_together_keeps_its_order(log: Log) -> None:
    """Both decide by rows that they read from disk: in one group, the second would not see what the first has done."""
    gate, clinic, speaker = Gate(), Clinic(), Speaker()
    async with opened(log, petitions(clinic), clock=gate) as store:
        await store.adopt([speaker.accept("case-1", POISON)])
        busy = await gate.close(store)
        clinic.cured = True
        hearing = [asyncio.create_task(store.adopt([speaker.accept("case-1", unit)])) for unit in "xyz"]
        driving = asyncio.create_task(store.redrive())
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(busy, *hearing, driving)
        assert store.parked() == []
        assert heard(store) == [POISON, "x", "y", "z"]


async def test_the_recorded_time_never_goes_back(log: Log) -> None:
    moments = iter([NOON, NOON.replace(hour=3), NOON.replace(hour=5)])
    async with opened(log, clock=lambda: next(moments)) as store:
        for petition in "abc":
            await link(store, "case-1", petition)
        times = [recorded.time for recorded in store.history("case-1")]
        assert times == [NOON, NOON, NOON.replace(hour=5)]
        assert [recorded.fact for recorded in store.history("case-1")] == [linked(petition) for petition in "abc"]


async def test_what_reads_the_inbox_ends_its_group() -> None:
    """So that what is decided after it sees on disk what it took in, and what lies before a fact was known when it was said."""
    groups: list[list[Job[Any]]] = []
    busy, free = threading.Event(), threading.Event()

    def commit(group: list[Job[Any]]) -> None:
        groups.append(group)
        busy.set()
        free.wait(5)

    writer: Writer[Any] = Writer("test", commit)
    jobs: list[Job[Any]] = [Job(lambda draft, now: (None, ()), reads_inbox=n in (2, 3)) for n in range(6)]  # noqa: ARG005
    first = writer.submit(jobs[0])
    await asyncio.to_thread(busy.wait, 5)
    rest = [writer.submit(job) for job in jobs[1:]]
    free.set()
    await asyncio.gather(first, *rest)
    writer.close()
    assert [[jobs.index(job) for job in group] for group in groups] == [[0], [1, 2], [3], [4, 5]]
