"""A ledger over HTTP: each row becomes a case or joins one, once however often it comes; a bad row stops no other."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from shared.terms import Role
from tests.house import House, house

NUMBERS = count(1)
DEMAND = "征地补偿款至今没有发放，要求镇里核实并发放"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def row(**said: Any) -> dict[str, Any]:
    """A row of its own person and number."""
    n = next(NUMBERS)
    return {
        "sheet": "台账",
        "row": n,
        "original_number": f"HY-{n:03}",
        "received_on": "2025-01-05",
        "channel": "letter",
        "region": "610499",
        "unit": "柳林镇",
        "demand": DEMAND,
        "petitioner": {"name": "王某某", "phone": f"1370000{n:04}"},
        **said,
    }


def step(kind: str, on: str, **said: Any) -> dict[str, Any]:
    return {"sheet": "办理记录", "row": next(NUMBERS), "on": on, "kind": kind, **said}


def take(running: House, *rows: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    outcomes: list[dict[str, Any]] = running.give(
        "/intake/ledger", {"imported_from": "digest", "rows": rows}, Role.REGISTRAR, **more
    )
    assert [(o["sheet"], o["row"]) for o in outcomes] == [(r["sheet"], r["row"]) for r in rows]
    return outcomes


def facts(running: House, case_id: str) -> list[str]:
    return [fact["type"].split(".")[-1] for fact in running.get(f"/intake/cases/{case_id}/facts")["facts"]]


def test_a_row_becomes_a_case_with_its_earlier_history_and_comes_twice_without_adding(running: House) -> None:
    said = row(
        criterion="overdue",
        steps=[
            step("dispatch", "2025-01-10", unit="住建局"),
            step("objection", "2025-01-20", unit="住建局", note="不属本局职责"),
            step("forward", "2025-02-01", unit="民政局"),
            step("repeat", "2025-06-01", note="再次来访"),
            step("home-visit", "2025-03-01", person="李某"),
        ],
    )
    (outcome,) = take(running, said)
    assert outcome["became"] == "case"
    expected = ["CaseRegistered", "CaseDispatched", "DispatchObjected", "CaseDispatched", "RepeatPetitionLinked"]
    assert facts(running, outcome["case_id"]) == [*expected, "BacklogIdentified"]
    history = running.get(f"/intake/cases/{outcome['case_id']}/facts")["facts"]
    assert {fact["importedfrom"] for fact in history} == {"digest"}
    assert history[0]["data"]["history_follows"] is True
    (again,) = take(running, said)
    assert (again["became"], again["case_id"]) == ("skipped", outcome["case_id"])
    assert len(facts(running, outcome["case_id"])) == 6


def test_steps_that_a_later_ledger_adds_are_laid_down(running: House) -> None:
    said = row(steps=[step("dispatch", "2025-01-10", unit="住建局")])
    (first,) = take(running, said)
    take(running, {**said, "steps": [*said["steps"], step("forward", "2025-02-01", unit="民政局")]})
    assert facts(running, first["case_id"]) == ["CaseRegistered", "CaseDispatched", "CaseDispatched"]


def test_the_same_matter_of_the_same_person_joins_the_case_also_within_one_ledger(running: House) -> None:
    person = {"name": "赵某某", "phone": "13700009999"}
    one, two, three = row(petitioner=person), row(petitioner=person), row(petitioner=person, demand="要求修路")
    outcomes = take(running, one, two, three)
    assert [outcome["became"] for outcome in outcomes] == ["case", "repeat", "case"]
    assert outcomes[0]["case_id"] == outcomes[1]["case_id"] != outcomes[2]["case_id"]
    assert take(running, one, two, three)[1]["became"] == "skipped"


def test_a_number_that_is_another_matter_is_not_passed_over_in_silence(running: House) -> None:
    said = row()
    take(running, said)
    (outcome,) = take(running, {**said, "demand": "邻居违章建房堵塞道路，请求拆除"})
    assert outcome["became"] == "rejected"
    assert said["original_number"] in outcome["reason_zh"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"demand": ""},
        {"demand": "补" * 4001},
        {"unit": "x" * 201},
        {"unit": "柳林\n镇"},
        {"received_on": "1949-09-30"},
        {"received_on": "2027-01-01"},
        {"region": "清河县"},
        {"region": "610100"},
        {"petitioner": {"name": " "}},
        {"headcount": 100_001},
        {"extras": {"列" * 201: "x"}},
        {"extras": {f"列{n}": "补" * 3000 for n in range(100)}},
        {"original_number": "x" * 201},
        {"steps": [step("dispatch", "2025-01-10", unit="x" * 201)]},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_a_row_that_cannot_be_taken_in_says_why_and_stops_no_other(running: House, wrong: dict[str, Any]) -> None:
    good, bad, last = row(), row(**wrong), row()
    outcomes = take(running, good, bad, last)
    assert [outcome["became"] for outcome in outcomes] == ["case", "rejected", "case"]
    assert outcomes[1]["reason_zh"]
    assert outcomes[1]["reason_en"]
    assert outcomes[1]["case_id"] is None


def test_only_those_who_register_import(running: House) -> None:
    for role in (Role.HANDLER, Role.AUDITOR, Role.SUPERVISOR, Role.SYSTEM):
        answer = running.ask("POST", "/intake/ledger", role, json={"imported_from": "x", "rows": [row()]})
        assert answer.status_code == 403


def test_a_ledger_is_taken_in_by_five_hundred_rows_at_a_time(running: House) -> None:
    many = [row() for _ in range(501)]
    answer = running.ask("POST", "/intake/ledger", json={"imported_from": "x", "rows": many})
    assert answer.status_code == 422
    assert {outcome["became"] for outcome in take(running, *many[:200])} == {"case"}
