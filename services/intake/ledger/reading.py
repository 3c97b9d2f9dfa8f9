"""读台账: from a file to cases with their steps, and to a reason for everything that was not taken."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

from services.intake.ledger.cases import Known, case_of
from services.intake.ledger.completeness import check_headers
from services.intake.ledger.entries import (
    Caution,
    Field,
    Ledger,
    LedgerRow,
    LedgerStep,
    LedgerUnreadable,
    Original,
    Refusal,
    SheetKind,
    Skipped,
    SkipReason,
)
from services.intake.ledger.headers import Header, find_header
from services.intake.ledger.lines import View, lines_under
from services.intake.ledger.places import Places
from services.intake.ledger.sheets import Progress, Sheet, read_sheets
from services.intake.ledger.steps import step_of
from services.intake.ledger.values import Unfit, reference
from shared.masking import mask
from shared.terms import Channel


def read_ledger(
    path: Path | str,
    *,
    regions: Mapping[str, str],
    default_region: str | None,
    today: date,
    default_channel: Channel = Channel.VISIT,
    progress: Progress = lambda *_: None,
) -> Ledger:
    """Read an `.xlsx` or `.csv` ledger: its case sheets and its step sheets, each known by its header.

    `regions` are the node's (code to name); a row without a region belongs to `default_region`. No date may lie after
    `today` (Asia/Shanghai). `progress` is told how much is done, of how much: reading the file is the first half of it,
    understanding it the second. Raises LedgerUnreadable when the file, or the header of its cases, cannot be read.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LedgerUnreadable(
            f"打不开 {path.name}：{error.strerror}", f"cannot open {path.name}: {error.strerror}"
        ) from error
    sheets = read_sheets(path, content, lambda done, total: progress(done, 2 * total))
    found = [(sheet, find_header(sheet)) for sheet in sheets]
    cautions = check_headers(path.name, found)
    read = [(sheet, header) for sheet, header in found if header and not header.missing]
    reading = Reading(Known(Places(regions, default_region), default_channel, today))
    lines = done = sum(len(sheet.lines) for sheet, _ in read)
    for kind, each in ((SheetKind.CASES, reading.read_case), (SheetKind.STEPS, reading.read_step)):
        for sheet, header in read:
            if header.kind is kind:
                reading.look_at(sheet, header)
                for view in reading.entries(sheet, header):
                    each(view)
                    done += 1
                    if done % 500 == 0:
                        progress(done, 2 * lines)
    progress(2 * lines, 2 * lines)
    return Ledger(
        rows=tuple(reading.cases_with_steps()),
        refusals=tuple(reading.refusals),
        skipped=tuple(reading.skipped),
        warnings=(*cautions, *reading.cautions),
        mapping=tuple(header.mapping(sheet.name) for sheet, header in read),
        originals=tuple(reading.originals),
        companions=tuple(reading.companions),
        ignored=tuple(sheet.shown for sheet, header in found if header is None or header.missing),
        digest=sha256(content).hexdigest(),
    )


class Reading:
    """What has been read of a file so far: all cases before any step."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.cases: list[LedgerRow] = []
        self.steps: dict[int, list[LedgerStep]] = defaultdict(list)
        self.refusals: list[Refusal] = []
        self.skipped: list[Skipped] = []
        self.cautions: list[Caution] = []
        self.originals: list[Original] = []
        self.companions: dict[tuple[str, int], None] = {}
        self._seen: dict[tuple[SheetKind, tuple[tuple[str, str], ...]], tuple[str, int]] = {}
        self._numbered: dict[str, list[tuple[int, View]]] = defaultdict(list)
        self._refused: dict[str, View] = {}

    def look_at(self, sheet: Sheet, header: Header) -> None:
        """What can be said of a sheet as a whole."""
        if header.kind is SheetKind.STEPS:
            return
        channel, about = self.known.channel, []
        if Field.CHANNEL not in header.at:
            zh, en = f"没有这一列，都按“{channel.label}”登记", f"no such column: all taken as {channel.value}"
            about.append((Field.CHANNEL.label, zh, en))
        for index in sorted(header.private):
            zh, en = (
                "同类个人信息已从另一列导入，这一列未导入",
                "personal data of a kind taken from another column: left out",
            )
            about.append((header.texts[index], zh, en))
        self.cautions += (Caution(sheet=sheet.name, row=None, column=column, zh=zh, en=en) for column, zh, en in about)

    def entries(self, sheet: Sheet, header: Header) -> Iterator[View]:
        """The lines that are cases or steps, each once."""
        for view in lines_under(header, sheet):
            why = view.no_entry()
            key = header.kind, tuple(sorted(view.content.items()))
            first = self._seen.get(key)
            if why is None and first is None:
                self._seen[key] = sheet.name, view.row
                yield view
            else:
                reason = why or SkipReason.REPEATED
                same_as = None if why else first
                self.skipped.append(Skipped(sheet=sheet.name, row=view.row, why=reason, same_as=same_as))

    def read_case(self, view: View) -> None:
        """Take a line as a case, or refuse it."""
        case = case_of(view, self.known)
        if isinstance(case, LedgerRow) and case.original_number:
            for index, other in self._numbered[_key(case.original_number)]:
                if self.cases[index].region[:6] == case.region[:6]:
                    case = _same_number(view, other)
                    break
        if isinstance(case, LedgerRow):
            if case.original_number:
                self._numbered[_key(case.original_number)].append((len(self.cases), view))
            self.cases.append(case)
            self.originals.append(view.original())
            self.cautions += view.cautions
        else:
            self.refusals.append(case)
            if number := view.take_if_sound(Field.NUMBER, reference):
                self._refused[_key(number)] = view

    def read_step(self, view: View) -> None:
        """Lay a line to its case as a step, or refuse it."""
        number = view.take_if_sound(Field.NUMBER, reference) or ""
        step = step_of(view, self.known.today)
        holders = self._numbered.get(_key(number), [])
        if isinstance(step, LedgerStep) and len(holders) != 1:
            step = _no_case(view, mask(number), len(holders), self._refused.get(_key(number)))
        if isinstance(step, LedgerStep):
            self.steps[holders[0][0]].append(step)
            self.originals.append(view.original())
            self.cautions += view.cautions
        else:
            self.refusals.append(step)
            for _, case in holders:
                self.companions[case.sheet, case.row] = None

    def cases_with_steps(self) -> Iterator[LedgerRow]:
        """Every case with its steps, by date."""
        for index, case in enumerate(self.cases):
            steps = sorted(self.steps.get(index, ()), key=lambda step: step.on)
            yield case.model_copy(update={"steps": tuple(steps)})


def _key(number: str) -> str:
    return number.upper()


def _same_number(view: View, other: View) -> Refusal:
    view.faults.append(
        (
            view.column(Field.NUMBER),
            Unfit(
                f"与“{other.sheet}”第 {other.row} 行相同，但内容不同；同一案件请合并为一行，不同案件请改正编号",
                f"the same as in row {other.row} of {other.sheet!r}, which says otherwise; if it is one case, make it one row,"
                " else correct the number",
            ),
        )
    )
    return view.refusal()


def _no_case(view: View, number: str, holders: int, refused: View | None) -> Refusal:
    if holders:
        fault = Unfit(
            f"编号 {number} 在台账中有 {holders} 个案件", f"{holders} cases of the ledger have the number {number}"
        )
    elif refused:
        fault = Unfit(
            f"编号 {number} 的案件（“{refused.sheet}”第 {refused.row} 行）未能导入；更正该行即可",
            f"the case {number} (row {refused.row} of {refused.sheet!r}) was refused; mend that row",
        )
    else:
        fault = Unfit(
            f"台账中没有编号 {number}；请更正编号，或把该案件的行补入案件工作表",
            f"no case of the ledger has the number {number}; correct it, or add the case's row to the case sheet",
        )
    view.faults.append((view.column(Field.NUMBER), fault))
    return view.refusal()
