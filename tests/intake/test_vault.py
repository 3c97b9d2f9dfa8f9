"""The vault: the same person is found again, two people are never taken for one, and nothing opens that should not."""

import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.intake.vault import (
    Access,
    Damaged,
    Erased,
    NoSuchPetitioner,
    Petitioner,
    Vault,
    WrongKey,
    valid_id_number,
)
from shared.decider import Rejected

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def with_check_digit(first17: str) -> str:
    """By the weights that the standard prints."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


ZHANG = Petitioner(
    name="张某某", id_number=with_check_digit("61049919670401001"), phone="13800000000", address="某县某镇某村三组12号"
)


def opened(folder: Path) -> Vault:
    return Vault(folder / "vault.db", folder / "vault.key", clock=lambda: NOON)


@pytest.fixture(params=["sqlite", "postgresql"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    if request.param == "sqlite":
        with closing(opened(tmp_path)) as here:
            yield here
        return
    dsn: str = request.getfixturevalue("dsn")
    engine = sa.create_engine(sa.make_url(dsn).set(drivername="postgresql+psycopg"))
    schema = f"vault_{secrets.token_hex(8)}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        there = f"{dsn}{'&' if '?' in dsn else '?'}options=-csearch_path%3D{schema}"
        with closing(Vault(there, tmp_path / "vault.key", clock=lambda: NOON)) as vault:
            yield vault
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        engine.dispose()


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The file of the vault, as a burglar sees it."""
    with closing(sqlite3.connect(tmp_path / "vault.db", isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def file_vault(tmp_path: Path) -> Iterator[Vault]:
    with closing(opened(tmp_path)) as here:
        yield here


def read(vault: Vault, petitioner_id: str) -> Petitioner:
    return vault.read(petitioner_id, "o-1", "回访", NOON)


# Who is who


id_numbers = st.builds(
    lambda region, born, serial: with_check_digit(f"{region}{born:%Y%m%d}{serial:03d}"),
    st.integers(110000, 659999),
    st.dates(datetime(1901, 1, 1).date(), datetime(1999, 12, 31).date()),  # noqa: DTZ001 - days, not instants
    st.integers(0, 995),
)


@given(id_numbers, st.data())
def test_an_id_number_is_valid_until_one_character_changes(number: str, data: st.DataObject) -> None:
    assert valid_id_number(number)
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(sorted(set("0123456789") - {number[at]})))
    assert not valid_id_number(number[:at] + other + number[at + 1 :])


NEVER_ISSUED = [
    "",
    "无",
    "0" * 18,
    "1" * 18,
    "1" * 15,
    "123456789012345",
    "610499670401999",
    "H12345678",
    with_check_digit("61049919671301001"),
]


@pytest.mark.parametrize("text", NEVER_ISSUED)
def test_what_no_register_ever_issued_is_not_valid(text: str) -> None:
    assert not valid_id_number(text)


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def notations(*more: Callable[[str], str]) -> st.SearchStrategy[Callable[[str], str]]:
    plain: list[Callable[[str], str]] = [str, full_width, lambda text: f"  {text}\t"]
    return st.sampled_from([*plain, *more])


number_notations = notations(str.lower, " ".join, lambda n: n[:6] + n[8:17], lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}")
phone_notations = notations(" ".join, "+86 {}".format, "0086{}".format, "0{}".format, lambda p: f"{p[:3]}-{p[3:]}")
name_notations = notations(" ".join, lambda name: name.replace("·", "•"), lambda name: name.replace("·", " · "))
address_notations = notations(lambda text: text.replace("，", ", "), lambda text: text.replace("，", " "))


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_same_person_in_another_notation_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name, phone, address = "买买提·某某", "13800138000", "某县某镇某村，三组12-3号Ａ座"
    number = data.draw(id_numbers)
    first = {"id_number": number, "phone": phone, "address": address}
    draw = data.draw
    again = [
        Petitioner(name="另一写法", id_number=draw(number_notations)(number)),
        Petitioner(name=draw(name_notations)(name), phone=draw(phone_notations)(phone)),
        Petitioner(name=draw(name_notations)(name), address=draw(address_notations)(address)),
    ]
    with TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder, closing(opened(Path(folder))) as vault:
        petitioner_id = vault.admit(Petitioner(name=name, **first))
        assert vault.admit_many(again) == [petitioner_id] * 3
        assert read(vault, petitioner_id) == Petitioner(name=name, **first)


NUMBERS = [with_check_digit(f"61049919670401{n:03d}") for n in range(3)]
people = st.builds(
    Petitioner,
    name=st.sampled_from(["张某某", "王秀英", "不详"]),
    id_number=st.none() | st.sampled_from([*NUMBERS, "无", NUMBERS[0][:17] + "?"]),
    phone=st.none() | st.sampled_from(["13800000001", "13800000002", "00000000000", "无"]),
    address=st.none() | st.sampled_from(["某县某镇某村一组", "某县某镇某村二组", "本村"]),
)


@given(crowd=st.lists(people, max_size=8), cut=st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_a_crowd_is_told_apart_the_same_way_together_and_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, crowd: list[Petitioner], cut: int
) -> None:
    base = tmp_path_factory.getbasetemp()
    with (
        TemporaryDirectory(dir=base) as one,
        TemporaryDirectory(dir=base) as other,
        closing(opened(Path(one))) as slow,
        closing(opened(Path(other))) as quick,
    ):
        singly = [slow.admit(person) for person in crowd]
        together = quick.admit_many(crowd[:cut]) + quick.admit_many(crowd[cut:])
        assert [singly.index(one) for one in singly] == [together.index(one) for one in together]
        kept = {petitioner_id: read(quick, petitioner_id) for petitioner_id in together}
        assert all(
            read(slow, same) == kept[petitioner_id]
            for petitioner_id, same in dict(zip(together, singly, strict=True)).items()
        )

    numbers: dict[str, str] = {}
    for person, petitioner_id in zip(crowd, together, strict=True):
        told = kept[petitioner_id]
        if person.id_number is not None and valid_id_number(person.id_number):
            # One number, one person, and the number that is kept is the valid one.
            assert numbers.setdefault(person.id_number, petitioner_id) == petitioner_id
            assert told.id_number == person.id_number
        first = crowd[together.index(petitioner_id)]
        assert told.name == first.name
        assert told.phone == first.phone or first.phone is None
    assert len(set(numbers.values())) == len(numbers)


NOBODY = [
    {},
    {"id_number": "无", "phone": "无", "address": "本村"},
    {"phone": "00000000000", "address": "不详"},
    {"name": "不详", "phone": "13800000000", "address": "某县某镇某村三组12号"},
]


@pytest.mark.parametrize("said", NOBODY)
def test_a_name_with_nothing_beside_it_never_makes_two_people_one(vault: Vault, said: dict[str, str]) -> None:
    same = Petitioner(**{"name": "张某某"} | said)
    assert len({vault.admit(same), *vault.admit_many([same, same])}) == 3


def test_a_valid_number_takes_the_place_of_one_that_was_not(vault: Vault) -> None:
    petitioner_id = vault.admit(ZHANG.model_copy(update={"id_number": "61049919670401"}))
    assert vault.admit(ZHANG) == petitioner_id
    assert read(vault, petitioner_id) == ZHANG


def test_what_a_known_person_had_not_told_is_added_and_finds_them_later(vault: Vault) -> None:
    first = vault.admit(Petitioner(name="张某某", phone="13800000000"))
    assert vault.admit(ZHANG) == first
    assert read(vault, first) == ZHANG
    assert vault.admit(Petitioner(name="张某", id_number=ZHANG.id_number)) == first
    assert vault.admit(Petitioner(name="张某某", address=ZHANG.address, phone="13900000000")) == first
    assert vault.admit(Petitioner(name="张某某", phone="13900000000")) == first
    assert read(vault, first) == ZHANG


def test_a_pair_that_two_numbered_people_share_stands_for_neither(vault: Vault) -> None:
    village = {"name": "王秀英", "address": "某县某镇某村民委员会"}
    one = vault.admit(Petitioner(**village, id_number=NUMBERS[0]))
    assert vault.admit(Petitioner(**village)) == one
    two = vault.admit(Petitioner(**village, id_number=NUMBERS[1]))
    someone = vault.admit(Petitioner(**village))
    assert len({one, two, someone}) == 3
    numbered = [Petitioner(**village, id_number=number) for number in NUMBERS[:2]]
    assert vault.admit_many(numbered) == [one, two]


def test_a_pair_shared_within_one_batch_stands_for_neither_afterwards(vault: Vault) -> None:
    village = {"name": "王秀英", "address": "某县某镇某村民委员会"}
    ids = vault.admit_many([Petitioner(**village, id_number=number) for number in NUMBERS[:2]])
    assert len({*ids, vault.admit(Petitioner(**village))}) == 3


def test_people_admitted_at_once_get_one_id(vault: Vault) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: vault.admit(ZHANG), range(24)))
    assert len(ids) == 1


def test_processes_that_open_a_new_vault_at_once_agree(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from services.intake.vault import Petitioner, Vault\n"
        "folder = Path(sys.argv[1]); sys.stdin.readline()\n"
        "vault = Vault(folder / 'vault.db', folder / 'vault.key', clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))\n"
        "print(*vault.admit_many([Petitioner(name='张某某', phone=f'138000000{n:02d}') for n in range(20)]))\n"
    )
    at_once = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in at_once:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=60)[0] for process in at_once}
    assert len(answers) == 1
    assert len(set(answers.pop().split())) == 20


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
