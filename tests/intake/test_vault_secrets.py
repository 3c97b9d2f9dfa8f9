"""The vault as a safe: what can be opened, by whom it was, what erasure leaves, and the key file."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.intake.vault import (
    Access,
    Damaged,
    Erased,
    NoSuchPetitioner,
    Petitioner,
    Vault,
    WrongKey,
)
from shared.decider import Rejected
from tests.intake.vaults import NOON, ZHANG, opened, read

# What can be opened, and by whom it was


def test_an_id_says_nothing(vault: Vault) -> None:
    petitioner_id = vault.admit(ZHANG)
    assert petitioner_id.startswith("p-")
    assert len(petitioner_id) == 28
    assert vault.admit(Petitioner(name="张某某")) != petitioner_id


def test_neither_repr_nor_a_validation_error_shows_a_person() -> None:
    assert repr(ZHANG) == "Petitioner()"
    with pytest.raises(ValidationError) as refused:
        Petitioner.model_validate({"name": ["张某某"], "phone": {"number": "13800000000"}})
    assert "张" not in str(refused.value)
    assert "138" not in str(refused.value)


def test_nothing_of_a_person_is_in_the_files(tmp_path: Path, file_vault: Vault) -> None:
    petitioner_id = file_vault.admit(ZHANG)
    file_vault.file(petitioner_id, "c-1")
    assert read(file_vault, petitioner_id) == ZHANG
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert petitioner_id.encode() in written
    plain = list(ZHANG.model_dump().values())
    for text in [*plain, ZHANG.address[2:6] if ZHANG.address else ""]:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            assert text.encode(encoding) not in written


def test_the_files_are_their_owners_alone(tmp_path: Path, file_vault: Vault) -> None:
    file_vault.admit(ZHANG)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(modes) == {"vault.db", "vault.db-wal", "vault.db-shm", "vault.key"}
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    "meddling",
    [
        "UPDATE petitioner_field SET field = 'address' WHERE petitioner_id = :one AND field = 'phone'",
        "UPDATE petitioner_field SET (nonce, ciphertext) = (SELECT nonce, ciphertext FROM petitioner_field AS f"
        " WHERE f.petitioner_id = :two AND f.field = petitioner_field.field) WHERE petitioner_id = :one",
        "UPDATE petitioner_field SET petitioner_id = :one WHERE petitioner_id = :two AND field = 'id_number'",
        "UPDATE petitioner SET data_key = (SELECT data_key FROM petitioner WHERE id = :two) WHERE id = :one",
        "UPDATE petitioner_field SET ciphertext = zeroblob(length(ciphertext)) WHERE petitioner_id = :one",
        "UPDATE petitioner_field SET nonce = zeroblob(12) WHERE petitioner_id = :one",
    ],
    ids=["field", "record", "row", "data key", "ciphertext", "nonce"],
)
def test_a_value_that_was_moved_or_altered_does_not_open(
    file_vault: Vault, sql: sqlite3.Connection, meddling: str
) -> None:
    one, two = file_vault.admit_many(
        [
            Petitioner(name="张某某", phone="13800000000"),
            ZHANG.model_copy(update={"name": "李某", "phone": "13900000000"}),
        ]
    )
    assert one != two
    assert sql.execute(meddling, {"one": one, "two": two}).rowcount
    with pytest.raises(Damaged, match="备份"):
        read(file_vault, one)
    assert [access.purpose for access in file_vault.readers(one)] == ["回访"]


def test_a_whole_record_under_another_id_does_not_open(file_vault: Vault, sql: sqlite3.Connection) -> None:
    one = file_vault.admit(ZHANG)
    sql.execute("INSERT INTO petitioner SELECT 'p-copy', data_key, created_at, NULL FROM petitioner")
    sql.execute("INSERT INTO petitioner_field SELECT 'p-copy', field, nonce, ciphertext FROM petitioner_field")
    with pytest.raises(Damaged):
        read(file_vault, "p-copy")
    assert read(file_vault, one) == ZHANG


def test_who_read_whose_data_when_and_why_is_on_record(vault: Vault) -> None:
    one, two = vault.admit_many([ZHANG, Petitioner(name="李某")])
    vault.read(one, "o-1", "回访", NOON)
    vault.read(two, "o-1", "送达", NOON)
    vault.read(one, "h-2", "核对身份", NOON + timedelta(hours=1))
    assert vault.readers(one) == [
        Access("o-1", "read", "回访", NOON),
        Access("h-2", "read", "核对身份", NOON + timedelta(hours=1)),
    ]


@pytest.mark.parametrize(("actor_id", "purpose"), [("", "回访"), ("o-1", ""), ("o-1", "  ")])
def test_nobody_reads_without_a_name_and_a_purpose(vault: Vault, actor_id: str, purpose: str) -> None:
    petitioner_id = vault.admit(ZHANG)
    with pytest.raises(Rejected, match="目的"):
        vault.read(petitioner_id, actor_id, purpose, NOON)
    with pytest.raises(Rejected, match="目的"):
        vault.erase(petitioner_id, actor_id, purpose, NOON)
    assert vault.readers(petitioner_id) == []


def test_an_access_needs_a_time_zone(vault: Vault) -> None:
    petitioner_id = vault.admit(ZHANG)
    with pytest.raises(ValueError, match="时区"):
        vault.read(petitioner_id, "o-1", "回访", NOON.replace(tzinfo=None))


def test_an_unknown_petitioner_is_said_to_be_unknown(vault: Vault) -> None:
    for ask in (
        lambda: read(vault, "p-nobody"),
        lambda: vault.erase("p-nobody", "o-1", "依申请", NOON),
        lambda: vault.file("p-nobody", "c-1"),
    ):
        with pytest.raises(NoSuchPetitioner):
            ask()


# Filings and erasure


def test_filings_are_kept_in_order_and_once(vault: Vault) -> None:
    one, two = vault.admit_many([ZHANG, Petitioner(name="李某")])
    for case_id in ("c-9", "c-1", "c-9"):
        vault.file(one, case_id)
    vault.file_many([(two, "c-5"), (one, "c-1"), (one, "c-0"), (one, "c-0")])
    assert vault.filings(one) == ["c-9", "c-1", "c-0"]
    assert vault.filings(two) == ["c-5"]
    assert vault.filings("p-nobody") == []


def test_after_erasure_nothing_opens_and_the_filings_remain(vault: Vault) -> None:
    one, two = vault.admit_many([ZHANG, Petitioner(name="李某", phone="13900000000")])
    vault.file(one, "c-1")
    vault.erase(one, "o-1", "依申请删除", NOON)
    vault.erase(one, "o-1", "依申请删除", NOON)
    with pytest.raises(Erased):
        read(vault, one)
    assert vault.filings(one) == ["c-1"]
    assert [access.action for access in vault.readers(one)] == ["erase", "erase", "read"]
    assert read(vault, two).name == "李某"
    again = vault.admit(ZHANG)
    assert again != one
    assert vault.filings(again) == []


def test_erasure_leaves_neither_key_nor_ciphertext_nor_index_in_any_file(
    tmp_path: Path, file_vault: Vault, sql: sqlite3.Connection
) -> None:
    others = [Petitioner(name=f"李某{n}", phone=f"139000000{n:02d}") for n in range(40)]
    one, *_ = file_vault.admit_many([ZHANG, *others])
    mine = "WHERE petitioner_id = ?"
    secret = [
        *sql.execute("SELECT data_key FROM petitioner WHERE id = ?", [one]),
        *sql.execute(f"SELECT ciphertext FROM petitioner_field {mine}", [one]),
        *sql.execute(f"SELECT digest FROM blind_index {mine}", [one]),
    ]
    assert len(secret) == 1 + 4 + 3
    backup = sql.execute(f"SELECT * FROM petitioner_field {mine}", [one]).fetchall()
    file_vault.erase(one, "o-1", "依申请删除", NOON)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [value for (value,) in secret if value in written]
    sql.executemany("INSERT INTO petitioner_field VALUES (?, ?, ?, ?)", backup)
    with pytest.raises(Erased):
        read(file_vault, one)


# The key file


def test_a_vault_opens_again_with_its_key(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as vault:
        petitioner_id, digest = vault.admit(ZHANG), vault.digest("某", "行")
    with closing(opened(tmp_path)) as vault:
        assert read(vault, petitioner_id) == ZHANG
        assert vault.admit(ZHANG) == petitioner_id
        assert vault.digest("某", "行") == digest
        assert vault.digest("某行") != digest


def test_a_missing_key_is_said_to_be_missing_and_no_new_one_is_made(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "vault.key").unlink()
    with pytest.raises(WrongKey, match="不存在"):
        opened(tmp_path)
    assert not (tmp_path / "vault.key").exists()


@pytest.mark.parametrize(
    ("key", "reason"), [("ab" * 32, "不是本保险库的密钥"), ("ab" * 31, "64 位"), ("密" * 64, "64 位")]
)
def test_a_wrong_key_is_refused_at_once(tmp_path: Path, key: str, reason: str) -> None:
    opened(tmp_path).close()
    (tmp_path / "vault.key").write_text(key, "utf-8")
    with pytest.raises(WrongKey, match=reason):
        opened(tmp_path)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "vault.key").chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        opened(tmp_path)
