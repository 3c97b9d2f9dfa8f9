"""Rows that answer questions, kept in step with the logs: rows and how far we have heard change in one transaction.

A sheet (表) is a table with a key. Where a reported column changes, the row's old version stays, with from when until when
it was what we knew, so that a report can be asked as known on a day. A rebuild goes into a new generation of tables beside
the live one; then one statement switches. Works on SQLite and PostgreSQL through SQLAlchemy Core.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from shared.events import Recorded, case_of, read
from shared.metrics import UNKNOWN
from shared.store import Delivery, fresh

CACHED_ROWS = 20_000
"""How many recently written rows are kept, so that a fact need not read its row back."""

Row = dict[str, Any]
Get = Callable[[str, str], Mapping[str, Any] | None]
Change = tuple[str, str, Row]
"""What a fact changes: the sheet, the key, and the columns with their new values."""
Project = Callable[[Recorded, Get], Iterable[Change]]


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


class ReadModel:
    """Projects facts into sheets. One instance per process and database; safe for many reading threads."""

    def __init__(self, url: str, service: str, sheets: Sequence[Sheet], project: Project) -> None:
        self._service, self._sheets, self._project = service, sheets, project
        self._engine = sa.create_engine(url, pool_pre_ping=url.startswith("postgresql"))
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _durable)
        self._metadata = sa.MetaData()
        self._generation = sa.Table(
            "generation", self._metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.Integer)
        )
        self._made: dict[int, Tables] = {}
        self._writing = threading.Lock()
        self._cache: OrderedDict[tuple[str, str], Row] = OrderedDict()
        with self._engine.begin() as connection:
            self._metadata.create_all(connection)
            if connection.execute(sa.select(self._generation.c.number)).first() is None:
                connection.execute(self._generation.insert().values(id=1, number=1))
            self._create(connection, self._number(connection))

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[tuple[sa.Connection, Tables]]:
        """A transaction and the live tables to ask in it."""
        with self._engine.connect() as connection:
            yield connection, self._tables(self._number(connection))

    def heard(self) -> dict[tuple[str, str], int]:
        """How far the live tables have heard each log, by (origin, epoch)."""
        with self.reading() as (connection, tables):
            return _heard(connection, tables)

    def parked(self) -> list[tuple[str, str]]:
        """The facts that wait, as (case, why)."""
        with self.reading() as (connection, tables):
            rows = connection.execute(sa.select(tables.parked.c.case_id, tables.parked.c.error))
            return [(str(case_id), str(error)) for case_id, error in rows]

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch in, once. Raises Gap when something is missing before it."""
        with self._writing, self._engine.begin() as connection:
            _Batch(connection, self._tables(self._number(connection)), self._project, self._service, self._cache).take(
                deliveries
            )

    def begin_rebuild(self) -> "Rebuild":
        """Empty tables beside the live ones, to be filled from the first fact on."""
        with self._writing, self._engine.begin() as connection:
            number = self._number(connection) + 1
            self._drop(connection, number)
            self._create(connection, number)
        return Rebuild(self, number)

    def _number(self, connection: sa.Connection) -> int:
        return int(connection.execute(sa.select(self._generation.c.number)).scalar_one())

    def _tables(self, number: int) -> Tables:
        if number not in self._made:
            self._made[number] = _define(self._sheets, number)
        return self._made[number]

    def _create(self, connection: sa.Connection, number: int) -> None:
        self._tables(number).heard.metadata.create_all(connection)

    def _drop(self, connection: sa.Connection, number: int) -> None:
        self._tables(number).heard.metadata.drop_all(connection)


class Rebuild:
    """A generation in the making. Feed it every fact from the first on, then switch."""

    def __init__(self, model: ReadModel, number: int) -> None:
        self._model, self._number = model, number
        self._cache: OrderedDict[tuple[str, str], Row] = OrderedDict()

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch into the new tables, once."""
        model = self._model
        with model._writing, model._engine.begin() as connection:
            tables = model._tables(self._number)
            _Batch(connection, tables, model._project, model._service, self._cache).take(deliveries)

    def switch(self) -> bool:
        """Make the new tables the live ones, when they have heard all that the live ones have; then drop the old."""
        model = self._model
        with model._writing, model._engine.begin() as connection:
            live = model._number(connection)
            new, old = _heard(connection, model._tables(self._number)), _heard(connection, model._tables(live))
            if any(new.get(log, 0) < position for log, position in old.items()) or not new.keys() >= old.keys():
                return False
            connection.execute(model._generation.update().values(number=self._number))
            model._cache.clear()
            model._drop(connection, live)
        return True


class _Batch:
    """One batch of deliveries, folded into rows in memory and written with a few statements."""

    def __init__(
        self,
        connection: sa.Connection,
        tables: Tables,
        project: Project,
        service: str,
        cache: "OrderedDict[tuple[str, str], Row]",
    ) -> None:
        self._connection, self._tables, self._project = connection, tables, project
        self._service, self._cache = service, cache
        self._rows: dict[tuple[str, str], Row | None] = {}
        self._changed: dict[tuple[str, str], Row] = {}
        self._old: dict[str, list[Row]] = defaultdict(list)

    def take(self, deliveries: Sequence[Delivery]) -> None:
        tables = self._tables
        heard = _heard(self._connection, tables)
        new, positions = fresh(deliveries, heard)
        waiting = {str(row[0]) for row in self._connection.execute(sa.select(tables.parked.c.case_id))}
        park: list[Row] = []
        for delivery in new:
            case_id = "" if not waiting else case_of(delivery.document)
            why = "behind another of its case"
            if case_id not in waiting:
                try:
                    self._fold(read(delivery.document))
                    continue
                except sa.exc.SQLAlchemyError:
                    raise
                except Exception as error:
                    why = f"{type(error).__name__}: {error}"[:500]
            case_id = case_of(delivery.document)
            waiting.add(case_id)
            place = {"origin": delivery.origin, "epoch": delivery.epoch, "position": delivery.position}
            park.append({**place, "case_id": case_id, "error": why, "document": delivery.document})
        self._write(park, {log: at for log, at in positions.items() if heard.get(log) != at})

    def _fold(self, recorded: Recorded) -> None:
        if recorded.fact is None:
            UNKNOWN.labels(self._service).inc()
            return
        for sheet, key, change in list(self._project(recorded, self._get)):
            before = self._get(sheet, key)
            if before is not None and all(before[column] == value for column, value in change.items()):
                continue
            known = recorded.time.astimezone(UTC)
            if before is None:
                row = dict.fromkeys(self._tables.sheets[sheet].c.keys()) | change | {"key": key, "known_from": known}
            else:
                row = {**before, **change, "known_from": max(known, before["known_from"])}
                if sheet in self._tables.old:
                    self._old[sheet].append({**before, "known_to": row["known_from"]})
            self._rows[sheet, key] = self._changed[sheet, key] = row

    def _get(self, sheet: str, key: str) -> Row | None:
        if (sheet, key) not in self._rows:
            row = self._cache.get((sheet, key))
            if row is None:
                table = self._tables.sheets[sheet]
                found = self._connection.execute(sa.select(table).where(table.c.key == key)).mappings().first()
                row = None if found is None else _with_zone(dict(found))
            self._rows[sheet, key] = row
        return self._rows[sheet, key]

    def _write(self, park: list[Row], positions: Mapping[tuple[str, str], int]) -> None:
        tables, execute = self._tables, self._connection.execute
        by_sheet: dict[str, list[Row]] = defaultdict(list)
        for (sheet, _), row in self._changed.items():
            by_sheet[sheet].append(row)
        for sheet, rows in by_sheet.items():
            execute(_upsert(self._connection, tables.sheets[sheet], ("key",)), rows)
        for sheet, rows in self._old.items():
            execute(tables.old[sheet].insert(), rows)
        if park:
            execute(tables.parked.insert(), park)
        if positions:
            execute(
                _upsert(self._connection, tables.heard, ("origin", "epoch")),
                [{"origin": o, "epoch": e, "position": at} for (o, e), at in positions.items()],
            )
        for name, row in self._changed.items():
            self._cache[name] = row
            self._cache.move_to_end(name)
        while len(self._cache) > CACHED_ROWS:
            self._cache.popitem(last=False)


def _define(sheets: Sequence[Sheet], number: int) -> Tables:
    metadata = sa.MetaData()
    live, old = {}, {}
    for sheet in sheets:
        live[sheet.name] = sa.Table(
            f"{sheet.name}_{number}",
            metadata,
            sa.Column("key", sa.Text, primary_key=True),
            *(sa.Column(name, kind) for name, kind in sheet.columns.items()),
            sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
            *(sa.Index(f"{sheet.name}_{number}_{name}", name, "key") for name in sheet.indexed),
        )
        if sheet.versioned:
            old[sheet.name] = sa.Table(
                f"{sheet.name}_{number}_old",
                metadata,
                sa.Column("key", sa.Text),
                *(sa.Column(name, kind) for name, kind in sheet.columns.items()),
                sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
                sa.Column("known_to", sa.DateTime(timezone=True), nullable=False),
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


def _heard(connection: sa.Connection, tables: Tables) -> dict[tuple[str, str], int]:
    return {(row.origin, row.epoch): row.position for row in connection.execute(sa.select(tables.heard))}


def _upsert(connection: sa.Connection, table: sa.Table, key: tuple[str, ...]) -> Any:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    changes = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changes)


def _with_zone(row: Row) -> Row:
    """SQLite keeps no zone: what we stored is UTC."""
    known: datetime = row["known_from"]
    return row if known.tzinfo else {**row, "known_from": known.replace(tzinfo=UTC)}


def _durable(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
