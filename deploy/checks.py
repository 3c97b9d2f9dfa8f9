"""Every check in one command, the same for a person and for CI."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

LINT: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


def run_lint() -> int:
    """Formatting, types and layers. The first that fails ends it."""
    for command in LINT:
        print("$", *command, flush=True)  # noqa: T201 - what runs, for the reader of CI's output
        code = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


def run_tests(arguments: Sequence[str]) -> int:
    """Lint, then the suite; `--all` runs the slow tests too. Further arguments go to pytest, and then lint is left out."""
    rest = [argument for argument in arguments if argument != "--all"]
    if not rest and (code := run_lint()):
        return code
    slow = [] if "--all" in arguments else ["-m", "not slow"]
    return subprocess.run([sys.executable, "-m", "pytest", *slow, *rest], cwd=ROOT, check=False).returncode
