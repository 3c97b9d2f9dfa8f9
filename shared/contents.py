"""内容分类: the codes of contents that a node was given, as files like those of regions."""

import csv
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from shared.decider import Rejected


class UnknownContent(Rejected):
    """A code that no content file of this node lists."""

    def __init__(self, code: str, known: Mapping[str, str]) -> None:
        near = get_close_matches(code, known, n=5, cutoff=0.0)
        listed = "、".join(f"{other} {known[other]}" for other in near)
        super().__init__(
            "unknown-content",
            f"内容分类代码 {code} 不在本节点的代码表中。相近的有：{listed}。"
            "请更正，或把它加入数据目录的 contents.csv（code,name）。",
            f"The content code {code} is not in this node's list. Near it: {listed}. Correct it, or add it to contents.csv"
            " (code,name) in the data folder.",
        )


class ContentsUnreadable(Exception):
    """A content file is missing or is not a table of `code,name`; the text names the file and says how to mend it."""


def read_contents(files: Iterable[Path]) -> dict[str, str]:
    """Code → name, from CSV files with the columns `code,name`; a later file wins. Raises ContentsUnreadable, with the line."""
    contents: dict[str, str] = {}
    for path in files:
        line = 1
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                rows = csv.DictReader(lines, strict=True)
                for row in rows:
                    line = rows.line_num
                    code, name = row["code"].strip(), row["name"].strip()
                    if not code or not name:
                        raise KeyError(code)
                    contents[code] = name
        except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
            raise ContentsUnreadable(
                f"内容分类文件 {path} 第 {line} 行无法读取：应为 UTF-8 的 CSV，首行 code,name，每行两项齐全。 / "
                f"{path}, line {line}, cannot be read as contents: it should be CSV in UTF-8 that begins with code,name."
            ) from error
    return contents


def check_contents(codes: Iterable[str], known: Mapping[str, str]) -> None:
    """Raise UnknownContent for the first code that is not listed. Without any list, every code is taken."""
    for code in codes:
        if known and code not in known:
            raise UnknownContent(code, known)
