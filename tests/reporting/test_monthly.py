"""Monthly progress reports: what each unit owes, what came in time, late or not at all."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.terms import Role
from tests.house import House, house
from tests.sample import opinion, reply


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        for unit in ("柳林镇", "柳林镇", "青石镇"):
            it.arrived(it.register(unit=unit, received_on="2026-01-01"))
        it.settle()
        yield it


def test_each_unit_sees_what_it_owes_a_month(running: House) -> None:
    """Due by the 20th: the clock of the house stands on 2026-11-20, its last day in time."""
    month = running.get("/reporting/monthly-reports", params={"month": "2026-10"})
    assert (month["due_on"], month["policy"]) == ("2026-10-20", "national-2026.7")
    assert [(u["unit"], u["due"], u["reported"], len(u["missing"])) for u in month["units"]] == [
        ("柳林镇", 2, 0, 2),
        ("青石镇", 1, 0, 1),
    ]
    assert [u["missing"] for u in running.get("/reporting/monthly-reports")["units"]] == [[], []]
    case_id = running.register(unit="新桥镇", received_on="2026-09-01")
    running.arrived(case_id)
    for on in ("2026-09-20", "2026-10-21"):
        report = {"report_id": on, "reported_on": on, "text": "已约谈双方"}
        running.give(f"/casework/cases/{case_id}/report-progress", report)
    running.settle()

    def owed(asked: str) -> dict[str, Any]:
        units = running.get("/reporting/monthly-reports", params={"month": asked})["units"]
        return next((unit for unit in units if unit["unit"] == "新桥镇"), {})

    assert owed("2026-09") == {"unit": "新桥镇", "due": 1, "reported": 1, "late": [], "missing": []}
    assert owed("2026-10") == {"unit": "新桥镇", "due": 1, "reported": 0, "late": [case_id], "missing": []}
    assert owed("2026-08") == {}
    ours = running.ask("GET", "/reporting/monthly-reports?month=2026-10", Role.HANDLER, unit="柳林镇").json()
    assert [u["unit"] for u in ours["units"]] == ["柳林镇"]
    assert running.ask("GET", "/reporting/monthly-reports?month=2026-13").status_code == 422


def test_a_month_is_told_as_it_was_whoever_has_the_case_now(running: House) -> None:
    """Handed on in October, closed and back in November: September's report is owed by who had it in September."""
    case_id = running.arrived(running.register(unit="河口镇", received_on="2026-07-01"))
    running.give(f"/casework/cases/{case_id}/accept-case", {"unit": "河口镇", "accepted_on": "2026-07-02"})
    sent = {"kind": "forward", "unit": "县水利局", "dispatched_on": "2026-10-09"}
    running.give(f"/intake/cases/{case_id}/dispatch-case", sent)
    who = {"id": "li", "name": "李某", "post": "副镇长"}
    handled: list[tuple[str, dict[str, Any]]] = [
        ("assign-leader", {"leader": who, "unit": "河口镇", "assigned_on": "2026-07-03"}),
        ("log-visit", {"visit_id": "v", "kind": "home", "visited_on": "2026-07-04", "official": who}),
        ("issue-opinion", opinion("2026-08-01").model_dump(mode="json")),
        ("serve-opinion", reply("2026-08-01").model_dump(mode="json", exclude={"demands"})),
        ("close-case", {"closed_on": "2026-08-10"}),
        ("report-relapse", {"sign": "repeat-petition", "relapsed_on": "2026-09-05"}),
    ]
    for command, said in handled:
        running.give(f"/casework/cases/{case_id}/{command}", said)
    running.settle()

    def owing(month: str) -> list[str]:
        units = running.get("/reporting/monthly-reports", params={"month": month})["units"]
        return [unit["unit"] for unit in units if case_id in unit["missing"]]

    assert {month: owing(f"2026-{month}") for month in ("06", "07", "08", "09", "10")} == {
        "06": [],
        "07": ["河口镇"],
        "08": [],  # it was closed then
        "09": ["河口镇"],
        "10": ["县水利局"],
    }
