"""信访积案台账、机构名册: reads the ledgers and rosters that offices keep in spreadsheets; what cannot be taken is handed back
with the reason.
"""

from services.intake.ledger.entries import (
    INTAKE_STEPS,
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
from services.intake.ledger.roster import PostRow, RosterFile, RosterRow, UnitRow, read_roster

__all__ = [
    "INTAKE_STEPS",
    "Caution",
    "Column",
    "Field",
    "Ledger",
    "LedgerRow",
    "LedgerStep",
    "LedgerUnreadable",
    "Original",
    "Petitioner",
    "PostRow",
    "Refusal",
    "RosterFile",
    "RosterRow",
    "SheetKind",
    "SheetMapping",
    "SkipReason",
    "Skipped",
    "StepKind",
    "UnitRow",
    "read_ledger",
    "read_roster",
    "write_refusals",
]
