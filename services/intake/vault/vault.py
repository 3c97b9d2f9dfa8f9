"""Opening the vault, noting who filed what, reading and erasing an identity."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from services.intake.vault.admission import Admission
from services.intake.vault.keys import opened, unlocked
from services.intake.vault.person import Petitioner
from services.intake.vault.tables import (
    ACCESS,
    FIELD,
    FILING,
    INDEX,
    PETITIONER,
    TABLES,
    WRITER,
    engine_of,
    instant,
    parts_of,
)
from shared.decider import Rejected
from shared.engines import let_go

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """Who opened, or erased, a petitioner's data, why, and when (UTC)."""

    actor_id: str
    action: Literal["read", "erase"]
    purpose: str
    at: datetime


class NoSuchPetitioner(Rejected):
    """The vault has never held this petitioner."""

    def __init__(self) -> None:
        super().__init__("no-such-petitioner", "没有这位信访人。", "There is no such petitioner.")


class Erased(Rejected):
    """The petitioner's identity was erased; their filings remain."""

    def __init__(self) -> None:
        super().__init__(
            "petitioner-erased",
            "该信访人的身份信息已依法删除。",
            "This petitioner's identity was erased, as the law asks.",
        )


class Vault:
    """The vault on SQLite (a path) or PostgreSQL (a DSN). Blocking; safe to share between threads and processes.

    One writer at a time, across all processes, so that two calls for one person cannot make two petitioners.
    `clock` tells the present instant, with its time zone. Raises WrongKey or PermissionError for a key file that does
    not fit or that others may read.
    """

    def __init__(self, database: Path | str, keyfile: Path, *, clock: Callable[[], datetime]) -> None:
        self._clock, self._engine = clock, engine_of(database)
        self._writers = self._engine.execution_options(writing=True)
        try:
            with self._writing() as connection:
                TABLES.create_all(connection)
                self._keys = unlocked(connection, keyfile)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Lets go of the database, as soon as nobody uses it any more."""
        let_go(self._engine)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._writers.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER)))
            yield connection

    def digest(self, *parts: str) -> bytes:
        """32 bytes that stand for these texts as long as the key file stays the same: for ids that nobody may guess."""
        return self._keys.digest(*parts)

    def admit(self, person: Petitioner) -> str:
        """The id of this person: the one they have, or a new one. See `admit_many`."""
        return self.admit_many([person])[0]

    def admit_many(self, persons: Sequence[Petitioner]) -> list[str]:
        """The ids of these people, in their order, in one transaction; the result is that of admitting one by one.

        A valid ID number decides; else name and phone; else name and address; a name alone never. What a known person
        had not told before is added, nothing that they told is overwritten. A pair that two people with different ID
        numbers share (two 王秀英 of one village) stands for neither of them from then on. `read` waits meanwhile: a few
        thousand people per call are a good measure.
        """
        with self._writing() as connection:
            admission = Admission(connection, self._keys, [self._keys.marks(person) for person in persons])
            ids = [admission.admit(person, marks) for person, marks in zip(persons, admission.marks, strict=True)]
            admission.write(instant(self._clock()))
        return ids

    def file(self, petitioner_id: str, case_id: str) -> None:
        """Notes that this person filed this case; twice is once. Raises NoSuchPetitioner."""
        self.file_many([(petitioner_id, case_id)])

    def file_many(self, filings: Iterable[tuple[str, str]]) -> None:
        """Notes who filed which case, pairs (petitioner_id, case_id), in one transaction. Raises NoSuchPetitioner."""
        wanted = list(dict.fromkeys(filings))
        with self._writing() as connection:
            known = {
                (owner, case)
                for part in parts_of({owner for owner, _ in wanted})
                for owner, case in connection.execute(
                    sa.select(PETITIONER.c.id, FILING.c.case_id).outerjoin(FILING).where(PETITIONER.c.id.in_(part))
                )
            }
            if not {owner for owner, _ in wanted} <= {owner for owner, _ in known}:
                raise NoSuchPetitioner
            rows = [{"petitioner_id": owner, "case_id": case} for owner, case in wanted if (owner, case) not in known]
            if rows:
                connection.execute(sa.insert(FILING), rows)

    def filings(self, petitioner_id: str) -> list[str]:
        """The cases that this person filed, in the order of filing."""
        with self._engine.connect() as connection:
            chosen = sa.select(FILING.c.case_id).where(FILING.c.petitioner_id == petitioner_id)
            return list(connection.scalars(chosen.order_by(FILING.c.position)))

    def read(self, petitioner_id: str, actor_id: str, purpose: str, now: datetime) -> Petitioner:
        """Who this is. The access is on record before anything is decrypted, even when nothing can be.

        Raises NoSuchPetitioner, Erased, Damaged, or Rejected when nobody asks or no purpose is given.
        """
        with self._writing() as connection:
            wrapped = self._on_record(connection, petitioner_id, actor_id, "read", purpose, now)
            rows = connection.execute(sa.select(FIELD).where(FIELD.c.petitioner_id == petitioner_id)).all()
        if wrapped is None:
            raise Erased
        key = self._keys.data_key(petitioner_id, wrapped)
        return Petitioner(
            **{row.field: opened(key, petitioner_id, row.field, row.nonce, row.ciphertext).decode() for row in rows}
        )

    def erase(self, petitioner_id: str, actor_id: str, purpose: str, now: datetime) -> None:
        """Destroys the data key, the fields and the index of a person; filings and the access log stay. Twice is once.

        Raises NoSuchPetitioner, or Rejected when nobody asks or no purpose is given.
        """
        with self._writing() as connection:
            if self._on_record(connection, petitioner_id, actor_id, "erase", purpose, now) is None:
                return
            for table in (FIELD, INDEX):
                connection.execute(sa.delete(table).where(table.c.petitioner_id == petitioner_id))
            connection.execute(
                sa.update(PETITIONER)
                .where(PETITIONER.c.id == petitioner_id)
                .values(data_key=None, erased_at=instant(now))
            )
        self._forget()

    def _forget(self) -> None:
        """Empties SQLite's write-ahead log, where the wrapped key would linger."""
        if self._engine.dialect.name == "sqlite":
            with closing(self._engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if cursor.fetchall()[0][0]:
                    LOG.warning("保险库正忙，残留待关闭时清除 / the vault is busy: remains are cleared when it closes")

    def readers(self, petitioner_id: str) -> list[Access]:
        """Who opened or erased this person's data, in order."""
        with self._engine.connect() as connection:
            chosen = sa.select(ACCESS).where(ACCESS.c.petitioner_id == petitioner_id).order_by(ACCESS.c.position)
            return [
                Access(row.actor_id, row.action, row.purpose, datetime.fromisoformat(row.at))
                for row in connection.execute(chosen)
            ]

    def _on_record(
        self, connection: sa.Connection, petitioner_id: str, actor_id: str, action: str, purpose: str, now: datetime
    ) -> bytes | None:
        """Logs the access; the wrapped data key, None once erased."""
        if not (actor_id.strip() and purpose.strip()):
            raise Rejected("purpose-needed", "请写明查阅人和查阅目的。", "Say who opens this person's data, and why.")
        found = connection.execute(sa.select(PETITIONER.c.data_key).where(PETITIONER.c.id == petitioner_id)).first()
        if found is None:
            raise NoSuchPetitioner
        row = {"actor_id": actor_id, "action": action, "purpose": purpose, "at": instant(now)}
        connection.execute(sa.insert(ACCESS).values(petitioner_id=petitioner_id, **row))
        wrapped: bytes | None = found.data_key
        return wrapped
