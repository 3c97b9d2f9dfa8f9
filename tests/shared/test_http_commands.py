"""One command over HTTP: facts and a version come back, a repeated one happens once, a stale one not at all."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from shared.terms import Role
from tests.house import House, house, petition

DISPATCH = {"kind": "forward", "unit": "住建局", "dispatched_on": "2026-01-06"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def test_a_command_answers_its_facts_and_the_version_of_the_case(running: House) -> None:
    case_id = running.register()
    answer = running.ask("POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH)
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    (fact,) = answer.json()["facts"]
    assert fact["type"] == "huajie.intake.CaseDispatched"
    assert fact["id"] == f"intake:{case_id}:2"
    assert fact["actorid"] == "tester"
    assert fact["data"]["unit"] == "住建局"
    assert answer.json()["version"] == 2


def test_the_facts_read_back_are_the_bytes_that_were_answered_and_they_chain(running: House) -> None:
    case_id = running.register()
    said = running.ask("POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH)
    read = running.ask("GET", f"/intake/cases/{case_id}/facts")
    document = said.content.removeprefix(b'{"facts":[').removesuffix(b'],"version":2}')
    assert read.content.endswith(b"," + document + b'],"version":2}')
    assert read.headers["etag"] == '"2"'
    first = read.content.removeprefix(b'{"facts":[').removesuffix(b"," + document + b'],"version":2}')
    assert read.json()["facts"][1]["prevhash"] == sha256(first).hexdigest()


def test_a_command_that_is_already_so_answers_no_facts(running: House) -> None:
    case_id = running.register()
    running.give(f"/intake/cases/{case_id}/dispatch-case", DISPATCH)
    again = running.ask("POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH)
    assert again.json() == {"facts": [], "version": 2}
    assert again.headers["etag"] == '"2"'


@pytest.mark.parametrize("seen", ['"1"', "1", 'W/"1"', "*"])
def test_a_command_on_the_version_that_was_seen_is_obeyed(running: House, seen: str) -> None:
    case_id = running.register()
    answer = running.ask("POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH, headers={"If-Match": seen})
    assert answer.status_code == 200


def test_a_command_on_an_older_version_is_refused_and_told_the_newer_one(running: House) -> None:
    case_id = running.register()
    path = f"/intake/cases/{case_id}/dispatch-case"
    running.give(path, DISPATCH)
    answer = running.ask("POST", path, json={**DISPATCH, "unit": "民政局"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["type"] == "urn:huajie:problem:stale"
    assert running.get(f"/intake/cases/{case_id}/facts")["version"] == 2


@pytest.mark.parametrize("seen", ["", '"one"', '"1", "2"', '"-1"', '"12345678901"', "١"])
def test_an_if_match_that_names_no_version_is_refused(running: House, seen: str) -> None:
    case_id = running.register()
    answer = running.ask(
        "POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH, headers={"If-Match": seen.encode()}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:huajie:problem:if-match")


def test_the_same_key_gives_the_same_facts_again_and_nothing_happens_twice(running: House) -> None:
    case_id = running.register()
    path, key = f"/intake/cases/{case_id}/dispatch-case", {"Idempotency-Key": "k-1"}
    first = running.ask("POST", path, json=DISPATCH, headers=key)
    running.give(path, {**DISPATCH, "unit": "民政局"})
    again = running.ask("POST", path, json=DISPATCH, headers=key)
    assert again.json()["facts"] == first.json()["facts"]
    assert running.get(f"/intake/cases/{case_id}/facts")["version"] == 3
    assert first.json()["facts"][0]["causationid"] == "k-1"


def test_a_key_that_comes_with_another_command_is_refused(running: House) -> None:
    case_id = running.register()
    path, key = f"/intake/cases/{case_id}/dispatch-case", {"Idempotency-Key": "k-1"}
    running.ask("POST", path, json=DISPATCH, headers=key)
    other = running.ask("POST", path, json={**DISPATCH, "unit": "民政局"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:huajie:problem:idempotency-key-reused")


@pytest.mark.parametrize("key", ["", "two words", "a" * 201, "钥匙"])
def test_a_malformed_key_is_refused(running: House, key: str) -> None:
    case_id = running.register()
    answer = running.ask(
        "POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH, headers={"Idempotency-Key": key.encode()}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_registration_is_replayed_by_its_key_also_when_a_similar_one_has_come_since(running: House) -> None:
    one, other = running.new_id(), running.new_id()
    body, key = petition(phone="13911110001"), {"Idempotency-Key": "r-1"}
    first = running.ask("POST", f"/intake/cases/{one}/register-case", json=body, headers=key)
    running.give(f"/intake/cases/{other}/register-case", {**body, "distinct_from": [one]})
    again = running.ask("POST", f"/intake/cases/{one}/register-case", json=body, headers=key)
    assert again.json()["facts"] == first.json()["facts"]


def test_a_trace_travels_into_the_fact_and_a_malformed_one_does_not(running: House) -> None:
    case_id = running.register()
    path, trace = f"/intake/cases/{case_id}/dispatch-case", f"00-{'a' * 32}-{'b' * 16}-01"
    traced = running.give(path, DISPATCH, headers={"traceparent": trace})
    assert traced["facts"][0]["traceparent"] == trace
    other = running.give(path, {**DISPATCH, "unit": "民政局"}, headers={"traceparent": trace + "\t;x"})
    assert "traceparent" not in other["facts"][0]


def test_a_token_is_good_for_its_hour_only(running: House) -> None:
    token = running.token(Role.PETITION_OFFICE, lifetime=timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}"}
    assert running.ask("GET", "/intake/cases/none/facts", None, headers=headers).status_code == 404
    now = running.clock()
    running.clock.set(now + timedelta(hours=2))
    late = running.ask("GET", "/intake/cases/none/facts", None, headers=headers)
    running.clock.set(now)
    assert (late.status_code, late.headers["www-authenticate"]) == (401, "Bearer")


def test_the_scheme_of_the_token_is_read_in_any_case(running: House) -> None:
    headers = {"Authorization": f"bEARER  {running.token(Role.PETITION_OFFICE)}"}
    assert running.ask("GET", "/intake/cases/none/facts", None, headers=headers).status_code == 404


@pytest.mark.parametrize("case_id", ["fund-610499-hard-cases", "file-1"])
def test_no_case_is_named_like_a_history_that_is_none(running: House, case_id: str) -> None:
    for answer in (
        running.ask("POST", f"/intake/cases/{case_id}/register-case", json=petition()),
        running.ask("POST", f"/intake/cases/{case_id}/dispatch-case", json=DISPATCH),
        running.ask("GET", f"/casework/cases/{case_id}/standing"),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "case_id")
