"""花名册: which units there are, who held which post in them on a day, and who acted for whom, as known at a moment.

A fold over the histories of all units. Each answer is a function of which facts there are; the order in which they arrive
does not matter. Days are business days in Asia/Shanghai, moments are instants. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from shared.events import Named, Official, Recorded
from shared.events.intake import (
    DelegationGiven,
    DelegationRevoked,
    EntryWithdrawn,
    LeaveEnded,
    LeaveGranted,
    PostLeft,
    PostTaken,
    UnitDissolved,
    UnitEstablished,
    UnitFact,
    UnitRenamed,
)

F = TypeVar("F", bound=UnitFact)


@dataclass(frozen=True)
class Entry:
    """A fact of a unit: its place in the unit's history, and when it was recorded."""

    version: int
    recorded: datetime
    fact: UnitFact


@dataclass(frozen=True)
class Holding:
    """任职: a post, and from which day until before which day it was held; None while it is."""

    taken: PostTaken
    left_on: date | None

    def covers(self, day: date) -> bool:
        """Whether it was held on that day. On the day of leaving it is held by whoever takes it then."""
        return self.taken.since <= day and (self.left_on is None or day < self.left_on)

    def meets(self, other: "Holding") -> bool:
        """Whether there is a day that both cover."""
        return (self.left_on is None or other.taken.since < self.left_on) and (
            other.left_on is None or self.taken.since < other.left_on
        )


@dataclass(frozen=True)
class Unit:
    """机构: one unit's history, by version."""

    unit_id: str = ""
    entries: tuple[Entry, ...] = ()

    def plus(self, recorded: Recorded) -> "Unit":
        """The unit with one more of its facts; one that is there already adds nothing."""
        if not isinstance(recorded.fact, UnitFact) or any(e.version == recorded.version for e in self.entries):
            return self
        entries = (*self.entries, Entry(recorded.version, recorded.time, recorded.fact))
        return Unit(recorded.case_id, tuple(sorted(entries, key=lambda entry: entry.version)))

    def known_at(self, moment: datetime | None) -> "Unit":
        """The unit without what was recorded after the moment; None for all that is known."""
        if moment is None or all(entry.recorded <= moment for entry in self.entries):
            return self
        return replace(self, entries=tuple(entry for entry in self.entries if entry.recorded <= moment))

    @cached_property
    def withdrawn(self) -> frozenset[int]:
        """The versions of the entries that were found wrong. A withdrawal that is itself withdrawn counts for nothing."""
        found: set[int] = set()
        for entry in reversed(self.entries):
            if isinstance(entry.fact, EntryWithdrawn) and entry.version not in found:
                found.add(entry.fact.entry)
        return frozenset(found)

    @cached_property
    def facts(self) -> tuple[UnitFact, ...]:
        """What stands, in the order in which it was said."""
        return tuple(entry.fact for entry in self.entries if entry.version not in self.withdrawn)

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a type that stand."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @cached_property
    def established(self) -> UnitEstablished | None:
        return next(iter(self.all(UnitEstablished)), None)

    @property
    def region(self) -> str:
        """Where it lies (GB/T 2260); "" while that is not known."""
        return self.established.region if self.established else ""

    @cached_property
    def dissolved(self) -> UnitDissolved | None:
        return next(iter(self.all(UnitDissolved)), None)

    @cached_property
    def names(self) -> tuple[tuple[date, str], ...]:
        """Its names, each with the day from which the unit bore it."""
        if self.established is None:
            return ()
        later = sorted(self.all(UnitRenamed), key=lambda fact: fact.renamed_on)
        return (
            (self.established.established_on, self.established.name),
            *((fact.renamed_on, fact.name) for fact in later),
        )

    def name_on(self, day: date) -> str:
        """Its name on a day; "" before there was such a unit."""
        return next((name for since, name in reversed(self.names) if since <= day), "")

    def there_on(self, day: date) -> bool:
        """Whether there was such a unit on a day."""
        gone = self.dissolved is not None and self.dissolved.dissolved_on <= day
        return bool(self.name_on(day)) and not gone

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        """All posts that were held, in the order in which they were taken."""
        left = {fact.holding_id: fact.left_on for fact in self.all(PostLeft)}
        taken = sorted(self.all(PostTaken), key=lambda fact: fact.since)
        return tuple(Holding(fact, left.get(fact.holding_id)) for fact in taken)

    def held_on(self, day: date) -> list[Holding]:
        """The posts that were held on a day."""
        return [holding for holding in self.holdings if holding.covers(day)]

    def head_on(self, day: date) -> Official | None:
        """主要负责人: who answered for the unit on a day; None when nobody is known to have."""
        heads = [holding.taken.official for holding in self.held_on(day) if holding.taken.heads_unit]
        return heads[-1] if heads else None

    def has_left(self, official_id: str, day: date) -> bool:
        """Whether an official held a post here before a day, and on the day holds none."""
        its = [holding for holding in self.holdings if holding.taken.official.id == official_id]
        return any(one.taken.since <= day for one in its) and not any(one.covers(day) for one in its)

    def away_on(self, official_id: str, day: date) -> bool:
        """Whether an official was on leave on a day."""
        back = {fact.leave_id: fact.returned_on for fact in self.all(LeaveEnded)}
        return any(
            leave.first_day <= day <= leave.last_day and day < back.get(leave.leave_id, date.max)
            for leave in self.all(LeaveGranted)
            if leave.official_id == official_id
        )

    def delegates_on(self, official_id: str, day: date, command: str | None = None) -> list[Official]:
        """Who acted for an official on a day: for this command, or, without one, for all that the official may do."""
        given = self.delegations_on(official_id, day)
        return [one.delegate for one in given if not one.commands or command in one.commands]

    def delegations_on(self, official_id: str, day: date) -> list[DelegationGiven]:
        """What an official had delegated on a day, and not taken back."""
        ended = {fact.delegation_id: fact.revoked_on for fact in self.all(DelegationRevoked)}
        return [
            given
            for given in self.all(DelegationGiven)
            if given.official_id == official_id
            and given.first_day <= day <= given.last_day
            and day < ended.get(given.delegation_id, date.max)
        ]

    def acting_on(self, official_id: str, day: date) -> Official | None:
        """代行: who is told beside an official who is on leave; None for one who is there, or for whom nobody acts."""
        delegates = self.delegates_on(official_id, day) if self.away_on(official_id, day) else []
        return delegates[-1] if delegates else None


@dataclass(frozen=True)
class Directory:
    """All units, by id. A new value for each change: whoever holds one keeps what it says."""

    units: Mapping[str, Unit] = field(default_factory=dict)

    def plus(self, facts: Iterable[Recorded]) -> "Directory":
        """The directory with more facts; those of cases change nothing."""
        units = dict(self.units)
        for recorded in facts:
            if isinstance(recorded.fact, UnitFact):
                units[recorded.case_id] = units.get(recorded.case_id, Unit(recorded.case_id)).plus(recorded)
        return Directory(units)

    def known_at(self, moment: datetime | None) -> "Directory":
        """The directory without what was recorded after the moment; None for all that is known."""
        if moment is None:
            return self
        return Directory({unit_id: unit.known_at(moment) for unit_id, unit in self.units.items()})

    @cached_property
    def bearers(self) -> Mapping[str, list[str]]:
        """The ids of the units that were ever said to bear a name."""
        found: dict[str, list[str]] = {}
        for unit_id, unit in sorted(self.units.items()):
            for entry in unit.entries:
                if isinstance(entry.fact, UnitEstablished | UnitRenamed):
                    found.setdefault(entry.fact.name, []).append(unit_id)
        return found

    def unit(
        self, name: str, region: str, day: date, known: datetime | None = None, *, named_on: date | None = None
    ) -> Unit | None:
        """The unit that a case of this region means by a name, or the one that has its duties on that day.

        By the name that it bore when it was named (on the day asked about, unless that is said), else by one that it bore
        before. None when no unit is known by that name there, when it is gone without a successor, or when several are meant
        as well: nobody is named by a guess.
        """
        if name not in self.bearers:
            return None
        found = self.meant(name, region, named_on or day, known)
        if not found and named_on is not None:
            found = self.meant(name, region, day, known)
        return self._successor(found[0], day=day, known=known) if len(found) == 1 else None

    def same(self, one: Named, other: Named, region: str) -> bool:
        """Whether two names mean one unit, or one that has the duties of the other: by their words, or as both are known."""
        day = max(one[1], other[1])
        first, second = (self.unit(name, region, day, named_on=on) for name, on in (one, other))
        return one[0] == other[0] or (first is not None and second is not None and first.unit_id == second.unit_id)

    def called_on(self, named: Named, region: str, day: date, known: datetime | None = None) -> str:
        """How the unit that a case means by a name is called on a day; as it was named, where it is not known."""
        unit = self.unit(named[0], region, day, known, named_on=named[1])
        return unit.name_on(day) if unit else named[0]

    def bearer(self, named: Named, region: str, known: datetime | None = None) -> Unit | None:
        """The one unit that a case of this region means for ever by a name: who bore it on the day of the fact, or before, else
        who took it later. None when nobody is known by it there, or more than one.
        """
        name, on = named
        found = self.meant(name, region, on, known) or self.meant(name, region, date.max, known)
        return found[0] if len(found) == 1 else None

    def meant(self, name: str, region: str, day: date, known: datetime | None) -> list[Unit]:
        """Who may be meant by a name on a day: who bears it, else who bore it; of those the nearest to the case's region."""
        meant = [
            unit for unit in self._known(self.bearers.get(name, ()), known) if _near(unit, region) and unit.name_on(day)
        ]
        now = [unit for unit in meant if unit.there_on(day) and unit.name_on(day) == name]
        once = [unit for unit in meant if name in {borne for since, borne in unit.names if since <= day}]
        likely = now or once
        nearest = max((_shared(unit, region) for unit in likely), default=0)
        return list({unit.unit_id: unit for unit in likely if _shared(unit, region) == nearest}.values())

    def posts_of(self, official_id: str, day: date) -> Iterator[tuple[Unit, Holding]]:
        """The posts that an official held on a day, in whichever unit."""
        for _, unit in sorted(self.units.items()):
            for holding in unit.held_on(day) if unit.there_on(day) else ():
                if holding.taken.official.id == official_id:
                    yield unit, holding

    def _known(self, unit_ids: Iterable[str], known: datetime | None) -> Iterator[Unit]:
        return (self.units[unit_id].known_at(known) for unit_id in dict.fromkeys(unit_ids))

    def _successor(self, unit: Unit, *, day: date, known: datetime | None) -> Unit | None:
        seen: set[str] = set()
        while not unit.there_on(day):
            after = unit.dissolved.successor if unit.dissolved else None
            if after is None or after in seen or after not in self.units:
                return None
            seen.add(after)
            unit = self.units[after].known_at(known)
        return unit


def _near(unit: Unit, region: str) -> bool:
    """Whether a unit may have cases of a region: it lies in the same county, or one of the two in the other."""
    own = unit.region
    return own[:6] == region[:6] or region.startswith(_stem(own)) or own.startswith(_stem(region))


def _stem(code: str) -> str:
    """What the codes of the region's parts begin with: 61 for 610000, 6104 for 610400."""
    return re.sub(r"(00){1,2}$", "", code) if len(code) == 6 else code


def _shared(unit: Unit, region: str) -> int:
    """How many leading digits a unit's region has in common with another."""
    own = unit.region
    return next((n for n, (a, b) in enumerate(zip(own, region, strict=False)) if a != b), min(len(own), len(region)))
