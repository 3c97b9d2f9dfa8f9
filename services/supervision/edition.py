"""版次: which edition of huajie judges, so that every case is asked by a new one, and auditors see since when."""

from shared.edition import edition_of

JUDGES = (
    "services/supervision/**/*.py",
    "shared/*.py",
    "shared/events/**/*.py",
    "shared/policy/*.py",
    "shared/terms/*.py",
)
"""The code that a verdict, and what follows from it, can depend on."""


def edition() -> str:
    """The edition of all that code."""
    return edition_of(*JUDGES)
