"""Finding the header of a sheet by itself: titles above it, two or three rows of it, merged cells and synonyms."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from openpyxl.utils import get_column_letter

from services.intake.ledger.beside import Formula
from services.intake.ledger.entries import Column, Field, SheetKind, SheetMapping
from services.intake.ledger.sheets import Cell, Line, Sheet
from services.intake.ledger.synonyms import LEADER, LOWER, REQUIRED, TABLES
from services.intake.ledger.values import text

DEEPEST_START, TALLEST = 30, 3
"""Filled lines in which a header may begin, and rows that it may have."""

LONGEST_HEADER, FEWEST = 60, 3
"""Characters of a header that are kept; columns with a meaning that make a row a header."""

JOINT = "·"
"""Joins the rows of a header: 包案领导·姓名. A single-row header may be written so as well."""

ERROR_COLUMNS = ("行号", "列", "原因", "Reason")
"""The columns that an errors file puts before the original ones."""

PERSON = frozenset({Field.NAME, Field.ID_NUMBER, Field.PHONE, Field.ADDRESS})
STAFF = re.compile("单位|部门|责任|领导|承办|经办|联系人|联络|包案|包保")
"""A person below such a heading works on the case; they are not the petitioner."""

Kinds = tuple[SheetKind, ...]
LEDGER, ROSTER = (SheetKind.CASES, SheetKind.STEPS), (SheetKind.UNITS, SheetKind.POSTS)
"""The kinds of sheets that a file may have, by what is read from it."""

Titles = tuple[str, ...]
"""The header texts of a column, from the top."""


@dataclass(frozen=True)
class Header:
    """A header that was found. `first` is the index of the first line below it, `at` the column index of each field,
    `private` the columns that say again, or say more, who the petitioner is, `words` the number of different columns
    whose lowest text is a word of some header, whatever it means here.
    """

    kind: SheetKind
    rows: tuple[int, int]
    first: int
    texts: dict[int, str]
    at: dict[Field, int]
    private: frozenset[int]
    words: int

    @property
    def missing(self) -> list[frozenset[Field]]:
        """Of each required set that has no column, the set."""
        return [anyone for anyone in REQUIRED[self.kind] if not anyone & self.at.keys()]

    @property
    def known(self) -> int:
        """How many columns have a meaning."""
        return len(self.at.keys() - {Field.SERIAL})

    @property
    def score(self) -> tuple[bool, int, int]:
        """A complete sheet is better than an incomplete one; then more fields, then more words of the trade."""
        return not self.missing, self.known, self.words

    def mapping(self, sheet: str) -> SheetMapping:
        """What people are shown of it."""
        fields = {index: field for field, index in self.at.items()}
        columns = (
            Column(letter=get_column_letter(index + 1), header=text, field=fields.get(index))
            for index, text in sorted(self.texts.items())
        )
        return SheetMapping(sheet=sheet, kind=self.kind, header_rows=self.rows, columns=tuple(columns))


def find_header(sheet: Sheet, kinds: Kinds = LEDGER) -> Header | None:
    """The likeliest header of a sheet of one of these kinds, or None when nothing in the sheet reads like one (fewer than
    FEWEST known columns). A hidden sheet has none: people do not see what it says, often last year's.
    """
    if sheet.hidden:
        return None
    likely = ((header, paths) for header, paths in _candidates(sheet, kinds) if header.known >= FEWEST)
    best, paths = max(likely, key=lambda found: found[0].score, default=(None, {}))
    return replace(best, texts=_texts(paths, sheet.lines[best.first :])) if best else None


def _candidates(sheet: Sheet, kinds: Kinds) -> Iterator[tuple[Header, dict[int, Titles]]]:
    """Smaller blocks first, so that a title row, or a row of data, joins a header only where it adds to it."""
    for height in range(1, TALLEST + 1):
        for start in range(min(DEEPEST_START, len(sheet.lines) - height + 1)):
            block = sheet.lines[start : start + height]
            if _whole(sheet, block):
                paths = _paths(block, fill=not sheet.merges)
                words = len({path for path in paths.values() if plain(path[-1]) in WORDS[kinds]})
                rows = block[0].number, block[-1].number
                for kind in kinds:
                    at, private = _fields(paths, kind)
                    yield Header(kind, rows, start + height, {}, at, private, words), paths


def _whole(sheet: Sheet, block: Sequence[Line]) -> bool:
    """A header is text, and cuts through no merged cell."""
    top, bottom = block[0].number, block[-1].number
    words = all(cell is None or isinstance(cell, str | Formula) for line in block for cell in line.cells)
    return words and not any(
        merge.top < top <= merge.bottom or merge.top <= bottom < merge.bottom for merge in sheet.merges
    )


def _paths(block: Sequence[Line], *, fill: bool) -> dict[int, Titles]:
    """For each column, its header texts from the top. With `fill`, an upper text reaches right over blank neighbours."""
    width = max(len(line.cells) for line in block)
    grid = [[_one_line(cell) for cell in line.cells] + [""] * (width - len(line.cells)) for line in block]
    for upper, lower in pairwise(grid) if fill else ():
        for index in range(1, width):
            if not upper[index] and lower[index]:
                upper[index] = upper[index - 1]
    paths = {}
    for index in range(width):
        parts = [part for row in grid for part in row[index].split(JOINT) if part]
        path = tuple(dict.fromkeys(parts))
        if path:
            paths[index] = path
    said = [JOINT.join(path) for _, path in sorted(paths.items())]
    return dict(sorted(paths.items())[len(ERROR_COLUMNS) :]) if tuple(said[:4]) == ERROR_COLUMNS else paths


def _one_line(cell: Cell) -> str:
    return re.sub(r"\s+", "", text(cell))[:LONGEST_HEADER]


def _texts(paths: dict[int, Titles], below: Sequence[Line]) -> dict[int, str]:
    """A name of its own for each column; one without a header is named by its letter when anything stands in it."""
    first = min(paths, default=0)
    filled = {index for line in below for index in range(first, len(line.cells)) if line.cells[index] is not None}
    texts, seen = {}, Counter[str]()
    for index in sorted(filled | paths.keys()):
        said = JOINT.join(paths[index]) if index in paths else f"（{get_column_letter(index + 1)}列）"
        seen[said] += 1
        texts[index] = said if seen[said] == 1 else f"{said}（{seen[said]}）"
    return texts


def _fields(paths: dict[int, Titles], kind: SheetKind) -> tuple[dict[Field, int], frozenset[int]]:
    """The column of each field: the likeliest synonym, then the leftmost column. And the private ones among the rest."""
    meanings = {index: meaning for index, path in paths.items() if (meaning := _meaning(path, kind))}
    best: dict[Field, tuple[int, int]] = {}
    for index, (field, rank) in meanings.items():
        best[field] = min(best.get(field, (rank, index)), (rank, index))
    at = {field: index for field, (_, index) in best.items()}
    return at, frozenset(i for i, (field, _) in meanings.items() if field in PERSON) - frozenset(at.values())


def _meaning(path: Titles, kind: SheetKind) -> tuple[Field, int] | None:
    known = KNOWN[kind]
    words = [plain(part) for part in path]
    *parents, leaf = words
    if whole := known.get("".join(words)):
        return whole
    if any(parent in LEADER for parent in parents):
        return UNDER_LEADER.get(leaf) if kind is SheetKind.CASES else None
    if found := known.get(leaf):
        staff = found[0] in PERSON and any(STAFF.search(parent) for parent in parents)
        return None if staff else found
    above = known.get(parents[-1]) if parents else None
    return (above[0], above[1] + BY_PARENT) if above else None


def plain(header: str) -> str:
    """A header without spaces, marks and bracketed remarks: `* 联系 电话（手机）：` is 联系电话."""
    bare = re.sub(r"[\s*※★☆#:、“”\"']", "", unicodedata.normalize("NFKC", header)).casefold()
    return re.sub(r"[(\[【〔][^)\]】〕]*[)\]】〕]", "", bare) or bare


BY_PARENT = 1000
"""How much worse a column is that only its upper header tells: 责任单位·牵头."""

KNOWN: dict[SheetKind, dict[str, tuple[Field, int]]] = {
    kind: {plain(word): (field, rank) for field, words in table.items() for rank, word in enumerate(words)}
    for kind, table in TABLES.items()
}

WORDS: dict[Kinds, frozenset[str]] = {
    kinds: frozenset(LOWER).union(*(KNOWN[kind] for kind in kinds)) for kinds in (LEDGER, ROSTER)
}

UNDER_LEADER = {"姓名": (Field.LEADER, 0), "领导": (Field.LEADER, 1), "职务": (Field.LEADER_POST, 0)}
