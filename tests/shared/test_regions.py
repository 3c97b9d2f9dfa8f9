"""A region is one that the node's files list; what is near a wrong one is named."""

from pathlib import Path

import pytest

from deploy.node import REGIONS
from shared.regions import RegionsUnreadable, UnknownRegion, check_region, read_regions

KNOWN = {"610400": "咸阳市", "610401": "市本级", "610499": "清河县", "610499100": "柳林镇", "320500": "苏州市"}


def test_a_later_file_wins_and_spaces_are_forgiven(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("﻿code,name\n610499,旧县\n610401, 市本级 \n", "utf-8")
    other.write_text("code,name\n610499,清河县\n", "utf-8")
    assert read_regions([one, other]) == {"610499": "清河县", "610401": "市本级"}
    assert read_regions([]) == {}


@pytest.mark.parametrize(
    "content",
    [b"number;name\n1;x\n", b"\xff\xfe\x00", "code,name\n610499,清河".encode("gb18030"), b"code,name\n610499\n"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "regions.csv"
    file.write_bytes(content)
    with pytest.raises(RegionsUnreadable, match=r"regions\.csv"):
        read_regions([file])


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegionsUnreadable, match=r"none\.csv"):
        read_regions([tmp_path / "none.csv"])


def test_the_regions_that_are_shipped_can_be_read() -> None:
    regions = read_regions([REGIONS])
    assert regions["110101"] == "北京市东城区"
    assert len(regions) > 2000


@pytest.mark.parametrize("code", ["610499", "610499100", "320500", "320500001", "610401001002"])
def test_a_listed_region_is_taken_and_so_is_a_town_of_a_county_whose_towns_are_not_listed(code: str) -> None:
    check_region(code, KNOWN)


@pytest.mark.parametrize("code", ["610498", "610499101", "", "６１０４９９", "999999001"])
def test_an_unknown_region_is_refused(code: str) -> None:
    with pytest.raises(UnknownRegion):
        check_region(code, KNOWN)


def test_the_nearest_are_named_first() -> None:
    with pytest.raises(UnknownRegion) as refusal:
        check_region("610498", KNOWN)
    assert refusal.value.rule == "unknown-region"
    assert refusal.value.zh.index("610499 清河县") < refusal.value.zh.index("610400 咸阳市")
    assert "610499 清河县" in refusal.value.en


def test_what_lies_in_no_province_of_ours_is_near_nothing() -> None:
    with pytest.raises(UnknownRegion) as refusal:
        check_region("990499", KNOWN)
    assert "相近" not in refusal.value.zh
    assert "Near" not in refusal.value.en
    assert "regions.csv" in refusal.value.zh


def test_without_any_list_every_region_is_taken() -> None:
    check_region("123456", {})
