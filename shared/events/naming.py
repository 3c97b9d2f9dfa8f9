"""Who is meant by the name of a unit: names are changed, and taken by other units. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

Named = tuple[str, date]
"""A unit as a fact names it, and the day of that fact: whom the name meant then, it means in that fact for ever."""


@dataclass(frozen=True, slots=True)
class Called:
    """曾用名: a name by which a unit is meant in what is named from one day on and before another."""

    name: str
    since: date = date.min
    until: date = date.max

    def means(self, named: Named) -> bool:
        """Whether the unit is meant."""
        unit, on = named
        return unit == self.name and self.since <= on < self.until


def is_one_of(called: Iterable[Called], unit: str | None, named: Iterable[Named]) -> bool:
    """Whether a unit is among those that are named: by all names that it has borne, or, where none are known, by its own."""
    names = tuple(called) or ((Called(unit),) if unit else ())
    return any(name.means(one) for one in named for name in names)
