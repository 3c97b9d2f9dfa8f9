"""Whatever a client sends is answered as documented: never with a 500, never by taking in nonsense."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.documents import COMMANDS, openapi
from deploy.serve import APPS
from shared.http.commands import kebab
from shared.terms import Role
from tests.deploy.test_permissions import GIVEN
from tests.house import REGION, House, house, petition

OFFICIAL = {"id": "o-1", "name": "李某", "post": "副镇长"}
BODIES: dict[str, dict[str, Any]] = {
    "intake-register-case": petition(),
    "intake-open-petitioner": {"purpose": "回访"},
    "intake-ledger": {
        "imported_from": "abc",
        "rows": [
            {
                "sheet": "台账",
                "row": 2,
                "received_on": "2026-01-05",
                "channel": "letter",
                "region": REGION,
                "unit": "柳林镇",
                "demand": "房屋拆迁安置没有落实",
                "petitioner": {"name": "王某某"},
                "steps": [{"sheet": "办理", "row": 2, "on": "2026-01-06", "kind": "dispatch", "unit": "住建局"}],
            }
        ],
    },
    "intake-import-organisation": {
        "imported_from": "abc",
        "units": [
            {
                "sheet": "机构",
                "row": 2,
                "region": REGION,
                "name": "柳林镇",
                "established_on": "2010-01-01",
                "superior": "河阳县人民政府",
                "former_name": "柳林乡",
                "renamed_on": "2015-01-01",
            }
        ],
        "posts": [
            {
                "sheet": "任职",
                "row": 2,
                "region": REGION,
                "unit": "柳林镇",
                "name": "李某",
                "number": "LL-01",
                "post": "镇长",
                "since": "2024-01-01",
                "left_on": "2026-01-01",
                "rank": "main",
                "heads_unit": True,
                "remit": "全面工作",
            }
        ],
    },
    "intake-link-repeat-petition": {
        "petition_id": "r-1",
        "channel": "visit",
        "received_on": "2026-02-01",
        "note": "又来",
    },
    "intake-identify-backlog": {"criterion": "repeated", "identified_on": "2026-02-01"},
    "intake-dispatch-case": {
        "kind": "forward",
        "unit": "住建局",
        "dispatched_on": "2026-01-06",
        "due_on": "2026-02-06",
    },
    "casework-accept-case": {"unit": "柳林镇", "accepted_on": "2026-01-07"},
    "casework-assign-leader": {"leader": OFFICIAL, "unit": "柳林镇", "assigned_on": "2026-01-08", "reason": "分工"},
    "casework-log-visit": {
        "visit_id": "v-1",
        "kind": "home",
        "visited_on": "2026-01-09",
        "official": OFFICIAL,
        "met_petitioner": True,
        "note": "上门",
    },
    "casework-adopt-plan": {
        "adopted_on": "2026-01-10",
        "measures": [{"what": "核实", "who": "李某", "due_on": "2026-03-01"}],
    },
    "casework-approve-extension": {
        "days": 30,
        "approved_on": "2026-02-01",
        "approved_by": OFFICIAL,
        "reason": "情况复杂",
        "told_on": "2026-02-01",
    },
    "casework-serve-opinion": {"number": "答-1", "outcome": "explained", "served_on": "2026-02-20", "how": "in-person"},
    "casework-report-progress": {"report_id": "p-1", "reported_on": "2026-02-20", "text": "正在办理"},
    "casework-close-case": {"closed_on": "2026-03-01", "summary": "已办结"},
    "casework-report-relapse": {"sign": "dissatisfied", "relapsed_on": "2026-04-01"},
    "casework-import-history": {"imported_from": "abc", "steps": [{"unit": "柳林镇", "accepted_on": "2026-01-07"}]},
}
SERVICE = {command.__name__: service for service, commands in COMMANDS.items() for command in commands}
for _name, _command in GIVEN.items():  # as the commands' own tests give them
    BODIES.setdefault(f"{SERVICE[_name]}-{kebab(_name)}", _command.model_dump(mode="json"))
BODIES["casework-receive-file"] = {"no": "file"}
"""A good body for every operation that takes one."""

WORDS = st.text(max_size=20) | st.sampled_from(["", " ", "\x00", "\ud800", "﻿", "‮", "a" * 5000, "一" * 4001, "1e999"])
DATES = st.sampled_from(
    [
        "0000-00-00",
        "0001-01-01",
        "1949-09-30",
        "9999-12-31",
        "2199-12-31",
        "2026-02-30",
        "+10000-01-01",
        "2026-01-01T25:00",
    ]
)
LIKELY_DATES = st.sampled_from(["1949-10-01", "2024-02-29", "2025-12-31", "2026-11-20", "2026-11-21", "2199-12-31"])
LIKELY_WORDS = st.sampled_from(
    ["c-1", "柳林镇", "住建局", REGION, "610400", "610499001", "13912345678", "家里有人\n无电话", "😀", "-"]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -1, 0, 1e308, 2**63, float("nan"), float("inf")])
HOSTILE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS | DATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
UNIT = "unit-0000000000000001"
CASE_IDS = st.sampled_from(
    ["c-1", UNIT, "sweeps", "none", "-1", "..", "%00", "a%2Fb", "%ED%A0%80", "案", "x" * 65, "a b", "%", "*"]
)


def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for service in APPS:
        for path, methods in openapi(service)["paths"].items():
            found += [(method.upper(), path, operation) for method, operation in methods.items()]
    return found


OPERATIONS = [op for op in _operations() if op[2]["operationId"] != "reporting-rebuild"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        it.arrived(it.register("c-1"))
        it.give(f"/intake/units/{UNIT}/establish-unit", BODIES["intake-establish-unit"])
        it.settle()
        yield it


@st.composite
def mutated(draw: st.DrawFn, body: Any) -> Any:
    """A good body with something wrong somewhere."""
    if isinstance(body, dict) and body and draw(st.integers(0, 4)):
        name = draw(st.sampled_from(sorted(body)))
        how = draw(st.sampled_from(["inside", "drop", "add"]))
        rest = {key: value for key, value in body.items() if key != name}
        if how == "drop":
            return rest
        return {**body, draw(WORDS): draw(HOSTILE)} if how == "add" else {**rest, name: draw(mutated(body[name]))}
    if isinstance(body, list) and body and draw(st.booleans()):
        return [draw(mutated(body[0])), *body[1:]] * draw(st.sampled_from([1, 2, 60]))
    if isinstance(body, str) and draw(st.booleans()):
        return draw(LIKELY_DATES if body[:2] == "20" else LIKELY_WORDS)
    return draw(HOSTILE)


def test_a_good_body_is_known_for_every_operation_that_takes_one() -> None:
    assert {op["operationId"] for _, _, op in OPERATIONS if "requestBody" in op} == BODIES.keys()


@given(data=st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_to_nonsense_is_documented(running: House, data: st.DataObject) -> None:
    method, path, operation = data.draw(st.sampled_from(OPERATIONS))
    case_id = data.draw(CASE_IDS) if not data.draw(st.integers(0, 3)) else "c-1"
    headers = data.draw(
        st.dictionaries(
            st.sampled_from(["Idempotency-Key", "If-Match", "traceparent", "Content-Type", "Accept"]),
            st.sampled_from(["", "x", '"1"', '"99999999999"', "*", 'W/"1"', "a" * 300, "00-0-0-0", "text/plain", "é"]),
            max_size=2,
        )
    )
    parameters = data.draw(
        st.dictionaries(
            st.sampled_from([p["name"] for p in operation.get("parameters", []) if p["in"] == "query"] or ["x"]),
            st.sampled_from(
                ["", "x", "-1", "0", "1e9", "\x00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "true"]
            )
            | LIKELY_WORDS,
            max_size=3,
        )
    )
    body: bytes | None = None
    if "requestBody" in operation:
        said = data.draw(mutated(BODIES[operation["operationId"]]))
        body = json.dumps(said).encode() if data.draw(st.integers(0, 9)) else data.draw(st.binary(max_size=40))
        headers = {"Content-Type": "application/json", **headers}
    named = UNIT if case_id == "c-1" and "{unit_id}" in path else case_id
    address = re.sub(r"\{(case|unit)_id\}", lambda _: named if "%" in named else quote(named, safe="*"), path)
    role = data.draw(st.sampled_from(list(Role)))
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = running.ask(method, address, role, unit="柳林镇", headers=encoded, params=parameters, content=body)
    routed = address.count("/") == path.count("/") and "%2F" not in address and ".." not in address
    documented = operation["responses"].keys() | ({"404", "405"} if not routed else set())
    assert str(answer.status_code) in documented, answer.text
    if answer.status_code != 200:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["type"].startswith("urn:huajie:problem:")
        assert problem["detail"]
        assert problem["detail_en"]


RAW = [
    b"GET /intake/cases/\xff\xfe/facts HTTP/1.1\r\nhost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET http://elsewhere/intake/health/live HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET  HTTP/1.1\r\n\r\n",
    b"POST /casework/cases/c-1/log-visit HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n",
    b"POST /casework/cases/c-1/log-visit HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /intake HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \xff\xfe.\x80\r\n\r\n",
    b"GET /intake/cases/c-1/facts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \xff\xfe.\x80\r\n\r\n",
    b"GET /nothing HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@pytest.mark.parametrize("request_bytes", RAW)
def test_bytes_that_are_hardly_http_break_nothing(running: House, request_bytes: bytes) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as raw:
        raw.sendall(request_bytes)
        raw.shutdown(socket.SHUT_WR)
        answer = raw.recv(65536)
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert running.ask("GET", "/intake/health/live", None).status_code == 200


def test_a_client_that_goes_away_in_the_middle_is_no_error(running: House, caplog: pytest.LogCaptureFixture) -> None:
    token = running.token(Role.HANDLER, "柳林镇")
    head = f"POST /casework/cases/c-1/log-visit HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as raw:
        raw.sendall(f"{head}content-type: application/json\r\ncontent-length: 500\r\n\r\n{{".encode())
    running.until(lambda: running.ask("GET", "/intake/health/live", None).status_code == 200)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
