"""The walls of the house: import-linter keeps them, and would notice a hole in any of them."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("shared", "services", "deploy")
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

HOLES = {
    "a service imports another": ("services/intake/domain/dispatching.py", "import services.casework.domain"),
    "a service is imported by what it stands on": ("shared/decider.py", "import services.intake.domain"),
    "services know how they are deployed": ("services/reporting/app.py", "import deploy.node"),
    "facts know of the store": ("shared/events/fact.py", "import shared.store"),
    "the directory asks the log": ("shared/directory.py", "import shared.store"),
    "who held a post depends on the clock": ("shared/directory.py", "import time"),
    "the roster's rules wait": ("services/intake/domain/posts.py", "import asyncio"),
    "the store knows of the bus": ("shared/store/log.py", "import shared.bus"),
    "words know of facts": ("shared/terms/handling.py", "import shared.events"),
    "intake's domain waits": ("services/intake/domain/dispatching.py", "import asyncio"),
    "casework's domain asks the time": ("services/casework/domain/closing.py", "import time"),
    "casework's case asks for chance": ("services/casework/domain/case.py", "import secrets"),
    "a claim opens a socket": ("services/casework/domain/claims.py", "import socket"),
    "a notice starts a thread": ("services/supervision/notices.py", "import threading"),
    "casework's commands know of the web": ("services/casework/domain/contact.py", "import fastapi"),
    "a rule asks the database": ("services/supervision/rules/idling.py", "import sqlite3"),
    "a verdict is drawn by lot": ("services/supervision/rules/verdict.py", "import random"),
    "the dossier listens to the bus": ("services/supervision/dossier.py", "import faststream"),
    "a derivation reads the environment": ("services/supervision/queries.py", "import os"),
    "a projection asks the database": ("services/reporting/projections.py", "import psycopg"),
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of `pyproject.toml` over a tree."""
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=tree, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house, in a place where it may be damaged."""
    tree = tmp_path_factory.mktemp("house")
    for part in PARTS:
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def test_the_walls_stand(copy: Path) -> None:
    for tree in (ROOT, copy):
        done = lint(tree)
        assert done.returncode == 0, done.stdout
        assert "0 broken" in done.stdout


@pytest.mark.parametrize(("file", "hole"), HOLES.values(), ids=HOLES.keys())
def test_a_hole_is_noticed(copy: Path, file: str, hole: str) -> None:
    whole = (copy / file).read_text("utf-8")
    try:
        (copy / file).write_text(f"{whole}\n{hole}\n", "utf-8")
        done = lint(copy)
    finally:
        (copy / file).write_text(whole, "utf-8")
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
    assert f"{file.removesuffix('.py').replace('/', '.')} ->" in done.stdout


PURE = "what is decided and what it means is pure"
IMPURE = {"now", "today", "utcnow", "fromtimestamp", "open", "print", "input", "read_text", "write_text", "hash"}
"""Calls that no import tells of: of the clock, of the files, and of what differs from one process to the next."""


def held_to_be_pure() -> tuple[str, ...]:
    """The modules and packages of the contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (contract,) = (one for one in contracts if one["name"] == PURE)
    return tuple(contract["source_modules"])


def modules() -> dict[str, ast.Module]:
    """What is written in each module of the house."""
    found = {}
    for path in (path for part in PARTS for path in sorted((ROOT / part).rglob("*.py"))):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text("utf-8"))
    return found


def impure(module: ast.Module) -> list[str]:
    """The calls of a module that are not to be made where it is decided what holds."""
    called = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    names = [one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in called]
    return sorted(IMPURE.intersection(names))


def test_whatever_calls_itself_pure_is_held_to_it() -> None:
    pure = held_to_be_pure()
    for name, module in modules().items():
        if re.search(r"\bPure\b", ast.get_docstring(module) or ""):
            assert any(f"{name}.".startswith(f"{one}.") for one in pure), name


def test_no_verdict_asks_the_clock_by_a_class_that_everybody_imports() -> None:
    """`datetime.now(UTC)` needs no import beside that of any instant: no wall of imports would notice."""
    pure = held_to_be_pure()
    for name, module in modules().items():
        if any(f"{name}.".startswith(f"{one}.") for one in pure):
            assert impure(module) == [], name
    assert impure(ast.parse("def f(today): return (date.today() - today, datetime.now(UTC), matter.today)")) == [
        "now",
        "today",
    ]
