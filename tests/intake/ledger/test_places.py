"""Where a matter belongs: codes, names, parts of names and addresses."""

import pytest

from services.intake.ledger.places import Places
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
    assert Places(REGIONS, "610498").code(said) == code


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
        Places(REGIONS, "610499").code(said)
    assert named in refusal.value.zh
    assert named in refusal.value.en


@pytest.mark.parametrize(("regions", "near"), [(REGIONS, "610499 河阳县"), ({"320106": "鼓楼区"}, None), ({}, None)])
def test_an_unknown_name_says_how_to_mend_it_and_calls_nothing_near_that_is_not(
    regions: dict[str, str], near: str | None
) -> None:
    with pytest.raises(Unfit) as refusal:
        Places(regions, None).code("河阴县")
    for said, word in ((refusal.value.zh, "相近"), (refusal.value.en, "near")):
        assert "河阴县" in said
        assert "regions.csv" in said
        assert (near in said) if near else (word not in said)


def test_a_row_without_a_region_needs_a_default() -> None:
    with pytest.raises(Unfit, match="没有写属地"):
        Places(REGIONS, None).code("")


def test_a_node_without_region_files_takes_every_code() -> None:
    assert Places({}, None).code("110101") == "110101"


def test_of_regions_named_alike_the_one_at_home_is_meant() -> None:
    alike = {"320106": "鼓楼区", "320302": "鼓楼区", "350102": "鼓楼区", "320100": "甲市"}
    assert Places(alike, "320100").code("鼓楼区") == "320106"
    assert Places(alike, "320100").code("鼓楼区东街") == "320106"
    with pytest.raises(Unfit, match="320106 鼓楼区、320302 鼓楼区、350102 鼓楼区"):
        Places(alike, "320000").code("鼓楼区")
    with pytest.raises(Unfit, match="请写区划代码"):
        Places(alike, None).code("鼓楼区")


def test_the_same_unknown_word_gives_the_same_reason_twice() -> None:
    places = Places(REGIONS, None)
    reasons = []
    for _ in range(2):
        with pytest.raises(Unfit) as refusal:
            places.code("河阴县")
        reasons.append(refusal.value.zh)
    assert reasons[0] == reasons[1]


LISTED = {
    "140000": "山西省",
    "140500": "山西省晋城市",
    "140502": "山西省晋城市城区",
    "610000": "陕西省",
    "610400": "陕西省咸阳市",
    "610431": "陕西省咸阳市武功县",
}
"""As the country's list names them: with the city and the province before their own name."""


@pytest.mark.parametrize(
    ("said", "code", "more"),
    [
        ("武功县", "610431", False),
        ("咸阳市武功县", "610431", False),
        ("陕西省咸阳市武功县", "610431", False),
        ("武功县普集镇", "610431", True),
        ("咸阳市武功县普集镇东街村", "610431", True),
        ("陕西省咸阳市武功县普集镇", "610431", True),
        ("武功县城区", "610431", True),
        ("610431", "610431", False),
        ("", "610431", False),
    ],
)
def test_a_county_is_known_by_its_own_name_and_what_else_is_said_is_told(said: str, code: str, more: bool) -> None:
    places = Places(LISTED, "610431")
    assert (places.code(said), places.says_more(said, code)) == (code, more)
