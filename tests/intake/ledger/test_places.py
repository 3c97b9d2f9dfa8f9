"""Where a matter belongs: codes, names, parts of names and addresses."""

import pytest

from services.intake.ledger.places import place
from services.intake.ledger.values import Unfit
from tests.intake.ledger.desk import REGIONS


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("610499", "610499"),
        ("610499000000", "610499"),
        ("610499100", "610499100"),
        ("610499100000", "610499100"),
        ("河阳县", "610499"),
        ("河阳", "610499"),
        ("城关镇", "610499100"),
        ("柳林镇", "610499101"),
        ("咸秦市河阳县", "610499"),
        ("河阳县柳林镇", "610499101"),
        ("河阳县东街村三组", "610499"),
        ("上柳林镇东村", "610499102"),
        ("", "610498"),
    ],
)
def test_a_region_is_found(said: str, code: str) -> None:
    assert place(said, REGIONS, "610498") == code


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("河阴县", "610499 河阳县"),
        ("610497", "610499 河阳县"),
        ("林镇", "610499101 柳林镇、610499102 上柳林镇"),
        ("阳", "610499 河阳县"),
        ("610499200", "610499100 河阳县城关镇"),
    ],
)
def test_an_unknown_or_unclear_region_is_refused_naming_those_nearby(said: str, named: str) -> None:
    with pytest.raises(Unfit) as refusal:
        place(said, REGIONS, "610499")
    assert named in refusal.value.zh
    assert named in refusal.value.en


def test_a_row_without_a_region_needs_a_default() -> None:
    with pytest.raises(Unfit, match="没有写属地"):
        place("", REGIONS, None)


def test_a_node_without_region_files_takes_every_code() -> None:
    assert place("110101", {}, None) == "110101"
