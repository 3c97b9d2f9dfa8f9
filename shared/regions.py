"""行政区划: the regions that a node knows, by GB/T 2260 code (or a longer code of GB/T 10114 for towns and villages)."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.decider import Rejected

PROVINCE = 2
"""The digits that name a province: what shares fewer is not near."""


class UnknownRegion(Rejected):
    """A code that no region file of this node lists."""

    def __init__(self, code: str, known: Mapping[str, str]) -> None:
        province = [other for other in known if _shared(code, other) >= PROVINCE]
        near = sorted(province, key=lambda other: (-_shared(code, other), other))[:5]
        listed = "、".join(f"{other} {known[other]}" for other in near)
        super().__init__(
            "unknown-region",
            f"地区 {code} 不在本节点的区划表中。{f'相近的有：{listed}。' if near else ''}"
            "请更正，或把它加入数据目录的 regions.csv（code,name）。",
            f"Region {code} is not in this node's region files. {f'Near it: {listed}. ' if near else ''}"
            "Correct it, or add it to regions.csv (code,name) in the data folder.",
        )


class RegionsUnreadable(Exception):
    """A region file is missing or is not a table of `code,name`; the two texts name the file and say how to mend it."""

    def __init__(self, path: Path) -> None:
        self.zh = f"区划文件 {path} 无法读取：应为 UTF-8 的 CSV，首行 code,name。"
        self.en = f"{path} cannot be read as regions: it should be CSV in UTF-8 that begins with code,name."
        super().__init__(f"{self.zh} / {self.en}")


def read_regions(files: Iterable[Path]) -> dict[str, str]:
    """Code → name, from CSV files with the columns `code,name`; a later file wins. Raises RegionsUnreadable."""
    regions: dict[str, str] = {}
    for path in files:
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                regions.update((row["code"].strip(), row["name"].strip()) for row in csv.DictReader(lines, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
            raise RegionsUnreadable(path) from error
    return regions


def check_region(code: str, known: Mapping[str, str]) -> None:
    """Raise UnknownRegion for a code that is not listed. A town or village of a listed county is taken, unless the files
    list that county's towns. Without any list, every code is taken.
    """
    if not known or code in known:
        return
    county = code[:6]
    if len(code) > 6 and county in known and not any(len(other) > 6 and other.startswith(county) for other in known):
        return
    raise UnknownRegion(code, known)


def _shared(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
