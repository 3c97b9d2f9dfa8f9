"""The published language for ever: every fact ever published still reads back to the same value, and no schema breaks.

`tests/golden/facts.jsonl` holds one document per fact and schema version, `schemas.json` each fact's JSON Schema. Lines are
never edited. A new fact, a new schema version and a new field with a default are added to both by
`python -m tests.shared.test_golden`, which refuses whatever breaks.
"""

import json
import re
import types
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, create_model
from pydantic_core import from_json

from shared.events import GENESIS, REGISTRY, Asked, Fact, Official, Unreadable, Value, document, read
from shared.terms import DispatchKind, NoticeLevel

FACTS = Path(__file__).parents[1] / "golden" / "facts.jsonl"
SCHEMAS = FACTS.with_name("schemas.json")
AFRESH = "python -m tests.shared.test_golden"

Schema = dict[str, Any]


def golden() -> dict[str, bytes]:
    """The documents, by `Fact:version`."""
    lines = FACTS.read_bytes().splitlines() if FACTS.exists() else []
    return {":".join(from_json(line)["dataschema"].split(":")[-2:]): line for line in lines}


def schemas() -> dict[str, Schema]:
    """The schemas that were published, by `Fact:version`."""
    kept: dict[str, Schema] = json.loads(SCHEMAS.read_text("utf-8")) if SCHEMAS.exists() else {}
    return kept


def present() -> dict[str, type[Fact]]:
    """The facts of this version, by `Fact:version`."""
    return {f"{name}:{kind.schema_version}": kind for name, kind in sorted(REGISTRY.items())}


def schema_of(kind: type[BaseModel]) -> Schema:
    """A fact's JSON Schema without the words that are only for people, every reference filled in."""
    schema = kind.model_json_schema()
    parts = schema.pop("$defs", {})

    def plain(node: Any, *, names: bool = False) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return plain(parts[node["$ref"].rpartition("/")[2]])
        return {
            key: plain(value, names=key == "properties" and not names)
            for key, value in node.items()
            if names or key not in ("title", "description")
        }

    filled: Schema = plain(schema)
    return filled


def breaks(old: Any, new: Any, where: str = "") -> list[str]:
    """What a reader of the old schema could stumble over. Only a new field with a default is no break."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{where}: {json.dumps(old)} became {json.dumps(new)}"]
    found = []
    for key in sorted(old.keys() | new.keys()):
        here = f"{where}/{key}"
        if key == "properties":
            fields, required = new.get(key, {}), new.get("required", [])
            kept = {name: field for name, field in fields.items() if name in old.get(key, {}) or name in required}
            found += breaks(old.get(key, {}), kept, here)
        elif key not in old or key not in new:
            found.append(f"{here}: is {'new' if key in new else 'gone'}")
        else:
            found += breaks(old[key], new[key], here)
    return found


def said_again(said: Any, read_back: Any) -> bool:
    """Whether all that a document says is in what was read from it; fields that came later have their defaults."""
    if isinstance(said, dict) and isinstance(read_back, dict):
        return all(key in read_back and said_again(value, read_back[key]) for key, value in said.items())
    if isinstance(said, list) and isinstance(read_back, list):
        return len(said) == len(read_back) and all(map(said_again, said, read_back))
    return bool(said == read_back)


def specimen(annotation: Any, name: str) -> Any:
    """An invented value of a field's type: nothing is left empty, so that every field is in the golden line."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return specimen(next(part for part in arguments if part is not type(None)), name)
    if origin is tuple:
        return (specimen(arguments[0], name),)
    if origin is dict:
        return {f"{name}·键": specimen(arguments[1], name)}
    if issubclass(annotation, Enum):
        return list(annotation)[-1]
    if issubclass(annotation, BaseModel):
        return annotation(
            **{field: specimen(info.annotation, field) for field, info in annotation.model_fields.items()}
        )
    moment = datetime(2026, 11, 20, 4, tzinfo=UTC)
    return {str: f"{name}·示例", int: 7, bool: True, date: moment.date(), datetime: moment}[annotation]


def line_of(kind: type[Fact]) -> bytes:
    """A golden line: an invented fact in an envelope that has everything."""
    asked = Asked(
        actor="zhang",
        role="handler",
        now=datetime(2026, 11, 20, 4, 5, 6, tzinfo=UTC),
        unit="柳林镇",
        cause="key-1",
        correlation="request-1",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        command_hash="0123456789abcdef",
        imported_from="digest/积案台账",
    )
    fact = specimen(kind, "")
    return document(fact, region="610499", case_id="case-1", version=3, prevhash=GENESIS, asked=asked)


@pytest.mark.parametrize("name", present())
def test_every_fact_has_its_golden_line_and_its_schema(name: str) -> None:
    assert name in golden(), f"run {AFRESH}"
    assert name in schemas(), f"run {AFRESH}"


@pytest.mark.parametrize("name", golden())
def test_every_fact_ever_published_reads_back_to_the_same_value(name: str) -> None:
    line = golden()[name]
    recorded = read(line)
    assert recorded.fact is not None, f"{name} is not known any more"
    assert said_again(from_json(line)["data"], recorded.fact.model_dump(mode="json"))
    assert (recorded.id, recorded.case_id, recorded.version) == (f"{recorded.service}:case-1:3", "case-1", 3)
    assert (recorded.region, recorded.actor, recorded.role, recorded.unit) == ("610499", "zhang", "handler", "柳林镇")
    assert (recorded.cause, recorded.imported_from, recorded.prevhash) == ("key-1", "digest/积案台账", GENESIS)
    assert (recorded.time, recorded.raw) == (datetime(2026, 11, 20, 4, 5, 6, tzinfo=UTC), line)
    assert recorded.occurred_on == date(2026, 11, 20)


@pytest.mark.parametrize("name", present())
def test_no_schema_breaks(name: str) -> None:
    assert breaks(schemas()[name], schema_of(present()[name])) == []


@pytest.mark.parametrize("name", present())
def test_the_snapshot_has_every_field(name: str) -> None:
    assert schemas()[name] == schema_of(present()[name]), f"if nothing breaks, run {AFRESH}"


@pytest.mark.parametrize("kind", REGISTRY.values())
def test_every_fact_begins_with_what_people_call_it_and_names_a_field_for_when_it_happened(kind: type[Fact]) -> None:
    assert re.match("[\u4e00-\u9fff/]+: [a-z].*", kind.__doc__ or "")
    assert kind.occurred is None or kind.occurred in kind.model_fields
    if kind.done_by is not None:
        who = kind.model_fields[kind.done_by].annotation
        assert Official in (who, *get_args(who))
    assert kind.model_config["frozen"]


def test_a_document_of_a_later_schema_is_refused_and_one_of_an_unknown_fact_is_kept() -> None:
    line = line_of(REGISTRY["CaseClosed"])
    with pytest.raises(Unreadable, match="CaseClosed:2"):
        read(line.replace(b"CaseClosed:1", b"CaseClosed:2"))
    assert read(line.replace(b"CaseClosed", b"CaseForgotten")).fact is None


# The comparison itself


class Part(Value):
    number: int


class Whole(Value):
    """Words."""

    name: str
    level: NoticeLevel
    parts: tuple[Part, ...] = ()
    title: str = ""


def changed(**fields: Any) -> Schema:
    """The schema of `Whole` with other fields; None takes one away."""
    named = {name: (info.annotation, info) for name, info in Whole.model_fields.items()} | fields
    return schema_of(create_model("Whole", __base__=Value, **{n: f for n, f in named.items() if f is not None}))


class Longer(Part):
    note: str = ""


class Stricter(Part):
    note: str


@pytest.mark.parametrize(
    "fields",
    [{}, {"note": (str, "")}, {"notes": (dict[str, str] | None, None)}, {"parts": (tuple[Longer, ...], ())}],
)
def test_a_new_field_with_a_default_is_no_break(fields: dict[str, Any]) -> None:
    assert breaks(schema_of(Whole), changed(**fields)) == []


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"note": (str, ...)}, "/properties/note: is new"),
        ({"name": None}, "/properties/name: is gone"),
        ({"title": None}, "/properties/title: is gone"),
        ({"name": (int, ...)}, '/properties/name/type: "string" became "integer"'),
        ({"name": (str | None, ...)}, "/properties/name/anyOf: is new"),
        ({"name": (str, "")}, "/required"),
        ({"title": (str, "x")}, '/properties/title/default: "" became "x"'),
        ({"level": (DispatchKind, ...)}, "/properties/level/enum"),
        ({"parts": (tuple[Stricter, ...], ())}, "/properties/parts/items/properties/note: is new"),
        ({"parts": (Part | None, None)}, "/properties/parts"),
    ],
)
def test_anything_else_is_a_break(fields: dict[str, Any], where: str) -> None:
    assert any(found.startswith(where) for found in breaks(schema_of(Whole), changed(**fields)))


def test_what_is_lost_or_altered_is_not_said_again() -> None:
    assert said_again({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 0}], "d": ""})
    assert not said_again({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
    assert not said_again({"a": [1, 2]}, {"a": [1]})
    assert not said_again({"a": 1}, {})


def write() -> None:
    """Add what is new. Raises SystemExit, and changes nothing, when something breaks."""
    kept, lines = schemas(), golden()
    now = {name: schema_of(kind) for name, kind in present().items()}
    if broken := [f"{name}{found}" for name in now.keys() & kept for found in breaks(kept[name], now[name])]:
        raise SystemExit("\n".join(["a published fact is never edited; give the new meaning a new name:", *broken]))
    SCHEMAS.write_text(json.dumps(kept | now, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    new = [line_of(kind) + b"\n" for name, kind in present().items() if name not in lines]
    FACTS.write_bytes(b"".join([line + b"\n" for line in lines.values()] + new))


if __name__ == "__main__":
    write()
