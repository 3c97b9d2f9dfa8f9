"""Every error is a problem document: a stable type, both languages, what to do; and never what was sent."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.supervision.domain.findings import AnswerFinding
from shared.decider import Command
from shared.events import Official
from shared.http.problems import SCHEMA, told
from shared.http.routes import COMMAND_BYTES
from shared.identity import UNIT_BOUND, Actor
from shared.keyring import Keyring
from shared.terms import Role
from tests.house import REGION, House, house, petition
from tests.supervision.account import command
from tests.supervision.campaigning import ACCEPT
from tests.supervision.retaliating import DISMISS_IT
from tests.supervision.test_inspecting_units import inspect

VISIT = {"visit_id": "v-1", "kind": "home", "visited_on": "2026-02-01", "official": {"id": "o", "name": "李某"}}
PATH = "/casework/cases/c-1/log-visit"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        it.arrived(it.register("c-1"))
        yield it


def refused(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """The problem document of an answer, once it is what RFC 9457 and we ask of one."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:huajie:problem:{kind}"
    assert problem.keys() >= set(SCHEMA["required"])
    assert problem["detail"] != problem["detail_en"]
    assert any("一" <= letter <= "鿿" for letter in problem["detail"])
    return problem


def test_a_fault_of_ours_is_not_told_as_one_of_the_sender(running: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that we failed to make is refused by the same library that refuses a body."""
    monkeypatch.setattr("services.casework.domain.contact.VisitLogged", lambda **_: Official.model_validate({}))
    refused(running.ask("POST", PATH, Role.PETITION_OFFICE, json=VISIT), 500, "internal")


def test_no_token(running: House) -> None:
    answer = running.ask("POST", PATH, None, json=VISIT)
    refused(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer x.y.z", "Basic dGVzdDp0ZXN0", "Bearer 令牌", "Bearer " + "a" * 7000]
)
def test_no_good_token(running: House, said: str) -> None:
    refused(
        running.ask("POST", PATH, None, json=VISIT, headers={"Authorization": said.encode()}), 401, "unauthenticated"
    )


def test_a_token_that_somebody_else_signed(running: House, tmp_path: Path) -> None:
    actor = Actor(id="x", role=Role.SYSTEM, unit=None, region=REGION)
    forged = Keyring(tmp_path / "key").issue(actor, lifetime=timedelta(hours=1), now=running.clock())
    answer = running.ask("POST", PATH, None, json=VISIT, headers={"Authorization": f"Bearer {forged}"})
    refused(answer, 401, "unauthenticated")


def test_a_role_that_may_not(running: House) -> None:
    problem = refused(running.ask("POST", PATH, Role.AUDITOR, json=VISIT), 403, "forbidden")
    assert "承办人" in problem["detail"]


def test_another_unit(running: House) -> None:
    refused(running.ask("POST", PATH, Role.HANDLER, unit="别处", json=VISIT), 403, "forbidden")


def test_another_region(running: House) -> None:
    refused(running.ask("POST", PATH, region="610100", json=VISIT), 403, "forbidden")


def test_an_unknown_case(running: House) -> None:
    refused(running.ask("POST", "/casework/cases/none/log-visit", json=VISIT), 404, "no-such-case")


NOWHERE = "0000000000000000"


@pytest.mark.parametrize(
    ("path", "asked", "what"),
    [
        (f"books/book-{NOWHERE}/inspect-unit", inspect(), ("单位台账", "book of a unit")),
        (f"books/book-{NOWHERE}/answer-finding", command(AnswerFinding), ("单位台账", "book of a unit")),
        ("cases/none/answer-finding", command(AnswerFinding), ("案件", "case")),
        ("campaigns/campaign-none/accept-campaign", ACCEPT, ("专项", "campaign")),
        (
            f"retaliations/retaliation-{NOWHERE}/dismiss-retaliation",
            DISMISS_IT,
            ("打击报复反映", "report of retaliation"),
        ),
    ],
)
def test_what_is_not_there_is_called_by_its_name(
    running: House, path: str, asked: Command, what: tuple[str, str]
) -> None:
    """Found: whoever answered a finding about a unit as a whole was told to look for the id of a case."""
    role, body = min(asked.roles - UNIT_BOUND), asked.model_dump(mode="json")
    problem = refused(running.ask("POST", f"/supervision/{path}", role, json=body), 404, "no-such-case")
    assert f"没有这个{what[0]}，" in problem["detail"]
    assert f"There is no such {what[1]} here" in problem["detail_en"]
    assert ("case_id" in problem["detail"]) == path.startswith("cases/")
    reading = f"/supervision/{path.rpartition('/')[0]}/facts"
    assert refused(running.ask("GET", reading, Role.SUPERVISOR), 404, "no-such-case")["detail"] == problem["detail"]


def test_an_unknown_region(tmp_path: Path) -> None:
    regions = tmp_path / "regions.csv"
    regions.write_text("code,name\n610499,清河县\n610401,市本级\n", "utf-8")
    with house(tmp_path / "house", regions=(regions,)) as it:
        answer = it.ask("POST", "/intake/cases/c-2/register-case", json=petition(region="610498"))
        problem = refused(answer, 409, "unknown-region")
        assert "610499 清河县" in problem["detail"]


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/casework", "/casework/", "/casework/cases/c-1/log-visit/", "/casework/x"]
)
def test_an_unknown_address(running: House, path: str) -> None:
    refused(running.ask("GET", path), 404, "no-such-address")


@pytest.mark.parametrize("path", [PATH, "/casework/funds/endow-fund"])  # which might be taken for a fund's place
def test_a_wrong_method(running: House, path: str) -> None:
    answer = running.ask("GET", path)
    refused(answer, 405, "method")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        '{"note":"乱码"}'.encode("gb18030"),
        b'{"note":"\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"1" * 10_000,
    ],
    ids=["empty", "cut", "bytes", "gb18030", "surrogate", "deep list", "deep object", "long number"],
)
def test_what_is_not_json(running: House, body: bytes) -> None:
    answer = running.ask("POST", PATH, content=body, headers={"Content-Type": "application/json"})
    refused(answer, 400, "not-json")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"]
)
def test_another_content_type(running: House, kind: str) -> None:
    answer = running.ask("POST", PATH, content=json.dumps(VISIT), headers={"Content-Type": kind})
    refused(answer, 415, "not-json-type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/ld+json", None])
def test_json_by_any_of_its_names_is_read(running: House, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = running.ask("POST", PATH, Role.AUDITOR, content=json.dumps(VISIT).encode(), headers=headers)
    refused(answer, 403, "forbidden")


def test_a_nul_is_refused_and_one_that_is_only_spelt_out_is_not(running: House) -> None:
    kept = json.dumps({**VISIT, "note": "\\u0000"}).encode()
    headers = {"Content-Type": "application/json"}
    refused(running.ask("POST", PATH, content=kept.replace(b"\\\\u", b"\\u"), headers=headers), 422, "nul")
    assert running.ask("POST", PATH, content=kept, headers=headers).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long(running: House, chunked: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(COMMAND_BYTES // 8192 + 1):
            yield b"x" * 8192

    content = pieces() if chunked else b"x" * (COMMAND_BYTES + 1)
    answer = running.ask("POST", PATH, content=content, headers={"Content-Type": "application/json"})
    refused(answer, 413, "too-large")


@pytest.mark.parametrize(
    ("field", "said", "zh", "en"),
    [
        ("visited_on", "2026.2.1", "不是日期，请写成 2026-01-31", "write it as 2026-01-31"),
        ("visited_on", 45678, "不是日期，请写成 2026-01-31", "write it as 2026-01-31"),
        ("kind", "phone-call", "只能填 'reception', ", "Input should be 'reception', "),
        ("met_petitioner", "是", "应为 true 或 false", "valid boolean"),
        ("visit_id", "", "不能为空，至少 1 字", "at least 1 character"),
        ("visit_id", "v" * 201, "最多 200 字", "at most 200 characters"),
        ("official", "李某", "写在 { } 之内", "Input should be an object"),
    ],
)
def test_a_wrong_field_says_how_to_mend_it(running: House, field: str, said: object, zh: str, en: str) -> None:
    problem = refused(running.ask("POST", PATH, Role.PETITION_OFFICE, json=VISIT | {field: said}), 422, "invalid")
    assert f"{field}（" in problem["detail"]
    assert zh in problem["detail"]
    assert en in problem["detail_en"]


@pytest.mark.parametrize(
    ("asked", "zh"),
    [
        ("as_of=2026-02-01", "请写成 2026-01-31T09:30:00+08:00"),
        ("limit=viele", "应为整数"),
        ("limit=0", "不得小于 1"),
        ("state=open", "只能填 'registered', "),
    ],
)
def test_a_wrong_question_says_how_to_mend_it(running: House, asked: str, zh: str) -> None:
    problem = refused(running.ask("GET", f"/reporting/cases?{asked}", Role.SUPERVISOR), 422, "invalid")
    assert zh in problem["detail"]


def test_wrong_fields_are_named_in_both_languages_and_what_was_sent_is_not_repeated(running: House) -> None:
    secrets = ["张三丰", "13912345678", "110101199003071233"]
    said = {**VISIT, "kind": secrets[1], "visited_on": secrets[2], secrets[0]: 1, "official": {"id": secrets[1]}}
    problem = refused(running.ask("POST", PATH, json=said), 422, "invalid")
    assert {error["field"] for error in problem["errors"]} == {"kind", "visited_on", "official.name", "…"}
    assert "official.name（缺失）" in problem["detail"]
    assert "official.name: Field required" in problem["detail_en"]
    assert not any(secret in json.dumps(problem, ensure_ascii=False) for secret in secrets)


def test_a_wrong_parameter_is_named_too(running: House) -> None:
    problem = refused(running.ask("GET", "/reporting/cases", params={"stat": "closed"}), 422, "invalid")
    assert problem["errors"][0]["field"] == "stat"
    problem = refused(running.ask("GET", "/reporting/cases", params={"cursor": "!"}), 400, "cursor")


@pytest.mark.parametrize("moment", ["2026-01-01T00:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "昨天"])
def test_a_moment_without_a_zone_or_beyond_all_calendars_is_refused(running: House, moment: str) -> None:
    for path in ("/supervision/cases/c-1/explain", "/supervision/cases/c-1/history", "/reporting/cases/c-1"):
        refused(running.ask("GET", path, Role.AUDITOR, params={"as_of": moment}), 422, "invalid")


def test_a_number_of_a_ledger_is_told_to_be_no_id_of_a_case(running: House) -> None:
    for path in (PATH, "/intake/cases/HY-1/name-accused"):
        known = "/reporting/cases?number=…"
        said = VISIT if path == PATH else {"officials": [VISIT["official"]], "named_on": "2026-02-01"}
        problem = running.ask("POST", path.replace("c-1", "HY-1"), Role.PETITION_OFFICE, json=said).json()
        assert (problem["status"], known in problem["detail"], known in problem["detail_en"]) == (404, True, True), (
            problem
        )


def test_a_rule_that_refuses_is_the_type(running: House) -> None:
    late = {**VISIT, "visit_id": "v-2", "visited_on": "2026-12-01"}
    refused(running.ask("POST", PATH, json=late), 409, "in-the-future")


def test_a_database_that_is_gone_is_told_as_unavailable(tmp_path: Path) -> None:
    with house(tmp_path) as it:
        it.arrived(it.register("c-1"))
        it.settle()
        for name in ("reporting.db", "casework.db"):
            for file in (tmp_path / "data").glob(f"{name}*"):
                file.write_bytes(b"not a database" * 1000)
        answer = it.ask("GET", "/reporting/cases")
        refused(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "5"
        refused(it.ask("GET", "/casework/cases/c-1/facts"), 503, "unavailable")


def test_a_full_disk_is_named_with_its_cure_and_without_what_was_to_be_written() -> None:
    full = DBAPIError("insert", {"name": "张某某"}, sqlite3.OperationalError("database or disk is full"))
    said = bytes(told(full).body).decode()
    assert "请腾出磁盘空间" in said
    assert "make room on the disk" in said
    assert "张某某" not in said
