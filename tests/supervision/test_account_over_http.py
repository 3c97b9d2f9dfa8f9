"""A finding's way to accountability through the running house: every step by HTTP, and what the reports then show."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deploy.node import POLICIES
from services.supervision.edition import edition
from shared.terms import Role
from tests.house import House, house
from tests.sample import TOWN
from tests.supervision.campaigning import FILE, OPEN

ZHAO = {"id": "zhao", "name": "赵某", "post": "督查员"}
QIAN = {"id": "qian", "name": "钱某", "post": "召集人"}
LI = {"id": "li", "name": "李某", "post": "副镇长"}


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), datetime(2026, 11, 20, 4, tzinfo=UTC)) as running:
        yield running


def test_a_finding_is_answered_upheld_and_led_to_a_decision(it: House) -> None:
    case_id = it.arrived(it.register(received_on="2026-08-01"))
    it.settle()
    shown = it.get(f"/reporting/cases/{case_id}")
    idle = next(found["finding_id"] for found in shown["findings"] if found["rule"] == "idle")
    (notice,) = (notice for notice in shown["notices"] if notice["unit"] == TOWN)
    assert (notice["state"], notice["live"]) == ("issued", True)
    path = f"/supervision/cases/{case_id}"
    answer = {"finding_id": idle, "answered_on": "2026-11-20", "answer": "走访未录入", "by": LI}
    stranger = it.ask("POST", f"{path}/answer-finding", Role.UNIT_HEAD, unit="青石镇", json=answer)
    assert stranger.status_code == 403
    it.give(f"{path}/answer-finding", answer, Role.UNIT_HEAD, unit=TOWN)
    reply = {"notice_id": notice["notice_id"], "answered_on": "2026-11-20", "answer": "即办", "by": LI}
    it.give(f"{path}/answer-notice", reply, Role.UNIT_HEAD, unit=TOWN)
    uphold = {"finding_id": idle, "upheld_on": "2026-11-20", "by": ZHAO, "reasons": "记录系事后补写"}
    assert it.ask("POST", f"{path}/uphold-finding", Role.UNIT_HEAD, unit=TOWN, json=uphold).status_code == 403
    it.give(f"{path}/uphold-finding", uphold, Role.SUPERVISOR)
    propose = {
        "proposal_id": "p-1",
        "treatment": "talk",
        "about": TOWN,
        "findings": [idle],
        "reasons": "长期空转",
        "by": ZHAO,
        "proposed_on": "2026-11-20",
    }
    it.give(f"{path}/propose-sanction", propose, Role.SUPERVISOR)
    it.settle()
    session = {"cookie": f"huajie-session={it.token(Role.SUPERVISOR)}"}
    console = it.ask("GET", "/reporting/console", None, headers=session)
    assert "处理提请待决定" in console.text  # found: nobody's list showed that somebody had to decide
    decide = {
        "proposal_id": "p-1",
        "adopted": True,
        "body": "joint-meeting",
        "by": QIAN,
        "reasons": "属实",
        "document": "县信联〔2026〕7 号",
        "decided_on": "2026-11-20",
    }
    wrong = it.ask("POST", f"{path}/decide-sanction", json={**decide, "body": "petition-office"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:huajie:problem:not-that-body")
    it.give(f"{path}/decide-sanction", decide)
    it.settle()
    shown = it.get(f"/reporting/cases/{case_id}", Role.UNIT_HEAD, unit=TOWN)
    found = next(row for row in shown["findings"] if row["finding_id"] == idle)
    assert (found["state"], found["decided_by"], found["unit"]) == ("upheld", "赵某", TOWN)
    assert {notice["unit"]: notice["state"] for notice in shown["notices"]}[TOWN] == "answered"
    said = it.get("/reporting/scores", params={"quarter": "2026Q4"})
    (score,) = (score for score in said["scores"] if score["unit"] == TOWN)
    points = tomllib.loads((POLICIES / "national.toml").read_text("utf-8"))["scores"]
    ours = {item["mark"]: item["points"] for item in score["items"] if item["case_id"] == case_id}
    assert ours["upheld"] == points["upheld"]
    assert ours["sanction"] == points["sanction"]
    assert all(item["points"] for item in score["items"])
    assert points["finding"] == 0, "so that something is left out"
    facts = {fact["id"] for fact in it.get(f"{path}/facts", Role.AUDITOR)["facts"]}
    assert {item["fact_id"] for item in score["items"] if item["case_id"] == case_id} <= facts

    withdraw = {"finding_id": idle, "withdrawn_on": "2026-11-20", "by": QIAN, "reasons": "查明走访属实"}
    it.give(f"{path}/withdraw-finding", withdraw, Role.SUPERVISOR)
    it.settle()
    said = it.get("/reporting/scores", params={"quarter": "2026Q4"})
    left = {item["mark"] for score in said["scores"] for item in score["items"] if item["ref"] == idle}
    assert "upheld" not in left
    found = it.get(f"/reporting/cases/{case_id}")["findings"]
    assert next(row for row in found if row["finding_id"] == idle)["state"] == "withdrawn"


def test_a_campaign_is_no_case_and_finds_what_was_not_filed(it: House) -> None:
    it.give("/supervision/campaigns/campaign-1/open-campaign", OPEN.model_dump(mode="json"))
    it.settle()
    there = [row for row in it.get("/reporting/cases")["cases"] if row["unit"] == TOWN]
    figures = [{"measure": "resolved", "cases": 3, "total": 5}, {"measure": "closed", "cases": 0, "total": len(there)}]
    filed = {**FILE.model_dump(mode="json"), "figures": figures}
    it.give("/supervision/campaigns/campaign-1/file-report", filed, Role.UNIT_HEAD, unit=TOWN)
    it.register(received_on="2026-11-01")
    it.settle()
    shown = it.get("/reporting/campaigns/campaign-1")
    assert shown["phase"] == "处理化解"
    assert {(row["report"], row["unit"]) for row in shown["filings"] if row["missed"]} == {
        ("2026-10", TOWN),
        ("2026-10", "青石镇"),
        ("2026-11", TOWN),  # filed on the day after
        ("2026-11", "青石镇"),
    }
    assert [figure["percent"] for figure in shown["figures"]] == [90]
    (compared,) = (row["figures"] for row in shown["filings"] if row["figures"])
    assert [(f["counted_cases"], f["counted_total"], f["differs"]) for f in compared] == [
        (0, len(there), True),
        (0, len(there), False),
    ], "as the ledger was when the report came: a case of later does not count"
    assert shown["relapsed"] == 0
    assert it.ask("GET", "/reporting/campaigns/campaign-1", Role.UNIT_HEAD, unit="别的单位").status_code == 404
    assert it.ask("GET", "/reporting/cases/campaign-1").status_code == 422
    assert "campaign-1" not in {row["case_id"] for row in it.get("/reporting/cases")["cases"]}
    wrong = it.ask("POST", "/supervision/campaigns/case-1/open-campaign", json=OPEN.model_dump(mode="json"))
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:huajie:problem:invalid")
    facts = it.get("/supervision/campaigns/campaign-1/facts")["facts"]
    assert {fact["type"].rpartition(".")[2] for fact in facts} >= {"CampaignOpened", "PhaseStarted", "ReportMissed"}
    theirs = it.get("/supervision/campaigns/campaign-1/facts", Role.UNIT_HEAD, unit=TOWN)["facts"]
    assert {fact["data"]["unit"] for fact in facts if "unit" in fact["data"]} == {TOWN, "青石镇"}
    assert {fact["data"]["unit"] for fact in theirs if "unit" in fact["data"]} == {TOWN}
    assert [fact for fact in facts if fact["data"].get("unit") != "青石镇"] == theirs


def test_which_policy_was_known_when_is_a_fact_said_once(it: House) -> None:
    published, adopted = it.get("/supervision/policies", Role.AUDITOR)["facts"]
    assert published["data"]["version"] == "national-2026.7"
    assert tomllib.loads(published["data"]["text"])["version"] == "national-2026.7"
    assert len(published["data"]["digest"]) == 64
    assert adopted["type"].endswith("StandardAdopted")
    assert adopted["data"] == {
        "versions": ["national-2026.7"],
        "digests": [published["data"]["digest"]],
        "holidays": "",
        "edition": edition(),
    }


def test_the_sweep_of_the_day_has_lost_no_case(it: House) -> None:
    it.clock.set(datetime(2026, 11, 21, 4, tzinfo=UTC))
    it.until(lambda: it.ask("GET", "/supervision/health/ready", None).json()["swept_on"] == "2026-11-21")
    assert it.ask("GET", "/supervision/health/ready", None).status_code == 200
