"""Sheets, and the tables that hold them: a live one and its old versions, in generations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment, in UTC. SQLite keeps no zone: it must neither lose one nor make one up."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - the hook
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - the hook
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Sheet:
    """A table of the read model: its columns beside the key; `indexed` ones can be asked for quickly."""

    name: str
    columns: Mapping[str, type[sa.types.TypeEngine[Any]]]
    indexed: tuple[str, ...] = ()
    versioned: bool = False


@dataclass(frozen=True)
class Tables:
    """The tables of one generation."""

    number: int
    sheets: Mapping[str, sa.Table]
    old: Mapping[str, sa.Table]
    heard: sa.Table
    parked: sa.Table
    _puts: dict[tuple[str, tuple[str, ...]], "Put"] = field(default_factory=dict)

    def put(self, connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], *key: str) -> None:
        """Write whole rows: in the place of those with the same key, if columns are named that are one."""
        if rows:
            name = (table.name, key)
            if name not in self._puts:
                self._puts[name] = Put(table, connection.dialect, key)
            self._puts[name](connection, rows)

    @property
    def metadata(self) -> sa.MetaData:
        """All of them, to be made or dropped."""
        return self.heard.metadata


def define(sheets: Sequence[Sheet], number: int) -> Tables:
    """The tables of a generation."""
    metadata = sa.MetaData()
    live, old = {}, {}
    for sheet in sheets:
        live[sheet.name] = sa.Table(
            f"{sheet.name}_{number}",
            metadata,
            sa.Column("key", sa.Text, primary_key=True),
            *(sa.Column(name, kind) for name, kind in sheet.columns.items()),
            sa.Column("known_from", Instant, nullable=False),
            *(sa.Index(f"{sheet.name}_{number}_{name}", name, "key") for name in sheet.indexed),
        )
        if sheet.versioned:
            old[sheet.name] = sa.Table(
                f"{sheet.name}_{number}_old",
                metadata,
                sa.Column("key", sa.Text),
                *(sa.Column(name, kind) for name, kind in sheet.columns.items()),
                sa.Column("known_from", Instant, nullable=False),
                sa.Column("known_to", Instant, nullable=False),
                sa.Index(f"{sheet.name}_{number}_old_key", "key", "known_from"),
            )
    heard = sa.Table(
        f"heard_{number}",
        metadata,
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    parked = sa.Table(
        f"parked_{number}",
        metadata,
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("epoch", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    return Tables(number, live, old, heard, parked)


class Put:
    """Inserts many rows at once, or puts them in the place of those with the same key.

    Compiled once: for SQLAlchemy to look at each row anew took longer than to write it.
    """

    def __init__(self, table: sa.Table, dialect: sa.Dialect, key: tuple[str, ...] = ()) -> None:
        statement: Any = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(table)
        if key:
            changes = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
            statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
        compiled = statement.compile(dialect=dialect)
        names = compiled.positiontup
        self._sql, self._parameters = str(compiled), itemgetter(*names) if names else dict
        processors = ((c.name, c.type.dialect_impl(dialect).bind_processor(dialect)) for c in table.c)
        self._processors = [(name, processor) for name, processor in processors if processor is not None]

    def __call__(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write these rows; each has all columns. Raises what SQLAlchemy raises.

        Versions of a row share most of their values: each object is made ready for the driver once.
        """
        columns = [(name, processor, dict[int, Any]()) for name, processor in self._processors]
        ready: list[Any] = []
        for row in rows:
            written = dict(row)
            for name, processor, known in columns:
                if (value := written[name]) is not None:
                    if id(value) not in known:  # the rows keep their values: no other object takes this place
                        known[id(value)] = processor(value)
                    written[name] = known[id(value)]
            ready.append(self._parameters(written))
        connection.exec_driver_sql(self._sql, ready)
