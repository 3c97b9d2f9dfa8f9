"""Likely repeats: same person or same text, from everything on the books; a human confirms or declines."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.node import CONTENTS
from shared.terms import Role
from tests.house import House, house, petition

ROAD = "村西道路施工后长期积水，影响出行，要求镇里修复排水沟"
WATER = "自来水厂停水三天没有通知，请求公布停水计划"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), contents=(CONTENTS,)) as it:
        yield it


def register(running: House, phone: str, demand: str, **more: Any) -> str:
    case_id = running.new_id()
    body = petition(phone=phone, demands=[demand], received_on="2026-03-02") | more
    answer = running.ask("POST", f"/intake/cases/{case_id}/register-case", Role.REGISTRAR, json=body)
    assert answer.status_code == 200, answer.text
    return case_id


def likely(running: House, case_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.get(f"/intake/cases/{case_id}/likely-repeats", Role.REGISTRAR)
    return found


def test_the_same_matter_is_offered_whoever_brought_it_and_a_human_decides(running: House) -> None:
    one = register(running, "13910000001", ROAD)
    assert likely(running, one) == []
    two = register(running, "13910000002", f"{ROAD}。")
    other = register(running, "13910000001", WATER, categories=["rural"])
    assert [(m["case_id"], m["same_person"], m["closed"]) for m in likely(running, two)] == [(one, False, False)]
    assert [m["case_id"] for m in likely(running, one)] == [two]  # the same person's other matter reads otherwise
    assert likely(running, other) == []
    three = register(running, "13910000003", f"反映{ROAD}")
    assert {m["case_id"] for m in likely(running, three)} == {one, two}

    declined = {"declined_on": "2026-03-05", "other": one, "reason": "不是同一段路"}
    running.give(f"/intake/cases/{three}/decline-repeat", declined)
    assert [m["case_id"] for m in likely(running, three)] == [two]
    merged = {"merged_on": "2026-03-06", "into": one, "reason": "同一事项"}
    running.give(f"/intake/cases/{two}/merge-case", merged)
    assert likely(running, three) == []
    linked = {
        "petition_id": three,
        "channel": "visit",
        "received_on": "2026-03-07",
        "same_matter": "同一路段、同一诉求",
    }
    running.give(f"/intake/cases/{one}/link-repeat-petition", linked)
    assert likely(running, one) == []


def test_who_may_not_register_sees_no_likely_repeats(running: House) -> None:
    case_id = register(running, "13910000009", "小区供暖不热，要求检修管道")
    path = f"/intake/cases/{case_id}/likely-repeats"
    assert running.ask("GET", path, Role.SUPERVISOR).status_code == 403
    assert running.ask("GET", path, Role.REGISTRAR, region="320500").status_code == 403
    assert running.ask("GET", "/intake/cases/none-such/likely-repeats", Role.REGISTRAR).status_code == 404


def test_matters_outside_the_askers_region_are_not_shown(running: House) -> None:
    text = "乡村小学食堂饭菜价格过高，要求公开账目"
    county = register(running, "13910000011", text, region="610499")
    register(running, "13910000012", text, region="610499100")
    assert len(likely(running, county)) == 1
    town = register(running, "13910000013", text, region="610499101")
    answer = running.ask("GET", f"/intake/cases/{town}/likely-repeats", Role.REGISTRAR, region="610499101")
    assert answer.json() == []


def test_whoever_merges_into_a_number_of_a_ledger_is_told_how_to_find_the_case(running: House) -> None:
    """Found: told to check the number, which was right, and stood so in the ledger."""
    one, other = running.register(received_on="2026-03-02"), running.new_id()
    numbered = petition(phone="13910000019", received_on="2026-03-01", original_number="柳信〔2026〕19号")
    running.give(f"/intake/cases/{other}/register-case", numbered)
    running.arrived(other)
    said = {"merged_on": "2026-03-06", "into": numbered["original_number"], "reason": "同一事项"}
    refusal = running.ask("POST", f"/intake/cases/{one}/merge-case", json=said).json()
    assert refusal["type"].endswith("merged-into-nothing")
    for told in (refusal["detail"], refusal["detail_en"]):
        assert "case_id" in told
        assert "/reporting/cases?number=…" in told
    (found,) = running.get("/reporting/cases", params={"number": numbered["original_number"]})["cases"]
    running.give(f"/intake/cases/{one}/merge-case", {**said, "into": found["case_id"]})


def test_a_case_is_merged_into_one_that_is_there_and_is_handled_there(running: House) -> None:
    from_below, from_above = register(running, "13910000011", "渠道淤塞", received_on="2026-03-03"), running.new_id()
    body = petition(phone="13910000012", demands=["灌溉渠道淤塞无人清理"], received_on="2026-03-02", channel="assigned")
    running.give(f"/intake/cases/{from_above}/register-case", body)
    running.arrived(from_below)

    def merge(case_id: str, into: str) -> Any:
        said = {"merged_on": "2026-03-06", "into": into, "reason": "同一事项"}
        return running.ask("POST", f"/intake/cases/{case_id}/merge-case", json=said)

    for nowhere in ("none-such", "unit-00000000000000a1"):
        assert merge(from_below, nowhere).json()["type"].endswith("merged-into-nothing")
    assert merge(from_below, from_above).status_code == 200
    assert merge(from_below, from_above).json()["facts"] == []
    told = running.get(f"/intake/cases/{from_above}/facts")["facts"][-1]
    assert (told["type"], told["data"]["other"]) == ("huajie.intake.CaseTakenIn", from_below)
    assert running.get(f"/intake/cases/{from_above}/screening")["brought"] == ["2026-03-02", "2026-03-03"]
    another = register(running, "13910000013", "渠道坍塌")
    assert merge(another, from_below).json()["type"].endswith("merged-into-merged")

    accepting = {"unit": "柳林镇", "accepted_on": "2026-03-09"}
    running.until(
        lambda: running.ask("POST", f"/casework/cases/{from_below}/accept-case", json=accepting).status_code == 409
    )
    running.give(f"/casework/cases/{running.arrived(from_above)}/accept-case", accepting)

    undoing = {"unmerged_on": "2026-03-10", "approved_by": {"id": "wang", "name": "王某某"}, "reason": "不是同一条渠道"}
    running.give(f"/intake/cases/{from_below}/unmerge-case", undoing)
    assert running.get(f"/intake/cases/{from_above}/screening")["brought"] == ["2026-03-02"]
    assert running.get(f"/intake/cases/{from_above}/facts")["facts"][-1]["type"] == "huajie.intake.CaseTakenOut"
    running.until(
        lambda: running.ask("POST", f"/casework/cases/{from_below}/accept-case", json=accepting).status_code == 200
    )


def test_a_content_code_outside_the_list_is_refused_where_there_is_a_list(running: House) -> None:
    case_id = register(running, "13910000021", "土地确权证书没有发放", content_codes=["0103"])
    facts = running.get(f"/intake/cases/{case_id}/facts", Role.REGISTRAR)["facts"]
    assert facts[0]["data"]["content_codes"] == ["0103"]
    body = petition(phone="13910000022", content_codes=["0103", "7777"])
    refused = running.ask("POST", f"/intake/cases/{running.new_id()}/register-case", Role.REGISTRAR, json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:huajie:problem:unknown-content")


def test_screening_is_read_within_ones_own_scope(running: House) -> None:
    case_id = register(running, "13910000031", "干部任用公示不规范", categories=["personnel"], urgent=True)
    path = f"/intake/cases/{case_id}/screening"
    said = running.get(path, Role.SUPERVISOR)
    assert (said["matter_class"], said["turn"], said["urgent_unreported"]) == ("组织人事问题类", 1, True)
    assert running.ask("GET", path, Role.SUPERVISOR, region="320500").status_code == 403
    assert running.ask("GET", "/intake/cases/none-such/screening", Role.SUPERVISOR).status_code == 404


def test_what_was_linked_by_mistake_is_not_offered_again(running: House) -> None:
    text = "小区地下车库渗水，要求物业维修防水层"
    one, two = (register(running, f"1391000002{n}", text) for n in (1, 2))
    linked = {"petition_id": two, "channel": "visit", "received_on": "2026-03-02", "same_matter": "同一小区"}
    running.give(f"/intake/cases/{one}/link-repeat-petition", linked)
    back: dict[str, Any] = {"petition_id": two, "unlinked_on": "2026-11-20", "belongs_to": two}
    back |= {"approved_by": {"id": "li", "name": "李某某"}, "reason": "不是同一小区"}
    running.give(f"/intake/cases/{one}/unlink-repeat-petition", back)
    assert likely(running, one) == []
    assert likely(running, two) == []
