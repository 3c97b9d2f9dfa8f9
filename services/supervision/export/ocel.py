"""OCEL 2.0 as JSON: cases, units, officials, findings and notices, and what each fact has to do with which of them. Pure.

The objects go first, then the events: two passes over the cases, so that neither is kept in memory. Only which units and
officials have been named already is remembered; they are as many as the county has.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from services.supervision.export.entries import CaseLog, Section, Value, attributes, midnight, officials, shape, unit_of
from shared.events import REGISTRY, Fact, Official, Recorded
from shared.events.supervision import FindingRaised, FindingResolved, NoticeClosed, NoticeIssued

Json = dict[str, Any]

ALWAYS = "1970-01-01T00:00:00Z"
"""The time of an attribute that never changes."""

OBJECTS: dict[str, dict[str, str]] = {
    "case": {"region": "string", "channel": "string", "received": "time"},
    "unit": {"name": "string"},
    "official": {"name": "string", "post": "string"},
    "finding": {"rule": "string", "kind": "string"},
    "notice": {"level": "string"},
}
"""Every type of object, with its attributes."""

OF_EVENT = {"recorded": "time", "imported": "boolean", "actor": "string", "role": "string"}
"""Attributes of every event, beside those of its fact."""


def ocel(_region: str) -> tuple[Section, ...]:
    """The document, in two sections."""
    kinds = sorted(REGISTRY.values(), key=lambda kind: kind.__name__)
    events = [{"name": kind.__name__, "attributes": _typed(OF_EVENT | shape(kind))} for kind in kinds]
    objects = [{"name": name, "attributes": _typed(said)} for name, said in OBJECTS.items()]
    head = to_json({"objectTypes": objects, "eventTypes": events})[:-1]
    seen: set[str] = set()
    return (
        Section(head + b',"objects":[', _listed(lambda case: objects_of(case, seen)), b"\n],"),
        Section(b'"events":[', _listed(lambda case: map(event, case.facts)), b"\n]}\n"),
    )


def objects_of(case: CaseLog, seen: set[str]) -> Iterator[Json]:
    """The case, its findings and notices, and the units and officials that had not been `seen` before."""
    registered = case.registered
    said: dict[str, Value] = {
        "region": registered.region,
        "channel": registered.channel.value,
        "received": midnight(registered.received_on),
    }
    yield _object(case.case_id, "case", said, [(unit_id(registered.unit), "registered with")])
    for fact in (recorded.fact for recorded in case.facts):
        for unit in _units(fact):
            if unit_id(unit) not in seen:
                seen.add(unit_id(unit))
                yield _object(unit_id(unit), "unit", {"name": unit})
        for _, official in officials(fact):
            if official_id(official) not in seen:
                seen.add(official_id(official))
                yield _object(official_id(official), "official", {"name": official.name, "post": official.post})
        about = [(case.case_id, "about")]
        if type(fact) is FindingRaised:
            found = {"rule": fact.rule, "kind": fact.kind.value}
            yield _object(f"{case.case_id}/{fact.finding_id}", "finding", found, about)
        elif isinstance(fact, NoticeIssued):
            names = [(f"{case.case_id}/{finding}", "names") for finding in fact.findings]
            level = {"level": fact.level.value}
            yield _object(f"{case.case_id}/{fact.notice_id}", "notice", level, [*about, *names])


def event(recorded: Recorded) -> Json:
    """A fact as an event, with its objects."""
    fact = recorded.fact
    said: dict[str, Value] = {
        "recorded": recorded.time,
        "imported": recorded.imported_from is not None,
        "actor": recorded.actor,
        "role": recorded.role,
    }
    return {
        "id": recorded.id,
        "type": recorded.type,
        "time": _time(recorded.occurred_at),
        "attributes": [{"name": n, "value": _json(value)} for n, value in (said | attributes(fact)).items()],
        "relationships": [_relation(*related) for related in _related(recorded)],
    }


def unit_id(unit: str) -> str:
    """The object of a unit."""
    return f"unit:{unit}"


def official_id(official: Official) -> str:
    """The object of an official."""
    return f"official:{official.id}"


def _related(recorded: Recorded) -> Iterator[tuple[str, str]]:
    case_id, fact = recorded.case_id, recorded.fact
    yield case_id, "case"
    if unit := unit_of(fact):
        yield unit_id(unit), "unit"
    for name, official in officials(fact):
        yield official_id(official), name
    match fact:
        case FindingRaised(finding_id=finding) | FindingResolved(finding_id=finding):
            yield f"{case_id}/{finding}", "finding"
        case NoticeIssued():
            yield f"{case_id}/{fact.notice_id}", "notice"
            yield unit_id(fact.addressee.unit), "addressee"
            yield from ((f"{case_id}/{finding}", "names") for finding in fact.findings)
        case NoticeClosed():
            yield f"{case_id}/{fact.notice_id}", "notice"


def _units(fact: Fact | None) -> Iterator[str]:
    if unit := unit_of(fact):
        yield unit
    if isinstance(fact, NoticeIssued):
        yield fact.addressee.unit


def _typed(said: dict[str, Any]) -> list[Json]:
    return [{"name": name, "type": kind} for name, kind in said.items()]


def _object(ident: str, kind: str, said: Mapping[str, Value], related: Iterable[tuple[str, str]] = ()) -> Json:
    return {
        "id": ident,
        "type": kind,
        "attributes": [{"name": n, "time": ALWAYS, "value": _json(v)} for n, v in said.items() if v != ""],
        "relationships": [_relation(*pair) for pair in related],
    }


def _relation(ident: str, qualifier: str) -> Json:
    return {"objectId": ident, "qualifier": qualifier}


def _json(value: Value) -> Any:
    return _time(value) if isinstance(value, datetime) else value


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _listed(each: Callable[[CaseLog], Iterable[Json]]) -> Callable[[CaseLog], Iterator[bytes]]:
    """The items of a JSON array, with a comma before all but the very first."""
    begun = False

    def written(case: CaseLog) -> Iterator[bytes]:
        nonlocal begun
        for item in each(case):
            yield (b",\n" if begun else b"\n") + to_json(item)
            begun = True

    return written
