"""读机构名册: from a file to units and posts, and to a reason for everything that was not taken."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Bounds

from services.intake.domain.desk import Region
from services.intake.ledger.entries import Field, Ledger, LedgerUnreadable, SheetKind, Skipped, SkipReason
from services.intake.ledger.headers import ROSTER, find_header
from services.intake.ledger.lines import View, lines_under
from services.intake.ledger.places import Places
from services.intake.ledger.sheets import Cell, Progress, read_sheets
from services.intake.ledger.synonyms import HEADS, RANKS
from services.intake.ledger.values import Unfit, compact, day, name, narrative, reference, short
from shared.decider import WHOLE, Day, Name, Note
from shared.terms import LeaderRank

T = TypeVar("T")


class RosterRow(BaseModel):
    """A line of a roster file, and where it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: Note
    row: Annotated[int, Bounds(ge=1, le=10_000_000), WHOLE]
    region: Region


class UnitRow(RosterRow):
    """机构: a unit; with a former name, it was renamed on that day."""

    name: Name
    established_on: Day
    superior: Name | None = None
    former_name: Name | None = None
    renamed_on: Day | None = None


class PostRow(RosterRow):
    """任职: a post. Without a number of their own an official is known by unit and name, as in ledgers."""

    unit: Name
    name: Name
    number: Name | None = None
    post: Name
    since: Day
    left_on: Day | None = None
    rank: LeaderRank
    heads_unit: bool = False
    remit: Note = ""


class RosterFile(BaseModel):
    """A whole file: what was taken, superior units before those below them, and beside it what was not, as in a ledger."""

    model_config = ConfigDict(frozen=True)

    units: tuple[UnitRow, ...]
    posts: tuple[PostRow, ...]
    lines: Ledger


def read_roster(
    path: Path | str,
    *,
    regions: Mapping[str, str],
    default_region: str | None,
    today: date,
    progress: Progress = lambda *_: None,
) -> RosterFile:
    """Read an `.xlsx` or `.csv` roster: its sheets of units and of posts, each known by its header.

    `regions` are the node's (code to name); a row without a region belongs to `default_region`. No day may lie after
    `today` (Asia/Shanghai). Raises LedgerUnreadable when the file cannot be read or holds neither.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LedgerUnreadable(
            f"打不开 {path.name}：{error.strerror}", f"cannot open {path.name}: {error.strerror}"
        ) from error
    found = [(sheet, find_header(sheet, ROSTER)) for sheet in read_sheets(path, content, progress)]
    read = [(sheet, header) for sheet, header in found if header and not header.missing]
    if not read:
        raise LedgerUnreadable(
            f"{path.name} 中没有机构表（单位名称、成立日期）或任职表（单位、姓名、职务、任职日期）。请核对表头。",
            f"{path.name} has neither a sheet of units (单位名称, 成立日期) nor one of posts (单位, 姓名, 职务, 任职日期):"
            " check the headers.",
        )
    places = Places(regions, default_region)
    units, posts = list[UnitRow](), list[PostRow]()
    taken, refused, skipped = list[View](), list[View](), list[Skipped]()
    seen = set[tuple[SheetKind, tuple[tuple[str, str], ...]]]()
    for sheet, header in read:
        for view in lines_under(header, sheet):
            key = header.kind, tuple(sorted(view.content.items()))
            why = view.no_entry() or (SkipReason.REPEATED if key in seen else None)
            seen.add(key)
            if why is not None:
                skipped.append(Skipped(sheet=view.sheet, row=view.row, why=why))
                continue
            row = _unit(view, places, today) if header.kind is SheetKind.UNITS else _post(view, places, today)
            (refused if row is None else taken).append(view)
            if isinstance(row, UnitRow):
                units.append(row)
            elif row is not None:
                posts.append(row)
    lines = Ledger(
        rows=(),
        refusals=tuple(view.refusal() for view in refused),
        skipped=tuple(skipped),
        warnings=tuple(caution for view in taken for caution in view.cautions),
        mapping=tuple(header.mapping(sheet.name) for sheet, header in read),
        originals=tuple(view.original() for view in taken),
        companions=(),
        ignored=tuple(sheet.shown for sheet, header in found if header is None or header.missing),
        digest=sha256(content).hexdigest(),
    )
    return RosterFile(units=tuple(from_the_top(units)), posts=tuple(posts), lines=lines)


def from_the_top(units: Iterable[UnitRow]) -> list[UnitRow]:
    """Superior units before those below them, else as in the file; those that stand in a circle come last."""
    waiting, ordered = list(units), list[UnitRow]()
    while waiting:
        above = {unit.name for unit in waiting} | {unit.former_name for unit in waiting}
        ready = [unit for unit in waiting if unit.superior is None or unit.superior not in above]
        ordered += ready or waiting
        waiting = [unit for unit in waiting if ready and unit not in ready]
    return ordered


def _unit(view: View, places: Places, today: date) -> UnitRow | None:
    row = {
        "region": view.take(Field.REGION, lambda cell: places.code(compact(cell))),
        "name": view.take(Field.UNIT, name),
        "established_on": view.take(Field.ESTABLISHED_ON, lambda cell: day(cell, today)),
        "superior": view.take(Field.SUPERIOR, _maybe(name)),
        "former_name": view.take(Field.FORMER_NAME, _maybe(name)),
        "renamed_on": view.take(Field.RENAMED_ON, _maybe(lambda cell: day(cell, today))),
    }
    if not view.faults and (row["former_name"] is None) != (row["renamed_on"] is None):
        fault = Unfit("曾用名和更名日期须同时填写", "a former name and the day of renaming go together")
        view.faults.append((view.column(Field.FORMER_NAME), fault))
    return None if view.faults else UnitRow.model_validate({"sheet": view.sheet, "row": view.row, **row})


def _post(view: View, places: Places, today: date) -> PostRow | None:
    heads = view.take(Field.HEADS, _yes) or False
    row = {
        "region": view.take(Field.REGION, lambda cell: places.code(compact(cell))),
        "unit": view.take(Field.UNIT, name),
        "name": view.take(Field.OFFICIAL, name),
        "number": view.take(Field.OFFICIAL_NUMBER, reference),
        "post": view.take(Field.POST, name),
        "since": view.take(Field.SINCE, lambda cell: day(cell, today)),
        "left_on": view.take(Field.LEFT_ON, _maybe(lambda cell: day(cell, today))),
        "rank": view.take(Field.RANK, lambda cell: _rank(cell, heads)),
        "heads_unit": heads,
        "remit": view.take(Field.REMIT, narrative),
    }
    return None if view.faults else PostRow.model_validate({"sheet": view.sheet, "row": view.row, **row})


def _maybe(reading: Callable[[Cell], T]) -> Callable[[Cell], T | None]:
    """None for a cell that says nothing, or that it still is so."""
    return lambda cell: reading(cell) if compact(cell) not in ("", "至今", "现任", "在任") else None


def _yes(cell: Cell) -> bool:
    said = compact(cell).casefold()
    if said not in HEADS:
        raise Unfit(f"“{short(said)}”应填“是”或“否”", f"{said[:40]!r}: write 是 (yes) or 否 (no)")
    return HEADS[said]


def _rank(cell: Cell, heads: bool) -> LeaderRank:
    """领导层级; where none is written, the head's is the highest and nobody else's is guessed."""
    said = compact(cell)
    if not said:
        return LeaderRank.MAIN if heads else LeaderRank.OTHER
    if said not in RANKS:
        listed = "、".join(RANKS)
        raise Unfit(f"“{short(said)}”不是领导层级，可填：{listed}", f"{said[:40]!r} is no rank; write one of: {listed}")
    return RANKS[said]
