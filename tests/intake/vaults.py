"""Vaults of both kinds, and an invented person: what tests of the vault share."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.intake.vault import (
    Petitioner,
    Vault,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def with_check_digit(first17: str) -> str:
    """By the weights that the standard prints."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


ZHANG = Petitioner(
    name="张某某", id_number=with_check_digit("61049919670401001"), phone="13800000000", address="某县某镇某村三组12号"
)


def opened(folder: Path) -> Vault:
    return Vault(folder / "vault.db", folder / "vault.key", clock=lambda: NOON)


@pytest.fixture(params=["sqlite", "postgresql"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    if request.param == "sqlite":
        with closing(opened(tmp_path)) as here:
            yield here
        return
    dsn: str = request.getfixturevalue("dsn")
    engine = sa.create_engine(sa.make_url(dsn).set(drivername="postgresql+psycopg"))
    schema = f"vault_{secrets.token_hex(8)}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        there = f"{dsn}{'&' if '?' in dsn else '?'}options=-csearch_path%3D{schema}"
        with closing(Vault(there, tmp_path / "vault.key", clock=lambda: NOON)) as vault:
            yield vault
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        engine.dispose()


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The file of the vault, as a burglar sees it."""
    with closing(sqlite3.connect(tmp_path / "vault.db", isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def file_vault(tmp_path: Path) -> Iterator[Vault]:
    with closing(opened(tmp_path)) as here:
        yield here


def read(vault: Vault, petitioner_id: str) -> Petitioner:
    return vault.read(petitioner_id, "o-1", "回访", NOON)
