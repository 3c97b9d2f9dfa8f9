"""What leaves of a case and of each of its facts: closed words, yes and no, days, officials and units. Pure.

Narrative, and every number that a person could be found by, stays here; so does whom the petition is about (Arts 30, 46).
"""

import inspect
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal, Union, get_args, get_origin

from shared.events import ZONE, Fact, Official, Recorded
from shared.events.intake import AccusedNamed, CaseRegistered
from shared.terms import Term

Kind = Literal["string", "boolean", "integer", "time"]
Value = str | bool | int | datetime

NAMED: dict[str, Kind] = {"days": "integer", "rule": "string", "policy": "string"}
"""Fields that leave though their type does not say that they may."""


@dataclass(frozen=True)
class CaseLog:
    """A case as it leaves: its registration, and its facts in the order in which they are claimed to have happened."""

    case_id: str
    registered: CaseRegistered
    facts: tuple[Recorded, ...]


@dataclass(frozen=True)
class Section:
    """A part of a document that goes over all cases once: what stands before them, of each, and after them."""

    head: bytes
    each: Callable[[CaseLog], Iterable[bytes]]
    tail: bytes


def happened(facts: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """By the claimed time; of one time in the order of recording, and each speaker's in its own."""
    return tuple(sorted(facts, key=lambda fact: (fact.occurred_at, fact.time, fact.service, fact.version)))


@lru_cache(maxsize=256)
def shape(kind: type[Fact]) -> dict[str, Kind]:
    """Which fields of a fact leave, and as what. The field that claims when it happened is the event's own time."""
    if kind is AccusedNamed:
        return {}
    found: dict[str, Kind] = {}
    for name, field in kind.model_fields.items():
        if name != kind.occurred and (told := NAMED.get(name) or _kind(field.annotation)):
            found[name] = told
    return found


def attributes(fact: Fact | None) -> dict[str, Value]:
    """What leaves of a fact, by field; days as midnight in Asia/Shanghai. Nothing of a type that is not known here."""
    if fact is None:
        return {}
    said = ((name, getattr(fact, name)) for name in shape(type(fact)))
    return {name: _value(value) for name, value in said if value is not None}


def officials(fact: Fact | None) -> Iterator[tuple[str, Official]]:
    """The officials who acted, each with the field that says as what."""
    for name in type(fact).model_fields if fact is not None else ():
        if isinstance(official := getattr(fact, name), Official):
            yield name, official


def unit_of(fact: Fact | None) -> str | None:
    """The unit that the fact is about, of which an official acted, or which was handed the case."""
    unit: str | None = getattr(fact, "unit", None)
    return unit or None


def word(fact: Recorded) -> str:
    """What people call it: the word before the colon in the text of its class."""
    text = inspect.getdoc(type(fact.fact)) if fact.fact is not None else None
    return (text or fact.type).partition(":")[0]


def midnight(day: date) -> datetime:
    """The beginning of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, ZONE)


def _value(value: Term | bool | int | str | date | datetime) -> Value:
    match value:
        case Term():
            return value.value
        case datetime():
            return value
        case date():
            return midnight(value)
        case _:
            return value


def _kind(annotation: object) -> Kind | None:
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [_kind(part) for part in get_args(annotation) if part is not type(None)]
        return kinds[0] if len(kinds) == 1 else None
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, Term):
        return "string"
    return "boolean" if annotation is bool else "time" if annotation in (date, datetime) else None
