"""The rows of one generation, as far as they were written lately; and facts that the database does not want to keep."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from shared.readmodel.folding import Batch, Key, Project, Row, heard
from shared.readmodel.tables import Tables
from shared.store import Delivery

CACHED_ROWS = 20_000
"""How many recently written rows are kept, so that a fact need not read its row back."""


class Rows:
    """What is kept of a generation between batches. Only what was committed counts, and only while nobody else writes."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._cache: OrderedDict[Key, Row] = OrderedDict()
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
        batch = Batch(connection, tables, project, self._cache)
        batch.take(deliveries, known, refused)
        return batch

    def keep(self, batch: Batch) -> None:
        """The batch is committed: keep its rows."""
        self._heard = batch.heard
        for name, row in batch.changed.items():
            self._cache[name] = row
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
