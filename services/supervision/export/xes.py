"""IEEE 1849 XES: a trace per case, an event per fact, with the concept, lifecycle, organizational and time extensions. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

from services.supervision.export.entries import (
    CaseLog,
    Section,
    Value,
    attributes,
    midnight,
    officials,
    unit_of,
    word,
)
from shared.events import ZONE, Recorded

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, however it is written."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<global scope="trace">
<string key="concept:name" value="-"/>
</global>
<global scope="event">
<string key="concept:name" value="-"/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1949-10-01T00:00:00.000+08:00"/>
</global>
<classifier name="Activity" keys="concept:name"/>
"""


def xes(region: str) -> tuple[Section, ...]:
    """The document of this region's node."""
    name = "".join(_written({"concept:name": f"huajie {region}", "lifecycle:model": "standard"}))
    return (Section(f"{HEAD}{name}".encode(), _trace, b"</log>\n"),)


def event(fact: Recorded) -> dict[str, Value]:
    """A fact by the keys of XES: `time:timestamp` is when it is claimed to have happened, `recorded` when it was recorded.

    The resource is the official who acted, where the fact names one, the group the unit that it is about; `recordedby` and
    its role are whoever gave the command. Imported says that it is a claim from a file.
    """
    _, actor = next(officials(fact.fact), (None, None))
    said: dict[str, Value] = {
        "concept:name": fact.type,
        "concept:instance": fact.id,
        "lifecycle:transition": "complete",
        "time:timestamp": fact.occurred_at.astimezone(ZONE),
        "org:resource": (actor.name if actor else "") or fact.actor,
        "org:group": unit_of(fact.fact) or fact.unit or "",
        "org:role": fact.role,
        "recorded": fact.time.astimezone(ZONE),
        "recordedby": fact.actor,
        "service": fact.service,
        "word": word(fact),
        "imported": fact.imported_from is not None,
    }
    return {key: value for key, value in (said | attributes(fact.fact)).items() if value != ""}


def trace(case: CaseLog) -> dict[str, Value]:
    """The case by the keys of XES."""
    registered = case.registered
    return {
        "concept:name": case.case_id,
        "region": registered.region,
        "channel": registered.channel.value,
        "unit": registered.unit,
        "received": midnight(registered.received_on),
    }


def _trace(case: CaseLog) -> Iterator[bytes]:
    yield f"<trace>\n{''.join(_written(trace(case)))}".encode()
    for fact in case.facts:
        yield f"<event>\n{''.join(_written(event(fact)))}</event>\n".encode()
    yield b"</trace>\n"


def _written(said: Mapping[str, Value]) -> Iterator[str]:
    for key, value in said.items():
        tag, text = _text(value)
        yield f'<{tag} key="{key}" value={quoteattr(ILLEGAL.sub("", text))}/>\n'


def _text(value: Value) -> tuple[str, str]:
    match value:
        case bool():
            return "boolean", str(value).lower()
        case int():
            return "int", str(value)
        case datetime():
            return "date", value.isoformat(timespec="milliseconds")
        case str():
            return "string", value
