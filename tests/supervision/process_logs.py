"""What makes a document XES or OCEL 2.0: checks by the rules of the one schema and by the JSON Schema of the other."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parent / "ocel2.schema.json").read_text("utf-8"))


XES = "{http://www.xes-standard.org/}"


DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"


VALUES = {
    "string": ".*",
    "id": ".*",
    "date": DATE,
    "int": r"-?\d+",
    "float": r"-?[\d.eE+-]+",
    "boolean": "true|false|0|1",
}
"""The attributes that the schema knows, and how their values are written."""


KEYS = {
    "concept": {"name", "instance"},
    "lifecycle": {"model", "transition", "state"},
    "org": {"resource", "role", "group"},
    "time": {"timestamp"},
}
"""What the declared extensions define."""


def check_xes(content: bytes) -> list[dict[str, dict[str, str]]]:
    """Hold a document against the rules of the schema of IEEE 1849-2016; answers each trace's events by `concept:instance`."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{XES}log"
    assert re.fullmatch(r"\d+(\.\d+)?", root.attrib["xes.version"])
    order = ["extension", "global", "classifier", "attribute", "trace"]
    places = [order.index(_tag(child) if _tag(child) in order else "attribute") for child in root]
    assert places == sorted(places)
    declared = {child.attrib["prefix"] for child in root if _tag(child) == "extension"}
    assert declared == KEYS.keys()
    asked = {child.attrib["scope"]: {a.attrib["key"] for a in child} for child in root if _tag(child) == "global"}
    assert asked.keys() == {"trace", "event"}
    for classifier in root.iter(f"{XES}classifier"):
        assert set(classifier.attrib["keys"].split()) <= asked["event"]
    _attributes(child for child in root if _tag(child) in VALUES)
    traces = []
    for trace in root.iter(f"{XES}trace"):
        tags = [_tag(child) for child in trace]
        assert tags == sorted(tags, key=lambda tag: tag == "event")
        assert asked["trace"] <= _attributes(child for child in trace if _tag(child) != "event").keys()
        events = [_attributes(event) for event in trace if _tag(event) == "event"]
        assert all(asked["event"] <= event.keys() for event in events)
        times = [datetime.fromisoformat(event["time:timestamp"]) for event in events]
        assert times == sorted(times)
        traces.append({event["concept:instance"]: event for event in events})
    return traces


def _tag(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(XES)


def _attributes(elements: Iterable[ElementTree.Element]) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in elements:
        key, value = element.attrib["key"], element.attrib["value"]
        prefix, colon, name = key.partition(":")
        assert re.fullmatch(r"[A-Za-z_:][\w:.-]*", key)
        assert not colon or name in KEYS[prefix]
        assert re.fullmatch(VALUES[_tag(element)], value, re.DOTALL)
        assert key not in found
        found[key] = value
    return found


def check_ocel(content: bytes) -> dict[str, Any]:
    """Hold a document against the JSON Schema, and its references against one another."""
    said: dict[str, Any] = json.loads(content)
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(said)
    for kinds, things in (("objectTypes", "objects"), ("eventTypes", "events")):
        types = {kind["name"]: {a["name"]: a["type"] for a in kind["attributes"]} for kind in said[kinds]}
        ids = [thing["id"] for thing in said[things]]
        assert len(ids) == len(set(ids))
        for thing in said[things]:
            for attribute in thing["attributes"]:
                python = {"string": str, "boolean": bool, "integer": int, "time": str}
                assert isinstance(attribute["value"], python[types[thing["type"]][attribute["name"]]])
    objects = {thing["id"] for thing in said["objects"]}
    for thing in (*said["objects"], *said["events"]):
        assert {related["objectId"] for related in thing["relationships"]} <= objects
    return said
