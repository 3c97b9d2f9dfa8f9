"""What waits: an objection for its sender, a request for its answer, a closed case for its return visits."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.reporting.waiting import WaitingAsked
from services.reporting.waiting import waiting as listed_as_waiting
from shared.events.casework import CaseClosed, CaseRelapsed, HearingRequested
from shared.standard import Standard
from shared.terms import Awaited, RelapseSign, Role, Satisfaction
from tests.house import NOON, House, house
from tests.reporting.histories import log
from tests.reporting.test_campaigns import WATCHER
from tests.reporting.test_queries import filled
from tests.sample import OTHER, TOWN, day, leader, opinion, registered, reply
from tests.supervision.deeds import evaluated

LI = {"id": "li", "name": "李某", "post": "副镇长"}
ZHAO = {"id": "zhao", "name": "赵某"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def waiting(running: House, role: Role = Role.PETITION_OFFICE, unit: str | None = None, **asked: Any) -> list[Any]:
    said = running.ask("GET", "/reporting/waiting", role, unit=unit, params=asked)
    assert said.status_code == 200, said.text
    whole = said.json()
    assert (whole["next"], whole["total"]) == (None, len(whole["waiting"]))
    page = running.ask("GET", "/reporting/waiting", role, unit=unit, params={**asked, "limit": 1}).json()
    found = page["waiting"]
    while page["next"]:  # one on each page: all of them, once
        again = {**asked, "limit": 1, "cursor": page["next"]}
        page = running.ask("GET", "/reporting/waiting", role, unit=unit, params=again).json()
        assert (page["total"], page["by_item"]) == (whole["total"], whole["by_item"])
        found += page["waiting"]
    assert found == whole["waiting"]
    return [(row["item"], row["since"], row["due_on"], row["overdue"]) for row in said.json()["waiting"]]


def test_what_is_asked_for_waits_until_it_is_answered(running: House) -> None:
    case_id = running.arrived(running.register(unit=TOWN, received_on="2026-09-01"))
    intake, casework = f"/intake/cases/{case_id}", f"/casework/cases/{case_id}"
    sent = {"kind": "forward", "unit": TOWN, "dispatched_on": "2026-09-02"}
    running.give(f"{intake}/dispatch-case", sent)
    objecting = {"unit": TOWN, "raised_on": "2026-09-03", "reason": "不归我镇"}
    running.give(f"{intake}/raise-objection", objecting, Role.HANDLER, unit=TOWN)
    running.give(f"{casework}/request-hearing", {"requested_on": "2026-09-04"})
    running.settle()
    assert waiting(running) == [("objection", "2026-09-03", None, False), ("hearing", "2026-09-04", None, False)]
    assert waiting(running, Role.UNIT_HEAD, OTHER) == []
    assert waiting(running, item="hearing", unit=TOWN) == [("hearing", "2026-09-04", None, False)]
    assert waiting(running, leader="li") == []
    before = running.clock().isoformat()
    running.clock.set(running.clock() + timedelta(days=1))
    declined = {"unit": TOWN, "decided_on": "2026-09-04", "consents": False, "reason": "事发地在该镇"}
    running.give(f"{intake}/decide-objection", declined)
    running.give(f"{casework}/decline-hearing", {"declined_on": "2026-09-05", "reason": "事实清楚"})
    running.settle()
    assert waiting(running) == []
    assert waiting(running, as_of=before) == [
        ("objection", "2026-09-03", None, False),
        ("hearing", "2026-09-04", None, False),
    ]
    assert waiting(running, Role.UNIT_HEAD, OTHER, as_of=before) == []
    assert waiting(running, as_of="2026-01-01T00:00:00Z") == []


def test_a_closed_case_waits_for_each_of_its_return_visits(running: House) -> None:
    case_id = running.arrived(running.register(unit=OTHER, received_on="2026-09-01"))
    handled: list[tuple[str, dict[str, Any]]] = [
        ("accept-case", {"unit": OTHER, "accepted_on": "2026-09-02"}),
        ("assign-leader", {"leader": LI, "unit": OTHER, "assigned_on": "2026-09-02"}),
        ("log-visit", {"visit_id": "v", "kind": "home", "visited_on": "2026-09-03", "official": LI}),
        ("issue-opinion", opinion("2026-09-04").model_dump(mode="json")),
        ("serve-opinion", reply("2026-09-04").model_dump(mode="json", exclude={"demands"})),
        ("close-case", {"closed_on": "2026-09-05"}),
        ("request-review", {"stage": "review", "requested_on": "2026-09-20", "unit": "县人民政府"}),
    ]
    for command, said in handled:
        running.give(f"/casework/cases/{case_id}/{command}", said)
    running.settle()
    assert waiting(running, Role.CALL_BACK, item="return-visit") == [("return-visit", "2026-09-05", "2026-10-05", True)]
    assert waiting(running, Role.REVIEWER, item=["review", "final-review"]) == [
        ("review", "2026-09-20", "2026-10-20", True)
    ]
    assert waiting(running, due_to="2026-10-04") == []
    assert len(waiting(running, leader="li")) == 2
    returned = {"visit_id": "r-1", "kind": "return", "visited_on": "2026-09-07", "official": ZHAO}
    missed = {**returned, "visit_id": "r-0", "visited_on": "2026-10-30", "met_petitioner": False}
    sooner = {**returned, "visit_id": "r-2", "visited_on": "2026-09-06"}
    for visit in (missed, sooner, returned):  # the first of them, and no other
        running.give(f"/casework/cases/{case_id}/log-visit", visit, Role.CALL_BACK)
    running.settle()
    assert waiting(running, item="return-visit") == [("return-visit", "2026-09-05", "2026-12-04", False)]
    running.clock.set(NOON + timedelta(days=15))
    assert waiting(running, item="return-visit") == [("return-visit", "2026-09-05", "2026-12-04", True)]
    assert waiting(running, item="came-back") == []
    again = {"petition_id": "p-2", "channel": "phone", "received_on": "2026-12-01", "same_matter": "同一事实"}
    running.give(f"/intake/cases/{case_id}/link-repeat-petition", again)
    running.settle()
    assert waiting(running, item="came-back") == [("came-back", "2026-12-01", None, False)]
    other = running.register(received_on="2026-06-01")
    running.give(
        f"/intake/cases/{case_id}/link-repeat-petition", {**again, "petition_id": "p-3", "received_on": "2026-12-03"}
    )
    running.settle()
    assert waiting(running, item="came-back") == [("came-back", "2026-12-03", None, False)]
    wrong: dict[str, Any] = {
        "petition_id": "p-3",
        "unlinked_on": "2026-12-05",
        "belongs_to": other,
        "same_matter": "水渠",
    }
    wrong |= {"approved_by": ZHAO, "reason": "反映的是水渠"}
    running.give(f"/intake/cases/{case_id}/unlink-repeat-petition", wrong)
    running.settle()
    assert waiting(running, item="came-back") == [("came-back", "2026-12-01", None, False)]
    relapse = {"sign": "repeat-petition", "relapsed_on": "2026-12-01"}
    running.give(f"/casework/cases/{case_id}/report-relapse", relapse, Role.CALL_BACK)
    running.settle()
    assert waiting(running, item=["return-visit", "came-back"]) == []
    assert waiting(running, item="backlog") == [("backlog", "2026-12-01", None, False)]


def test_whoever_is_dissatisfied_with_the_result_is_not_left_out_because_the_case_is_closed(standard: Standard) -> None:
    """Who had come back is: what met that criterion is closed, and nothing of it is left to be listed."""
    heard = [
        *log(("case-1", registered("2026-01-05")), ("case-2", registered("2026-01-05"))),
        *log(
            ("case-1", CaseClosed(closed_on=day("2026-03-01"))),
            ("case-1", evaluated("2026-03-10", Satisfaction.DISSATISFIED)),
            ("case-2", CaseClosed(closed_on=day("2026-03-01"))),
            ("case-2", CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day("2026-03-05"))),
            ("case-2", CaseClosed(closed_on=day("2026-03-20"))),
        ),
    ]
    asked = WaitingAsked(item=(Awaited.BACKLOG,))
    with filled(heard, random.Random(1)) as model:
        said = listed_as_waiting(model, standard, WATCHER, day("2026-04-01"), asked)
    assert [(row["case_id"], row["ref"]) for row in said["waiting"]] == [("case-1", "dissatisfied")]


def test_a_page_is_full_when_it_is_full_and_says_which_cases_they_are(standard: Standard) -> None:
    """Two cases of one day wait for the same: each is listed, and a page that holds all is the last."""
    cases = ("case-1", "case-2")
    one, two = registered("2026-11-01"), registered("2026-11-01", OTHER)
    intake = log((cases[0], one.model_copy(update={"original_number": "HY-1"})), (cases[1], two))
    hearings = ((case_id, HearingRequested(requested_on=day("2026-11-02"))) for case_id in cases)
    heard = [*intake, *log((cases[1], leader("2026-11-02")), *hearings)]
    with filled(heard, random.Random(1)) as model:

        def page(**asked: Any) -> Any:
            wanted = WaitingAsked(item=(Awaited.HEARING,), **asked)
            return listed_as_waiting(model, standard, WATCHER, day("2026-11-03"), wanted)

        whole, first = page(limit=2), page(limit=1)
        rows = [(row["case_id"], row["original_number"], row["unit"], row["leader"]) for row in whole["waiting"]]
        assert rows == [("case-1", "HY-1", TOWN, None), ("case-2", None, OTHER, "李某 副镇长")]
        assert (whole["next"], whole["total"], whole["by_item"]) == (None, 2, {"hearing": 2})
        then = page(limit=1, cursor=first["next"])
        assert first["waiting"] + then["waiting"] == whole["waiting"]
        assert then["next"] is None


def test_none_that_meets_a_criterion_of_backlog_is_left_out(running: House) -> None:
    """应查尽查: until somebody lists it, or leaves it out with a reason."""
    case_id = running.arrived(running.register(unit=TOWN, received_on="2026-06-01"))
    unhappy = running.arrived(running.register(unit=TOWN, received_on="2026-06-01"))
    for it in (case_id, unhappy):
        sent = {"kind": "forward", "unit": TOWN, "dispatched_on": "2026-06-02"}
        running.give(f"/intake/cases/{it}/dispatch-case", sent)
    running.give(f"/casework/cases/{case_id}/accept-case", {"unit": TOWN, "accepted_on": "2026-06-03"})
    said = {"of": "responsible-unit", "satisfaction": "dissatisfied", "received_on": "2026-07-01"}
    running.give(f"/casework/cases/{unhappy}/receive-evaluation", said)
    running.settle()

    def listed() -> set[tuple[str, str]]:
        answer = running.get("/reporting/waiting", params={"item": "backlog", "unit": TOWN})
        return {(row["case_id"], row["ref"]) for row in answer["waiting"]}

    assert listed() == {(case_id, "overdue"), (unhappy, "dissatisfied")}
    better = {**said, "satisfaction": "satisfied", "received_on": "2026-07-20"}
    running.give(f"/casework/cases/{unhappy}/receive-evaluation", better)
    running.settle()
    assert listed() == {(case_id, "overdue")}
    listing = {"criterion": "overdue", "identified_on": "2026-11-20"}
    running.give(f"/intake/cases/{case_id}/identify-backlog", listing)
    running.settle()
    assert listed() == set()
