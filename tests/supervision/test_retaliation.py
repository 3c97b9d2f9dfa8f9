"""Retaliation: a report goes its own way, a named supervisor decides, and nothing that a unit can read speaks of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.documents import openapi
from deploy.serve import APPS
from services.supervision.domain import supervision
from services.supervision.domain.retaliation import RetaliationCommand
from shared.decider import Scope
from shared.events import Fact
from shared.events.histories import is_adopted, kind_of
from shared.events.supervision import RetaliationReported
from shared.identity import UNIT_BOUND
from shared.standard import Standard
from shared.terms import Body, Role
from shared.workdays import business_date
from tests.house import House, house
from tests.sample import TOWN, day
from tests.spec import Spec
from tests.supervision.retaliating import DISMISS_IT, DISMISSED, REFER_IT, REFERRED, REPORT_IT, REPORTED

NAME = "retaliation-00000000000000a1"
PATH = f"/supervision/retaliations/{NAME}"


def test_each_command_leads_to_its_fact(standard: Standard) -> None:
    here = Spec(supervision(standard))
    here.given().when(REPORT_IT).then(REPORTED)
    here.given(REPORTED).when(REFER_IT).then(REFERRED)
    here.given(REPORTED).when(DISMISS_IT).then(DISMISSED)
    assert supervision(standard).scope(here.given(REPORTED).state) == Scope("610499")


@pytest.mark.parametrize(
    ("rule", "before", "asked"),
    [
        ("no-such-case", (), REFER_IT),
        ("no-such-case", (), DISMISS_IT),
        ("id-taken", (REPORTED,), REPORT_IT.model_copy(update={"document": "密〔2026〕9 号"})),
        ("not-that-body", (REPORTED,), REFER_IT.model_copy(update={"to": Body.PETITION_OFFICE})),
        ("not-that-body", (REPORTED,), REFER_IT.model_copy(update={"to": Body.JOINT_MEETING})),
        ("before-it-was", (REPORTED,), REFER_IT.model_copy(update={"referred_on": day("2026-11-09")})),
        ("before-it-was", (REPORTED,), DISMISS_IT.model_copy(update={"dismissed_on": day("2026-11-09")})),
        ("already-decided", (REPORTED, DISMISSED), REFER_IT),
        ("already-decided", (REPORTED, REFERRED), DISMISS_IT),
        ("in-the-future", (REPORTED,), REFER_IT.model_copy(update={"referred_on": day("2026-11-21")})),
    ],
)
def test_what_is_refused(standard: Standard, rule: str, before: tuple[Fact, ...], asked: RetaliationCommand) -> None:
    Spec(supervision(standard)).given(*before).when(asked).then_rejected(rule)


def test_a_report_says_nothing_by_which_anybody_could_be_known() -> None:
    """Neither case, unit, person nor narrative: what is there is closed, or the number of a paper, or who took it."""
    assert RetaliationReported.model_fields.keys() == {"region", "channel", "received_on", "document", "by"}
    assert kind_of(NAME) == "retaliation"
    assert not is_adopted(NAME)


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as running:
        running.arrived(running.register("case-1"))
        running.give(f"{PATH}/report-retaliation", REPORT_IT.model_dump(mode="json"))
        running.settle()
        yield running


@pytest.mark.parametrize("role", Role)
def test_supervisors_and_auditors_of_the_region_read_it_and_nobody_else(it: House, role: Role) -> None:
    allowed = role in (Role.SUPERVISOR, Role.AUDITOR)
    for unit in (None, TOWN):
        for path in (f"{PATH}/facts", "/supervision/retaliations", "/supervision/retaliations/waiting"):
            answer = it.ask("GET", path, role, unit=unit)
            assert answer.status_code == (200 if allowed else 403), path
            assert allowed or "密〔2026〕" not in answer.text
    elsewhere = it.ask("GET", f"{PATH}/facts", role, region="610498")
    assert elsewhere.status_code == 403
    if allowed:
        assert it.get("/supervision/retaliations", role, region="610498") == []
        nothing = {"waiting": 0, "too_long": 0, "longest_days": None}
        assert it.get("/supervision/retaliations/waiting", role, region="610498") == nothing


def test_whoever_may_not_read_it_is_not_told_whether_it_is_there(it: House) -> None:
    there, nowhere = (
        it.ask("GET", path, Role.UNIT_HEAD, unit=TOWN) for path in (f"{PATH}/facts", f"{PATH[:-1]}2/facts")
    )
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    asked = REFER_IT.model_dump(mode="json")
    said = {
        it.ask("POST", f"{p}/refer-retaliation", Role.UNIT_HEAD, unit=TOWN, json=asked).text
        for p in (PATH, PATH[:-1] + "2")
    }
    assert len(said) == 1


@pytest.mark.parametrize("role", sorted(UNIT_BOUND))
def test_nothing_that_a_unit_can_read_speaks_of_it(it: House, role: Role) -> None:
    """Every read of every service, of the report's own id wherever an id may stand, and the export in each format."""
    asked: dict[str, list[dict[str, Any]]] = {
        "supervision-export": [{"format": form} for form in ("xes", "ocel", "csv")],
        "reporting-monthly-reports": [{"month": "2026-11"}],
        "reporting-scores": [{"quarter": "2026Q4"}],
    }
    tried = 0
    for service in APPS:
        for path, methods in openapi(service)["paths"].items():
            if "get" not in methods:
                continue
            for name in (NAME, "case-1"):
                values = dict.fromkeys(("case_id", "unit_id", "campaign_id", "retaliation_id", "book_id"), name)
                values |= {"region": "610499", "fund": "judicial-relief", "sha256": "0" * 64}
                values |= {"notice_id": "notice-1", "suggestion_id": "s-1", "proposal_id": "p-1", "year": "2026"}
                for parameters in asked.get(methods["get"]["operationId"], [{}]):
                    answer = it.ask("GET", path.format(**values), role, unit=TOWN, params=parameters)
                    assert answer.status_code < 500
                    said = answer.content.decode("utf-8", "replace")
                    assert REPORTED.document not in said, path
                    assert answer.status_code != 200 or NAME not in said, path
                    tried += answer.status_code == 200
    assert tried > 10


@pytest.mark.parametrize("role", sorted(Role))
def test_no_page_of_the_console_speaks_of_it(it: House, role: Role) -> None:
    session = {"cookie": f"huajie-session={it.token(role, TOWN)}"}
    for name in ("", "/cases", "/notices?live=", "/waiting", "/commitments", "/units", f"/unit?unit={TOWN}"):
        said = it.ask("GET", f"/reporting/console{name}", None, headers=session)
        assert said.status_code == 200
        assert NAME not in said.text
        assert REPORTED.document not in said.text


def test_how_long_nobody_has_decided_is_told_to_supervisors_and_auditors_alone(it: House) -> None:
    """Found: a report that nobody decided had no clock. Another that came before it, and one that waits for 15 days, no more."""
    others = (("b1", "2026-11-03"), ("b2", "2026-11-05"), ("b3", "2026-11-04"))
    for end, came in others:
        path = f"/supervision/retaliations/retaliation-00000000000000{end}"
        body = REPORT_IT.model_copy(update={"received_on": day(came)}).model_dump(mode="json")
        it.give(f"{path}/report-retaliation", body)
    it.give(f"{path}/dismiss-retaliation", DISMISS_IT.model_dump(mode="json"), Role.SUPERVISOR)
    assert business_date(it.clock()) == day("2026-11-20")
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        said = [
            (report["received_on"], report["waiting_days"], report["too_long"])
            for report in it.get("/supervision/retaliations", role)
        ]
        assert said == [
            ("2026-11-03", 17, True),
            ("2026-11-05", 15, False),
            ("2026-11-10", 10, False),
            ("2026-11-04", None, False),
        ]
        counted = {"waiting": 3, "too_long": 1, "longest_days": 17}
        assert it.get("/supervision/retaliations/waiting", role) == counted
    for path in ("health/ready", "metrics"):
        open_to_all = it.ask("GET", f"/supervision/{path}", None)
        assert open_to_all.status_code == 200
        assert "retaliation" not in open_to_all.text.lower()  # found: commands were counted by their names
    for end, _ in others[:2]:
        path = f"/supervision/retaliations/retaliation-00000000000000{end}"
        it.give(f"{path}/dismiss-retaliation", DISMISS_IT.model_dump(mode="json"), Role.SUPERVISOR)


def test_what_waits_longest_is_never_left_out(it: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found: only so many were looked at, in the order of ids that say nothing."""
    whole = it.get("/supervision/retaliations", Role.SUPERVISOR)
    monkeypatch.setattr("services.supervision.retaliations.PAGE", 1)
    assert it.get("/supervision/retaliations", Role.SUPERVISOR) == whole


def test_a_supervisor_passes_it_on_and_it_waits_no_more(it: House) -> None:
    waiting = it.get("/supervision/retaliations", Role.SUPERVISOR)[0]
    assert (waiting["retaliation_id"], waiting["decided_on"]) == (NAME, None)
    asked = REFER_IT.model_dump(mode="json")
    assert it.ask("POST", f"{PATH}/refer-retaliation", Role.PETITION_OFFICE, json=asked).status_code == 403
    it.give(f"{PATH}/refer-retaliation", asked, Role.SUPERVISOR)
    gone = next(r for r in it.get("/supervision/retaliations", Role.SUPERVISOR) if r["retaliation_id"] == NAME)
    assert (gone["waiting_days"], gone["too_long"]) == (None, False)
    assert (gone["referred_to"], gone["decided_on"]) == ("supervisory-organ", "2026-11-12")
    facts = it.get(f"{PATH}/facts", Role.AUDITOR)["facts"]
    assert [fact["type"].rpartition(".")[2] for fact in facts] == ["RetaliationReported", "RetaliationReferred"]
    it.settle()
    for service in ("intake", "casework", "reporting"):
        assert it.ask("GET", f"/{service}/health/ready", None).json()["troubles"] == []
