"""The log in PostgreSQL: several writing processes, an order that a tailing reader can trust, and a role that can only add."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.postgres import PostgresDatastore

from shared.decider import Scope
from shared.readmodel import ReadModel, Sheet
from shared.store import Answer, PostgresLog, Store, Unavailable, beside, postgres
from shared.store.postgres import AppendOnlyRecorder
from tests.petitions import (
    NOON,
    POISON,
    REGION,
    Clinic,
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
from tests.postgres import Cluster

ROLES = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql"


@contextmanager
def logs(dsn: str, number: int) -> Iterator[list[PostgresLog]]:
    """The same log, opened as by so many processes."""
    made = [PostgresLog(dsn, "intake") for _ in range(number)]
    try:
        yield made
    finally:
        for log in made:
            log.close()


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


async def test_connections_that_died_are_replaced_and_nothing_is_lost_or_doubled(dsn: str) -> None:
    with logs(dsn, 1) as (log,):
        async with opened(log) as store:
            stop = asyncio.Event()

            async def cut() -> None:
                with psycopg.connect(dsn, autocommit=True) as connection:
                    while not stop.is_set():
                        connection.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        )
                        await asyncio.sleep(0.15)

            cutting = asyncio.create_task(cut())
            refused = 0
            for n in range(150):
                while True:
                    try:
                        await store.handle(f"case-{n % 3}", Link(petitions=(f"p-{n}",)), asking(f"key-{n}"))
                        break
                    except Unavailable:
                        refused += 1
            stop.set()
            await cutting
            assert [said(store, f"case-{n}") for n in range(3)] == [
                [f"p-{m}" for m in range(n, 150, 3)] for n in range(3)
            ]
            assert refused < 15


async def test_a_database_that_is_away_is_told_soon_and_comes_back(
    cluster: Cluster, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 1)
    with logs(dsn, 1) as (log,):
        async with opened(log) as store:
            await store.handle("case-1", Link(petitions=("a",)), asking())
            cluster.stop()
            try:
                begun = time.monotonic()
                with pytest.raises(Unavailable):
                    await store.handle("case-1", Link(petitions=("b",)), asking("key-1"))
                assert time.monotonic() - begun < 5
                with pytest.raises(Unavailable):
                    store.history("case-1")
                assert not log.lease()
            finally:
                cluster.start()
            begun = time.monotonic()
            while True:
                try:
                    await store.handle("case-1", Link(petitions=("b",)), asking("key-1"))
                    break
                except Unavailable:
                    assert time.monotonic() - begun < 10
            assert said(store) == ["a", "b"]


async def test_whoever_cannot_have_their_turn_is_told_soon(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 1)
    with logs(dsn, 1) as (log,):
        async with opened(log) as store:
            await store.handle("case-1", Link(petitions=("a",)), asking())
            with psycopg.connect(dsn) as hog:
                hog.execute("SELECT pg_advisory_xact_lock(hashtext('huajie log intake'))")
                begun = time.monotonic()
                with pytest.raises(Unavailable, match="lock timeout"):
                    await store.handle("case-1", Link(petitions=("b",)), asking())
                assert time.monotonic() - begun < 4
            await store.handle("case-1", Link(petitions=("b",)), asking())
            assert said(store) == ["a", "b"]


def test_maintenance_does_not_hold_up_who_appends(dsn: str) -> None:
    with logs(dsn, 1) as (log,), psycopg.connect(dsn) as maintenance:
        maintenance.execute(
            "LOCK TABLE intake.stored_events IN SHARE UPDATE EXCLUSIVE MODE"
        )  # CREATE INDEX CONCURRENTLY
        assert log.append([StoredEvent("case-1", 1, "X:1", b"x")]) == [1]


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


def test_the_dsn_counts_as_a_whole(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 1)
    with pytest.raises(OperationalError):
        PostgresLog(f"{dsn}?sslmode=require", "intake")  # this server has no TLS


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


def test_not_even_the_owner_changes_the_log_by_accident(dsn: str) -> None:
    with logs(dsn, 1) as (log,), psycopg.connect(dsn, autocommit=True) as owner:
        log.append([StoredEvent("case-1", 1, "X:1", b"x")])
        for statement in (
            b"UPDATE intake.stored_events SET topic = 'x'",
            b"DELETE FROM intake.stored_events WHERE originator_id = 'nobody'",
            b"TRUNCATE intake.stored_events",
        ):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                owner.execute(statement)


@pytest.fixture
def limited(cluster: Cluster, dsn: str) -> str:
    """The DSN of the role that the services run as, set up as deploy/postgres/roles.sql says. Twice: it may be run again."""
    subprocess.run([sys.executable, "-m", "shared.store", dsn], check=True)
    for _ in range(2):
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute(ROLES.read_bytes())
    return cluster.dsn(str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]), "huajie")


async def test_the_services_role_needs_no_more_than_to_add_and_to_read(limited: str) -> None:
    clinic, speaker = Clinic(), Speaker()
    with logs(limited, 1) as (log,):
        async with opened(log, petitions(clinic), due=lambda state, now: None if state.linked else now) as store:
            await store.handle("case-1", Link(petitions=("a",)), asking())
            await store.adopt([speaker.accept("case-1", POISON), speaker.accept("case-2")])
            clinic.cured = True
            assert await store.redrive() == ["case-1"]
            await store.handle("case-2", Link(petitions=("b",)), asking())
            assert (said(store), heard(store), heard(store, "case-2")) == (["a"], [POISON], ["柳林镇"])
        assert log.lease()
        assert log.epoch() == log.epoch()
    model = ReadModel(
        limited.replace("postgresql://", "postgresql+psycopg://"),
        "reporting",
        [Sheet("x", {"n": sa.Integer})],
        lambda *_: (),
    )
    model.begin_rebuild().switch()
    model.begin_rebuild()
    model.close()


FORBIDDEN = (
    b"UPDATE intake.stored_events SET topic = 'x'",
    b"DELETE FROM intake.stored_events",
    b"TRUNCATE intake.stored_events",
    b"DROP TABLE intake.stored_events",
    b"DROP TRIGGER append_only ON intake.stored_events",
    b"ALTER TABLE intake.stored_events DISABLE TRIGGER ALL",
    b"CREATE OR REPLACE FUNCTION intake.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    b"INSERT INTO intake.stored_events VALUES ('case-9', 1, 'Forged:1', 'x', 1)",
    b"SELECT setval('intake.stored_events_notification_id_seq', 1)",
    b"UPDATE intake.meta SET value = 'forged'",
    b"CREATE TABLE intake.mine (x int)",
)


def test_the_services_role_can_do_nothing_else_to_a_log(limited: str) -> None:
    with psycopg.connect(limited, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_time_of_a_due_case_sorts_as_text(dsn: str) -> None:
    with logs(dsn, 1) as (log,):
        moments = [datetime(2026, 1, 1, 0, 0, 0, n, UTC) for n in (0, 5, 100000)]
        store = Store("intake", "610499", log, petitions(), lambda: NOON)
        for n, moment in enumerate(moments):
            log.append((), beside.due(f"case-{n}", 1, moment))
        assert store.due(moments[1], 9) == ["case-0", "case-1"]
        store._writer.close()
