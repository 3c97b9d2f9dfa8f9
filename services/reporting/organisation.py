"""花名册: the directory of units as the rows of reporting hold it, kept folded."""

from threading import Lock

import sqlalchemy as sa

from shared.directory import Directory
from shared.events import read
from shared.readmodel import ReadModel


class Units:
    """Asked, it answers what the rows hold now. Facts are only added: as many as before are the same as before."""

    def __init__(self, model: ReadModel) -> None:
        self._model, self._lock = model, Lock()
        self._known = (-1, -1)
        self._directory = Directory()

    def __call__(self) -> Directory:
        """The directory as of all that has been heard."""
        with self._lock, self._model.reading() as (connection, tables):
            units = tables.sheets["units"]
            known = tables.number, int(connection.execute(sa.select(sa.func.count()).select_from(units)).scalar_one())
            if known != self._known:
                documents = connection.execute(sa.select(units.c.document)).scalars()
                self._directory = Directory().plus(read(document.encode()) for document in documents)
                self._known = known
            return self._directory
