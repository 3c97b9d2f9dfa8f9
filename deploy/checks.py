"""Every check in one command, the same for a person and for CI."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

QUICK: tuple[tuple[str, ...], ...] = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-c", "from importlinter.cli import lint_imports_command as main; main()"),
)
TYPES = ("-m", "mypy")

PROCESSES = "4"
"""How many share the suite: twice two cores, for a test that waits for another process does not use its own."""


def run_lint() -> int:
    """Formatting, layers and types. The first that fails ends it."""
    for command in (*QUICK, TYPES):
        if code := _run(command):
            return code
    return 0


def run_tests(arguments: Sequence[str]) -> int:
    """Lint and the suite; `--all` runs the slow tests too. Types, which take one core for long, are checked beside the tests.

    Further arguments go to pytest; then lint is left out, and pytest runs as they say.
    """
    slow = () if "--all" in arguments else ("-m", "not slow")
    if rest := [argument for argument in arguments if argument != "--all"]:
        return _run(("-m", "pytest", *slow, *rest))
    for command in QUICK:
        if code := _run(command):
            return code
    with subprocess.Popen([sys.executable, *TYPES], cwd=ROOT, stdout=subprocess.PIPE, text=True) as types:
        how = ("-n", PROCESSES, "--dist", "loadfile", "--no-loadscope-reorder")  # a file's tests share what they start
        code = _run(("-m", "pytest", *slow, *how))
        said, _ = types.communicate()
    print("$ python", *TYPES, f"\n{said}", flush=True)  # noqa: T201 - as below
    return code or types.returncode


def _run(command: Sequence[str]) -> int:
    print("$ python", *command, flush=True)  # noqa: T201 - what runs, for the reader of CI's output
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode
