"""Funds over HTTP: who may put money in, who sees what, and what a grant is answered. Nobody takes a fund for a case."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.terms import Role
from tests.casework.handling import AID
from tests.casework.test_funds import ENDOWED, endow
from tests.house import REGION, House, house

PLACE = f"/casework/funds/{REGION}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def put_in(running: House, cents: int, number: str) -> None:
    running.give("/casework/funds/endow-fund", endow(cents, number).model_dump(mode="json"))


def grant(running: House, case_id: str, cents: int, **more: Any) -> Any:
    body = AID.model_dump(mode="json") | {"cents": cents}
    return running.ask("POST", f"/casework/cases/{case_id}/grant-aid", json=body, **more)


def balance(running: House, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(b for b in running.get(PLACE, **more) if b["fund"] == "judicial-relief")
    return found


def test_a_grant_is_paid_by_the_fund_or_answered_with_what_is_in_it(running: House) -> None:
    case_id = running.arrived(running.register())
    before = balance(running)["balance"]
    refused = grant(running, case_id, before + 1)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:huajie:problem:fund-too-low")
    assert f"余额为 {before // 100:,}.{before % 100:02} 元" in refused.json()["detail"]
    put_in(running, 700_000, "e-paid")
    for _ in range(2):  # the second is the first again
        assert grant(running, case_id, 500_000, headers={"Idempotency-Key": "k"}).status_code == 200
    assert balance(running)["balance"] == before + 200_000
    back = {"return_id": "r-1", "aid_id": "aid-1", "cents": 100, "returned_on": "2026-10-08", "reason": "未使用"}
    running.give(f"/casework/cases/{case_id}/return-aid", back)
    assert balance(running) | {"endowed": 0} == {
        "region": REGION, "fund": "judicial-relief", "endowed": 0, "withdrawn": 0, "drawn": 500_000, "refilled": 100,
        "balance": before + 200_100,
    }  # fmt: skip


def test_a_fund_is_seen_by_whose_region_covers_it_and_its_entries_by_whom_no_unit_binds(running: House) -> None:
    put_in(running, 5, "e-seen")
    for role in (Role.HANDLER, Role.UNIT_HEAD, Role.AUDITOR):
        assert running.ask("GET", PLACE, role, unit="柳林镇").status_code == 200
        for region in ("610498", f"{REGION}001"):
            assert running.ask("GET", PLACE, role, unit="柳林镇", region=region).status_code == 403
    assert running.ask("GET", f"{PLACE}/judicial-relief/facts", Role.UNIT_HEAD, unit="柳林镇").status_code == 403
    entries = running.get(f"{PLACE}/judicial-relief/facts", Role.AUDITOR, region="610400")["facts"]
    assert {entry["subject"] for entry in entries} == {f"fund-{REGION}-judicial-relief"}
    assert running.get(f"{PLACE}/civil-relief/facts") == {"facts": [], "version": 0}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PETITION_OFFICE])
def test_only_the_petition_office_of_the_region_puts_money_in(running: House, role: Role) -> None:
    body = ENDOWED.model_dump(mode="json") | {"endowment_id": "e-foreign"}
    assert running.ask("POST", "/casework/funds/endow-fund", role, unit="柳林镇", json=body).status_code == 403
    assert running.ask("POST", "/casework/funds/endow-fund", region="610498", json=body).status_code == 403


def test_clients_that_grant_at_once_never_overdraw_a_fund(running: House) -> None:
    cases = [running.register() for _ in range(12)]
    for case_id in cases:
        running.arrived(case_id)
    put_in(running, 1_000, "e-race")
    share = (balance(running)["balance"]) // 5
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda case_id: grant(running, case_id, share).status_code, cases))
    assert sorted(answers) == [200] * 5 + [409] * 7
    assert 0 <= balance(running)["balance"] < 5


def test_a_fund_is_nobodys_case(running: House) -> None:
    put_in(running, 1, "e-last")
    running.settle()
    for service in ("supervision", "intake"):
        with sqlite3.connect(running.settings.data / f"{service}.db") as log:
            known = [row[0] for row in log.execute("SELECT DISTINCT originator_id FROM stored_events")]
        log.close()
        assert known
        assert not [name for name in known if name.startswith("fund-")]
    rows = running.get("/reporting/cases", params={"limit": 100})["cases"]
    assert rows
    assert not [row for row in rows if row["case_id"].startswith("fund-")]
