"""Every check in one command, the same for a person and for CI."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LINT: tuple[tuple[str, ...], ...] = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command as main; main()"),
)


def run_lint() -> int:
    """Formatting, types and layers. The first that fails ends it."""
    for command in LINT:
        print("$ python", *command, flush=True)  # noqa: T201 - what runs, for the reader of CI's output
        code = subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


def run_tests(arguments: Sequence[str]) -> int:
    """Lint, then the suite on two processes; `--all` runs the slow tests too.

    Further arguments go to pytest; then lint is left out, and pytest runs as they say.
    """
    rest = [argument for argument in arguments if argument != "--all"]
    if not rest and (code := run_lint()):
        return code
    slow = [] if "--all" in arguments else ["-m", "not slow"]
    how = rest or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]  # a file's tests share what they start
    return subprocess.run([sys.executable, "-m", "pytest", *slow, *how], cwd=ROOT, check=False).returncode
