"""Our history as an event log: XES by the schema's rules, OCEL 2.0 by a JSON Schema, CSV; and nothing of a petitioner in any."""

import csv
import io
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from eventsourcing.persistence import StoredEvent

from services.supervision.dossier import Dossier, evolve
from services.supervision.export import FORMATS, CaseLog
from services.supervision.export.entries import attributes, happened, officials, shape
from services.supervision.exporting import ExportAsked, page
from shared.decider import Decider
from shared.events import REGISTRY, Official
from shared.events.intake import AccusedNamed, CaseRegistered
from shared.events.supervision import Addressee, FindingRaised, NoticeIssued
from shared.identity import Actor
from shared.store import SQLiteLog, Store
from shared.terms import FindingKind, NoticeLevel, Role, Term
from tests.sample import accepted, day, dispatched, leader, objected, registered, visit
from tests.spec import NOW, recorded
from tests.supervision.lives import Late, history
from tests.supervision.process_logs import check_ocel, check_xes


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


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A log of a hundred cases, and one of a thousand."""
    life = history(registered("2026-01-05"), dispatched("2026-01-06"), accepted("2026-01-09"), leader("2026-01-09"))
    folders = {}
    for cases in (100, 1000):
        folders[cases] = tmp_path_factory.mktemp("log") / "supervision.db"
        with closing(SQLiteLog(folders[cases])) as log:
            written = [
                [recorded(f.fact, f.version, f"case-{n:05}", f.time) for f in life if f.fact] for n in range(cases)
            ]
            log.append(
                [StoredEvent(r.case_id, at, r.type, r.raw) for case in written for at, r in enumerate(case, start=1)]
            )
    return folders


@pytest.mark.parametrize("form", FORMATS)
def test_memory_stays_flat_in_the_number_of_cases(kept: dict[int, Path], form: str) -> None:
    actor, asked = Actor(id="a", role=Role.AUDITOR, unit=None, region="610499"), ExportAsked(format=form)
    decider, peaks = Decider(Dossier(), evolve, lambda *_: [], lambda _: None), []
    for cases, log in kept.items():
        store, written = Store("supervision", "610499", SQLiteLog(log), decider, lambda: NOW), 0
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
