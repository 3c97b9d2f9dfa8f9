"""What a measurement says, what it should say, and how both are shown."""

import json
import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.broker import find_server, server_version


@dataclass(frozen=True)
class Effort:
    """How long to measure: seconds per measurement, and how much to measure on."""

    seconds: float = 5.0
    rounds: int = 7
    cases: int = 1000
    facts: int = 60_000
    repeats: int = 3
    watched_seconds: float = 20.0
    stored: int = 100_000
    replayed: int = 200_000


FULL = Effort()
QUICK = Effort(
    seconds=1.5, rounds=3, cases=300, facts=12_000, repeats=1, watched_seconds=5.0, stored=3_000, replayed=20_000
)


@dataclass(frozen=True)
class Goal:
    """A bound on the figure, or on its ratio: at least, or with `most` at most."""

    bound: float
    of_ratio: bool = False
    most: bool = False
    paced: bool = False
    """Whether the bound is one of work per second, or of milliseconds of work, and so of the machine on which it was set:
    see tests.bench.pace."""

    def __str__(self) -> str:
        paced = " at pace 1" if self.paced else ""
        return f"{'ratio ' if self.of_ratio else ''}{'≤' if self.most else '≥'} {self.bound:,g}{paced}"


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, in what unit, how it relates to another figure of this run, and its goal if it has one."""

    row: str
    """The name for `--only`."""
    what: str
    figure: float | None
    """None when it could not be measured here; then the note says why."""
    unit: str
    ratio: float | None = None
    to: str = ""
    goal: Goal | None = None
    note: str = ""
    pace: float = 1.0
    """How fast the machine was just before and after, beside the one on which the goals were set."""

    @property
    def held(self) -> float | None:
        """What is held against the goal: the ratio, the figure, or what the figure would be at pace 1."""
        if self.goal is None or not self.goal.paced or self.figure is None:
            return self.ratio if self.goal is not None and self.goal.of_ratio else self.figure
        return self.figure * self.pace if self.goal.most else self.figure / self.pace

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal or without a figure."""
        if self.goal is None or self.held is None:
            return None
        return self.held <= self.goal.bound if self.goal.most else self.held >= self.goal.bound


Part = Callable[[Path, frozenset[str], Effort], "Sequence[Figure]"]
"""Measures some rows: in a folder of its own, those that are wanted, with this effort."""


def median_ratio(figures: Sequence[float], to: Sequence[float]) -> float:
    """The median of ratios of figures that were measured side by side, round by round: what disturbs one disturbs both."""
    return statistics.median(a / b for a, b in zip(figures, to, strict=True))


def machine(folder: Path, fsyncs: float) -> dict[str, Any]:
    """The facts of this machine without which the figures mean nothing. `folder` is where the measured files lie."""
    return {
        "cores": os.cpu_count(),
        "other load (1 min)": round(os.getloadavg()[0], 2),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "nats-server": ".".join(map(str, server_version(find_server()))),
        "system": f"{platform.system()} {platform.machine()}",
        "file system": _file_system(folder),
        "fsync/s": round(fsyncs),
    }


def _file_system(folder: Path) -> str:
    """The type of the mount that holds a folder (Linux; elsewhere unknown)."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return "?"
    above = [(at, kind) for at, kind in mounts if folder.resolve().is_relative_to(at)]
    return max(above, key=lambda mount: len(mount[0]), default=("", "?"))[1]


def as_json(facts: dict[str, Any], figures: Sequence[Figure]) -> None:
    """One JSON document on standard output."""
    rows = [
        {**asdict(figure), "goal": figure.goal and str(figure.goal), "held": figure.held, "met": figure.met}
        for figure in figures
    ]
    print(json.dumps({"machine": facts, "figures": rows}, ensure_ascii=False, indent=2))  # noqa: T201 - for programs


def as_table(facts: dict[str, Any], figures: Sequence[Figure]) -> None:
    """One table for people."""
    shown = Table(
        title="测量 / measured in one run",
        caption="  ".join(f"{name} {value}" for name, value in facts.items()),
        title_justify="left",
        caption_justify="left",
        title_style="bold",
    )
    shown.add_column("--only", no_wrap=True)
    shown.add_column("项目 what", overflow="fold")
    shown.add_column("数值 figure", justify="right", no_wrap=True)
    for column in ("比值 ratio", "目标 goal", "达到 met"):
        shown.add_column(column, overflow="fold")
    for figure in figures:
        shown.add_row(
            figure.row,
            figure.what + (f"\n[dim]{escape(figure.note)}[/dim]" if figure.note else ""),
            "—" if figure.figure is None else f"{_rounded(figure.figure)} {figure.unit}",
            _ratio(figure),
            "" if figure.goal is None else str(figure.goal),
            {None: "", True: "[green]是 yes[/green]", False: "[red]否 no[/red]"}[figure.met],
        )
    Console(highlight=False).print(shown)


def _ratio(figure: Figure) -> str:
    if figure.goal is not None and figure.goal.paced and figure.held is not None:
        return f"{_rounded(figure.held)} {figure.unit} at pace 1 (here {figure.pace:.2f})"
    return "" if figure.ratio is None else f"{figure.ratio:.2f} × {figure.to}"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
