"""Which rules the code refuses by, found in the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")])


def rules() -> dict[str, str]:
    """The id of every rule in the services and in what is shared, and the file that it is in.

    Raises ValueError for a rule whose id is put together while the program runs: such a one cannot be looked up by anybody.
    """
    return {rule: str(file.relative_to(ROOT)) for file in FILES for rule in _refused_in(file)}


def _refused_in(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Rejected"), args=[ast.Constant(value=str(rule)), *_]):
                yield rule
            case ast.Call(func=ast.Name(id="Rejected")):
                raise ValueError(f"{file}:{node.lineno}: the rule's id is not written out")
            case ast.ClassDef(bases=[ast.Name(id="Rejected")]):
                yield from _named_by(node)


def _named_by(refusal: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(refusal):
        match node:
            case ast.Call(func=ast.Attribute(attr="__init__"), args=[ast.Constant(value=str(rule)), *_]):
                yield rule
