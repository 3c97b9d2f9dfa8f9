"""A batch of deliveries folded into rows in memory, and written with a few statements."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from shared.events import Recorded, case_of, read
from shared.readmodel.forms import Line, Row
from shared.readmodel.tables import Tables
from shared.store import Delivery, Heard, fresh

Get = Callable[[str, str], Mapping[str, Any] | None]
Change = tuple[str, str, Row]
"""What a fact changes: the sheet, the key, and the columns with their new values."""
Project = Callable[[Recorded, Get], Iterable[Change]]
Key = tuple[str, str]
"""A row's sheet and key."""

BEHIND = "behind another fact of its case"


class Renewed(Exception):
    """A log speaks under a new name. Its facts would be counted twice: these tables have to be rebuilt."""

    def __init__(self, origin: str, before: str, now: str) -> None:
        super().__init__(
            f"案卷 {origin} 已从备份恢复（epoch {before} → {now}），报表须重建后才能继续更新"
            f"（./huajie rebuild reporting）。 / the log {origin} was restored from a backup (epoch {before} → {now}): rebuild the"
            " read model to go on (./huajie rebuild reporting)."
        )


def unheard(deliveries: Sequence[Delivery], known: Heard) -> tuple[list[Delivery], dict[tuple[str, str], int]]:
    """The deliveries not heard before, and how far we have heard after them. Raises Gap and Renewed."""
    new, positions = fresh(deliveries, known)
    for origin, epoch in positions.keys() - known.keys():
        if others := [other for name, other in known if name == origin]:
            raise Renewed(origin, others[0], epoch)
    return new, positions


def hear(connection: sa.Connection, tables: Tables, known: Heard, positions: Heard) -> None:
    """Write down how far each log has been heard, where that moved."""
    moved = [(*log, position) for log, position in positions.items() if known.get(log) != position]
    tables.heard_form.put(connection, moved)


def heard(connection: sa.Connection, tables: Tables) -> dict[tuple[str, str], int]:
    """How far a generation has heard each log, by (origin, epoch)."""
    return {(row.origin, row.epoch): row.position for row in connection.execute(sa.select(tables.heard))}


class Batch:
    """One transaction's worth of facts on the rows of one generation."""

    def __init__(
        self,
        connection: sa.Connection,
        tables: Tables,
        project: Project,
        cached: Mapping[Key, Line],
        written: Container[Key] | None = None,
    ) -> None:
        """`cached` are rows that need not be read; `written`, if known, all that are there."""
        self._connection, self._tables, self._project, self._cached = connection, tables, project, cached
        self._written = written
        self._lines: dict[Key, Line | None] = {}
        self._old: dict[str, list[list[Any]]] = defaultdict(list)
        self.changed: dict[Key, Line] = {}
        """The rows as they stand after this batch."""
        self.unknown = 0
        """Facts of a type that this version does not know."""
        self._park: list[Row] = []

    def take(self, deliveries: Sequence[Delivery], refused: str | None = None) -> None:
        """Fold what is new. What does not go through is parked; with `refused`, all of it is, for this reason."""
        waiting = {str(row[0]) for row in self._connection.execute(sa.select(self._tables.parked.c.case_id))}
        for delivery in deliveries:
            case_id = storable(case_of(delivery.document)) if waiting or refused else ""
            why = refused or (BEHIND if case_id in waiting else self.fold(delivery.document))
            if why is not None:
                case_id = storable(case_of(delivery.document))
                waiting.add(case_id)
                place = {"origin": delivery.origin, "epoch": delivery.epoch, "position": delivery.position}
                row = {**place, "case_id": case_id, "error": storable(why), "document": delivery.document}
                self._park.append(row)

    def fold(self, document: bytes) -> str | None:
        """Fold a fact into the rows, wholly or not at all. Answers why not."""
        try:
            recorded = read(document)
            if recorded.fact is None:
                self.unknown += 1
            else:
                self._apply(recorded)
        except sa.exc.SQLAlchemyError:
            raise
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:500]
        return None

    def _apply(self, recorded: Recorded) -> None:
        known = recorded.time.astimezone(UTC)
        lines: dict[Key, Line] = {}
        old: list[tuple[str, list[Any]]] = []
        for sheet, key, change in list(self._project(recorded, self._get)):
            name, form = (sheet, key), self._tables.forms[sheet]
            before = lines.get(name) or self._line(name)
            if before is None:
                lines[name] = form.line({**change, "key": key, "known_from": known})
                continue
            row = before.row
            news = {column: value for column, value in change.items() if row[column] != value}
            if not news:
                continue
            if row["known_from"] < known:
                lines[name] = line = form.line({**news, "known_from": known}, before)
                if sheet in self._tables.old:
                    old.append((sheet, [*before.ready, line.ready[-1]]))
            else:
                lines[name] = form.line(news, before)
        self._lines |= lines
        self.changed |= lines
        for sheet, ready in old:
            self._old[sheet].append(ready)

    def _get(self, sheet: str, key: str) -> Row | None:
        line = self._line((sheet, key))
        return None if line is None else line.row

    def _line(self, name: Key) -> Line | None:
        if name not in self._lines:
            line = self._cached.get(name)
            if line is None and (self._written is None or name in self._written):
                sheet, key = name
                table = self._tables.sheets[sheet]
                found = self._connection.execute(sa.select(table).where(table.c.key == key)).mappings().first()
                line = None if found is None else self._tables.forms[sheet].line(dict(found))
            self._lines[name] = line
        return self._lines[name]

    def write(self, connection: sa.Connection) -> None:
        """Write the rows that changed, their old versions, and what is parked."""
        by_sheet: dict[str, list[list[Any]]] = defaultdict(list)
        for (sheet, _), line in self.changed.items():
            by_sheet[sheet].append(line.ready)
        for sheet, rows in by_sheet.items():
            self._tables.forms[sheet].put(connection, rows)
        for sheet, rows in self._old.items():
            self._tables.old_forms[sheet].put(connection, rows)
        if self._park:
            connection.execute(self._tables.parked.insert(), self._park)


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text, and whoever spoke to us may have sent one."""
    return text.replace("\0", "\ufffd")
