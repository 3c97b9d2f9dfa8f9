"""一单位一台账: in which book a unit's work stands, under whatever name it was written. Pure.

A unit that is known has one book, which goes by the first name that it bore: what was said of it stays where it was said, when
the unit is renamed. What is written under another of its names is written in that book. Of whom nothing is known, or by whose
name several may be meant, there is a book under the name as it was written.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from services.supervision.unitbook import COUNTY, Entry, UnitBook, book_id
from shared.directory import Directory, Unit
from shared.workdays import business_date


def home(directory: Directory, unit: Unit, region: str) -> str:
    """The id of the book of a unit, for cases of a region: by its first name, unless another unit of its place bore that before."""
    since, name = unit.names[0]
    others = (directory.units[its] for its in dict.fromkeys(directory.bearers[name]) if its != unit.unit_id)
    taken = any(
        borne == name and (began, other.unit_id) < (since, unit.unit_id)
        for other in others
        if other.region[:COUNTY] == unit.region[:COUNTY]
        for began, borne in other.names
    )
    return book_id(region, f"{name}/{unit.unit_id}" if taken else name)


def bearers(directory: Directory, name: str, region: str) -> Iterator[Unit]:
    """Every unit that was ever meant by a name in a region."""
    spells = {
        (since, unit_id)
        for unit_id in directory.bearers.get(name, ())
        for since, borne in directory.units[unit_id].names
        if borne == name
    }
    found = (directory.bearer((name, since), region) for since, _ in sorted(spells))
    return iter({unit.unit_id: unit for unit in found if unit is not None and unit.names}.values())


def keyed(directory: Directory, entries: Iterable[Entry], region: str, known: datetime | None) -> Iterator[Entry]:
    """The entries, each under the id of the unit that is meant by its name; under the name, where nobody is known by it."""

    @cache
    def whose(name: str, on: date) -> str:
        unit = directory.bearer((name, on), region, known) if name in directory.bearers else None
        return unit.unit_id if unit is not None else name

    return (replace(one, unit=whose(one.unit, one.on)) if one.unit else one for one in entries)


def composed(
    directory: Directory,
    name: str,
    written: tuple[str, str] | None,
    pages: Callable[[str], Iterable[Entry]],
    today: date,
    known: datetime | None = None,
) -> UnitBook | None:
    """The book of this id: what stands, by `pages`, in the books of all names of its unit. `written` is the name, and the region,
    of which something stands under this very id; None where nothing does. None for no book.
    """
    whose = _whose(directory, name, written)
    if whose is None:
        return None
    unit, called, region = whose
    written_there = (one for its in pages_of(directory, name, written) for one in pages(its))
    entries = [*keyed(directory, written_there, region, known)]
    book = UnitBook.of(unit.unit_id if unit else called, entries, region)
    if written is None and not book.entries:
        return None
    if not book.entries and (bearer := directory.bearer((called, today), region, known)) is not None:
        elsewhere = home(directory, bearer, region)
        book = replace(book, goes_on_in="" if elsewhere == name else elsewhere)
    last = max((business_date(one.recorded) for one in entries), default=None)
    return replace(book, called=(unit.name_on(today) or called) if unit else called, written=last)


def pages_of(directory: Directory, name: str, written: tuple[str, str] | None) -> list[str]:
    """The ids of the books in which the work of the unit of this one stands, as it is written: one for each of its names."""
    whose = _whose(directory, name, written)
    if whose is None:
        return []
    unit, called, region = whose
    return [book_id(region, its) for its in sorted({borne for _, borne in unit.names} if unit else {called})]


def _whose(directory: Directory, name: str, written: tuple[str, str] | None) -> tuple[Unit | None, str, str] | None:
    """The unit whose book it is, where it is known; a name of it, and the region. None for what is no book."""
    if written is None:
        found = homes(directory)(name)
        return found and (found[0], found[0].names[0][1], found[1])
    called, region = written
    unit = next((its for its in bearers(directory, called, region) if home(directory, its, region) == name), None)
    return unit, called, region


def homes(directory: Directory) -> Callable[[str], tuple[Unit, str] | None]:
    """Whose book an id is, and of which region: asked for a book under whose own name nothing was ever written."""
    regions = {unit.region[:COUNTY] for unit in directory.units.values()}
    units = [unit for unit in directory.units.values() if unit.names]
    several = [unit for unit in units if len(unit.names) > 1 or len(directory.bearers[unit.names[0][1]]) > 1]
    return {home(directory, unit, region): (unit, region) for unit in several for region in regions}.get
