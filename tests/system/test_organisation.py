"""Units and posts in a running house: notices name the head of the day, casework refuses who was not, nothing counts as a case."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.sample.make_organisation import SAMPLE
from shared.http.runtime import NAMES_SECONDS
from shared.store import SQLiteLog
from shared.terms import Role
from tests.house import House, house
from tests.system.node import Up, command

UNIT = "unit-0000000000000001"
WANG = {"id": "wang", "name": "王某", "post": "镇长"}
SUN = {"id": "sun", "name": "孙某", "post": "镇长"}
LI = {"id": "li", "name": "李某", "post": "副镇长"}
BEGIN = datetime(2026, 2, 2, 4, tzinfo=UTC)


@pytest.fixture
def it(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, BEGIN) as running:
        yield running


def tell(it: House, command: str, **said: Any) -> Any:
    return it.give(f"/intake/units/{UNIT}/{command}", said, Role.REGISTRAR)


def entered(it: House) -> None:
    """柳林镇, its head and his deputy."""
    tell(it, "establish-unit", name="柳林镇", region="610499", established_on="2010-01-01")
    tell(it, "take-post", holding_id="h-1", official=WANG, since="2024-03-01", rank="main", heads_unit=True)
    tell(it, "take-post", holding_id="h-2", official=LI, since="2024-03-01", rank="team", remit="信访")


def on(it: House, day: datetime) -> None:
    it.clock.set(day)
    it.settle()


def told(it: House, case_id: str) -> list[tuple[str, str]]:
    notices = [n for n in it.get("/reporting/notices")["notices"] if n["addressee_role"] != "joint-meeting"]
    return sorted((n["issued_on"], n["addressee"]) for n in notices if n["case_id"] == case_id)


def test_a_notice_names_the_head_of_the_day_and_a_later_one_the_successor(it: House) -> None:
    entered(it)
    first = it.arrived(it.register())
    on(it, BEGIN + timedelta(days=1))
    assert [name for _, name in told(it, first)] == ["王某 镇长"]
    tell(it, "leave-post", holding_id="h-1", left_on="2026-02-03")
    tell(it, "take-post", holding_id="h-3", official=SUN, since="2026-02-03", rank="main", heads_unit=True)
    second = it.arrived(it.register())
    on(it, BEGIN + timedelta(days=2))
    assert [name for _, name in told(it, second)] == ["孙某 镇长"]
    assert [name for _, name in told(it, first)] == ["王某 镇长"]


def test_the_histories_of_units_are_no_cases(it: House) -> None:
    entered(it)
    case_id = it.arrived(it.register())
    on(it, BEGIN + timedelta(days=1))
    assert it.get("/reporting/counts")["counts"] == [{"state": "registered", "cases": 1, "stalled": 1, "repeats": 0}]
    assert [row["case_id"] for row in it.get("/reporting/cases")["cases"]] == [case_id]
    for path in (f"/casework/cases/{UNIT}/facts", f"/supervision/cases/{UNIT}/history", f"/intake/cases/{UNIT}/facts"):
        assert it.ask("GET", path).status_code in (404, 422), path
    assert it.ask("GET", f"/reporting/cases/{UNIT}").status_code in (404, 422)


def test_what_a_sweep_says_counts_cases_only(tmp_path: Path) -> None:
    with house(tmp_path, BEGIN) as it:
        entered(it)
        it.arrived(it.register())
        on(it, BEGIN + timedelta(days=1))
        sweeps = it.until(lambda: it.ask("GET", "/supervision/health/ready", None).json()["swept_on"] == "2026-02-03")
        assert sweeps
        data = it.settings.data
    log = SQLiteLog(data / "supervision.db")
    try:
        said = [event.state for event in log.events("sweeps")]
        assert log.query("SELECT case_id FROM due WHERE case_id LIKE 'unit-%'") == []
    finally:
        log.close()
    assert b'"cases":1,' in said[-1]
    assert b'"skipped":[]' in said[-1]


def test_casework_holds_commands_to_who_held_the_post(it: House) -> None:
    entered(it)
    case_id = it.arrived(it.register())
    it.settle()
    give = f"/casework/cases/{case_id}"
    it.give(f"{give}/accept-case", {"unit": "柳林镇", "accepted_on": "2026-01-06"})
    asked = {
        "days": 30,
        "approved_on": "2026-02-02",
        "approved_by": LI,
        "reason": "案情复杂",
        "told_on": "2026-02-02",
    }
    refused = it.ask("POST", f"{give}/approve-extension", Role.UNIT_HEAD, unit="柳林镇", json=asked)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:huajie:problem:not-the-head")
    assert "王某" in refused.json()["detail"]
    it.give(f"{give}/approve-extension", {**asked, "approved_by": WANG}, Role.UNIT_HEAD, unit="柳林镇")


def test_whoever_the_head_delegated_a_command_to_gives_it_with_their_own_token_for_those_days(it: House) -> None:
    entered(it)
    given = {"delegation_id": "d-1", "official_id": WANG["id"], "delegate": LI, "given_on": "2026-01-05"}
    for_days = {"first_day": "2026-02-02", "last_day": "2026-02-03", "commands": ["ApproveExtension"]}
    tell(it, "give-delegation", **given, **for_days)
    case_id = it.arrived(it.register())
    it.settle()
    path = f"/casework/cases/{case_id}"
    it.give(f"{path}/accept-case", {"unit": "柳林镇", "accepted_on": "2026-01-06"})
    said = {"days": 30, "approved_on": "2026-02-02", "approved_by": LI, "reason": "案情复杂", "told_on": "2026-02-02"}

    def extend(who: str, unit: str = "柳林镇", command: str = "approve-extension") -> int:
        asked = (
            said if command == "approve-extension" else {"requested_on": "2026-02-02", "unit": unit, "summary": "结"}
        )
        return it.ask("POST", f"{path}/{command}", Role.HANDLER, unit=unit, who=who, json=asked).status_code

    time.sleep(NAMES_SECONDS)
    assert extend("somebody-else") == 403
    assert extend(LI["id"], unit="县医院") == 403
    assert extend(LI["id"], command="request-closure") == 403  # another command
    assert extend(LI["id"]) == 200
    fact = it.get(f"{path}/facts")["facts"][-1]
    on(it, BEGIN + timedelta(days=2))
    time.sleep(NAMES_SECONDS)
    assert extend(LI["id"]) == 403  # the days are over
    assert (fact["type"], fact["actorid"], fact["actorrole"]) == (
        "huajie.casework.ExtensionApproved",
        LI["id"],
        "handler",
    )


def test_the_tree_and_one_unit_are_read_as_of_a_day_and_as_known(it: House) -> None:
    entered(it)
    known = it.clock()
    it.clock.set(it.clock() + timedelta(minutes=1))
    tell(it, "leave-post", holding_id="h-1", left_on="2026-02-01")
    said = it.get("/intake/organisation", Role.AUDITOR, params={"on": "2026-01-31"})
    (place,) = said["units"]
    assert (place["unit_id"], place["name"], place["region"]) == (UNIT, "柳林镇", "610499")
    assert {post["official"]["name"]: post["heads_unit"] for post in place["posts"]} == {"王某": True, "李某": False}
    assert it.get("/intake/organisation", params={"on": "2009-12-31"})["units"] == []
    assert it.get("/intake/organisation", region="610498")["units"] == []
    now = it.get(f"/intake/units/{UNIT}")
    assert [post["official"]["name"] for post in now["unit"]["posts"]] == ["李某"]
    assert [fact["type"].rpartition(".")[2] for fact in now["facts"]] == [
        "UnitEstablished",
        "PostTaken",
        "PostTaken",
        "PostLeft",
    ]
    before = it.get(f"/intake/units/{UNIT}", params={"as_of": known.isoformat()})
    assert [post["official"]["name"] for post in before["unit"]["posts"]] == ["王某", "李某"]
    assert it.ask("GET", f"/intake/units/{UNIT}", region="610498").status_code == 403
    assert it.ask("GET", "/intake/units/unit-00000000000000ff").status_code == 404


def test_a_unit_is_entered_by_whoever_registers_there_and_a_case_is_none(it: House) -> None:
    body = {"name": "邻县某镇", "region": "610498", "established_on": "2010-01-01"}
    assert it.ask("POST", f"/intake/units/{UNIT}/establish-unit", json=body).status_code == 403
    body["region"] = "610499"
    assert (
        it.ask("POST", f"/intake/units/{UNIT}/establish-unit", Role.HANDLER, unit="柳林镇", json=body).status_code
        == 403
    )
    assert it.ask("POST", "/intake/units/case-1/establish-unit", json=body).status_code == 422
    assert it.ask("POST", f"/intake/cases/{UNIT}/register-case", json={}).status_code == 422


def test_a_roster_is_entered_from_the_command_line_once_however_often_it_comes(tmp_path: Path) -> None:
    up = Up(tmp_path / "data")
    try:
        dry = command("organisation", SAMPLE, "--data", up.data, "--dry-run", "--json")
        assert (dry.returncode, json.loads(dry.stdout)["entered"]) == (0, 0)
        assert up.read("organisation")["units"] == []
        first, again = (command("organisation", SAMPLE, "--data", up.data, "--json") for _ in range(2))
        assert first.returncode == again.returncode == 0, first.stderr + again.stderr
        assert json.loads(first.stdout) == {"units": 14, "posts": 42, "entered": 56, "skipped": 0, "rejected": []}
        assert json.loads(again.stdout) == {"units": 14, "posts": 42, "entered": 0, "skipped": 56, "rejected": []}
        bad = tmp_path / "bad.csv"
        bad.write_text(
            "单位,姓名,职务,任职日期,是否主要负责人\n柳林镇,某某,镇长,2026-10-1,是\n县医院,张某,院长,三月,是\n", "utf-8"
        )
        refused = command("organisation", bad, "--data", up.data, "--json")
        assert refused.returncode == 3, refused.stderr
        assert [row["row"] for row in json.loads(refused.stdout)["rejected"]] == [3, 2]
        assert (tmp_path / "bad.csv.errors.xlsx").exists()
        shown = command("organisation", "--data", up.data, "--on", "2019-03-14")
        assert "县国土资源局" in shown.stdout
        assert "县自然资源局" not in shown.stdout
        units = {unit["name"]: unit for unit in up.read("organisation")["units"]}
        assert units["柳林镇"]["superior"] == units["河阳县人民政府"]["unit_id"]
        assert command("organisation", tmp_path / "none.xlsx", "--data", up.data).returncode == 1
    finally:
        up.stop()
