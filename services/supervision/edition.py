"""版次: which edition of huajie judges, so that every case is asked by a new one, and auditors see since when."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JUDGES = (
    "services/supervision/**/*.py",
    "shared/*.py",
    "shared/events/**/*.py",
    "shared/policy/*.py",
    "shared/terms/*.py",
)
"""The code that a verdict, and what follows from it, can depend on."""
DIGITS = 12


@cache
def edition() -> str:
    """The beginning of the SHA-256 of all that code: another one may judge otherwise, and who could say in which cases?"""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in JUDGES for path in ROOT.glob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:DIGITS]
