"""信访积案台账: reads the ledgers that offices keep in spreadsheets; what cannot be taken is handed back with the reason."""

from services.intake.ledger.entries import (
    Caution,
    Column,
    Field,
    Ledger,
    LedgerRow,
    LedgerStep,
    LedgerUnreadable,
    Original,
    Petitioner,
    Refusal,
    SheetKind,
    SheetMapping,
    Skipped,
    SkipReason,
    StepKind,
)
from services.intake.ledger.errors_file import write_refusals
from services.intake.ledger.reading import read_ledger

__all__ = [
    "Caution",
    "Column",
    "Field",
    "Ledger",
    "LedgerRow",
    "LedgerStep",
    "LedgerUnreadable",
    "Original",
    "Petitioner",
    "Refusal",
    "SheetKind",
    "SheetMapping",
    "SkipReason",
    "Skipped",
    "StepKind",
    "read_ledger",
    "write_refusals",
]
