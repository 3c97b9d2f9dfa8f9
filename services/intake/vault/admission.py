"""Admitting people to the vault: finding those it knows, enrolling those it does not, in one transaction."""

import os
import secrets
from base64 import b32encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.vault.keys import Keys, bound
from services.intake.vault.person import FIELDS, Petitioner
from services.intake.vault.tables import FIELD, INDEX, PETITIONER, parts_of


@dataclass(slots=True)
class _Claim:
    """Whose a mark is, as this transaction sees it."""

    petitioner_id: str
    contested: bool
    stored: bool


class Admission:
    """A batch of people while they are matched and written: what the vault knows of their marks, and what is new."""

    def __init__(self, connection: sa.Connection, keys: Keys, marks: list[dict[str, bytes]]) -> None:
        self._connection, self._keys, self.marks = connection, keys, marks
        digests = {digest for mark in marks for digest in mark.values()}
        self._claims = {
            (row.kind, row.digest): _Claim(row.petitioner_id, row.contested, stored=True)
            for row in self._rows(INDEX, INDEX.c.digest, digests)
        }
        owners = {claim.petitioner_id for claim in self._claims.values()}
        self._numbers: dict[str, bytes] = {
            row.petitioner_id: row.digest
            for row in self._rows(INDEX, INDEX.c.petitioner_id, owners, INDEX.c.kind == "id_number")
        }
        self._told: dict[str, set[str]] = defaultdict(set)
        for row in self._rows(FIELD, FIELD.c.petitioner_id, owners):
            self._told[row.petitioner_id].add(row.field)
        self._wrapped: dict[str, bytes] = {
            row.id: row.data_key for row in self._rows(PETITIONER, PETITIONER.c.id, owners)
        }
        self._data_keys: dict[str, AESGCM] = {}
        self._newcomers: list[str] = []
        self._values: dict[tuple[str, str], str] = {}

    def _rows(self, table: sa.Table, column: sa.Column[Any], wanted: Iterable[Any], *also: Any) -> Iterator[Any]:
        for part in parts_of(wanted):
            yield from self._connection.execute(sa.select(table).where(column.in_(part), *also))

    def admit(self, person: Petitioner, marks: dict[str, bytes]) -> str:
        petitioner_id = self._match(marks) or self._enrol()
        number = marks.get("id_number")
        told = self._told[petitioner_id]
        if number is not None and petitioner_id not in self._numbers:
            self._numbers[petitioner_id] = number
            told.discard("id_number")  # one that was not valid gives way
        for name in FIELDS:
            if (value := getattr(person, name)) and name not in told:
                self._values[petitioner_id, name] = value
                told.add(name)
        for kind, digest in marks.items():
            claim = self._claims.setdefault((kind, digest), _Claim(petitioner_id, contested=False, stored=False))
            both = {claim.petitioner_id, petitioner_id}
            if len(both) == 2 and both <= self._numbers.keys():
                claim.contested = True
        return petitioner_id

    def _match(self, marks: dict[str, bytes]) -> str | None:
        number = marks.get("id_number")
        for mark in marks.items():
            claim = self._claims.get(mark)
            if claim is None or claim.contested:
                continue
            owner = claim.petitioner_id
            if number is None or self._numbers.get(owner, number) == number:
                return owner
        return None

    def _enrol(self) -> str:
        petitioner_id = "p-" + b32encode(secrets.token_bytes(16)).rstrip(b"=").decode().lower()
        self._data_keys[petitioner_id], self._wrapped[petitioner_id] = self._keys.new_data_key(petitioner_id)
        self._newcomers.append(petitioner_id)
        return petitioner_id

    def write(self, now: str) -> None:
        """Writes what is new, sealed."""
        self._insert(
            PETITIONER, [{"id": one, "data_key": self._wrapped[one], "created_at": now} for one in self._newcomers]
        )
        known = [{"owner": owner, "name": name} for owner, name in self._values if owner not in self._data_keys]
        if known:
            same = (FIELD.c.petitioner_id == sa.bindparam("owner")) & (FIELD.c.field == sa.bindparam("name"))
            self._connection.execute(sa.delete(FIELD).where(same), known)
        self._insert(FIELD, [self._sealed(owner, name, value) for (owner, name), value in self._values.items()])
        self._insert(
            INDEX,
            [
                {"kind": kind, "digest": digest, "petitioner_id": claim.petitioner_id, "contested": claim.contested}
                for (kind, digest), claim in self._claims.items()
                if not claim.stored
            ],
        )
        disputed = {digest for (_, digest), claim in self._claims.items() if claim.stored and claim.contested}
        for part in parts_of(disputed):
            self._connection.execute(sa.update(INDEX).where(INDEX.c.digest.in_(part)).values(contested=True))

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(sa.insert(table), rows)

    def _sealed(self, petitioner_id: str, name: str, value: str) -> dict[str, Any]:
        if petitioner_id not in self._data_keys:
            self._data_keys[petitioner_id] = self._keys.data_key(petitioner_id, self._wrapped[petitioner_id])
        nonce = os.urandom(12)
        ciphertext = self._data_keys[petitioner_id].encrypt(nonce, value.encode(), bound(petitioner_id, name))
        return {"petitioner_id": petitioner_id, "field": name, "nonce": nonce, "ciphertext": ciphertext}
