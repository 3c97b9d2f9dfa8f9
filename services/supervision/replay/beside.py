"""对照: what was said and what the rules say now, side by side: found anew, found no longer, earlier, later, otherwise. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.supervision.domain import State
from services.supervision.dossier import Dossier
from shared.events import Fact
from shared.events.supervision import LimitApproached, NoticeIssued
from shared.workdays import business_date


class Kind(StrEnum):
    """差异: how what the rules say now differs from what was said."""

    NEW = "new"
    GONE = "gone"
    EARLIER = "earlier"
    LATER = "later"
    OTHERWISE = "otherwise"
    """On the same day, and not in the same words. Only looked for where every byte has to be the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the clock: as of which moment, about which unit."""

    as_of: datetime
    unit: str
    fact: Fact


@dataclass(frozen=True)
class Difference:
    """One difference: in which case, about whom, and on which days it was said and is said now."""

    kind: Kind
    case_id: str
    unit: str
    fact: str
    about: str
    """The rule, or the rung of a notice."""
    said_on: date | None
    said_now: date | None


@dataclass
class Replayed:
    """What a history came to: what was said in the window, and what the rules say now."""

    issued: list[Said] = field(default_factory=list)
    found: list[Said] = field(default_factory=list)
    judged: int = 0
    """How often it was asked."""
    moot: int = 0
    """Words of people about what the rules do not say now."""


def said(state: State, fact: Fact, as_of: datetime) -> Said:
    """A word, with the unit that it is about."""
    addressee = fact.addressee.unit if isinstance(fact, NoticeIssued | LimitApproached) else ""
    unit = fact.__dict__.get("unit", "") or addressee
    return Said(as_of, unit or (state.unit if isinstance(state, Dossier) else ""), fact)


def compared(case_id: str, replayed: Replayed, *, to_the_byte: bool) -> Iterator[Difference]:
    """The differences, in the order in which the words were said; the n-th word of a kind is held against the n-th."""
    issued, found = _numbered(replayed.issued), _numbered(replayed.found)
    for place in dict.fromkeys((*issued, *found)):
        was, now = issued.get(place), found.get(place)
        kind = _kind(was, now, to_the_byte=to_the_byte)
        if kind is not None:
            unit = (found.get(place) or issued[place]).unit
            yield Difference(kind, case_id, unit, place[0], place[1], _day(was), _day(now))


def _day(word: Said | None) -> date | None:
    return business_date(word.as_of) if word else None


def _kind(was: Said | None, now: Said | None, *, to_the_byte: bool) -> Kind | None:
    if was is None or now is None:
        return Kind.NEW if was is None else Kind.GONE
    before, after = business_date(was.as_of), business_date(now.as_of)
    if before != after:
        return Kind.EARLIER if after < before else Kind.LATER
    return Kind.OTHERWISE if to_the_byte and was.fact != now.fact else None


def _numbered(words: Iterable[Said]) -> dict[tuple[str, str, int], Said]:
    counted, numbered = Counter[tuple[str, str]](), dict[tuple[str, str, int], Said]()
    for word in words:
        about = (str(word.fact.__dict__.get(name, "")) for name in ("rule", "level", "phase", "report"))
        place = (type(word.fact).__name__, next(filter(None, about), ""))
        counted[place] += 1
        numbered[(*place, counted[place])] = word
    return numbered


@dataclass
class Tally:
    """合计: what many histories came to. Two tallies add up; only so many differences are kept one by one."""

    histories: int = 0
    facts: int = 0
    judged: int = 0
    moot: int = 0
    issued: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    differences: Counter[tuple[str, str, Kind]] = field(default_factory=Counter)
    """By unit, type of fact and kind."""
    shown: list[Difference] = field(default_factory=list)
    editions: list[str] = field(default_factory=list)
    """Which editions of huajie judged, in their order; empty stands for those from before they were on record."""

    def take(self, case_id: str, facts: int, replayed: Replayed, most: int, *, to_the_byte: bool) -> None:
        """Count one history."""
        self.histories += 1
        self.facts += facts
        self.judged += replayed.judged
        self.moot += replayed.moot
        self.issued.update(type(word.fact).__name__ for word in replayed.issued)
        self.found.update(type(word.fact).__name__ for word in replayed.found)
        for difference in compared(case_id, replayed, to_the_byte=to_the_byte):
            self.differences[difference.unit, difference.fact, difference.kind] += 1
            if len(self.shown) < most:
                self.shown.append(difference)

    def add(self, other: "Tally", most: int) -> None:
        """Count what another tally has counted."""
        for name in ("histories", "facts", "judged", "moot"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.issued.update(other.issued)
        self.found.update(other.found)
        self.differences.update(other.differences)
        self.shown += other.shown[: most - len(self.shown)]
