"""A town is renamed, and another takes its name: each has its own cases, in every service, list and notice of a running house."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.http.runtime import NAMES_SECONDS
from shared.terms import Role
from tests.house import House, house

OLD, NEW = "柳林镇", "柳林街道"
TOWN, NAMESAKE = "unit-0000000000000001", "unit-0000000000000002"
LI = {"id": "li", "name": "李某", "post": "副镇长"}
BEGIN = datetime(2026, 2, 2, 4, tzinfo=UTC)
READS = (
    "/intake/cases/{}/facts",
    "/casework/cases/{}/facts",
    "/casework/cases/{}/standing",
    "/supervision/cases/{}/history",
    "/supervision/cases/{}/explain",
    "/reporting/cases/{}",
)


@pytest.fixture
def it(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, BEGIN) as running:
        yield running


def on(it: House, day: datetime) -> None:
    it.clock.set(day)
    it.settle()


def reaches(it: House, unit: str, case_id: str) -> bool:
    """Whether people of this unit reach the case: in every service alike, to read and to act, and in the lists."""
    answers = {it.ask("GET", path.format(case_id), Role.UNIT_HEAD, unit=unit).status_code for path in READS}
    today = it.clock().date().isoformat()
    report = {"report_id": f"{unit} {today}", "reported_on": today, "text": "在办"}
    said = it.ask("POST", f"/casework/cases/{case_id}/report-progress", Role.HANDLER, unit=unit, json=report)
    theirs = case_id in {row["case_id"] for row in it.get("/reporting/cases", Role.UNIT_HEAD, unit=unit)["cases"]}
    assert said.status_code == (200 if theirs else 403)
    assert answers == {200} if theirs else answers <= {403, 404}
    told = [notice["notice_id"] for notice in it.get("/reporting/notices")["notices"] if notice["case_id"] == case_id]
    shown = it.get("/reporting/notices", Role.UNIT_HEAD, unit=unit)["notices"]
    assert [n["notice_id"] for n in shown if n["case_id"] == case_id] == (told if theirs else [])
    return theirs


def listed(it: House, unit: str, as_of: datetime | None = None) -> list[str]:
    """The cases of a unit, as whoever asks for it by a name gets them; or got them at a moment."""
    asked = {"unit": unit} | ({"as_of": as_of.isoformat()} if as_of else {})
    found = [row["case_id"] for row in it.get("/reporting/cases", params=asked)["cases"]]
    counted = it.get("/reporting/counts", params={"by": "region", **asked})["counts"]
    assert sum(row["cases"] for row in counted) == len(found)
    by_unit = it.get("/reporting/counts", params={"by": "unit", **asked})["counts"]
    assert sum(row["cases"] for row in by_unit) == len(found)
    assert it.get("/reporting/resolution-rate", params=asked)["denominator"] == len(found)
    return found


def become(it: House, unit: str, case_id: str, theirs: bool) -> None:
    """What was renamed is known at once where it was said, and within a second everywhere."""

    def so() -> bool:
        return (it.ask("GET", f"/reporting/cases/{case_id}", Role.UNIT_HEAD, unit=unit).status_code == 200) is theirs

    it.until(so)
    time.sleep(NAMES_SECONDS)
    assert reaches(it, unit, case_id) is theirs


def test_a_renamed_towns_people_have_its_cases_and_whoever_takes_its_name_does_not(it: House) -> None:
    it.give(f"/intake/units/{TOWN}/establish-unit", {"name": OLD, "region": "610499", "established_on": "2010-01-01"})
    case_id = it.arrived(it.register(unit=OLD, received_on="2026-01-05"))
    on(it, BEGIN + timedelta(days=1))
    assert reaches(it, OLD, case_id)
    assert not reaches(it, NEW, case_id)
    assert (listed(it, OLD), listed(it, NEW)) == ([case_id], [])

    on(it, BEGIN + timedelta(days=30))
    it.give(f"/intake/units/{TOWN}/rename-unit", {"name": NEW, "renamed_on": "2026-03-01"})
    on(it, BEGIN + timedelta(days=30, hours=1))
    become(it, NEW, case_id, True)
    become(it, OLD, case_id, True)  # a token that was issued before
    assert (listed(it, OLD), listed(it, NEW)) == ([case_id], [case_id])  # whichever name it is asked for by

    on(it, BEGIN + timedelta(days=60))
    it.give(
        f"/intake/units/{NAMESAKE}/establish-unit", {"name": OLD, "region": "610499", "established_on": "2026-04-01"}
    )
    theirs = it.arrived(it.register(unit=OLD, received_on="2026-04-02"))
    on(it, BEGIN + timedelta(days=61))
    become(it, OLD, case_id, False)
    become(it, NEW, case_id, True)
    assert reaches(it, OLD, theirs)
    assert not reaches(it, NEW, theirs)

    assert listed(it, NEW) == [case_id]
    assert listed(it, OLD) == [theirs]

    counted = {row["unit"]: row["cases"] for row in it.get("/reporting/counts", params={"by": "unit"})["counts"]}
    assert counted == {NEW: 1, OLD: 1}  # one that was renamed, and one that took its name
    before = {"by": "unit", "as_of": (BEGIN + timedelta(days=2)).isoformat()}
    assert [row["unit"] for row in it.get("/reporting/counts", params=before)["counts"]] == [OLD]
    for moment in (
        BEGIN + timedelta(days=2),
        BEGIN + timedelta(days=31),
    ):  # what a name meant then; the new one, whom it means
        assert (listed(it, OLD, moment), listed(it, NEW, moment)) == ([case_id], [case_id])
    told_then = it.get("/reporting/notices", params={"unit": OLD, "as_of": before["as_of"]})["notices"]
    assert {n["case_id"] for n in told_then} == {case_id}

    told = [n for n in it.get("/reporting/notices")["notices"] if n["case_id"] == case_id and n["unit"] in (OLD, NEW)]
    asked = it.get("/reporting/notices", params={"unit": NEW})["notices"]
    assert {n["notice_id"] for n in asked if n["case_id"] == case_id} == {n["notice_id"] for n in told}
    assert {n["case_id"] for n in it.get("/reporting/notices", params={"unit": OLD})["notices"]} <= {theirs}
    assert {n["unit"]: n["issued_on"] < "2026-03-01" for n in told} == {OLD: True, NEW: False}
    found = it.get(f"/reporting/cases/{case_id}")["findings"]
    assert {f["unit"] for f in found} >= {OLD, NEW}  # each under the name of its day
    live = next(n["notice_id"] for n in told if n["live"])
    answer = {"notice_id": live, "answered_on": "2026-04-04", "answer": "即办", "by": LI}
    path = f"/supervision/cases/{case_id}/answer-notice"
    assert it.ask("POST", path, Role.UNIT_HEAD, unit=OLD, json=answer).status_code == 403
    it.give(path, answer, Role.UNIT_HEAD, unit=NEW)
