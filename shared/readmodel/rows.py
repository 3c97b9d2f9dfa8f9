"""The rows of one generation, as far as they were written lately; and facts that the database does not want to keep."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from shared.readmodel.folding import Batch, Key, Project, hear, heard, unheard
from shared.readmodel.forms import Line
from shared.readmodel.tables import Tables
from shared.store import Delivery

CACHED_ROWS = 20_000
"""How many recently written rows are kept, so that a fact need not read its row back."""


class Written:
    """Which rows were written, in 8 MiB however many: it never denies one that was, and seldom affirms one that was not."""

    BITS = 1 << 26

    def __init__(self) -> None:
        self._bits = bytearray(self.BITS // 8)

    def add(self, key: Key) -> None:
        """This row was written."""
        place = hash(key) % self.BITS
        self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key: object) -> bool:
        place = hash(key) % self.BITS
        return bool(self._bits[place >> 3] & 1 << (place & 7))


class Rows:
    """What is kept of a generation between batches. Only what was committed counts, and only while nobody else writes.

    Of a generation that was empty when we began we also know which rows are not there, and need not look for them.
    """

    def __init__(self, number: int, *, began_empty: bool = False) -> None:
        self.number = number
        self._cache: OrderedDict[Key, Line] = OrderedDict()
        self._written = Written() if began_empty else None
        self._heard: dict[tuple[str, str], int] = {}

    def take(
        self,
        connection: sa.Connection,
        tables: Tables,
        project: Project,
        deliveries: Sequence[Delivery],
        refused: str | None,
    ) -> Batch:
        """Fold a batch and write it. Raises Gap and Renewed."""
        known = heard(connection, tables)
        if known != self._heard:
            self._cache.clear()
        new, self._heard = unheard(deliveries, known)
        batch = self.fold(connection, tables, project, new, refused)
        batch.write(connection)
        hear(connection, tables, known, self._heard)
        return batch

    def fold(
        self,
        connection: sa.Connection,
        tables: Tables,
        project: Project,
        new: Sequence[Delivery],
        refused: str | None,
    ) -> Batch:
        """Fold facts that were not heard before; writing them is left to the caller."""
        batch = Batch(connection, tables, project, self._cache, self._written)
        batch.take(new, refused)
        return batch

    def keep(self, batch: Batch) -> None:
        """The batch is committed: keep its rows."""
        for name, line in batch.changed.items():
            self._cache[name] = line
            if self._written is not None:
                self._written.add(name)
            self._cache.move_to_end(name)
        while len(self._cache) > CACHED_ROWS:
            self._cache.popitem(last=False)


def park_the_unwritable(take: Callable[[Sequence[Delivery], str | None], None], deliveries: Sequence[Delivery]) -> None:
    """Take a batch in; when the database does not want to keep what one of its facts leads to, park the case of that one.

    A database that is away, full or forbids writing is not a fact's fault: such an error passes.
    """
    try:
        take(deliveries, None)
    except FAULTS_OF_A_FACT:
        for delivery in deliveries:
            try:
                take([delivery], None)
            except FAULTS_OF_A_FACT as error:
                why = getattr(error, "orig", None) or error
                take([delivery], f"{type(why).__name__}: {why}"[:500])


FAULTS_OF_A_FACT = (sa.exc.DataError, sa.exc.IntegrityError, sa.exc.CompileError, OverflowError)
