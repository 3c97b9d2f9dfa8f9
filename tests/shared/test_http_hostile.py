"""What no JSON Schema describes: bodies that are hardly JSON, addresses and headers that are hardly any, bytes that are hardly
HTTP. Each is answered as documented: never with a 500, never by taking in nonsense. The rest is tried in `tests/fuzz`.
"""

import json
import re
import socket
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from deploy.documents import openapi
from deploy.serve import APPS
from shared.terms import Role
from tests.house import House, house

VISIT = {
    "visit_id": "v-1",
    "kind": "home",
    "visited_on": "2026-02-01",
    "official": {"id": "o-1", "name": "李某"},
    "note": "上门",
}
PATH = "/casework/cases/c-1/log-visit"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        it.arrived(it.register("c-1"))
        it.settle()
        yield it


def is_problem(answer: Any) -> bool:
    """Whether an answer is a problem document in both languages."""
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert re.search("[\u4e00-\u9fff]", said["detail"])
    assert re.search("[a-z]{3}", said["detail_en"])
    return str(said["type"]).startswith("urn:huajie:problem:")


GOOD = json.dumps(VISIT).encode()
BODIES = {
    "a lone surrogate": (400, GOOD.replace(b"v-1", b"\\ud800")),
    "a surrogate in bytes": (400, GOOD.replace(b"v-1", b"\xed\xa0\x80")),
    "not a number": (422, GOOD.replace(b'"home"', b"NaN")),
    "an endless number": (422, GOOD.replace(b'"home"', b"1e999")),
    "a huge number": (422, GOOD.replace(b'"home"', b"1" + b"0" * 400)),
    "a name twice": (400, GOOD.replace(b"{", b'{"visit_id": "v-2", ', 1)),
    "a name twice, deeper": (400, GOOD.replace(b'{"id"', b'{"id": "o-2", "id"')),
    "a name twice, the same": (400, GOOD.replace(b"{", b'{"visit_id": "v-1", ', 1)),
    "a mark of byte order": (400, b"\xef\xbb\xbf" + GOOD),
    "two bytes a letter": (400, GOOD.decode().encode("utf-16")),
    "two documents": (400, GOOD + GOOD),
    "a list": (422, b"[" + GOOD + b"]"),
    "null": (422, b"null"),
    "deep in a field": (400, GOOD.replace(b'"home"', b"[" * 5000 + b"]" * 5000)),
    "a number for a day": (422, GOOD.replace(b'"2026-02-01"', b"0")),
    "a number in a text for a day": (422, GOOD.replace(b'"2026-02-01"', b'"0"')),
    "a moment for a day": (422, GOOD.replace(b'"2026-02-01"', b'"2026-02-01T00:00:00"')),
    "no such day": (422, GOOD.replace(b'"2026-02-01"', b'"2026-02-30"')),
    "a text for yes": (422, GOOD.replace(b"{", b'{"met_petitioner": "yes", ', 1)),
    "an official without a name": (422, GOOD.replace(json.dumps("李某").encode(), b'" "')),
    "blank": (422, GOOD.replace(b"v-1", b"\\u3000 \\n")),
}


@pytest.mark.parametrize(("status", "body"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_hardly_one(running: House, status: int, body: bytes) -> None:
    answer = running.ask("POST", PATH, content=body, headers={"Content-Type": "application/json"})
    assert is_problem(answer)
    assert answer.status_code == status, answer.text


CASE_IDS = ["-1", "..", "%00", "a%2Fb", "%ED%A0%80", "案", "x" * 65, "a b", "%", "*", "%0a", "c-1%20"]


@pytest.mark.parametrize("case_id", CASE_IDS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/casework/cases/{}/log-visit"),
        ("GET", "/intake/cases/{}/facts"),
        ("GET", "/reporting/cases/{}"),
        ("GET", "/supervision/cases/{}/explain"),
    ],
)
def test_an_address_that_is_hardly_one(running: House, method: str, path: str, case_id: str) -> None:
    answer = running.ask(method, path.format(case_id), content=GOOD if method == "POST" else None)
    assert is_problem(answer)
    assert answer.status_code in (404, 405, 422)


HEADERS = ["Idempotency-Key", "If-Match", "traceparent", "Content-Type", "Accept", "Authorization"]
VALUES = ["", "x", '"1"', '"99999999999"', "*", 'W/"0"', "a" * 300, "00-0-0-0", "text/plain", "é", '"1", "2"', "null"]


@pytest.mark.parametrize(("name", "value"), [*product(HEADERS, VALUES)])
def test_a_header_that_is_hardly_one(running: House, name: str, value: str) -> None:
    body = GOOD.replace(b"v-1", f"{name}-{VALUES.index(value)}".encode())
    answer = running.ask("POST", PATH, content=body, headers={name: value.encode("latin-1")})
    assert answer.status_code == 200 or is_problem(answer)
    assert answer.status_code in (200, 400, 401, 412, 415, 422)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "QUERY"])
def test_a_method_that_no_address_takes(running: House, method: str) -> None:
    answer = running.ask(method, PATH)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.headers["content-type"] == "application/problem+json"
    assert method == "HEAD" or is_problem(answer)
    assert running.ask("HEAD", "/intake/cases/c-1/facts").status_code == 405


def test_a_parameter_that_is_not_there_or_there_twice(running: House) -> None:
    """Whoever mistypes `as_of` must not be told of the present."""
    then = "2026-11-19T00:00:00Z"
    for path in ("/supervision/cases/c-1/history", "/reporting/cases/c-1", "/intake/cases/c-1/facts"):
        assert is_problem(running.ask("GET", path, params={"asof": then}))
    for path in ("/supervision/cases/c-1/history", "/reporting/cases", "/reporting/resolution-rate"):
        answer = running.ask("GET", path, params=[("as_of", then), ("as_of", then)])
        assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, "repeated")
        assert running.ask("GET", path, params={"as_of": "0"}).status_code == 422
    assert running.ask("POST", PATH, content=GOOD, params={"dry_run": "1"}).status_code == 422
    assert running.ask("GET", "/reporting/cases", params=[("unit", "甲"), ("unit", "乙")]).status_code == 200


def test_an_address_or_headers_that_are_too_long(running: House) -> None:
    answer = running.ask("GET", "/intake/cases/" + "x" * 9000)
    assert (answer.status_code, is_problem(answer)) == (414, True)
    answer = running.ask("GET", "/reporting/cases", params={"number": "x" * 9000})
    assert (answer.status_code, is_problem(answer)) == (414, True)
    answer = running.ask("GET", "/intake/cases/c-1/facts", headers={f"x-{n}": "y" * 1000 for n in range(40)})
    assert (answer.status_code, is_problem(answer)) == (431, True)


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


def test_what_is_not_http_is_answered_as_every_document_says(running: House) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as raw:
        raw.sendall(b"POST /intake/redrive HTTP/1.1\r\nhost: x\r\ncontent-length: \r\n\r\n")
        answer = raw.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 400")
    assert "content-type: text/plain" in answer.lower()
    operations = [op for service in APPS for methods in openapi(service)["paths"].values() for op in methods.values()]
    assert all("text/plain" in op["responses"]["400"]["content"] for op in operations)


def test_a_client_that_goes_away_in_the_middle_is_no_error(running: House, caplog: pytest.LogCaptureFixture) -> None:
    token = running.token(Role.HANDLER, "柳林镇")
    head = f"POST /casework/cases/c-1/log-visit HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as raw:
        raw.sendall(f"{head}content-type: application/json\r\ncontent-length: 500\r\n\r\n{{".encode())
    running.until(lambda: running.ask("GET", "/intake/health/live", None).status_code == 200)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
