"""The vault: the same person is found again, and two people are never taken for one."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.vault import (
    Petitioner,
    Vault,
    valid_id_number,
)
from tests.intake.vaults import ZHANG, opened, read, with_check_digit

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
@settings(max_examples=30)
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
@settings(max_examples=40)
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
