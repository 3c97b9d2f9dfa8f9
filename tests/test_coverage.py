"""docs/coverage.md says which command, fact, rule or report realises each feature, and which test proves it. Both exist."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from deploy.documents import COMMANDS
from services.supervision.rules import TABLES
from shared.events import REGISTRY

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (§[\d.]+|E\d+|SLA|G) \| (.+?) \| (.+?) \| (.+?) \|$", re.M)
ROWS = ROW.findall((ROOT / "docs" / "coverage.md").read_text("utf-8"))
KNOWN = {*REGISTRY, *TABLES, *(command.__name__ for commands in COMMANDS.values() for command in commands)}
DONE = [row for row in ROWS if row[3] != "—"]


@lru_cache
def defined_in(file: Path) -> frozenset[str]:
    return frozenset(n.name for n in ast.walk(ast.parse(file.read_text("utf-8"))) if hasattr(n, "name"))


def test_every_feature_has_one_line() -> None:
    assert len(ROWS) > 150
    named = [row[:2] for row in ROWS]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(("section", "feature", "realised", "proof"), DONE, ids=[f"{r[0]} {r[1]}" for r in DONE])
def test_what_realises_a_feature_is_there_and_so_is_its_test(
    section: str,  # noqa: ARG001 - names the case
    feature: str,  # noqa: ARG001
    realised: str,
    proof: str,
) -> None:
    words = re.findall(r"`([^`]+)`", realised)
    assert words, "name commands, facts, rules or files in `back quotes`"
    for word in words:
        assert word in KNOWN or (ROOT / word).exists() or re.fullmatch(r"GET /\S+", word), word
    for name in re.findall(r"`([^`]+)`", proof):
        file, _, function = name.partition("::")
        assert function.partition("[")[0] in defined_in(ROOT / file), name
