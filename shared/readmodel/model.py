"""The read model: the live generation of tables, and another in the making beside it."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from shared.metrics import UNKNOWN
from shared.readmodel.engine import Database
from shared.readmodel.folding import Batch, Project, heard
from shared.readmodel.rows import Rows, park_the_unwritable
from shared.readmodel.tables import Instant, Sheet, Tables, define
from shared.store import Delivery

STILL_READ = timedelta(minutes=10)
"""How long a reader may go on with tables that were replaced."""


class Superseded(Exception):
    """Another rebuild has begun since; this one is void."""

    def __init__(self) -> None:
        super().__init__("另一次重建已经开始，本次作废。 / Another rebuild has begun; this one is void.")


class ReadModel:
    """Projects facts into sheets. Safe for many reading threads, and for several processes on one PostgreSQL."""

    def __init__(self, url: str, service: str, sheets: Sequence[Sheet], project: Project) -> None:
        self._service, self._sheets, self._project = service, sheets, project
        self._database = Database(url, service)
        self._made: dict[int, Tables] = {}
        self._turn = threading.Lock()
        self._live = Rows(0)
        metadata = sa.MetaData()
        self._generations = sa.Table(
            "generations",
            metadata,
            sa.Column("number", sa.Integer, primary_key=True),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("since", Instant, nullable=False),
            sa.Column("shape", sa.Text, nullable=False),
        )
        self._shape = hashlib.sha256(repr(sheets).encode()).hexdigest()[:16]
        with self._database.writing() as connection:
            metadata.create_all(connection)
            self._start(connection)

    def close(self) -> None:
        """Release the connections."""
        self._database.close()

    def lease(self) -> bool:
        """Whether this process is the one that listens for these tables; tries to become it."""
        return self._database.lease()

    @contextmanager
    def reading(self) -> Iterator[tuple[sa.Connection, Tables]]:
        """One state of the live tables, to ask several things of; a rebuild that ends meanwhile does not disturb it."""
        with self._database.reading() as connection:
            yield connection, self._tables(self._number(connection))

    def heard(self) -> dict[tuple[str, str], int]:
        """How far the live tables have heard each log, by (origin, epoch)."""
        with self.reading() as (connection, tables):
            return heard(connection, tables)

    def parked(self) -> list[tuple[str, str]]:
        """The facts that wait, as (case, why)."""
        with self.reading() as (connection, tables):
            rows = connection.execute(sa.select(tables.parked.c.case_id, tables.parked.c.error))
            return [(str(case_id), str(error)) for case_id, error in rows]

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch in, once. Raises Gap when something is missing before it, Renewed when a log was restored."""
        park_the_unwritable(self._receive, deliveries)

    def _receive(self, deliveries: Sequence[Delivery], refused: str | None) -> None:
        with self._turn:
            with self._database.writing() as connection:
                number = self._number(connection)
                if self._live.number != number:
                    self._live = Rows(number)
                batch = self._live.take(connection, self._tables(number), self._project, deliveries, refused)
            self._live.keep(batch)
        UNKNOWN.labels(self._service).inc(batch.unknown)

    def redrive(self) -> list[str]:
        """Try what is parked once more, in order. Answers the cases that went through."""
        return [case_id for case_id in dict.fromkeys(case_id for case_id, _ in self.parked()) if self._redrive(case_id)]

    def _redrive(self, case_id: str) -> bool:
        with self._turn:
            self._live = Rows(0)
            with self._database.writing() as connection:
                tables = self._tables(self._number(connection))
                parked, batch = tables.parked, Batch(connection, tables, self._project, {})
                wanted = sa.select(parked).where(parked.c.case_id == case_id)
                waiting = connection.execute(wanted.order_by(parked.c.origin, parked.c.epoch, parked.c.position)).all()
                for row in waiting:
                    if batch.fold(row.document) is not None:
                        break
                    place = (parked.c.origin == row.origin, parked.c.epoch == row.epoch)
                    connection.execute(parked.delete().where(*place, parked.c.position == row.position))
                else:
                    waiting = []
                batch.write()
        return not waiting

    def begin_rebuild(self) -> "Rebuild":
        """Empty tables beside the live ones, to be filled from the first fact on. Voids a rebuild that has not ended.

        Tables that were replaced a while ago are dropped now: nobody reads them any more.
        """
        with self._database.writing() as connection:
            table = self._generations
            known = connection.execute(sa.select(table)).all()
            unread = datetime.now(UTC) - STILL_READ
            for row in known:
                if row.state == "filling" or (row.state == "retired" and row.since <= unread):
                    self._tables(row.number).metadata.drop_all(connection)
                    connection.execute(table.delete().where(table.c.number == row.number))
            number = max(row.number for row in known) + 1
            self._create(connection, number, "filling")
        return Rebuild(self, number)

    def fill(self, rows: Rows, deliveries: Sequence[Delivery], refused: str | None) -> None:
        """Take a batch into the tables of a rebuild. Raises Superseded."""
        with self._database.writing() as connection:
            self._filling(connection, rows)
            batch = rows.take(connection, self._tables(rows.number), self._project, deliveries, refused)
        rows.keep(batch)

    def index(self, rows: Rows) -> None:
        """Give the tables of a rebuild the indexes that they lack, each in a transaction, so that others may write between.

        Raises Superseded.
        """
        for table in self._tables(rows.number).metadata.sorted_tables:
            for index in table.indexes:
                with self._database.writing() as connection:
                    self._filling(connection, rows)
                    index.create(connection, checkfirst=True)

    def switch(self, rows: Rows) -> bool:
        """Make the tables of a rebuild the live ones, unless they have heard less. Raises Superseded."""
        with self._turn, self._database.writing() as connection:
            self._filling(connection, rows)
            live = self._number(connection)
            new, old = heard(connection, self._tables(rows.number)), heard(connection, self._tables(live))
            renewed = {origin for origin, epoch in new if (origin, epoch) not in old}
            if any(new.get(log, 0) < position for log, position in old.items() if log[0] not in renewed):
                return False
            table, now = self._generations, datetime.now(UTC)
            for number, state in ((live, "retired"), (rows.number, "live")):
                connection.execute(table.update().where(table.c.number == number).values(state=state, since=now))
        return True

    def _start(self, connection: sa.Connection) -> None:
        """Have live tables of this version's shape. Those of another version's are retired, and all is heard again."""
        table = self._generations
        known = connection.execute(sa.select(table)).all()
        live = next((row for row in known if row.state == "live"), None)
        if live is None or live.shape != self._shape:
            retired = {"state": "retired", "since": datetime.now(UTC)}
            connection.execute(table.update().where(table.c.state == "live").values(retired))
            self._create(connection, max((row.number for row in known), default=0) + 1, "live")

    def _create(self, connection: sa.Connection, number: int, state: str) -> None:
        values = {"number": number, "state": state, "since": datetime.now(UTC), "shape": self._shape}
        connection.execute(self._generations.insert().values(values))
        metadata = self._tables(number).metadata
        metadata.drop_all(connection)  # what an older version may have left under these names
        if state == "live":
            metadata.create_all(connection)
        else:  # an index is made sooner of many rows than with each of them
            for made in metadata.sorted_tables:
                connection.execute(sa.schema.CreateTable(made))

    def _filling(self, connection: sa.Connection, rows: Rows) -> None:
        table = self._generations
        wanted = sa.select(table.c.number).where(table.c.state == "filling", table.c.number == rows.number)
        if connection.execute(wanted).first() is None:
            raise Superseded

    def _number(self, connection: sa.Connection) -> int:
        table = self._generations
        return int(connection.execute(sa.select(table.c.number).where(table.c.state == "live")).scalar_one())

    def _tables(self, number: int) -> Tables:
        if number not in self._made:
            self._made[number] = define(self._sheets, number, self._database.dialect)
        return self._made[number]


class Rebuild:
    """A generation in the making. Feed it every fact from the first on, then switch."""

    def __init__(self, model: ReadModel, number: int) -> None:
        self._model, self._rows = model, Rows(number, began_empty=True)

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch into the new tables, once. Raises Gap, and Superseded when another rebuild has begun."""
        park_the_unwritable(lambda some, why: self._model.fill(self._rows, some, why), deliveries)

    def index(self) -> None:
        """Make the indexes: when most has been received, so that little is left to be done while others wait for the switch."""
        self._model.index(self._rows)

    def switch(self) -> bool:
        """Make the new tables the live ones, when they have heard all that the live ones have."""
        self.index()
        return self._model.switch(self._rows)
