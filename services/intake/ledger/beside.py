"""What openpyxl passes over when it reads only: the merged ranges of a sheet, and its formulas without a result."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.parsers import expat

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries


@dataclass(frozen=True)
class Formula:
    """A formula of which the file holds no result: some programs write formulas and leave the calculating to others."""

    said: str
    """With the = in front."""


class Merge(NamedTuple):
    """A merged range; rows and columns count from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int


Formulas = Mapping[int, Mapping[int, Formula]]
"""By row and column; both count from 1."""


def beside(part: Any) -> tuple[tuple[Merge, ...], Formulas]:
    """The merged ranges of a sheet, and its formulas that have no result."""
    merges, uncalculated = list[Merge](), defaultdict[int, dict[int, Formula]](dict)
    shared = dict[str, tuple[str, str]]()
    row = column = 0
    kind, result, formula, group = "", "", "", ""
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, result, formula, group
        match name.rpartition(":")[2]:
            case "row":
                row, column = int(attributes.get("r", row + 1)), 0
            case "c":
                kind, result = attributes.get("t", "n"), ""
                row, column = coordinate_to_tuple(attributes["r"]) if "r" in attributes else (row, column + 1)
            case "f":
                formula, group = "", attributes.get("si", "")
                parser.StartElementHandler, parser.EndElementHandler = within, end
                parser.CharacterDataHandler = written
            case "mergeCell":
                left, top, right, bottom = range_boundaries(attributes["ref"])
                if left and top and right and bottom:
                    merges.append(Merge(left, top, right, bottom))

    def within(name: str, _attributes: dict[str, str]) -> None:
        parser.CharacterDataHandler = said if name.rpartition(":")[2] == "v" else None

    def written(more: str) -> None:
        nonlocal formula
        formula += more

    def said(more: str) -> None:
        nonlocal result
        result += more

    def end(name: str) -> None:
        parser.CharacterDataHandler = None
        if name.rpartition(":")[2] == "c":
            parser.StartElementHandler, parser.EndElementHandler = start, None
            here = f"{get_column_letter(column)}{row}"
            if group and formula:
                shared[group] = f"={formula}", here
            if not result and kind != "str":  # an empty text is a result
                uncalculated[row][column] = Formula(f"={formula}" if formula else _shared(shared.get(group), here))

    parser.StartElementHandler = start
    parser.ParseFile(part)
    return tuple(sorted(merges, key=lambda merge: merge.top)), uncalculated


def _shared(first: tuple[str, str] | None, here: str) -> str:
    """The formula of a cell that only names the first of a filled range, where the formula is written once for all of it."""
    if first is None:
        return "="
    formula, origin = first
    try:
        return str(Translator(formula, origin=origin).translate_formula(here))
    except (TokenizerError, TranslatorError):
        return formula
