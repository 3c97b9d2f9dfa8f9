"""引证: a fact as a verdict names it. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shared.events.supervision import Evidence


class Cited(NamedTuple):
    """引证: a fact that a verdict counts or ignores, and why. A tuple, because most verdicts find nothing and are never said."""

    id: str
    type: str
    on: date
    why_zh: str = ""
    why_en: str = ""


def published(cited: Iterable[Cited]) -> tuple[Evidence, ...]:
    """How they are published once the verdict is said."""
    return tuple(Evidence(**one._asdict()) for one in cited)
