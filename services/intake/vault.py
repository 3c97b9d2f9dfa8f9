"""身份保险库: petitioners' identities, apart from the facts, encrypted and erasable (个人信息保护法 Arts 47, 51).

Each petitioner has a data key (AES-256-GCM), wrapped by a key that is derived from the master key file. Erasing
somebody destroys their data key. The same person is found again by a blind index: keyed digests of what tells people
apart.

On PostgreSQL old row versions stay until VACUUM. A backup of the tables taken together with the key file brings an
erased person back: keep the two apart, and let backups expire.
"""

import json
import logging
import os
import re
import secrets
import unicodedata
from base64 import b32encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hmac import compare_digest
from hmac import digest as hmac
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.decider import Rejected
from shared.identity import secret_file

T = TypeVar("T")

_LOG = logging.getLogger(__name__)

Blank = Annotated[str | None, BeforeValidator(lambda text: text.strip() or None if isinstance(text, str) else text)]


class Petitioner(BaseModel):
    """信访人, as they told us who they are. Neither `repr` nor a validation error shows any of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    name: str = Field(min_length=1, repr=False)
    id_number: Blank = Field(default=None, repr=False)
    phone: Blank = Field(default=None, repr=False)
    address: Blank = Field(default=None, repr=False)


FIELDS = tuple(Petitioner.model_fields)


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


class WrongKey(Exception):
    """The key file is not the one that this vault was made with."""


class Damaged(Exception):
    """A stored value does not open: it was altered, or moved from another record."""


# What identifies a person


def valid_id_number(text: str) -> bool:
    """Whether this is a 公民身份号码 with a real date and the right check digit (GB 11643-1999), or one of 15 digits.

    Full-width digits, spaces and a small x are forgiven. Other papers (passports, travel permits) are not valid here.
    """
    return _id_number(text) is not None


def _id_number(text: str) -> str | None:
    """The 18 characters of a valid number; None for anything else, so that 无 or 0000 never identifies anybody."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    # The old sequence numbers 996 to 999 were for people born before 1900: their century is not 19.
    if re.fullmatch(r"[1-9][0-9]{14}", number) and len(set(number)) > 1 and number[-3:] < "996":
        number = f"{number[:6]}19{number[6:]}"
        number += _check_digit(number)
    if not re.fullmatch(r"[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9X]", number) or number[17] != _check_digit(number):
        return None
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return number


def _check_digit(number: str) -> str:
    """ISO 7064 MOD 11-2 over the first 17 digits, which weigh 2^17 … 2^1: Horner's rule."""
    total = 0
    for digit in number[:17]:
        total = 2 * (total + int(digit))
    return "10X98765432"[total % 11]


def _phone(text: str) -> str | None:
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    mobile = re.fullmatch(r"(?:(?:00)?86|0)?(1[3-9][0-9]{9})", digits)
    number = mobile[1] if mobile else digits
    return number if len(number) >= 7 and len(set(number)) > 1 else None


def _words(text: str) -> str:
    """Letters, marks and numbers alone; what parted two numbers is kept as one hyphen (3-12 is not 312)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    parted = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    return re.sub(r"(?<=[0-9]) +(?=[0-9])", "-", parted).replace(" ", "")


def _name(text: str) -> str | None:
    words = _words(text)
    return words if words not in {"", "无", "无名", "不详", "未知", "匿名", "佚名", "群众"} else None


def _address(text: str) -> str | None:
    words = _words(text)
    return words if len(words) >= 6 else None


class _Keys:
    """The keys that are derived from the master key, each for one purpose."""

    def __init__(self, master: bytes) -> None:
        def derived(purpose: str) -> bytes:
            return HKDF(SHA256(), 32, salt=None, info=f"huajie vault {purpose} 1".encode()).derive(master)

        self._wrapping = AESGCM(derived("wrapping"))
        self._index, self._plain, self.check = derived("blind index"), derived("digest"), derived("check")

    def new_data_key(self, petitioner_id: str) -> tuple[AESGCM, bytes]:
        """A fresh data key, and the wrapped form to store."""
        key, nonce = AESGCM.generate_key(256), os.urandom(12)
        return AESGCM(key), nonce + self._wrapping.encrypt(nonce, key, _bound(petitioner_id, "data key"))

    def data_key(self, petitioner_id: str, wrapped: bytes) -> AESGCM:
        """The data key of a petitioner. Raises Damaged."""
        return AESGCM(_opened(self._wrapping, petitioner_id, "data key", wrapped[:12], wrapped[12:]))

    def marks(self, person: Petitioner) -> dict[str, bytes]:
        """The digests by which a person is found again, the strongest first."""
        name = _name(person.name)
        found = {
            "id_number": (_id_number(person.id_number or ""),),
            "name+phone": (name, _phone(person.phone or "")),
            "name+address": (name, _address(person.address or "")),
        }
        return {kind: _digest(self._index, kind, *parts) for kind, parts in found.items() if None not in parts}

    def digest(self, *parts: str) -> bytes:
        """32 bytes that stand for these texts, and tell nothing of them to anybody without the master key."""
        return _digest(self._plain, *parts)


def _digest(key: bytes, *parts: str | None) -> bytes:
    return hmac(key, json.dumps(parts).encode(), "sha256")


def _bound(petitioner_id: str, what: str) -> bytes:
    return f"{petitioner_id}|{what}".encode()


def _opened(key: AESGCM, petitioner_id: str, what: str, nonce: bytes, ciphertext: bytes) -> bytes:
    try:
        return key.decrypt(nonce, ciphertext, _bound(petitioner_id, what))
    except InvalidTag as error:
        raise Damaged(
            f"信访人 {petitioner_id} 的“{what}”无法解密：数据被改动或移位，请从备份恢复。 / "
            f"{what} of petitioner {petitioner_id} does not open: altered or moved; restore it from a backup."
        ) from error


# The tables

_TABLES = sa.MetaData()
_KEY_CHECK = sa.Table("key_check", _TABLES, sa.Column("digest", sa.LargeBinary, primary_key=True))
_PETITIONER = sa.Table(
    "petitioner",
    _TABLES,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("data_key", sa.LargeBinary, comment="wrapped; null once erased"),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("erased_at", sa.Text),
    sqlite_with_rowid=False,
)


def _owner(**options: Any) -> sa.Column[str]:
    return sa.Column("petitioner_id", sa.Text, sa.ForeignKey("petitioner.id"), nullable=False, **options)


_FIELD = sa.Table(
    "petitioner_field",
    _TABLES,
    _owner(primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_INDEX = sa.Table(
    "blind_index",
    _TABLES,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    _owner(index=True),
    sa.Column("contested", sa.Boolean, nullable=False, comment="two people with different id numbers share it"),
    sqlite_with_rowid=False,
)
_FILING = sa.Table(
    "filing",
    _TABLES,
    sa.Column("position", sa.Integer, primary_key=True),
    _owner(),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.UniqueConstraint("petitioner_id", "case_id"),
)
_ACCESS = sa.Table(
    "access_log",
    _TABLES,
    sa.Column("position", sa.Integer, primary_key=True),
    _owner(index=True),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

_WRITER = 0x7661756C74
"""The advisory lock of the one writer on PostgreSQL; SQLite has its own."""


def _engine(database: Path | str) -> sa.Engine:
    if isinstance(database, str):
        return sa.create_engine(sa.make_url(database).set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    database.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        database.touch(mode=0o600, exist_ok=False)
    database.chmod(0o600)
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(database)))

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late to lock
        connection.executescript(
            "PRAGMA busy_timeout=30000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON"
        )

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


class Vault:
    """The vault on SQLite (a path) or PostgreSQL (a DSN). Blocking; safe to share between threads and processes.

    One writer at a time, across all processes, so that two calls for one person cannot make two petitioners.
    `clock` tells the present instant, with its time zone. Raises WrongKey or PermissionError for a key file that does
    not fit or that others may read.
    """

    def __init__(self, database: Path | str, keyfile: Path, *, clock: Callable[[], datetime]) -> None:
        self._clock, self._engine = clock, _engine(database)
        self._writers = self._engine.execution_options(writing=True)
        try:
            with self._writing() as connection:
                _TABLES.create_all(connection)
                self._keys = _unlocked(connection, keyfile)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._writers.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER)))
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
            admission = _Admission(connection, self._keys, [self._keys.marks(person) for person in persons])
            ids = [admission.admit(person, marks) for person, marks in zip(persons, admission.marks, strict=True)]
            admission.write(_instant(self._clock()))
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
                for part in _parts({owner for owner, _ in wanted})
                for owner, case in connection.execute(
                    sa.select(_PETITIONER.c.id, _FILING.c.case_id).outerjoin(_FILING).where(_PETITIONER.c.id.in_(part))
                )
            }
            if not {owner for owner, _ in wanted} <= {owner for owner, _ in known}:
                raise NoSuchPetitioner
            rows = [{"petitioner_id": owner, "case_id": case} for owner, case in wanted if (owner, case) not in known]
            if rows:
                connection.execute(sa.insert(_FILING), rows)

    def filings(self, petitioner_id: str) -> list[str]:
        """The cases that this person filed, in the order of filing."""
        with self._engine.connect() as connection:
            chosen = sa.select(_FILING.c.case_id).where(_FILING.c.petitioner_id == petitioner_id)
            return list(connection.scalars(chosen.order_by(_FILING.c.position)))

    def read(self, petitioner_id: str, actor_id: str, purpose: str, now: datetime) -> Petitioner:
        """Who this is. The access is on record before anything is decrypted, even when nothing can be.

        Raises NoSuchPetitioner, Erased, Damaged, or Rejected when nobody asks or no purpose is given.
        """
        with self._writing() as connection:
            wrapped = self._on_record(connection, petitioner_id, actor_id, "read", purpose, now)
            rows = connection.execute(sa.select(_FIELD).where(_FIELD.c.petitioner_id == petitioner_id)).all()
        if wrapped is None:
            raise Erased
        key = self._keys.data_key(petitioner_id, wrapped)
        return Petitioner(
            **{row.field: _opened(key, petitioner_id, row.field, row.nonce, row.ciphertext).decode() for row in rows}
        )

    def erase(self, petitioner_id: str, actor_id: str, purpose: str, now: datetime) -> None:
        """Destroys the data key, the fields and the index of a person; filings and the access log stay. Twice is once.

        Raises NoSuchPetitioner, or Rejected when nobody asks or no purpose is given.
        """
        with self._writing() as connection:
            if self._on_record(connection, petitioner_id, actor_id, "erase", purpose, now) is None:
                return
            for table in (_FIELD, _INDEX):
                connection.execute(sa.delete(table).where(table.c.petitioner_id == petitioner_id))
            connection.execute(
                sa.update(_PETITIONER)
                .where(_PETITIONER.c.id == petitioner_id)
                .values(data_key=None, erased_at=_instant(now))
            )
        self._forget()

    def _forget(self) -> None:
        """Empties SQLite's write-ahead log, where the wrapped key would linger."""
        if self._engine.dialect.name == "sqlite":
            with closing(self._engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if cursor.fetchall()[0][0]:
                    _LOG.warning("保险库正忙，残留待关闭时清除 / the vault is busy: remains are cleared when it closes")

    def readers(self, petitioner_id: str) -> list[Access]:
        """Who opened or erased this person's data, in order."""
        with self._engine.connect() as connection:
            chosen = sa.select(_ACCESS).where(_ACCESS.c.petitioner_id == petitioner_id).order_by(_ACCESS.c.position)
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
        found = connection.execute(sa.select(_PETITIONER.c.data_key).where(_PETITIONER.c.id == petitioner_id)).first()
        if found is None:
            raise NoSuchPetitioner
        row = {"actor_id": actor_id, "action": action, "purpose": purpose, "at": _instant(now)}
        connection.execute(sa.insert(_ACCESS).values(petitioner_id=petitioner_id, **row))
        wrapped: bytes | None = found.data_key
        return wrapped


@dataclass(slots=True)
class _Claim:
    """Whose a mark is, as this transaction sees it."""

    petitioner_id: str
    contested: bool
    stored: bool


class _Admission:
    """A batch of people while they are matched and written: what the vault knows of their marks, and what is new."""

    def __init__(self, connection: sa.Connection, keys: _Keys, marks: list[dict[str, bytes]]) -> None:
        self._connection, self._keys, self.marks = connection, keys, marks
        digests = {digest for mark in marks for digest in mark.values()}
        self._claims = {
            (row.kind, row.digest): _Claim(row.petitioner_id, row.contested, stored=True)
            for row in self._rows(_INDEX, _INDEX.c.digest, digests)
        }
        owners = {claim.petitioner_id for claim in self._claims.values()}
        self._numbers: dict[str, bytes] = {
            row.petitioner_id: row.digest
            for row in self._rows(_INDEX, _INDEX.c.petitioner_id, owners, _INDEX.c.kind == "id_number")
        }
        self._told: dict[str, set[str]] = defaultdict(set)
        for row in self._rows(_FIELD, _FIELD.c.petitioner_id, owners):
            self._told[row.petitioner_id].add(row.field)
        self._wrapped: dict[str, bytes] = {
            row.id: row.data_key for row in self._rows(_PETITIONER, _PETITIONER.c.id, owners)
        }
        self._data_keys: dict[str, AESGCM] = {}
        self._newcomers: list[str] = []
        self._values: dict[tuple[str, str], str] = {}

    def _rows(self, table: sa.Table, column: sa.Column[Any], wanted: Iterable[Any], *also: Any) -> Iterator[Any]:
        for part in _parts(wanted):
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
            _PETITIONER, [{"id": one, "data_key": self._wrapped[one], "created_at": now} for one in self._newcomers]
        )
        known = [{"owner": owner, "name": name} for owner, name in self._values if owner not in self._data_keys]
        if known:
            same = (_FIELD.c.petitioner_id == sa.bindparam("owner")) & (_FIELD.c.field == sa.bindparam("name"))
            self._connection.execute(sa.delete(_FIELD).where(same), known)
        self._insert(_FIELD, [self._sealed(owner, name, value) for (owner, name), value in self._values.items()])
        self._insert(
            _INDEX,
            [
                {"kind": kind, "digest": digest, "petitioner_id": claim.petitioner_id, "contested": claim.contested}
                for (kind, digest), claim in self._claims.items()
                if not claim.stored
            ],
        )
        disputed = {digest for (_, digest), claim in self._claims.items() if claim.stored and claim.contested}
        for part in _parts(disputed):
            self._connection.execute(sa.update(_INDEX).where(_INDEX.c.digest.in_(part)).values(contested=True))

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(sa.insert(table), rows)

    def _sealed(self, petitioner_id: str, name: str, value: str) -> dict[str, Any]:
        if petitioner_id not in self._data_keys:
            self._data_keys[petitioner_id] = self._keys.data_key(petitioner_id, self._wrapped[petitioner_id])
        nonce = os.urandom(12)
        ciphertext = self._data_keys[petitioner_id].encrypt(nonce, value.encode(), _bound(petitioner_id, name))
        return {"petitioner_id": petitioner_id, "field": name, "nonce": nonce, "ciphertext": ciphertext}


def _unlocked(connection: sa.Connection, keyfile: Path) -> _Keys:
    """The keys that fit this vault; a new vault takes the file there is, or makes one. Raises WrongKey."""
    check = connection.scalar(sa.select(_KEY_CHECK.c.digest))
    if check is not None and not keyfile.exists():
        raise WrongKey(
            f"保险库已有数据，但密钥文件 {keyfile} 不存在：请从备份恢复，没有它任何人都无法读出身份信息。 / "
            f"The vault holds data but its key file {keyfile} is missing: restore it, nothing opens without it."
        )
    text = secret_file(keyfile, lambda: secrets.token_hex(32).encode() + b"\n").decode("ascii", "replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise WrongKey(
            f"密钥文件 {keyfile} 应为 64 位十六进制数：请从备份恢复。 / "
            f"Key file {keyfile} should hold 64 hexadecimal digits: restore it from a backup."
        )
    keys = _Keys(bytes.fromhex(text))
    if check is None:
        connection.execute(sa.insert(_KEY_CHECK).values(digest=keys.check))
    elif not compare_digest(check, keys.check):
        raise WrongKey(
            f"密钥文件 {keyfile} 不是本保险库的密钥：请换回原来的文件。 / "
            f"Key file {keyfile} is not the key of this vault: put the right one back."
        )
    return keys


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("时刻缺少时区 / an instant needs its time zone")
    return moment.astimezone(UTC).isoformat()


def _parts(items: Iterable[T]) -> Iterator[list[T]]:
    """Parts small enough for an IN list."""
    rest = list(items)
    for start in range(0, len(rest), 500):
        yield rest[start : start + 500]
