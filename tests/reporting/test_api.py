"""Reports over HTTP: filters combine, pages follow one another, answers have the shape that the document promises."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from deploy.documents import openapi
from shared.terms import Role
from tests.house import House, house
from tests.supervision.campaigning import OPEN

LEADERS = [
    {"id": "l-1", "name": "李某", "post": "副县长"},
    {"id": "l-2", "name": "王某"},
    {"id": "l-3", "name": "王某"},
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        for n in range(9):
            case_id = it.register(unit=("柳林镇", "青石镇", "平川镇")[n % 3], received_on=f"2026-0{1 + n // 3}-01")
            it.arrived(case_id)
            leader = {"leader": LEADERS[n % 3], "unit": "县委办", "assigned_on": "2026-03-05"}
            it.give(f"/casework/cases/{case_id}/assign-leader", leader)
        it.give("/supervision/campaigns/campaign-1/open-campaign", OPEN.model_dump(mode="json"))
        it.settle()
        yield it


def listed(running: House, **asked: Any) -> list[str]:
    return [row["case_id"] for row in running.get("/reporting/cases", params=asked)["cases"]]


def test_filters_combine_and_take_several_words(running: House) -> None:
    assert len(listed(running)) == 9
    assert len(listed(running, unit=["柳林镇", "青石镇"])) == 6
    assert len(listed(running, unit=["柳林镇", "青石镇"], received_from="2026-02-01")) == 4
    assert len(listed(running, received_from="2026-02-01", received_to="2026-02-28", leader=["l-1", "l-2"])) == 2
    assert len(listed(running, leader="王某")) == 6
    assert listed(running, state=["closed", "relapsed"]) == []
    assert len(listed(running, state="registered", region="6104", channel="visit", stalled=True, backlog=False)) == 9


def test_pages_follow_one_another(running: House) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = running.get("/reporting/cases", params={"limit": 4, **cursor})
        seen += [row["case_id"] for row in page["cases"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == listed(running)
    assert len(page["cases"]) == 1


def test_leaders_are_counted_by_their_id_not_by_their_name(running: House) -> None:
    said = running.get("/reporting/counts", params={"by": "leader"})
    assert said["by"] == "leader"
    assert sorted((row["leader_id"], row["leader"], row["cases"]) for row in said["counts"]) == [
        ("l-1", "李某 副县长", 3),
        ("l-2", "王某", 3),
        ("l-3", "王某", 3),
    ]
    some = running.get("/reporting/counts", params={"by": "leader", "unit": "柳林镇"})["counts"]
    assert [row["leader_id"] for row in some] == ["l-1"]


def test_the_rate_says_its_numerator_and_denominator_also_when_there_is_nothing(running: House) -> None:
    rate = running.get("/reporting/resolution-rate")
    assert (rate["numerator"], rate["denominator"], rate["rate"]) == (0, 9, 0.0)
    none = running.get("/reporting/resolution-rate", params={"unit": "无"})
    assert (none["numerator"], none["denominator"], none["rate"]) == (0, 0, None)


def test_a_notice_is_listed_once_and_by_its_filters(running: House) -> None:
    out = running.get("/reporting/notices", params={"live": True})["notices"]
    told = [(notice["case_id"], notice["addressee_role"] == "joint-meeting") for notice in out]
    assert len(set(told)) == len(told)  # of one case at most one to its unit, and one about the petition office
    assert len({case_id for case_id, _ in told}) == 9
    assert running.get("/reporting/notices", params={"level": "accountability"})["notices"] == []
    of_one = running.get("/reporting/notices", params={"case_id": out[0]["case_id"], "live": True})["notices"]
    assert of_one == [notice for notice in out if notice["case_id"] == out[0]["case_id"]]
    first = running.get("/reporting/notices", params={"live": True, "limit": 5})
    rest = running.get("/reporting/notices", params={"live": True, "cursor": first["next"]})
    assert [*first["notices"], *rest["notices"]] == out


def test_a_case_before_it_was_registered_is_not_known(running: House) -> None:
    case_id = listed(running)[0]
    assert (
        running.ask("GET", f"/reporting/cases/{case_id}", params={"as_of": "2026-11-19T00:00:00Z"}).status_code == 404
    )
    assert listed(running, as_of="2026-11-19T00:00:00Z") == []
    assert (
        running.ask(
            "GET", f"/supervision/cases/{case_id}/explain", params={"as_of": "2026-11-19T00:00:00Z"}
        ).status_code
        == 404
    )


def test_a_rebuild_is_for_the_operator(running: House) -> None:
    assert running.ask("POST", "/reporting/rebuild").status_code == 403
    assert running.ask("POST", "/reporting/redrive").status_code == 403
    assert running.ask("POST", "/reporting/redrive", Role.SYSTEM).json() == {"through": []}


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("reporting-cases", "/reporting/cases"),
        ("reporting-case", "/reporting/cases/case-1"),
        ("reporting-notices", "/reporting/notices"),
        ("reporting-counts", "/reporting/counts"),
        ("reporting-resolution-rate", "/reporting/resolution-rate"),
        ("reporting-scores", "/reporting/scores?quarter=2026Q4"),
        ("reporting-annual-report", "/reporting/annual-report?year=2026"),
        ("reporting-annual-facts", "/reporting/annual-report/facts?year=2026&item=registered"),
        ("reporting-register", "/reporting/campaigns/campaign-1/register"),
        ("reporting-campaigns", "/reporting/campaigns"),
        ("reporting-campaign", "/reporting/campaigns/campaign-1"),
        ("supervision-policies", "/supervision/policies"),
        ("supervision-campaign-facts", "/supervision/campaigns/campaign-1/facts"),
        ("supervision-history", "/supervision/cases/case-1/history"),
        ("supervision-explain", "/supervision/cases/case-1/explain"),
        ("intake-facts", "/intake/cases/case-1/facts"),
        ("intake-petitioner-looks", "/intake/cases/case-1/petitioner-looks"),
        ("casework-facts", "/casework/cases/case-1/facts"),
    ],
)
def test_an_answer_has_the_shape_that_the_document_promises(running: House, operation: str, path: str) -> None:
    document = openapi(operation.partition("-")[0])
    said = next(
        op for methods in document["paths"].values() for op in methods.values() if op["operationId"] == operation
    )
    schema = said["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    answer = running.get(path, Role.SUPERVISOR)
    assert [error.message for error in validator.iter_errors(answer)] == []
    schemas = document["components"]["schemas"]
    name = schema.get("$ref", "").rpartition("/")[2]
    if name and operation != "supervision-explain":
        assert set(schemas[name]["properties"]) == set(answer)
