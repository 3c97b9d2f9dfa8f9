"""Who may do what to a log in PostgreSQL: the services' role only adds and reads, and not even the owner changes it by accident."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent

from deploy.node import Node
from deploy.processes import ProcessError
from deploy.restoring import renew
from shared.readmodel import ReadModel, Sheet
from tests.petitions import (
    POISON,
    Clinic,
    Link,
    Speaker,
    asking,
    heard,
    opened,
    petitions,
    said,
)
from tests.postgres import Cluster, logs

ROLES = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql"


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


def test_the_services_role_renews_no_log_and_is_told_who_may(
    limited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Node(tmp_path)
    node.prepare("610431")
    monkeypatch.setenv("HUAJIE_DSN", limited)
    with pytest.raises(ProcessError, match="only its owner"):
        renew(node)


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
