"""The log in PostgreSQL: several writing processes, and an order that a tailing reader can trust."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresDatastore

from shared.decider import Scope
from shared.store import Answer, PostgresLog, Store, beside
from shared.store.postgres import AppendOnlyRecorder
from tests.petitions import (
    NOON,
    REGION,
    Link,
    LinkFirst,
    Petitions,
    Speaker,
    asking,
    heard,
    opened,
    petitions,
    said,
)
from tests.postgres import logs


def test_a_reader_that_tails_the_log_misses_nothing(dsn: str) -> None:
    writers, each = 8, 120
    with logs(dsn, writers + 1) as (reader, *others):
        seen: list[int] = []
        done = threading.Event()

        def tail() -> None:
            while True:
                last = done.is_set()
                events = reader.since(seen[-1] if seen else 0, 500)
                seen.extend(event.id for event in events)
                if last and not events:
                    return

        def write(log: PostgresLog, name: int) -> None:
            for n in range(each):
                log.append([StoredEvent(f"case-{name}-{n}", 1, "X:1", b"x" * 500)])

        with ThreadPoolExecutor(writers + 1) as pool:
            tailing = pool.submit(tail)
            list(pool.map(write, others, range(writers)))
            done.set()
            tailing.result()
        assert len(seen) == writers * each
        assert seen == sorted(seen)


async def test_processes_that_race_for_the_same_cases_lose_and_double_nothing(dsn: str) -> None:
    with logs(dsn, 2) as (one, other):
        async with opened(one) as left, opened(other) as right:

            def give(store: Store[Petitions], n: int) -> list["asyncio.Task[Answer]"]:
                case_id = f"case-{n % 3}"
                first = store.handle(case_id, LinkFirst(petition=f"first-{n}"), asking())
                many = store.handle(case_id, Link(petitions=(f"a-{n}", "shared")), asking(f"key-{n}"))
                return [asyncio.create_task(first), asyncio.create_task(many)]

            waiting = [task for n in range(60) for store in (left, right) for task in give(store, n)]
            answers = await asyncio.gather(*waiting)
            for case in range(3):
                there = said(left, f"case-{case}")
                assert len(there) == len(set(there))
                assert [p for p in there if p.startswith("first")] == [there[0]] or there[0].startswith("a-")
                assert {f"a-{n}" for n in range(60) if n % 3 == case} | {"shared"} <= set(there)
                assert [r.version for r in left.history(f"case-{case}")] == list(range(1, len(there) + 1))
        keyed = [a for a in answers if a.facts and a.facts[0].cause]
        assert {a.facts[0].cause for a in keyed} == {f"key-{n}" for n in range(60)}


async def test_what_one_process_has_heard_the_other_need_not_hear(dsn: str) -> None:
    speaker = Speaker()
    facts = [speaker.accept(f"case-{n % 5}", f"unit-{n}") for n in range(40)]
    with logs(dsn, 2) as (one, other):
        async with opened(one) as left, opened(other) as right:
            await asyncio.gather(*(store.adopt(facts[:n]) for n in (10, 20, 40) for store in (left, right)))
            assert one.last_position() >= 40
            assert [heard(left, f"case-{n}") for n in range(5)] == [
                [f"unit-{m}" for m in range(n, 40, 5)] for n in range(5)
            ]
            assert left.heard() == right.heard()
            assert len(one.since(0, 100)) == 40


async def test_a_process_that_has_not_heard_the_news_does_not_put_a_case_off(dsn: str) -> None:
    later = NOON + timedelta(days=30)

    def due(state: Petitions, now: datetime) -> datetime | None:  # noqa: ARG001 - the shape of a Due
        return later

    speaker, held, may_go = Speaker(), threading.Event(), threading.Event()
    with logs(dsn, 2) as (one, other):
        append = other.append

        def slow(*given: object) -> object:
            held.set()
            assert may_go.wait(10)
            return append(*given)  # type: ignore[arg-type]  # handed on as they came

        here = petitions(scope=Scope(REGION))
        async with opened(one, here, due) as left, opened(other, here, due) as right:
            await left.handle("case-1", Link(petitions=("a",)), asking())
            other.append = slow  # type: ignore[method-assign,assignment]  # slow on its way to the database
            nothing_new = asyncio.create_task(right.handle("case-1", Link(petitions=("a",)), asking()))
            assert await asyncio.to_thread(held.wait, 10)
            await left.adopt([speaker.accept("case-1")])
            may_go.set()
            await nothing_new
            assert left.due(NOON + timedelta(hours=1), 9) == ["case-1"]


def test_the_library_s_functions_that_lose_events_are_refused_and_not_even_there(dsn: str) -> None:
    with logs(dsn, 1) as (log,):
        assert log.query("SELECT to_regproc('intake.es_insert_events_text')") == [(None,)]
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    name, host, port, user = (str(parts[part]) for part in ("dbname", "host", "port", "user"))
    datastore = PostgresDatastore(name, host, port, user, "", schema="intake", enable_db_functions=True)
    with pytest.raises(ValueError, match="tailing reader"):
        AppendOnlyRecorder(datastore)
    datastore.close()


def test_processes_that_start_together_on_an_empty_database_all_start(dsn: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: PostgresLog(dsn, "intake"), range(6)))
    assert len({log.epoch() for log in made}) == 1
    assert sorted(position for n, log in enumerate(made) for position in log.append([StoredEvent(f"c{n}", 1, "X", b"")])) == [
        1, 2, 3, 4, 5, 6
    ]  # fmt: skip
    for log in made:
        log.close()


def test_one_process_holds_the_lease_until_it_is_gone(dsn: str) -> None:
    with logs(dsn, 2) as (one, other):
        assert one.lease()
        assert not other.lease()
        assert one.lease()
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        assert other.lease()
        assert not one.lease()
        other.close()
        ends = time.monotonic() + 5
        while not one.lease():  # the database notices a moment later that the connection has gone
            assert time.monotonic() < ends


def test_the_time_of_a_due_case_sorts_as_text(dsn: str) -> None:
    with logs(dsn, 1) as (log,):
        moments = [datetime(2026, 1, 1, 0, 0, 0, n, UTC) for n in (0, 5, 100000)]
        store = Store("intake", "610499", log, petitions(), lambda: NOON)
        for n, moment in enumerate(moments):
            log.append((), beside.due(f"case-{n}", 1, moment))
        assert store.due(moments[1], 9) == ["case-0", "case-1"]
        store._writer.close()
