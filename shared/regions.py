"""行政区划: the regions that a node knows, by GB/T 2260 code (or a longer code of GB/T 10114 for towns and villages)."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path


class UnknownRegion(Exception):
    """A code that no region file of this node lists."""

    def __init__(self, code: str, known: Mapping[str, str]) -> None:
        near = sorted(known, key=lambda other: (-_shared(code, other), other))[:5]
        listed = "、".join(f"{other} {known[other]}" for other in near)
        self.zh = f"地区 {code} 不在本节点的区划表中。相近的有：{listed}。请更正，或把它加入区划文件。"
        self.en = (
            f"Region {code} is not in this node's region files. Near it: {listed}. Correct it, or add it to a file."
        )
        super().__init__(f"{self.zh} / {self.en}")


def read_regions(files: Iterable[Path]) -> dict[str, str]:
    """Code → name, from CSV files with the columns `code,name`; a later file wins."""
    regions: dict[str, str] = {}
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            regions.update((row["code"], row["name"]) for row in csv.DictReader(lines))
    return regions


def check_region(code: str, known: Mapping[str, str]) -> None:
    """Raise UnknownRegion for a code that is not listed; without any list, every code is taken."""
    if known and code not in known:
        raise UnknownRegion(code, known)


def _shared(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
