"""曾用名: by which names, of which days, a unit is meant in what was said of it, as the directory knows. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from shared.directory import Directory, Unit
from shared.events import Called


def called(directory: Directory, name: str, region: str, day: date) -> tuple[Called, ...]:
    """By which names the unit is meant that bears a name in a region on a day: all that it has borne, and those of the units
    whose duties it has. None where nobody, or more than one, is known by that name: then it has its own name alone.

    A name goes on meaning whoever bore it, until another unit of the same place takes it.
    """
    found = directory.meant(name, region, day, None)
    if len(found) != 1 or not found[0].there_on(day):
        return ()
    ours = _with_predecessors(directory, found[0], day)
    names = {borne for unit in ours.values() for since, borne in unit.names if since <= day}
    return tuple(meant for borne in sorted(names) for meant in _meaning(directory, borne, ours))


def _meaning(directory: Directory, name: str, ours: Mapping[str, Unit]) -> Iterator[Called]:
    """From when until when one of these units is meant by a name. The first who bore it is meant before, too."""
    regions = {unit.region for unit in ours.values()}
    bearers = (directory.units[unit_id] for unit_id in dict.fromkeys(directory.bearers.get(name, ())))
    spells = sorted(
        (since, unit.unit_id in ours)
        for unit in bearers
        if unit.unit_id in ours or unit.region in regions
        for since, borne in unit.names
        if borne == name
    )
    for n, (since, is_ours) in enumerate(spells):
        if is_ours:
            until = spells[n + 1][0] if n + 1 < len(spells) else date.max
            yield Called(name, since if n else date.min, until)


def _with_predecessors(directory: Directory, unit: Unit, day: date) -> dict[str, Unit]:
    """A unit, and all those whose duties have come to it by a day."""
    found, grown = {unit.unit_id: unit}, True
    while grown:
        more = {
            unit_id: other
            for unit_id, other in directory.units.items()
            if unit_id not in found
            and other.dissolved is not None
            and other.dissolved.dissolved_on <= day
            and other.dissolved.successor in found
        }
        found, grown = found | more, bool(more)
    return found
