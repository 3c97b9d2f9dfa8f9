"""Registering over HTTP: one person is found again, the same matter is offered as a repeat, and a human decides."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from shared.terms import Role
from tests.house import House, house, petition

PHONES = (f"1380000{n:04}" for n in count())
SAME = "征地补偿款至今没有发放，要求镇里核实并发放"
OTHER = "邻居违章建房堵塞道路，请求拆除"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def register(running: House, case_id: str, body: dict[str, Any], role: Role = Role.REGISTRAR, **more: Any) -> Any:
    return running.ask("POST", f"/intake/cases/{case_id}/register-case", role, json=body, **more)


def test_a_registration_gives_the_case_and_keeps_the_person_apart(running: House) -> None:
    case_id, phone = running.new_id(), next(PHONES)
    answer = register(running, case_id, petition(phone=phone))
    assert answer.headers["etag"] == '"1"'
    (fact,) = answer.json()["facts"]
    assert fact["type"] == "huajie.intake.CaseRegistered"
    assert fact["data"]["petitioner_id"].startswith("p-")
    assert phone not in answer.text


def test_the_same_registration_again_is_already_so_and_a_different_one_is_refused(running: House) -> None:
    case_id, body = running.new_id(), petition(phone=next(PHONES))
    register(running, case_id, body)
    assert register(running, case_id, body).json() == {"facts": [], "version": 1}
    other = register(running, case_id, {**body, "demands": [OTHER]})
    assert (other.status_code, other.json()["type"]) == (409, "urn:huajie:problem:already-registered")
    stranger = register(running, case_id, petition(phone=next(PHONES), name="王某某"))
    assert (stranger.status_code, stranger.json()["type"]) == (409, "urn:huajie:problem:already-registered")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"phone": "139-1234-0001"}, {"phone": "+86 139 1234 0001"}),
        ({"phone": "１３９１２３４０００２"}, {"phone": "0086-13912340002", "name": " 张某某 "}),
        ({"id_number": "11010519491231002X"}, {"id_number": "11010519491231002x", "name": "张某", "phone": None}),
        ({"id_number": "440524188001010014"}, {"id_number": "４４０５２４ 18800101 0014", "name": "章某某"}),
        ({"address": "清河县柳林镇东街12号", "phone": None}, {"address": "清河县 柳林镇 东街１２号", "phone": None}),
    ],
)
def test_a_person_is_found_again_in_another_notation(running: House, first: Any, again: Any) -> None:
    one, other = running.new_id(), running.new_id()
    register(running, one, petition(phone=next(PHONES), person=first, demands=[SAME]))
    answer = register(running, other, petition(phone=next(PHONES), person=again, demands=[f"{SAME}！"]))
    assert answer.status_code == 409
    assert [candidate["case_id"] for candidate in answer.json()["candidates"]] == [one]


def test_a_repeat_is_offered_with_what_is_known_and_linked_by_a_human(running: House) -> None:
    one, other, phone = running.new_id(), running.new_id(), next(PHONES)
    register(running, one, petition(phone=phone, demands=[SAME], received_on="2026-01-02"))
    offered = register(running, other, petition(phone=phone, demands=["征地补偿款没有发放，要求核实发放"]))
    problem = offered.json()
    assert (offered.status_code, problem["type"]) == (409, "urn:huajie:problem:likely-repeat")
    (candidate,) = problem["candidates"]
    assert candidate["case_id"] == one
    assert candidate["received_on"] == "2026-01-02"
    assert candidate["demand"] == SAME
    assert 60 <= candidate["likeness"] <= 100
    assert "link-repeat-petition" in problem["detail"]
    assert running.ask("GET", f"/intake/cases/{other}/facts").status_code == 404
    link = {"petition_id": other, "channel": "visit", "received_on": "2026-01-05"}
    unsaid = running.ask("POST", f"/intake/cases/{one}/link-repeat-petition", json=link)
    assert unsaid.json()["type"].endswith("same-matter-unsaid")
    link["same_matter"] = "同一块地、同一补偿标准"
    linked = running.give(f"/intake/cases/{one}/link-repeat-petition", link)
    assert linked["facts"][0]["type"] == "huajie.intake.RepeatPetitionLinked"
    assert running.give(f"/intake/cases/{one}/link-repeat-petition", link)["facts"] == []


def test_what_a_human_found_distinct_is_registered(running: House) -> None:
    one, other, phone = running.new_id(), running.new_id(), next(PHONES)
    body = petition(phone=phone, demands=[SAME])
    register(running, one, body)
    assert register(running, other, {**body, "distinct_from": ["somewhere-else"]}).status_code == 409
    assert register(running, other, {**body, "distinct_from": [one]}).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"demands": [OTHER]}, {"region": "610499001"}, {"person": {"name": "李某某"}}],
    ids=["another matter", "another region", "another person with the same phone"],
)
def test_what_is_not_the_same_is_not_offered(running: House, changed: dict[str, Any]) -> None:
    phone = next(PHONES)
    register(running, running.new_id(), petition(phone=phone, demands=[SAME]))
    assert (
        register(running, running.new_id(), petition(phone=phone, **{"demands": [SAME], **changed})).status_code == 200
    )


def test_the_same_category_is_offered_too(running: House) -> None:
    phone = next(PHONES)
    register(running, running.new_id(), petition(phone=phone, demands=[SAME], categories=["land"]))
    answer = register(running, running.new_id(), petition(phone=phone, demands=[OTHER], categories=["land", "other"]))
    assert answer.status_code == 409


def test_of_two_registrations_at_the_same_time_one_is_offered_the_other(running: House) -> None:
    phone = next(PHONES)
    body = petition(phone=phone, demands=[SAME])
    with ThreadPoolExecutor(8) as desks:
        answers = list(desks.map(lambda _: register(running, running.new_id(), body), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]


def test_who_may_not_register_learns_nothing_of_a_person(running: House) -> None:
    body = petition(phone=next(PHONES), demands=[SAME])
    one = running.new_id()
    register(running, one, body)
    for role, region in (
        (Role.HANDLER, "610499"),
        (Role.AUDITOR, "610499"),
        (Role.SUPERVISOR, "610499"),
        (Role.REGISTRAR, "610100"),
    ):
        answer = register(running, running.new_id(), body, role, region=region, unit="柳林镇")
        assert (answer.status_code, one in answer.text) == (403, False)


def test_a_refused_registration_does_not_tie_a_person_to_the_case_of_another(running: House) -> None:
    one, phone = running.new_id(), next(PHONES)
    register(running, one, petition(phone=next(PHONES), demands=[SAME]))
    assert register(running, one, petition(phone=phone, name="王某某", demands=[SAME])).status_code == 409
    answer = register(running, running.new_id(), petition(phone=phone, name="王某某", demands=[SAME]))
    assert answer.status_code == 200, "the other person's case was offered as theirs"


def test_who_brought_a_case_in_may_be_seen_by_the_leader_that_casework_named(running: House) -> None:
    case_id = running.arrived(running.register())
    path = f"/intake/cases/{case_id}/open-petitioner"
    asked: dict[str, Any] = {"json": {"purpose": "接访"}, "unit": "县委办"}
    assert running.ask("POST", path, Role.LEADER, **asked).status_code == 403
    leader = {"leader": {"id": "l", "name": "李某"}, "unit": "县委办", "assigned_on": "2026-01-08"}
    running.give(f"/casework/cases/{case_id}/assign-leader", leader)
    running.until(lambda: running.ask("POST", path, Role.LEADER, **asked).status_code == 200)


@pytest.mark.parametrize("purpose", ["", " 访 ", "  ", "回\0访", "回访" * 101])
def test_whoever_looks_says_why(running: House, purpose: str) -> None:
    path = f"/intake/cases/{running.register()}/open-petitioner"
    assert running.ask("POST", path, json={"purpose": purpose}).status_code == 422
    assert running.ask("POST", path, json={"purpose": " 回访 "}).status_code == 200
    assert running.get(path.replace("open-petitioner", "petitioner-looks"))[0]["purpose"] == "回访"


def test_whom_a_petition_is_about_never_learns_who_brought_it(running: House) -> None:
    case_id = running.register(unit="柳林镇")
    path = f"/intake/cases/{case_id}/open-petitioner"
    asked: dict[str, Any] = {"json": {"purpose": "接访"}, "unit": "柳林镇"}
    assert running.ask("POST", path, Role.LEADER, who="mayor", **asked).status_code == 200
    named = {"named_on": "2026-01-06", "officials": [{"id": "mayor", "name": "王某"}]}
    running.give(f"/intake/cases/{case_id}/name-accused", named)
    refused = running.ask("POST", path, Role.LEADER, who="mayor", **asked)
    assert refused.status_code == 403
    assert "回避" in refused.json()["detail"]
    assert running.ask("POST", path, Role.LEADER, who="other", **asked).status_code == 200
    declared = {"declared_on": "2026-01-07", "official": {"id": "other", "name": "赵某"}, "ground": "亲属"}
    running.give(f"/casework/cases/{running.arrived(case_id)}/declare-interest", declared)
    running.until(lambda: running.ask("POST", path, Role.LEADER, who="other", **asked).status_code == 403)
