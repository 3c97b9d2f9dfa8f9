"""Commitments across cases: each as casework knows it, by whom, by when, and what came of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy import lists
from services.casework.domain.case import Case, evolve
from services.casework.domain.commitments import standings
from services.reporting import queries
from shared.events import Fact
from shared.events.casework import (
    AgreementReached,
    Commitment,
    CommitmentBroken,
    CommitmentFulfilled,
    Measure,
    PlanAdopted,
    PromiseMade,
)
from shared.terms import AgreementKind, Role
from tests.house import House, house
from tests.reporting.test_projections import rows_after
from tests.sample import OTHER, TOWN, day, meeting, registered
from tests.spec import recorded

TODAY = day("2026-10-15")
DAYS = st.integers(1, 28).map(lambda n: f"2026-10-{n:02}")
LI = {"id": "li", "name": "李某", "post": "副镇长"}


def due(on: str, name: str) -> Commitment:
    return Commitment(commitment_id=name, what="补发差额", who="经管站", due_on=day(on))


def planned(on: str, by: list[str]) -> PlanAdopted:
    dated = [Measure(what="清丈", who="经管站", due_on=day(end)) for end in by]
    return PlanAdopted(adopted_on=day(on), measures=(Measure(what="走访", who="村委会"), *dated))


def agreed(on: str) -> AgreementReached:
    return AgreementReached(
        number=on, kind=AgreementKind.MEDIATION, signed_on=day(on), mediated_by="村调委会", terms=(due(on, f"a-{on}"),)
    )


NAMES = st.sampled_from(["plan-1-2", "plan-2-2", "plan-2-3", *(f"p-2026-10-{n:02}" for n in range(1, 29))])
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(planned, DAYS, st.lists(DAYS, max_size=2)),
    DAYS.map(lambda on: PromiseMade(promised_on=day(on), promise=due(on, f"p-{on}"))),
    DAYS.map(meeting),
    DAYS.map(agreed),
    st.builds(CommitmentFulfilled, commitment_id=NAMES, fulfilled_on=DAYS.map(day), proof=st.just("回单")),
    st.builds(CommitmentBroken, commitment_id=NAMES, found_on=DAYS.map(day), note=st.just("未付")),
)


@given(st.lists(FACTS, max_size=12, unique_by=lambda fact: fact.model_dump_json()))
def test_the_rows_stand_as_casework_says(facts: list[Fact]) -> None:
    told = [recorded(fact, n) for n, fact in enumerate([registered("2026-09-01"), *facts], start=1)]
    case = Case()
    for one in told:
        case = evolve(case, one)
    rows = [row for (sheet, _), row in rows_after(told).items() if sheet == "commitments" and row.get("binding")]
    known = {(s.commitment.commitment_id, s.commitment.due_on, s.made_on, s.state) for s in standings(case, TODAY)}
    assert {(r["commitment_id"], r["due_on"], r["made_on"], state(r)) for r in rows} == known


def state(row: dict[str, Any]) -> str:
    if row.get("fulfilled_on") and row["fulfilled_on"] > (row.get("broken_on") or date.min):
        return "fulfilled"
    if row.get("broken_on"):
        return "broken"
    return "overdue" if row["due_on"] < TODAY else "open"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        for unit, name in ((TOWN, "one"), (OTHER, "two")):
            casework = f"/casework/cases/{it.arrived(it.register(unit=unit, received_on='2026-09-01'))}"
            it.give(f"{casework}/accept-case", {"unit": unit, "accepted_on": "2026-09-02"})
            if unit == TOWN:
                it.give(f"{casework}/assign-leader", {"leader": LI, "unit": unit, "assigned_on": "2026-09-02"})
                for on, by in (("2026-09-03", "2026-09-10"), ("2026-09-04", "2026-12-10")):
                    measures = [{"what": "清丈", "who": "经管站", "due_on": by}]
                    it.give(f"{casework}/adopt-plan", {"adopted_on": on, "measures": measures, "reason": "改期"})
            for n, by in ((1, "2026-09-20"), (2, "2026-12-01"), (3, "2026-09-30")):
                told = {"commitment_id": f"{name}-{n}", "what": "补发", "who": "财政所", "due_on": by}
                it.give(f"{casework}/make-promise", {"promised_on": "2026-09-05", "promise": told})
            done = {"commitment_id": f"{name}-3", "fulfilled_on": "2026-09-29", "proof": "回单"}
            it.give(f"{casework}/fulfil-commitment", done)
            if unit == OTHER:
                lost = {"commitment_id": "two-2", "found_on": "2026-09-29", "note": "已挪用"}
                it.give(f"{casework}/break-commitment", lost)
        it.settle()
        yield it


def listed(running: House, role: Role = Role.PETITION_OFFICE, unit: str | None = None, **asked: Any) -> list[Any]:
    said = running.ask("GET", "/reporting/commitments", role, unit=unit, params=asked)
    assert said.status_code == 200, said.text
    return [(row["commitment_id"], row["state"]) for row in said.json()["commitments"]]


def test_what_is_overdue_is_first_then_what_is_open_each_by_its_day(running: House) -> None:
    said = running.get("/reporting/commitments")["commitments"]
    order = [(["overdue", "open", "broken", "fulfilled"].index(row["state"]), row["due_on"]) for row in said]
    assert order == sorted(order)
    assert {(row["commitment_id"], row["state"]) for row in said} == {
        ("one-1", "overdue"),
        ("two-1", "overdue"),
        ("one-3", "fulfilled"),
        ("two-3", "fulfilled"),
        ("one-2", "open"),
        ("two-2", "broken"),
        ("plan-2-1", "open"),
    }


def test_a_unit_a_leader_or_a_day_may_be_asked_for(running: House) -> None:
    assert listed(running, leader="li", state="overdue") == [("one-1", "overdue")]
    assert listed(running, Role.UNIT_HEAD, OTHER, state=["overdue", "broken"]) == [
        ("two-1", "overdue"),
        ("two-2", "broken"),
    ]
    assert {name for name, _ in listed(running, due_to="2026-09-25")} == {"one-1", "two-1"}
    assert listed(running, who="经管站", source="measure") == [("plan-2-1", "open")]
    assert listed(running, source="term") == []
    said = running.get("/reporting/commitments?limit=1&state=overdue")
    assert (len(said["commitments"]), said["total"]) == (1, 2)
    assert said["commitments"][0]["overdue_days"] > 0


def test_what_was_done_since_was_open_as_known_before(running: House) -> None:
    """Found: the lists of cases and of notices can be asked as of a moment, and this one could not."""
    known, open_then = running.clock().isoformat(), listed(running)
    assert listed(running, as_of=known) == open_then
    casework = f"/casework/cases/{running.get('/reporting/commitments', params={'who': '经管站'})['commitments'][0]['case_id']}"
    running.clock.set(running.clock() + timedelta(days=1))
    done = {"commitment_id": "one-2", "fulfilled_on": "2026-10-01", "proof": "回单"}
    running.give(f"{casework}/fulfil-commitment", done)
    running.settle()
    assert ("one-2", "fulfilled") in listed(running)
    assert listed(running, as_of=known) == open_then
    assert listed(running, as_of="2026-01-01T00:00:00Z") == []


def test_every_one_is_on_one_page(running: House) -> None:
    whole = running.get("/reporting/commitments")
    assert (whole["next"], whole["total"]) == (None, len(whole["commitments"]))
    for limit in (1, 3, 6, 7):
        said = running.get("/reporting/commitments", params={"limit": limit})
        found = said["commitments"]
        while said["next"]:
            assert (len(said["commitments"]), said["total"]) == (limit, whole["total"])
            said = running.get("/reporting/commitments", params={"limit": limit, "cursor": said["next"]})
            found += said["commitments"]
        assert found == whole["commitments"]
    strange = queries.encoded("overdue", "yesterday", "case-1", "one-1")
    for path in ("commitments", "waiting"):
        for cursor in ("x", strange):
            assert running.ask("GET", f"/reporting/{path}", params={"cursor": cursor}).status_code == 400


def test_a_list_longer_than_a_page_is_read_to_its_end(running: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    whole = running.get("/reporting/commitments")["commitments"]

    def get(path: str, **asked: Any) -> Any:
        return running.get(path, params=asked)

    for limit in (1, 3, 7, 5000):
        said = lists.listed(get, "/reporting/commitments", "commitments", limit)
        assert said["commitments"] == whole[:limit]
        assert (said["next"] is None) is (limit >= len(whole))
