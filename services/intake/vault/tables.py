"""The tables of the vault, on SQLite or PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")

TABLES = sa.MetaData()
KEY_CHECK = sa.Table("key_check", TABLES, sa.Column("digest", sa.LargeBinary, primary_key=True))
PETITIONER = sa.Table(
    "petitioner",
    TABLES,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("data_key", sa.LargeBinary, comment="wrapped; null once erased"),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("erased_at", sa.Text),
    sqlite_with_rowid=False,
)


def owner_column(**options: Any) -> sa.Column[str]:
    return sa.Column("petitioner_id", sa.Text, sa.ForeignKey("petitioner.id"), nullable=False, **options)


FIELD = sa.Table(
    "petitioner_field",
    TABLES,
    owner_column(primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
INDEX = sa.Table(
    "blind_index",
    TABLES,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    owner_column(index=True),
    sa.Column("contested", sa.Boolean, nullable=False, comment="two people with different id numbers share it"),
    sqlite_with_rowid=False,
)
FILING = sa.Table(
    "filing",
    TABLES,
    sa.Column("position", sa.Integer, primary_key=True),
    owner_column(),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.UniqueConstraint("petitioner_id", "case_id"),
)
ACCESS = sa.Table(
    "access_log",
    TABLES,
    sa.Column("position", sa.Integer, primary_key=True),
    owner_column(index=True),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

WRITER = 0x7661756C74
"""The advisory lock of the one writer on PostgreSQL; SQLite has its own."""


def engine_of(database: Path | str) -> sa.Engine:
    if isinstance(database, str):
        return sa.create_engine(sa.make_url(database).set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    database.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        database.touch(mode=0o600, exist_ok=False)
    database.chmod(0o600)
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(database)))

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late to lock
        connection.executescript(
            "PRAGMA busy_timeout=30000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON"
        )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


def instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("时刻缺少时区 / an instant needs its time zone")
    return moment.astimezone(UTC).isoformat()


def parts_of(items: Iterable[T]) -> Iterator[list[T]]:
    """Parts small enough for an IN list."""
    rest = list(items)
    for start in range(0, len(rest), 500):
        yield rest[start : start + 500]
