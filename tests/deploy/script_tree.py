"""A small copy of the tree to run the one entry on: a Python, a lock of two tiny packages, no network."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


PYTHON = sys._base_executable  # type: ignore[attr-defined]  # not in typeshed; the Python beneath this environment


X_Y = "{}.{}".format(*sys.version_info)


TOOLS = [
    "cat",
    "cp",
    "cut",
    "dirname",
    "env",
    "flock",
    "id",
    "ln",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "sha256sum",
    "touch",
]


SAY = """
import json, os, sys
from importlib.metadata import distributions
installed = sorted({d.name for d in distributions()} & {"runtime-only", "for-tests"})
names = "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "NATS_SERVER"
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "installed": installed,
                  "env": {n: os.environ.get(n) for n in names}}))
"""


@dataclass
class Said:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, object]:
        """What the command line behind the script saw of its world."""
        assert self.code == 0, self.err
        report: dict[str, object] = json.loads(self.out)
        return report


@dataclass
class Tree:
    """A small copy of the repository, and the machine around it: the only programs on its PATH are those in `bin`."""

    root: Path
    bin: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        return self.root / ".venv" / X_Y

    @property
    def stamp(self) -> Path:
        return self.venv / "installed"

    def start(self, *argv: str, script: Path | str | None = None, cwd: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [script or self.root / "huajie", *argv],
            cwd=cwd or self.root,
            env={"PATH": str(self.bin), "HUAJIE_PYTHON": PYTHON, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def run(self, *argv: str, script: Path | str | None = None, cwd: Path | None = None) -> Said:
        with self.start(*argv, script=script, cwd=cwd) as process:
            out, err = process.communicate(timeout=120)
        return Said(process.returncode, out, err)

    def program(self, name: str, *lines: str) -> None:
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text("\n".join(["#!/bin/sh", *lines, ""]))
        (self.bin / name).chmod(0o755)


def wheel(folder: Path, name: str) -> str:
    """Make the smallest package there can be; its line in a lock file."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-1.dist-info"
    path = folder / f"{module}-1-py3-none-any.whl"
    files = {
        f"{module}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def plant(folder: Path) -> Tree:
    """A fresh tree in which nothing is made ready yet."""
    root, programs, wheels = folder / "化解 tree", folder / "bin", folder / "wheels"
    for made in (root / "deploy", programs, wheels):
        made.mkdir(parents=True)
    shutil.copy2(ROOT / "huajie", root)
    (root / "deploy" / "__main__.py").write_text(SAY)
    runtime, for_tests = wheel(wheels, "runtime-only"), wheel(wheels, "for-tests")
    (root / "requirements.lock").write_text(runtime)
    (root / "requirements-dev.lock").write_text(runtime + for_tests)
    tree = Tree(root, programs)
    for tool in TOOLS:
        if found := shutil.which(tool):
            (programs / tool).symlink_to(found)
    tree.program("nats-server", "echo nats-server: v2.9.10")
    tree.env = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    return tree


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree made ready once, to be copied."""
    tree = plant(tmp_path_factory.mktemp("made"))
    said = tree.run("first")
    assert said.report["installed"] == ["runtime-only"]
    assert "about a minute the first time" in said.err
    assert "首次约需一分钟" in said.err
    return tree


@pytest.fixture
def ready(made: Tree, tmp_path: Path) -> Tree:
    """A tree that is ready; its environment is everybody's, so nothing changes it."""
    for folder in (made.root, made.bin):
        shutil.copytree(folder, tmp_path / folder.name, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
    tree = Tree(tmp_path / made.root.name, tmp_path / made.bin.name, dict(made.env))
    (tree.root / ".venv").symlink_to(made.root / ".venv")
    return tree


@pytest.fixture
def own(ready: Tree) -> Tree:
    """A tree that is ready, was moved since, and may be changed."""
    shared = (ready.root / ".venv").resolve()
    (ready.root / ".venv").unlink()
    shutil.copytree(shared, ready.root / ".venv", symlinks=True)
    return ready


@pytest.fixture
def bare(own: Tree) -> Tree:
    """A tree in which nothing is made ready; its Python makes environments by copying one, which takes a tenth of the
    time."""
    empty = own.bin.parent / "empty environment"
    own.venv.rename(empty)
    for path in [empty / "installed", *(empty / "lib").glob("python*/site-packages/runtime_only*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(own.root / ".venv")
    own.env["HUAJIE_PYTHON"] = "python3"
    own.program(
        "python3",
        'case "$*" in',
        f'*version_info*) echo "{X_Y} {own.bin}/python3" ;;',
        f'"-m venv --clear "*) rm -rf "$4" && mkdir -p "${{4%/*}}" && cp -a "{empty}" "$4" ;;',
        f'*) exec "{PYTHON}" "$@" ;;',
        "esac",
    )
    return own
