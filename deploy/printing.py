"""How results look on a terminal: lines and tables for people, one JSON document for programs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.processes import ProcessError
from shared.terms import Term

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    """Print a value as one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201 - rich would wrap it


def label(terms: type[Term], value: str | None) -> str:
    """The Chinese word for a term's value."""
    return next((word.label for word in terms if word.value == value), "—")


def line(*said: str | tuple[str, str], style: str = "") -> None:
    """Print one line, whatever stands in it: parts of it may be styled, as (text, style)."""
    out.print(Text.assemble(*said, style=style), soft_wrap=True)


def say(text: str) -> None:
    """Tell, beside the output, what happens."""
    err.print(text, markup=False, soft_wrap=True)


def failure(zh: str, en: str) -> None:
    """Tell what went wrong and how to mend it, in both languages."""
    err.print(f"huajie: {zh}\n        {en}", style="red", markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; long texts fold. One without rows says that there is nothing."""
    if not rows:
        line((title, "bold"))
        line("没有。/ Nothing.")
        return
    shown = Table(title=title, title_justify="left", title_style="bold", expand=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text("—" if value is None else str(value)) for value in row))
    out.print(shown)


def write(file: Path, made: bytes) -> None:
    """Write a file and say where. Raises ProcessError."""
    try:
        file.write_bytes(made)
    except OSError as error:
        raise ProcessError(
            f"无法写入 {file}：{error.strerror}", f"{file} cannot be written: {error.strerror}"
        ) from error
    line(f"已写入 / written: {file}")
