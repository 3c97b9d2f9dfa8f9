"""A batch of deliveries folded into rows in memory, and written with a few statements."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from shared.events import Recorded, case_of, read
from shared.readmodel.tables import Tables
from shared.store import Delivery, Heard, fresh

Row = dict[str, Any]
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
            f"案卷 {origin} 已从备份恢复（epoch {before} → {now}），报表须重建后才能继续更新。 / "
            f"the log {origin} was restored from a backup (epoch {before} → {now}): rebuild the read model to go on."
        )


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
        cached: Mapping[Key, Row],
        written: Container[Key] | None = None,
    ) -> None:
        """`cached` are rows that need not be read; `written`, if known, all that are there."""
        self._connection, self._tables, self._project, self._cached = connection, tables, project, cached
        self._written = written
        self._rows: dict[Key, Row | None] = {}
        self._old: dict[str, list[Row]] = defaultdict(list)
        self.changed: dict[Key, Row] = {}
        """The rows as they stand after this batch."""
        self.unknown = 0
        """Facts of a type that this version does not know."""
        self.heard: dict[tuple[str, str], int] = {}
        """How far we have heard each log after this batch."""

    def take(self, deliveries: Sequence[Delivery], known: Heard, refused: str | None = None) -> None:
        """Fold what is new and write it. With `refused`, park it instead, for this reason. Raises Gap and Renewed."""
        new, positions = fresh(deliveries, known)
        self.heard = positions
        for origin, epoch in positions.keys() - known.keys():
            if others := [other for name, other in known if name == origin]:
                raise Renewed(origin, others[0], epoch)
        waiting = {str(row[0]) for row in self._connection.execute(sa.select(self._tables.parked.c.case_id))}
        park: list[Row] = []
        for delivery in new:
            case_id = storable(case_of(delivery.document)) if waiting or refused else ""
            why = refused or (BEHIND if case_id in waiting else self.fold(delivery.document))
            if why is not None:
                case_id = storable(case_of(delivery.document))
                waiting.add(case_id)
                place = {"origin": delivery.origin, "epoch": delivery.epoch, "position": delivery.position}
                park.append({**place, "case_id": case_id, "error": storable(why), "document": delivery.document})
        if park:
            self._connection.execute(self._tables.parked.insert(), park)
        moved = [(log, position) for log, position in positions.items() if known.get(log) != position]
        said = [{"origin": origin, "epoch": epoch, "position": position} for (origin, epoch), position in moved]
        self._tables.put(self._connection, self._tables.heard, said, "origin", "epoch")
        self.write()

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
        rows: dict[Key, Row] = {}
        old: list[tuple[str, Row]] = []
        for sheet, key, change in list(self._project(recorded, self._get)):
            before = rows.get((sheet, key)) or self._get(sheet, key)
            if before is None:
                blank = dict.fromkeys(self._tables.sheets[sheet].c.keys())
                row = {**blank, **change, "key": key, "known_from": known}
            elif all(before[column] == value for column, value in change.items()):
                continue
            else:
                blank = before
                row = {**before, **change, "known_from": max(known, before["known_from"])}
                if sheet in self._tables.old and before["known_from"] < row["known_from"]:
                    old.append((sheet, {**before, "known_to": row["known_from"]}))
            if len(row) != len(blank):
                raise KeyError(f"the sheet {sheet} has no column {', '.join(sorted(row.keys() - blank.keys()))}")
            rows[sheet, key] = row
        self._rows |= rows
        self.changed |= rows
        for sheet, row in old:
            self._old[sheet].append(row)

    def _get(self, sheet: str, key: str) -> Row | None:
        if (sheet, key) not in self._rows:
            row = self._cached.get((sheet, key))
            if row is None and (self._written is None or (sheet, key) in self._written):
                table = self._tables.sheets[sheet]
                found = self._connection.execute(sa.select(table).where(table.c.key == key)).mappings().first()
                row = None if found is None else dict(found)
            self._rows[sheet, key] = row
        return self._rows[sheet, key]

    def write(self) -> None:
        """Write the rows that changed, and their old versions."""
        by_sheet: dict[str, list[Row]] = defaultdict(list)
        for (sheet, _), row in self.changed.items():
            by_sheet[sheet].append(row)
        for sheet, rows in by_sheet.items():
            self._tables.put(self._connection, self._tables.sheets[sheet], rows, "key")
        for sheet, rows in self._old.items():
            self._tables.put(self._connection, self._tables.old[sheet], rows)


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text, and whoever spoke to us may have sent one."""
    return text.replace("\0", "\ufffd")
