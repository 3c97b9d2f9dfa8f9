"""What is told of a file of rows that was read: how its sheets were understood, and which rows were refused."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from deploy import printing
from deploy.processes import ProcessError
from services.intake.ledger import Ledger, Refusal, SheetKind, write_refusals

ALL_IN, SOME_REFUSED = 0, 3
"""Exit codes of whatever takes in the rows of a file."""

SHOWN = 20
"""Lines of each kind that are told."""


def tell_sheets(ledger: Ledger) -> None:
    """How the sheets of a file were understood."""
    for sheet in ledger.mapping:
        first, last = sheet.header_rows
        taken = [f"{c.field.label} ← {c.letter} {c.header}" for c in sheet.columns if c.field]
        kept = [f"{c.letter} {c.header}" for c in sheet.columns if not c.field]
        printing.line(f"{sheet.sheet}（{sheet.kind.label}，表头第 {first}-{last} 行 / header rows）")
        printing.line(f"  {'；'.join(taken)}")
        if kept and sheet.kind is SheetKind.CASES:
            printing.line(f"  原样保留 / kept as they are: {'；'.join(kept)}")
        elif kept:
            printing.line(f"  未导入 / left out: {'；'.join(kept)}")
    for caution in ledger.warnings[:SHOWN]:
        where = f"{caution.sheet} 第 {caution.row} 行 " if caution.row else f"{caution.sheet} "
        printing.line(f"  注意 note: {where}{caution.column} {caution.zh} / {caution.en}")
    for why, lines in _passed_over(ledger).items():
        printing.line(f"  略过 passed over: {why} {'、'.join(lines[:SHOWN])}{' …' if len(lines) > SHOWN else ''}")
    if ledger.ignored:
        printing.line(f"  未导入的工作表 / sheets that were left out: {'、'.join(ledger.ignored)}")


def _passed_over(ledger: Ledger) -> dict[str, list[str]]:
    """The filled lines that are no case and no step: of each kind, which."""
    lines = defaultdict(list)
    for line in ledger.skipped:
        lines[line.why.label].append(f"{line.sheet} 第 {line.row} 行")
    return lines


def tell_refusals(rows: Sequence[Refusal]) -> None:
    """The first refused rows with the reasons."""
    for refusal in rows[:SHOWN]:
        said = f"{refusal.reason_zh} / {refusal.reason_en}"
        printing.line(f"  {refusal.sheet} 第 {refusal.row} 行 {said}")
    if len(rows) > SHOWN:
        printing.line(
            f"  … 还有 {len(rows) - SHOWN} 行，--json 列出全部 / {len(rows) - SHOWN} more, --json lists them all"
        )


def written(path: Path, errors: Path) -> str:
    """Where the errors file of a file is, and what became of an earlier one."""
    earlier = not errors.name.startswith(f"{path.name}.errors.")
    return f"{errors}" + "（此前的错误表没有改动 / the earlier one is as it was）" * earlier


def keep_refused(path: Path, ledger: Ledger) -> None:
    """Write the refused rows beside their file, when there are any, and say where. To be called when all else is told.

    Raises ProcessError when they cannot be written: what was taken in stays.
    """
    if not ledger.refusals:
        return
    try:
        printing.say(f"退回的行已写入 / refused rows are in: {written(path, write_refusals(path, ledger))}")
    except OSError as error:
        raise ProcessError(
            f"退回的行无法写入 {path} 所在目录：{error.strerror}。已导入的不受影响；"
            "请腾出空间，或把文件复制到可写的目录，再导入一次，已有的不会重复",
            f"the refused rows cannot be written beside {path}: {error.strerror}. What was taken in stays; make room, or copy the"
            " file to a folder that can be written, and import it again: nothing is added twice",
        ) from error
