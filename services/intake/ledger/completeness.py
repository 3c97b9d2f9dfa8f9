"""Whether the headers that were found make a ledger; if not, which columns are missing and what they may be called."""

from collections.abc import Sequence

from services.intake.ledger.entries import Caution, Field, LedgerUnreadable, SheetKind
from services.intake.ledger.headers import Header
from services.intake.ledger.sheets import Sheet
from services.intake.ledger.synonyms import REQUIRED, TABLES

TELLING = 2
"""Required columns that make an incomplete sheet a case ledger to be mended, even beside a complete one."""

SHOWN = 8


def check_headers(file: str, found: Sequence[tuple[Sheet, Header | None]]) -> list[Caution]:
    """Raises LedgerUnreadable without a complete case sheet, or with one that is nearly so; warns of other such sheets."""
    headers = [(sheet, header) for sheet, header in found if header]
    cases = [(sheet, header) for sheet, header in headers if header.kind is SheetKind.CASES]
    incomplete = [pair for pair in cases if pair[1].missing]
    nearly = [pair for pair in incomplete if len(REQUIRED[SheetKind.CASES]) - len(pair[1].missing) >= TELLING]
    complete = len(incomplete) < len(cases)
    if nearly or (incomplete and not complete):
        raise _columns_missing(*max(nearly or incomplete, key=lambda pair: pair[1].score))
    if not complete:
        raise _no_ledger(file, [sheet for sheet, _ in found])
    return [
        Caution(
            sheet=sheet.name,
            row=None,
            column=_labels(header.missing),
            zh=f"像是办理记录，但缺少必需的列，整张表未导入。{_recognised(header, 'zh')}",
            en=f"looks like a step ledger but lacks required columns: the sheet was left out. {_recognised(header, 'en')}",
        )
        for sheet, header in headers
        if header.kind is SheetKind.STEPS and len(header.missing) == 1
    ]


def _columns_missing(sheet: Sheet, header: Header) -> LedgerUnreadable:
    rows = "-".join(str(row) for row in dict.fromkeys(header.rows))
    unknown = "、".join(text for index, text in sorted(header.texts.items()) if index not in header.at.values()) or "—"
    return LedgerUnreadable(
        f"工作表“{sheet.name}”（表头在第 {rows} 行）缺少必需的列：{_labels(header.missing)}。{_recognised(header, 'zh')}"
        f"未认出的列：{unknown}。请改好表头后再导入。",
        f"Sheet {sheet.name!r} (header in row {rows}) lacks required columns: {_labels(header.missing)}. "
        f"{_recognised(header, 'en')}Columns not recognised: {unknown}. Mend the header and import again.",
    )


def _no_ledger(file: str, sheets: Sequence[Sheet]) -> LedgerUnreadable:
    names = "、".join(sheet.shown for sheet in sheets) or "—"
    needed = _labels(REQUIRED[SheetKind.CASES])
    return LedgerUnreadable(
        f"{file} 中没有一张工作表（{names}）像信访积案台账：表头至少要有 {needed} 三列。",
        f"No sheet of {file} ({names}) reads like a petition ledger: its header needs at least the columns {needed}.",
    )


def _recognised(header: Header, language: str) -> str:
    said = []
    for anyone in header.missing:
        words = "、".join(word for field in sorted(anyone) for word in TABLES[header.kind][field][:SHOWN])
        said.append(
            f"{_labels([anyone])}可写作：{words}。" if language == "zh" else f"{_labels([anyone])} may be: {words}. "
        )
    return "".join(said)


def _labels(needed: Sequence[frozenset[Field]]) -> str:
    return "、".join("或".join(field.label for field in sorted(anyone)) for anyone in needed)
