"""A finding about a unit through the running house: who sees it, how it follows, and that the unit answers it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from services.supervision.unitbook import book_id
from shared.terms import Role
from tests.house import NOON, REGION, House, house
from tests.sample import OTHER, TOWN

BOOK = book_id(REGION, TOWN)
WANG = {"id": "wang", "name": "王某", "post": "镇长"}
LI = {"id": "li", "name": "李某", "post": "督查专员"}
VISIT = {"visit_id": "v-1", "kind": "home", "visited_on": "2026-11-02", "met_petitioner": True, "official": WANG}


def found(it: House, role: Role = Role.SUPERVISOR, **more: Any) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = it.get("/reporting/unit-findings", role, **more)["findings"]
    return said


def test_entries_made_in_a_burst_are_found_told_and_answered(tmp_path: Path) -> None:
    with house(tmp_path, NOON) as it:
        for _ in range(10):
            case_id = it.arrived(it.register(received_on="2026-11-01"))
            taken = {"unit": TOWN, "accepted_on": "2026-11-20"}
            it.give(f"/casework/cases/{case_id}/accept-case", taken, Role.HANDLER, unit=TOWN)
            it.give(f"/casework/cases/{case_id}/log-visit", VISIT, Role.HANDLER, unit=TOWN)
        it.settle()
        assert found(it) == []
        before = it.clock().isoformat()
        it.clock.set(NOON + timedelta(days=1))
        it.settle()
        it.until(lambda: found(it))
        burst = next(row for row in found(it) if row["rule"] == "bulk-backfill")
        assert (burst["book_id"], burst["unit"], burst["open"], burst["state"]) == (BOOK, TOWN, True, "raised")
        assert len(burst["counted"]) == 10
        assert found(it, params={"as_of": before}) == []
        assert found(it, params={"unit": OTHER}) == found(it, params={"open": False}) == []
        assert found(it, Role.UNIT_HEAD, unit=OTHER) == found(it, region="610498") == []
        assert burst in found(it, Role.UNIT_HEAD, unit=TOWN)

        (notice,) = [row for row in it.get("/reporting/notices")["notices"] if row["case_id"] == BOOK]
        assert (notice["addressee"], notice["unit"], notice["live"]) == ("柳林镇主要负责人", TOWN, True)
        others = it.get("/reporting/notices", Role.UNIT_HEAD, unit=OTHER)["notices"]
        assert BOOK not in {row["case_id"] for row in others}
        session = {"cookie": f"huajie-session={it.token(Role.SUPERVISOR)}"}
        page = it.ask("GET", "/reporting/console", None, headers=session).text
        assert "集中补录" in page
        assert f"cases/{BOOK}" not in page

        told = it.get("/supervision/explain-unit", params={"unit": TOWN})
        shows = {rule["rule"] for rule in told["rules"] if rule["shows"]}
        assert shows == {row["rule"] for row in found(it)}
        nobody = it.ask("GET", "/supervision/explain-unit", params={"unit": "没有此单位"})
        assert (nobody.status_code, "没有名为“没有此单位”的单位" in nobody.json()["detail"]) == (404, True)
        early = it.get("/supervision/explain-unit", params={"unit": TOWN, "as_of": "2026-11-01T00:00:00Z"})
        assert early["facts"] == 0

        answer = {"finding_id": burst["finding_id"], "answered_on": "2026-11-21", "answer": "系统停用", "by": WANG}
        path = f"/supervision/books/{BOOK}/answer-finding"
        assert it.ask("POST", path, Role.UNIT_HEAD, unit=OTHER, json=answer).status_code == 403
        it.give(path, answer, Role.UNIT_HEAD, unit=TOWN)
        assert it.ask("POST", f"/supervision/cases/{BOOK}/answer-finding", json=answer).status_code == 422
        it.settle()
        it.until(lambda: next(r for r in found(it) if r["rule"] == "bulk-backfill")["state"] == "answered")
        upheld = {"finding_id": burst["finding_id"], "upheld_on": "2026-11-21", "reasons": "停用无记录", "by": LI}
        it.give(f"/supervision/books/{BOOK}/uphold-finding", upheld, Role.SUPERVISOR)
        it.settle()
        it.until(lambda: next(r for r in found(it) if r["rule"] == "bulk-backfill")["state"] == "upheld")
        points = it.get("/reporting/scores", params={"quarter": "2026Q4"})["scores"]
        assert BOOK in {item["case_id"] for score in points if score["unit"] == TOWN for item in score["items"]}
        assert not [
            s
            for s in (it.get(f"/{n}/health/ready", Role.SYSTEM) for n in ("supervision", "reporting"))
            if s["troubles"]
        ]


def test_a_unit_is_asked_for_by_whichever_name_it_bears(tmp_path: Path) -> None:
    """Its book goes by the first name; who asks by the new one is shown the same, and who asks by one that nobody bore nothing."""
    unit, new = "unit-00000000000000aa", "柳林街道"
    with house(tmp_path, NOON) as it:
        it.give(
            f"/intake/units/{unit}/establish-unit", {"name": TOWN, "region": REGION, "established_on": "2010-01-01"}
        )
        case_id = it.arrived(it.register(received_on="2026-11-01"))
        taken = {"unit": TOWN, "accepted_on": "2026-11-20"}
        it.give(f"/casework/cases/{case_id}/accept-case", taken, Role.HANDLER, unit=TOWN)
        it.clock.set(NOON + timedelta(days=1))
        it.give(f"/intake/units/{unit}/rename-unit", {"name": new, "renamed_on": "2026-11-21"})
        it.clock.set(NOON + timedelta(days=2))
        it.settle()
        before = {"unit": TOWN, "about": "2026-11-20"}
        it.until(lambda: it.get("/supervision/explain-unit", params={"unit": new}).get("facts") == 1)
        now, then = (
            it.get("/supervision/explain-unit", params={"unit": new}),
            it.get("/supervision/explain-unit", params=before),
        )
        assert (now["book_id"], now["unit"], now["facts"]) == (BOOK, new, 1)
        assert (then["book_id"], then["facts"]) == (BOOK, 1)
        office = {"name": "水利局", "region": REGION, "established_on": "2010-01-01"}
        it.give("/intake/units/unit-00000000000000ab/establish-unit", office)
        it.settle()
        idle = {"unit": "水利局"}
        it.until(
            lambda: "水利局在机构名册中" in it.ask("GET", "/supervision/explain-unit", params=idle).json()["detail"]
        )
        nobody = it.ask("GET", "/supervision/explain-unit", params={"unit": "柳林乡"})
        assert (nobody.status_code, "相近的有：柳林镇" in nobody.json()["detail"]) == (404, True)
