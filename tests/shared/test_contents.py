"""Content codes: read from files as regions are, and what is not listed is refused with where to mend it."""

from pathlib import Path

import pytest

from deploy.node import CONTENTS, Node
from shared.contents import ContentsUnreadable, UnknownContent, check_contents, read_contents
from shared.terms import Category


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "contents.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_list_that_huajie_ships_has_every_category() -> None:
    assert {category.label for category in Category} <= set(read_contents([CONTENTS]).values())


def test_a_later_file_wins_and_adds(tmp_path: Path) -> None:
    own = read_contents([CONTENTS, file(tmp_path, "code,name\n01,征地\n0199,其他征地问题\n", "utf-8-sig")])
    assert (own["01"], own["0199"], own["02"]) == ("征地", "其他征地问题", "房屋拆迁")


def test_a_node_reads_its_own_file_beside_ours(tmp_path: Path) -> None:
    node = Node(tmp_path)
    assert node.settings("610499", "nats://127.0.0.1:1").contents == (CONTENTS,)
    own = file(tmp_path, "code,name\n")
    assert node.settings("610499", "nats://127.0.0.1:1").contents == (CONTENTS, own)


def test_a_code_outside_the_list_is_refused_with_where_to_mend_it() -> None:
    check_contents(("01", "0101"), {"01": "土地", "0101": "补偿"})
    check_contents(("anything",), {})
    with pytest.raises(UnknownContent) as refusal:
        check_contents(("01", "0102"), {"01": "土地", "0101": "补偿"})
    assert refusal.value.rule == "unknown-content"
    assert "0101 补偿" in refusal.value.zh
    assert "contents.csv" in refusal.value.zh
    assert "contents.csv" in refusal.value.en


@pytest.mark.parametrize(
    ("text", "encoding", "line"),
    [
        ("number,name\n01,土地\n", "utf-8", 2),
        ("code,name\n01,土地\n02\n", "utf-8", 3),
        ("code,name\n01,土地\n02, \n", "utf-8", 3),
        ('code,name\n01,"土地\n', "utf-8", 1),
        ("code,name\n01,土地\n", "utf-16", 1),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_line(tmp_path: Path, text: str, encoding: str, line: int) -> None:
    with pytest.raises(ContentsUnreadable, match=rf"contents\.csv 第 {line} 行"):
        read_contents([file(tmp_path, text, encoding)])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentsUnreadable, match=r"nowhere\.csv"):
        read_contents([tmp_path / "nowhere.csv"])
