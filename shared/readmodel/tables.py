"""Sheets, and the tables that hold them: a live one and its old versions, in generations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from shared.readmodel.forms import Form


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
    forms: Mapping[str, Form]
    old_forms: Mapping[str, Form]
    heard_form: Form

    @property
    def metadata(self) -> sa.MetaData:
        """All of them, to be made or dropped."""
        return self.heard.metadata


def define(sheets: Sequence[Sheet], number: int, dialect: sa.Dialect) -> Tables:
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
    forms = {name: Form(table, dialect, ["key"]) for name, table in live.items()}
    old_forms = {name: Form(table, dialect) for name, table in old.items()}
    return Tables(number, live, old, heard, parked, forms, old_forms, Form(heard, dialect, ["origin", "epoch"]))
