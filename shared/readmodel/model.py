"""The read model: the live generation of tables, and another in the making beside it."""

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from shared.metrics import UNKNOWN
from shared.readmodel.engine import Database
from shared.readmodel.filling import Filling, What, filling
from shared.readmodel.folding import Batch, Project, hear, heard, unheard
from shared.readmodel.generations import GENERATIONS, check_filling, live, prepare
from shared.readmodel.rows import FAULTS_OF_A_FACT, Rows, park_the_unwritable
from shared.readmodel.tables import Sheet, Tables, define
from shared.store import Delivery, Heard

STILL_READ = timedelta(minutes=10)
"""How long a reader may go on with tables that were replaced."""


class ReadModel:
    """Projects facts into sheets. Safe for many reading threads, and for several processes on one PostgreSQL. `edition` names the
    code by which that is done.
    """

    def __init__(self, url: str, service: str, sheets: Sequence[Sheet], project: Project, edition: str = "") -> None:
        self._url, self._service, self._sheets, self._project = url, service, sheets, project
        self._edition = edition
        self._database = Database(url, service)
        self._made: dict[int, Tables] = {}
        self._turn = threading.Lock()
        self._live = Rows(0)
        self._shape = hashlib.sha256(repr(sheets).encode()).hexdigest()[:16]
        with self._database.writing() as connection:
            prepare(connection)
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
            yield connection, self._tables(live(connection))

    def outdated(self) -> bool:
        """Whether another edition worked out the live rows: they are read, and a rebuild may come to others."""
        live_one = sa.select(GENERATIONS.c.edition).where(GENERATIONS.c.state == "live")
        with self._database.reading() as connection:
            return bool(connection.execute(live_one).scalar_one() != self._edition)

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
                number = live(connection)
                if self._live.number != number:
                    self._live = Rows(number)
                batch = self._live.take(connection, self._tables(number), self._project, deliveries, refused)
            self._live.keep(batch)
        UNKNOWN.labels(self._service).inc(batch.unknown)

    def redrive(self) -> list[str]:
        """Try what is parked once more, in order. Answers the cases that went through."""
        return [
            case_id for case_id in dict.fromkeys(case_id for case_id, _ in self.parked()) if self._redriven(case_id)
        ]

    def _redriven(self, case_id: str) -> bool:
        try:
            return self._redrive(case_id)
        except FAULTS_OF_A_FACT:  # the database still does not want to keep what one of them leads to
            return False

    def _redrive(self, case_id: str) -> bool:
        with self._turn:
            self._live = Rows(0)
            with self._database.writing() as connection:
                tables = self._tables(live(connection))
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
                batch.write(connection)
        return not waiting

    def begin_rebuild(self, facts: int = 0) -> "Rebuild":
        """Empty tables beside the live ones, to be filled from the first fact on; close them. About so many facts will come.

        Voids a rebuild that has not ended. Tables that were replaced a while ago are dropped now: nobody reads them any more.
        """
        with self._database.writing() as connection:
            table = GENERATIONS
            known = connection.execute(sa.select(table)).all()
            unread = datetime.now(UTC) - STILL_READ
            for row in known:
                if row.state == "filling" or (row.state == "retired" and row.since <= unread):
                    self._tables(row.number).metadata.drop_all(connection)
                    connection.execute(table.delete().where(table.c.number == row.number))
            number = max(row.number for row in known) + 1
            self._create(connection, number, "filling")
        what = What(self._url, self._service, self._sheets, self._project, number)
        return Rebuild(self, number, filling(what, self._database, facts))

    def index(self, number: int) -> None:
        """Give the tables of a rebuild the indexes that they lack, each in a transaction, so that others may write between.

        Raises Superseded.
        """
        for table in self._tables(number).metadata.sorted_tables:
            for index in table.indexes:
                with self._database.writing() as connection:
                    check_filling(connection, number)
                    index.create(connection, checkfirst=True)

    def switch(self, number: int, positions: Heard) -> bool:
        """Make the tables of a rebuild, which heard the logs so far, the live ones, unless they have heard less.

        Raises Superseded.
        """
        with self._turn, self._database.writing() as connection:
            check_filling(connection, number)
            before = live(connection)
            old = heard(connection, self._tables(before))
            renewed = {origin for origin, epoch in positions if (origin, epoch) not in old}
            if any(positions.get(log, 0) < position for log, position in old.items() if log[0] not in renewed):
                return False
            hear(connection, self._tables(number), {}, positions)
            table, now = GENERATIONS, datetime.now(UTC)
            for which, state in ((before, "retired"), (number, "live")):
                connection.execute(table.update().where(table.c.number == which).values(state=state, since=now))
        return True

    def _start(self, connection: sa.Connection) -> None:
        """Have live tables of this version's shape. Those of another version's are retired, and all is heard again."""
        table = GENERATIONS
        known = connection.execute(sa.select(table)).all()
        live = next((row for row in known if row.state == "live"), None)
        if live is None or live.shape != self._shape:
            retired = {"state": "retired", "since": datetime.now(UTC)}
            connection.execute(table.update().where(table.c.state == "live").values(retired))
            self._create(connection, max((row.number for row in known), default=0) + 1, "live")

    def _create(self, connection: sa.Connection, number: int, state: str) -> None:
        made = {"shape": self._shape, "edition": self._edition}
        values = {"number": number, "state": state, "since": datetime.now(UTC), **made}
        connection.execute(GENERATIONS.insert().values(values))
        metadata = self._tables(number).metadata
        metadata.drop_all(connection)  # what an older version may have left under these names
        if state == "live":
            metadata.create_all(connection)
        else:  # an index is made sooner of many rows than with each of them
            for bare in metadata.sorted_tables:
                connection.execute(sa.schema.CreateTable(bare))

    def _tables(self, number: int) -> Tables:
        if number not in self._made:
            self._made[number] = define(self._sheets, number, self._database.dialect)
        return self._made[number]


class Rebuild:
    """A generation in the making. Feed it every fact from the first on, switch, and close it."""

    def __init__(self, model: ReadModel, number: int, filling: Filling) -> None:
        self._model, self._number, self._filling = model, number, filling
        self._heard: Mapping[tuple[str, str], int] = {}

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch into the new tables, once. Raises Gap, and by the time of the switch Superseded and Lost."""
        new, self._heard = unheard(deliveries, self._heard)
        self._filling.fill(new)

    def index(self) -> None:
        """Make the indexes: when most has been received, so that little is left to be done while others wait for the switch."""
        self._filling.settle()
        self._model.index(self._number)

    def switch(self) -> bool:
        """Make the new tables the live ones, when they have heard all that the live ones have. Raises Superseded and Lost."""
        self.index()
        return self._model.switch(self._number, self._heard)

    def close(self) -> None:
        """Stop filling, whatever was left to do."""
        self._filling.close()
