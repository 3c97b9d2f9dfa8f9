"""How rows reach the database: made ready for the driver column by column, and written many at a time.

Most of a row is as it was in its last version. So each row is kept beside the same ready for the driver, and only what
changes is made ready anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]


class Line(NamedTuple):
    """A row, and its values ready for the driver in the order of the table's columns. Never changed: others share it."""

    row: Row
    ready: list[Any]


class Form:
    """Writes whole rows of a table: in the place of those with the same key, if columns are named that are one.

    Compiled once: for SQLAlchemy to look at each row anew took longer than to write it.
    """

    def __init__(self, table: sa.Table, dialect: sa.Dialect, key: Sequence[str] = ()) -> None:
        kind: Any = type(dialect)
        positional = kind(paramstyle="format" if dialect.name == "postgresql" else "qmark")
        statement: Any = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(table)
        if key:
            changes = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
            statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
        self._sql = str(statement.compile(dialect=positional))
        self._columns: dict[str, tuple[int, Callable[[Any], Any] | None]] = {
            column.name: (place, _processor(column.type, dialect)) for place, column in enumerate(table.c)
        }
        self._blank = Line(dict.fromkeys(self._columns), [None] * len(self._columns))

    def line(self, changes: Mapping[str, Any], before: Line | None = None) -> Line:
        """A row that differs from the one before, or from an empty one, by these columns. Raises KeyError for others."""
        row, ready = before or self._blank
        ready = ready.copy()
        for name, value in changes.items():
            place, processor = self._columns[name]
            ready[place] = value if processor is None or value is None else processor(value)
        return Line({**row, **changes}, ready)

    def put(self, connection: sa.Connection, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows that are ready. Raises what SQLAlchemy raises."""
        if parameters := list(map(tuple, rows)):
            connection.exec_driver_sql(self._sql, parameters)


def _processor(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """What makes a value ready. There are few days, and one moment stands in all rows of a fact: each is made ready once."""
    processor = kind.dialect_impl(dialect).bind_processor(dialect)
    recurs = isinstance(kind, sa.Date) or kind.python_type is datetime
    return lru_cache(4096)(processor) if processor is not None and recurs else processor
