"""One line of a sheet, seen through the sheet's columns: its fields, what is at fault in it, what is left over."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from services.intake.ledger.beside import Formula
from services.intake.ledger.entries import Caution, Field, Original, Refusal, SheetKind, SkipReason
from services.intake.ledger.headers import JOINT, Header
from services.intake.ledger.sheets import TOLD, Cell, Line, Sheet
from services.intake.ledger.synonyms import REQUIRED
from services.intake.ledger.values import Unfit, calculated, compact, text

T = TypeVar("T")

TOTAL = re.compile(r"[^,，。；;]{0,12}(小计|合计|总计|共计|累计)[:：]?[\d\s件人个宗]*")
REMARK = re.compile(
    r"(填表|填报|填写|备注|附注|注|说明|制表|审核|审批|统计|报送|单位负责人|分管领导|联系人|联系电话)[^:：]{0,8}[:：]"
)


@dataclass
class View:
    """A line under a header, while it is read."""

    sheet: str
    header: Header
    line: Line
    faults: list[tuple[str, Unfit]] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    kept: set[Field] = field(default_factory=set)

    @property
    def row(self) -> int:
        """Its row in the file, from 1."""
        return self.line.number

    def cell(self, which: Field) -> Cell:
        """The cell of a field; None where the sheet has no such column."""
        index = self.header.at.get(which)
        return None if index is None or index >= len(self.line.cells) else self.line.cells[index]

    def column(self, which: Field) -> str:
        """The header over a field, or the field's own name where the sheet has no such column."""
        index = self.header.at.get(which)
        return which.label if index is None else self.header.texts[index]

    def take(self, which: Field, reading: Callable[[Cell], T]) -> T | None:
        """What the cell of a field says; None, and a fault of the line, when it cannot be read."""
        return self.take_from(self.column(which), self.cell(which), reading)

    def take_from(self, column: str, cell: Cell, reading: Callable[[Cell], T]) -> T | None:
        """The same for a cell that no field stands for."""
        try:
            return reading(calculated(cell))
        except Unfit as fault:
            self.faults.append((column, fault))
            return None

    def take_if_sound(self, which: Field, reading: Callable[[Cell], T]) -> T | None:
        """What the cell says; None, and a caution, when it cannot be read: the line is taken without it."""
        try:
            return reading(calculated(self.cell(which)))
        except Unfit as fault:
            self.caution(self.column(which), fault.zh, fault.en)
            return None

    def words(self, which: Field) -> str:
        """What the cell of a field says that may be empty."""
        return self.take_if_sound(which, compact) or ""

    def caution(self, column: str, zh: str, en: str) -> None:
        """Something to look at in a cell."""
        self.cautions.append(Caution(sheet=self.sheet, row=self.row, column=column, zh=zh, en=en))

    def keep(self, which: Field) -> None:
        """The words of this cell say more than was understood: they go to the extras."""
        self.kept.add(which)

    @cached_property
    def values(self) -> dict[str, str]:
        """Every filled cell as text, by header."""
        cells = self.line.cells
        said = ((header, text(cells[index])) for index, header in self.header.texts.items() if index < len(cells))
        return {header: value for header, value in said if value}

    @cached_property
    def told(self) -> dict[str, str]:
        """The same, with the formulas of which nobody knows what they say: nothing of a line is lost."""
        cells, said = self.line.cells, dict[str, str]()
        for index, header in self.header.texts.items():
            cell = cells[index] if index < len(cells) else None
            if value := f"{TOLD}{cell.said}" if isinstance(cell, Formula) else text(cell):
                said[header] = value
        return said

    @cached_property
    def content(self) -> dict[str, str]:
        """What makes the line this one: all it says, except its running number; and formulas, whatever they say."""
        serial, cells = self.column(Field.SERIAL), self.line.cells
        said = {header: value for header, value in self.values.items() if header != serial}
        for index, header in self.header.texts.items():  # nobody knows that two such cells say the same
            if index < len(cells) and isinstance(cells[index], Formula) and header != serial:
                said[header] = f"{header} {self.row}"
        return said

    def left_over(self) -> Iterator[tuple[str, Cell]]:
        """The cells that no field stands for, and those that are kept beside their field; never who the petitioner is."""
        fields = {index: which for which, index in self.header.at.items()}
        for index, header in self.header.texts.items():
            which = fields.get(index)
            unknown = which is None and index not in self.header.private
            if index < len(self.line.cells) and (unknown or which in self.kept):
                try:
                    cell = calculated(self.line.cells[index])
                except Unfit as fault:
                    self.caution(header, fault.zh, fault.en)
                else:
                    yield header, cell

    def original(self) -> Original:
        """The line as it stands."""
        return Original(sheet=self.sheet, row=self.row, values=self.told)

    def refusal(self) -> Refusal:
        """All its faults in one."""
        return Refusal(
            sheet=self.sheet,
            row=self.row,
            values=self.told,
            column="、".join(dict.fromkeys(column for column, _ in self.faults)),
            reason_zh="；".join(f"{column}：{fault.zh}" for column, fault in self.faults),
            reason_en="; ".join(f"{column}: {fault.en}" for column, fault in self.faults),
        )

    def no_entry(self) -> SkipReason | None:
        """Why this is no case and no step, if so: a total, a note under the table, the header once more, a number that
        waits for its case.
        """
        said = self.values
        if said and all(value in (header, *header.split(JOINT)) for header, value in said.items()):
            return SkipReason.HEADER
        first = next(iter(said.values()), "")
        if TOTAL.fullmatch(first) or TOTAL.fullmatch(compact(self.cell(Field.UNIT))):
            return SkipReason.TOTAL
        complete = all(any(compact(self.cell(which)) for which in anyone) for anyone in REQUIRED[self.header.kind])
        if not complete and REMARK.match(first):
            return SkipReason.REMARK
        only = set(self.content.values())
        story = Field.DEMAND if self.header.kind is SheetKind.CASES else Field.STEP_NOTE
        if len(only) != 1 or (len(self.content) == 1 and compact(self.cell(story))):
            return None
        numbered = {self.column(Field.NUMBER)} == self.content.keys() and re.search(r"\d", "".join(only))
        return SkipReason.NUMBERED if numbered else SkipReason.REMARK


def lines_under(header: Header, sheet: Sheet) -> Iterator[View]:
    """The filled lines below a header. One that holds nothing but its running number waits to be filled: it is blank."""
    for line in sheet.lines[header.first :]:
        view = View(sheet.name, header, line)
        if view.content:
            yield view
