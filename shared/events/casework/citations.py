"""同件同文: what casework says of one file, or one text, in several cases, and of who was handed a file. Which cases these are,
only its own history tells.
"""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact


class FileCited(CaseworkFact):
    """同件登记: a file, known by its digest, was filed as a paper of a case. Its history is no case's: `file-<digest>`."""

    sha256: str
    case_id: str
    unit: str = ""
    """Whose clerk filed it; empty where nobody of a unit did."""


class FileOpened(CaseworkFact):
    """调阅: a file of a case was handed out, to be saved. To whom, its document says: the actor. The history is the file's."""

    occurred: ClassVar[str] = "opened_on"

    sha256: str
    case_id: str
    opened_on: date


class TextCited(CaseworkFact):
    """同文登记: a text, known by the digest of its words, was written in a case. Its history is no case's: `text-<digest>`."""

    sha256: str
    case_id: str
    unit: str
    """Whose clerk wrote it."""
    characters: int
    """How long it is, without punctuation and figures."""
    fact: str
    """The id of the fact that holds it."""


class FileFoundElsewhere(CaseworkFact):
    """同件见于外单位: a file that was filed here had been filed by another unit in another case. Whose, is not said."""

    occurred: ClassVar[str] = "found_on"

    sha256: str
    units: int
    """By how many other units."""
    found_on: date


class TextFoundElsewhere(CaseworkFact):
    """同文见于外单位: what was written here another unit had written in another case, word for word. Whose, is not said."""

    occurred: ClassVar[str] = "found_on"

    sha256: str
    characters: int
    fact: str
    """The id of the fact that holds the text."""
    units: int
    found_on: date
