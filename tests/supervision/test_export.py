"""Our history as an event log: XES by the schema's rules, OCEL 2.0 by a JSON Schema, CSV; and nothing of a petitioner in any."""

import csv
import gzip
import io
import json
import re
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from eventsourcing.persistence import StoredEvent
from jsonschema import Draft202012Validator

from deploy.client import Refused
from deploy.log_exporting import export
from deploy.node import Node
from services.supervision.dossier import Dossier, evolve
from services.supervision.export import FORMATS, CaseLog
from services.supervision.export.entries import attributes, happened, officials, shape
from services.supervision.exporting import CASES_AT_ONCE, ExportAsked, page
from shared.decider import Decider
from shared.events import REGISTRY, Official
from shared.events.intake import AccusedNamed, CaseRegistered
from shared.events.supervision import Addressee, FindingRaised, NoticeIssued
from shared.identity import Actor
from shared.store import SQLiteLog, Store
from shared.terms import FindingKind, NoticeLevel, Role, Term
from tests.house import House, house
from tests.sample import accepted, day, dispatched, leader, objected, registered, visit
from tests.spec import NOW, recorded
from tests.supervision.lives import Late, history

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


def document(form: str, *cases: CaseLog) -> bytes:
    """The whole document of some cases."""
    said = b""
    for section in FORMATS[form][1]("610499"):
        said += section.head + b"".join(piece for case in cases for piece in section.each(case)) + section.tail
    return said


def log(*facts: Any, case_id: str = "case-1") -> CaseLog:
    """A case of these facts."""
    written = history(*facts)
    assert isinstance(written[0].fact, CaseRegistered)
    return CaseLog(case_id, written[0].fact, happened(written))


FINDING = FindingRaised(
    **{"finding_id": "finding-1", "rule": "idle", "name": "挂账空转", "kind": FindingKind.SUSPICION, "basis": "依据"},
    **{"policy": "national-2022", "since": day("2026-02-10"), "as_of": datetime(2026, 2, 11, tzinfo=UTC)},
    **{"sentence_zh": "张某某的案件", "sentence_en": "x", "counted": (), "ignored": (), "arithmetic": ()},
)
NOTICE = NoticeIssued(
    **{"notice_id": "notice-1", "level": NoticeLevel.REMINDER, "findings": ("finding-1",), "policy": "national-2022"},
    **{"addressee": Addressee(role="leader", name="李某", unit="青石镇"), "sentence_zh": "x", "sentence_en": "x"},
    **{"issued_on": day("2026-02-11"), "due_on": day("2026-02-25")},
)
LIFE = log(
    registered("2026-01-05"),
    dispatched("2026-01-06"),
    objected("2026-01-08"),
    accepted("2026-01-09"),
    leader("2026-01-09"),
    Late(visit("2026-01-10", met=False), "2026-03-01"),
    FINDING,
    NOTICE,
)


# XES


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


def test_a_trace_is_a_case_and_an_event_a_fact_with_both_its_times() -> None:
    (events,) = check_xes(document("xes", LIFE))
    assert [event["concept:name"] for event in events.values()] == [fact.type for fact in LIFE.facts]
    late = events["casework:case-1:3"]
    assert late["time:timestamp"] == "2026-01-10T00:00:00.000+08:00"
    assert late["recorded"] == "2026-03-01T12:00:00.000+08:00"
    assert (late["org:resource"], late["kind"], late["met_petitioner"]) == ("李某", "reception", "false")
    assert late["word"] == "接访下访走访回访"
    assert events["supervision:case-1:1"]["rule"] == "idle"


def test_what_xml_cannot_hold_is_left_out_and_the_rest_is_escaped() -> None:
    odd = Official(id="o", name='甲<&"\x0b\ud83d'.encode("utf-8", "ignore").decode() + "\n乙")
    (events,) = check_xes(document("xes", log(registered("2026-01-05"), leader("2026-01-06", odd))))
    assert events["casework:case-1:1"]["org:resource"] == '甲<&"\n乙'


# OCEL 2.0


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


def test_every_fact_says_which_objects_it_has_to_do_with_and_as_what() -> None:
    said = check_ocel(document("ocel", LIFE))
    kinds = {thing["id"]: thing["type"] for thing in said["objects"]}
    assert kinds == {
        "case-1": "case",
        "unit:柳林镇": "unit",
        "unit:青石镇": "unit",
        "official:li": "official",
        "case-1/finding-1": "finding",
        "case-1/notice-1": "notice",
    }
    related = {
        event["type"]: {(r["objectId"], r["qualifier"]) for r in event["relationships"]} for event in said["events"]
    }
    assert related["LeaderAssigned"] == {("case-1", "case"), ("unit:柳林镇", "unit"), ("official:li", "leader")}
    assert related["NoticeIssued"] == {
        *(
            ("case-1", "case"),
            ("case-1/notice-1", "notice"),
            ("unit:青石镇", "addressee"),
            ("case-1/finding-1", "names"),
        )
    }
    assert {r["qualifier"] for thing in said["objects"] for r in thing["relationships"]} == {
        *("registered with", "about", "names")
    }


def test_an_object_of_many_cases_is_named_once_and_no_case_at_all_is_a_document() -> None:
    other = log(registered("2026-01-05"), leader("2026-01-06"), case_id="case-2")
    first = log(registered("2026-01-05"), leader("2026-01-06"))
    assert len(check_ocel(document("ocel", first, _renamed(other)))["objects"]) == 4
    assert check_ocel(document("ocel"))["events"] == []
    assert check_xes(document("xes")) == []


def _renamed(case: CaseLog) -> CaseLog:
    facts = [recorded(f.fact, f.version, case.case_id, f.time) for f in case.facts if f.fact]
    return CaseLog(case.case_id, case.registered, tuple(facts))


# CSV


def test_the_table_has_a_row_for_every_fact_and_the_columns_of_process_mining() -> None:
    rows = list(csv.DictReader(io.StringIO(document("csv", LIFE).decode("utf-8-sig"))))
    assert len(rows) == len(LIFE.facts)
    assert {row["case:concept:name"] for row in rows} == {"case-1"}
    assert [row["concept:name"] for row in rows] == [fact.type for fact in LIFE.facts]
    (sent_back,) = (row for row in rows if row["concept:name"] == "DispatchObjected")
    assert (sent_back["time:timestamp"], sent_back["org:group"]) == ("2026-01-08T00:00:00.000+08:00", "柳林镇")


def test_no_cell_of_it_runs_as_a_formula() -> None:
    case = log(registered("2026-01-05", unit="=1+1"))
    assert "'=1+1" in document("csv", case).decode()


# What leaves


def test_of_no_fact_does_narrative_leave_nor_whom_it_is_about() -> None:
    for kind in REGISTRY.values():
        for name, told in shape(kind).items():
            if told in ("string", "integer") and name not in ("days", "rule", "policy"):
                said = get_args(kind.model_fields[name].annotation) or (kind.model_fields[name].annotation,)
                assert all(part is type(None) or issubclass(part, Term) for part in said), (kind, name)
    accused = AccusedNamed(named_on=day("2026-01-05"), officials=(Official(id="z", name="赵某"),))
    assert attributes(accused) == {}
    assert list(officials(accused)) == []


def kept(folder: Path, cases: int) -> Store[Any]:
    """A log of so many cases."""
    log = SQLiteLog(folder / "supervision.db")
    for n in range(cases):
        facts = history(
            registered("2026-01-05"), dispatched("2026-01-06"), accepted("2026-01-09"), leader("2026-01-09")
        )
        written = [recorded(f.fact, f.version, f"case-{n:05}", f.time) for f in facts if f.fact]
        log.append([StoredEvent(r.case_id, at, r.type, r.raw) for at, r in enumerate(written, start=1)])
    return Store("supervision", "610499", log, Decider(Dossier(), evolve, lambda *_: [], lambda _: None), lambda: NOW)


@pytest.mark.parametrize("form", FORMATS)
def test_memory_stays_flat_in_the_number_of_cases(tmp_path: Path, form: str) -> None:
    actor, asked = Actor(id="a", role=Role.AUDITOR, unit=None, region="610499"), ExportAsked(format=form)
    peaks = []
    for cases in (100, 1000):
        (folder := tmp_path / f"{cases}").mkdir()
        store, written = kept(folder, cases), 0
        tracemalloc.start()
        for section in FORMATS[form][1]("610499"):
            after: str | None = ""
            while after is not None:
                after, piece = page(store, actor, asked, section, after)
                written += len(piece)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        store.close()
        assert written > cases * 500
    assert peaks[1] / peaks[0] < 1.3, peaks


# From a running node


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """More cases than are read at once, of two units, and one elsewhere."""
    with house(tmp_path_factory.mktemp("house")) as it:
        for n in range(CASES_AT_ONCE + 3):
            it.register(f"case-{n:03}", unit="柳林镇" if n % 2 else "青石镇")
        it.register("case-town", region="610499001", unit="柳林镇", received_on="2026-11-10")
        it.settle()
        yield it


def cases_of(running: House, role: Role = Role.AUDITOR, unit: str | None = None, region: str = "610499") -> set[str]:
    """Which cases leave."""
    answer = running.ask("GET", "/supervision/export", role, unit=unit, region=region, params={"format": "xes"})
    assert answer.status_code == 200, answer.text
    return {next(iter(events)).split(":")[1] for events in check_xes(answer.content)}


def test_everybody_gets_what_they_may_read_and_asked_for(running: House) -> None:
    everything = cases_of(running)
    assert len(everything) == CASES_AT_ONCE + 4
    theirs = cases_of(running, Role.HANDLER, unit="柳林镇")
    assert theirs == {case for case in everything if case == "case-town" or int(case[-3:]) % 2}
    assert cases_of(running, Role.HANDLER, unit="别处") == set()
    assert cases_of(running, Role.AUDITOR, region="610431") == set()
    assert running.ask("GET", "/supervision/export?format=xes", None).status_code == 401


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"region": "610499001"}, 1),
        ({"received_from": "2026-11-01"}, 1),
        ({"received_to": "2026-11-01"}, CASES_AT_ONCE + 3),
        ({"stalled": "true"}, CASES_AT_ONCE + 3),
        ({"stalled": "false"}, 1),
        ({"unit": "柳林镇"}, (CASES_AT_ONCE + 3) // 2 + 1),
        ({"as_of": "2020-01-01T00:00:00Z"}, 0),
    ],
)
def test_filters(running: House, asked: dict[str, str], found: int) -> None:
    answer = running.ask("GET", "/supervision/export", Role.AUDITOR, params={"format": "xes", **asked})
    assert len(check_xes(answer.content)) == found


def test_what_is_asked_wrongly_is_told(running: House) -> None:
    for asked in ("", "format=pdf", "format=xes&as_of=yesterday", "format=xes&stale=1"):
        assert running.ask("GET", f"/supervision/export?{asked}").status_code == 422


def test_no_petitioner_and_no_narrative_is_in_any_of_them(running: House) -> None:
    for form, (media_type, _) in FORMATS.items():
        answer = running.ask("GET", f"/supervision/export?format={form}", Role.AUDITOR)
        assert answer.headers["content-type"] == media_type
        assert "张某某" not in answer.text
        assert "1390000" not in answer.text
        assert "征地补偿款" not in answer.text
        assert running.get("/intake/cases/case-000/facts")["facts"][0]["data"]["petitioner_id"] not in answer.text
    check_ocel(running.ask("GET", "/supervision/export?format=ocel", Role.AUDITOR).content)


def test_the_command_writes_a_file_whole_or_not_at_all(running: House, tmp_path: Path) -> None:
    node = Node(running.settings.data)
    node.announce("610499", {"supervision": f"http://127.0.0.1:{running.port}"})
    running.clock.set(datetime.now(UTC) + timedelta(seconds=1))
    out = tmp_path / "log.xes.gz"
    written = export(node, out, packed=True, format="xes", unit="柳林镇")
    content = gzip.decompress(out.read_bytes())
    assert len(content) == written
    assert len(check_xes(content)) == (CASES_AT_ONCE + 3) // 2 + 1
    with pytest.raises(Refused):
        export(node, tmp_path / "none", packed=False, format="pdf")
    assert {path.name for path in tmp_path.iterdir()} == {"log.xes.gz"}
