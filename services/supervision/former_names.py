"""曾用名: a case with every unit under one name, so that no rule takes a unit that was renamed for two. Pure.

A name means whoever bore it on the day of the fact that names it. Findings rest on facts and their days, never on a name:
where no unit was renamed, every answer is that of the names as they were written.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from shared.directory import Directory, Unit
from shared.events import Fact, Named, case_of, read
from shared.events.casework import CaseAccepted, ReviewDecided
from shared.events.intake import (
    UNITS,
    AccusedNamed,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    EntryWithdrawn,
    NoticeOfAcceptanceServed,
    ObjectionRaised,
    UnitDissolved,
    UnitEstablished,
    UnitRenamed,
)

NAMING: tuple[type[Fact], ...] = (
    CaseRegistered,
    CaseDispatched,
    CaseAccepted,
    ObjectionRaised,
    DispatchObjected,
    NoticeOfAcceptanceServed,
    ReviewDecided,
    AccusedNamed,
)
"""The facts whose units some rule holds against each other."""


def under_one_name(dossier: Dossier, directory: Callable[[], Directory], today: date, known: datetime) -> Dossier:
    """The case as of a day, each unit under its name of that day, as the directory was known at a moment. Where a unit's
    duties passed to another that had no part in the case until then, the two are one (信访工作条例 Art 24).

    The directory is asked only for a case that names more than one unit.
    """
    dossier = dossier.until(today)
    there = dossier.by_type
    naming = [noted for kind in NAMING if kind in there for noted in there[kind]]
    named = {(unit, noted.on) for noted in naming for unit in _units(noted.fact) if unit}
    if len({unit for unit, _ in named}) < 2 or dossier.registered is None:
        return dossier
    units = directory()
    if units.bearers.keys().isdisjoint(unit for unit, _ in named):
        return dossier  # nobody is known by any of these names
    called = _called(units, named, dossier.registered.fact.region, today, known)
    if all(called[one] == one[0] for one in named):
        return dossier
    return replace(dossier, facts=tuple(_renamed(noted, called) for noted in dossier.facts))


def names_anew(document: bytes, directory: Callable[[], Directory]) -> bool:
    """Whether a document, which the directory holds, may change which unit is meant by a name that cases bear already."""
    if UNITS.encode() not in document or not case_of(document).startswith(UNITS):  # most are not even read for this
        return False
    match read(document).fact:
        case UnitRenamed() | UnitDissolved() | EntryWithdrawn():
            return True
        case UnitEstablished(name=name):
            return len(directory().bearers.get(name, ())) > 1
        case _:
            return False


def _called(directory: Directory, named: set[Named], region: str, today: date, known: datetime) -> Mapping[Named, str]:
    """How whoever is meant is called on the day; as it was named, where nobody is known by the name, or several are."""
    meant = {one: directory.bearer(one, region, known) for one in named}
    first: dict[str, date] = {}
    for (_, on), unit in meant.items():
        if unit is not None:
            first[unit.unit_id] = min(on, first.get(unit.unit_id, on))

    def heir(unit: Unit) -> Unit:
        seen = {unit.unit_id}
        while (gone := unit.dissolved) is not None and gone.successor in directory.units.keys() - seen:
            if not gone.dissolved_on <= min(today, first.get(gone.successor, today)):
                break
            seen.add(gone.successor)
            unit = directory.units[gone.successor].known_at(known)
        return unit

    return {one: (heir(unit).name_on(today) if unit else "") or one[0] for one, unit in meant.items()}


def _units(fact: Fact) -> tuple[str, ...]:
    """The units that a fact names. Empty names nobody."""
    units: tuple[str, ...] = fact.units if isinstance(fact, AccusedNamed) else (fact.__dict__["unit"],)
    return units


def _renamed(noted: Noted[Fact], called: Mapping[Named, str]) -> Noted[Fact]:
    match noted.fact:
        case AccusedNamed(units=units) as fact:
            return noted._replace(
                fact=fact.model_copy(update={"units": tuple(called.get((u, noted.on), u) for u in units)})
            )
        case fact if isinstance(fact, NAMING):
            (unit,) = _units(fact)
            return noted._replace(fact=fact.model_copy(update={"unit": called.get((unit, noted.on), unit)}))
        case _:
            return noted
