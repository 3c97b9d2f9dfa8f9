"""Law 1: a command obeyed twice is obeyed once. On both kinds of log, and however the answer gets lost."""

import asyncio

import pytest
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError, StoredEvent

from shared.decider import Rejected, Scope
from shared.store import Conflict, Forbidden, KeyReused, Log, Stale, Unavailable, Uncertain
from tests.petitions import ABROAD, REGION, Link, LinkFirst, Stumble, asking, opened, petitions, said


async def test_the_same_command_twice_leads_to_facts_once(log: Log) -> None:
    async with opened(log) as store:
        first = await store.handle("case-1", Link(petitions=("a", "b")), asking())
        again = await store.handle("case-1", Link(petitions=("a", "b")), asking())
        assert [first.version, again.version] == [2, 2]
        assert again.facts == ()
        assert said(store) == ["a", "b"]


async def test_the_same_key_gives_the_same_facts_again_even_after_others_and_a_restart(log: Log) -> None:
    async with opened(log) as store:
        first = await store.handle("case-1", LinkFirst(petition="a"), asking("key-1"))
        await store.handle("case-1", Link(petitions=("b", "c")), asking("key-2"))
        again = await store.handle("case-1", LinkFirst(petition="a"), asking("key-1"))
    async with opened(log) as store:
        later = await store.handle("case-1", LinkFirst(petition="a"), asking("key-1"))
        several = await store.handle("case-1", Link(petitions=("b", "c")), asking("key-2"))
        assert first.facts == again.facts == later.facts
        assert [fact.version for fact in several.facts] == [2, 3]
        assert said(store) == ["a", "b", "c"]


async def test_the_same_key_sent_many_times_at_once_is_obeyed_once(log: Log) -> None:
    async with opened(log) as store:
        commands = (store.handle("case-1", LinkFirst(petition="a"), asking("key-1")) for _ in range(50))
        answers = await asyncio.gather(*commands)
        assert len({answer.facts for answer in answers}) == 1
        assert said(store) == ["a"]


async def test_a_key_that_comes_with_another_command_is_refused(log: Log) -> None:
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking("key-1"))
        with pytest.raises(KeyReused):
            await store.handle("case-1", Link(petitions=("b",)), asking("key-1"))
        with pytest.raises(KeyReused):
            await store.handle("case-1", LinkFirst(petition="a"), asking("key-1"))
        await store.handle("case-2", Link(petitions=("b",)), asking("key-1"))  # keys are of a case
        assert said(store) == ["a"]


async def test_a_caller_who_has_seen_an_older_version_is_told_so(log: Log) -> None:
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking(expected=0))
        await store.handle("case-1", Link(petitions=("b",)), asking(expected=1))
        with pytest.raises(Stale) as stale:
            await store.handle("case-1", Link(petitions=("c",)), asking(expected=1))
        assert stale.value.current == 2
        assert said(store) == ["a", "b"]


async def test_a_refused_command_changes_nothing(log: Log) -> None:
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        with pytest.raises(Rejected):
            await store.handle("case-1", Link(petitions=("b", "refused")), asking())
        with pytest.raises(ZeroDivisionError):
            await store.handle("case-1", Stumble(), asking())
        assert (said(store), log.last_position()) == (["a"], 1)


async def test_a_fact_that_the_bus_could_not_carry_is_refused(log: Log) -> None:
    async with opened(log) as store:
        with pytest.raises(Rejected, match="at most 1000000 bytes") as refused:
            await store.handle("case-1", Link(petitions=("a", "x" * 1_000_000)), asking())
        assert refused.value.rule == "too-large"
        await store.handle("case-1", Link(petitions=("x" * 990_000,)), asking())
        assert log.last_position() == 1


async def test_nobody_opens_or_touches_a_case_outside_their_region(log: Log) -> None:
    async with opened(log, petitions(scope=Scope(REGION))) as store:
        with pytest.raises(Forbidden):
            await store.handle("case-1", Link(petitions=("a",)), asking(actor=ABROAD))
        assert said(store) == []
        await store.handle("case-1", Link(petitions=("a",)), asking("key-1"))
        with pytest.raises(Forbidden):
            await store.handle("case-1", Link(petitions=("a",)), asking("key-1", actor=ABROAD))
        assert said(store) == ["a"]


async def test_the_writer_is_told_of_each_commit_that_changed_something_and_survives_who_fails_to_hear_it(
    log: Log,
) -> None:
    async with opened(log) as store:
        told: list[int] = []
        store.on_append(lambda: told.append(1 // (len(told) % 2)))  # fails every other time
        store.on_append(lambda: told.append(0))
        for petition in "aab":
            await store.handle("case-1", Link(petitions=(petition,)), asking())
        assert told == [0, 1, 0]


def commits_and_then_fails(log: Log, error: Exception) -> None:
    """The next append is stored, but its answer is lost."""
    stored = log.append

    def lost(events: list[StoredEvent], beside: tuple[()] = ()) -> list[int]:
        stored(events, beside)
        log.append = stored  # type: ignore[method-assign]  # once
        raise error

    log.append = lost  # type: ignore[method-assign,assignment]  # a fault, injected where it strikes


@pytest.mark.parametrize(
    "error", [IntegrityError("duplicate key"), OperationalError("connection lost"), InterfaceError("connection lost")]
)
async def test_a_commit_whose_answer_was_lost_is_a_success(log: Log, error: Exception) -> None:
    async with opened(log) as store:
        told: list[None] = []
        store.on_append(lambda: told.append(None))
        commits_and_then_fails(log, error)
        answer = await store.handle("case-1", Link(petitions=("a", "b")), asking("key-1"))
        assert ([fact.version for fact in answer.facts], said(store)) == ([1, 2], ["a", "b"])
        assert told == [None]  # the relay must be woken
        await store.handle("case-1", Link(petitions=("c",)), asking(expected=2))
        assert said(store) == ["a", "b", "c"]


async def test_a_log_that_is_lost_in_the_middle_of_a_commit_leaves_no_false_promise(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        with monkeypatch.context() as fault:

            def lost(*_: object) -> list[int]:
                fault.setattr(log, "events", gone)
                raise OperationalError("connection lost")

            def gone(*_: object) -> list[StoredEvent]:
                raise OperationalError("no connection")

            fault.setattr(log, "append", lost)
            with pytest.raises(Uncertain, match="Idempotency-Key"):
                await store.handle("case-1", Link(petitions=("b",)), asking("key-1"))
        await store.handle("case-1", Link(petitions=("b",)), asking("key-1"))
        assert said(store) == ["a", "b"]


async def test_a_log_that_cannot_be_written_refuses_and_then_goes_on(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(log) as store:

        def full(*_: object) -> list[int]:
            raise OperationalError("disk full")

        with monkeypatch.context() as fault:
            fault.setattr(log, "append", full)
            with pytest.raises(Unavailable, match="没有任何改动"):
                await store.handle("case-1", Link(petitions=("a",)), asking())
        await store.handle("case-1", Link(petitions=("a",)), asking())
        assert said(store) == ["a"]


async def test_a_log_that_cannot_be_read_is_unavailable_not_a_defect(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> list[StoredEvent]:
        raise OperationalError("no connection")

    async with opened(log) as store:
        with monkeypatch.context() as fault:
            fault.setattr(log, "events", gone)
            fault.setattr(log, "query", gone)
            with pytest.raises(Unavailable):
                await store.handle("case-1", Link(petitions=("a",)), asking())
            for reading in (lambda: store.history("case-1"), store.parked, store.heard, store.cases):
                with pytest.raises(Unavailable):
                    reading()


async def test_whoever_keeps_losing_the_race_is_asked_to_come_again(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> list[int]:
        raise IntegrityError("somebody was faster")

    async with opened(log) as store:
        with monkeypatch.context() as fault:
            fault.setattr(log, "append", lost)
            with pytest.raises(Conflict):
                await store.handle("case-1", Link(petitions=("a",)), asking())
        assert said(store) == []
