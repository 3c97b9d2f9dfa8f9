"""The log in PostgreSQL when the database is away, busy, or cuts its connections: told soon, and nothing is lost or doubled."""

import asyncio
import time

import psycopg
import pytest
from eventsourcing.persistence import OperationalError, StoredEvent

from shared.store import PostgresLog, Unavailable, postgres
from tests.petitions import (
    Link,
    asking,
    opened,
    said,
)
from tests.postgres import Cluster, logs


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


def test_the_dsn_counts_as_a_whole(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 1)
    with pytest.raises(OperationalError):
        PostgresLog(f"{dsn}?sslmode=require", "intake")  # this server has no TLS
