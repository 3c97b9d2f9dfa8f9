"""What a word of a closed vocabulary is."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of a closed vocabulary: the value travels in facts, the label is what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @classmethod
    def labelled(cls, label: str) -> Self | None:
        """The word whose Chinese label this is, or None."""
        return next((word for word in cls if word.label == label), None)
