"""Whatever a command can say is bounded, and the document says how: a fact lies in the log for ever."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.documents import openapi
from deploy.serve import APPS

JUDGED_ROW_BY_ROW = {"LedgerRow"}
"""A row of a ledger is bounded by the length of the whole request, and refused by itself, with a reason."""


def unbounded(schemas: dict[str, Any], schema: dict[str, Any], place: str, seen: frozenset[str]) -> Iterator[str]:
    """Where a schema lets somebody say as much as they like, or a character that cannot be kept."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        if name not in seen and name not in JUDGED_ROW_BY_ROW:
            yield from unbounded(schemas, schemas[name], f"{place} ({name})", seen | {name})
        return
    for kind in schema.get("anyOf", schema.get("oneOf", ())):
        yield from unbounded(schemas, kind, place, seen)
    written = schema.get("type") == "string" and not schema.keys() & {"enum", "const"}
    if written and re.search(schema.get("pattern", ""), "一\0一"):
        yield f"{place}: NUL"
    match schema.get("type"):
        case "string" if not schema.keys() & {"enum", "const", "maxLength"}:
            pattern = schema.get("pattern", "*")  # a day, a digest or a region has as many letters as its pattern
            repeats = re.sub(r"\[[^]]*\]", "", pattern)  # a + among the letters of a class repeats nothing
            if "*" in repeats or "+" in repeats or not (pattern.startswith("^") and pattern.endswith("$")):
                yield place
        case "integer" | "number" if not {"minimum", "maximum"} <= schema.keys():
            yield place
        case "array":
            yield from unbounded(schemas, schema["items"], f"{place}[]", seen)
            if "maxItems" not in schema:
                yield place
        case "object":
            if schema.get("additionalProperties", True) is not False:
                yield place
            for name, part in schema.get("properties", {}).items():
                yield from unbounded(schemas, part, f"{place}.{name}", seen)
            for part in schema.get("patternProperties", {}).values():
                yield from unbounded(schemas, part, f"{place}{{}}", seen)


@pytest.mark.parametrize("service", APPS)
def test_what_a_command_says_is_bounded(service: str) -> None:
    """An official, a commitment, a measure and the like: take those of `shared.given` into a command, not a fact's own."""
    document = openapi(service)
    schemas = document["components"]["schemas"]
    found = [
        wrong
        for path, methods in document["paths"].items()
        for operation in methods.values()
        for kind, said in operation.get("requestBody", {"content": {}})["content"].items()
        if kind == "application/json"  # a file is as long as the node lets it be
        for wrong in unbounded(schemas, said["schema"], path, frozenset())
    ]
    assert found == []
