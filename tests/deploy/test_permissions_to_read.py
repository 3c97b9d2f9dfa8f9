"""Reading and the routes that are no plain commands, cell by cell: every role, of the case's unit or another, in its region,
above it or elsewhere. Whatever a document lets anybody read is tried: a route that is added is tried too.
"""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import pytest
from docx import Document

from deploy.documents import openapi
from deploy.serve import APPS
from services.casework import files
from services.intake.api import READERS, WATCHERS
from services.intake.domain.desk import REGISTERING
from services.supervision.unitbook import book_id
from shared.identity import UNIT_BOUND
from shared.terms import Role
from tests.house import NOON, REGION, House, house, petition
from tests.intake.test_organisation import HERE
from tests.sample import OTHER, TOWN
from tests.supervision.account import ANSWERED, COMMENDED, PRAISED, PROPOSED, SANCTIONED, SUGGESTED, UPHELD
from tests.supervision.campaigning import OPEN
from tests.supervision.retaliating import REPORT_IT

CASE, BESIDE = "c-1", "c-2"
"""A case of the town, and one of another town."""
UNIT, CAMPAIGN, FUND = "unit-00000000000000a1", "campaign-1", "judicial-relief"
RETALIATION = "retaliation-00000000000000a1"
"""The town itself, a campaign in which it alone takes part, and a fund of the region."""
FILE = b"%PDF-1.7"
NAMES = {
    "case_id": CASE,
    "unit_id": UNIT,
    "campaign_id": CAMPAIGN,
    "retaliation_id": RETALIATION,
    "book_id": book_id(REGION, TOWN),
    "region": REGION,
    "fund": FUND,
    "sha256": sha256(FILE).hexdigest(),
    "year": "2025",
    "notice_id": "notice-1",
    "suggestion_id": "s-1",
    "proposal_id": "p-1",
}
"""What stands in the paths."""
PLACES: dict[str, tuple[str | None, str]] = {
    "own unit": (TOWN, REGION),
    "another unit": (OTHER, REGION),
    "no unit": (None, REGION),
    "own unit, region above": (TOWN, "610400"),
    "own unit, another region": (TOWN, "610498"),
    "own unit, another province": (TOWN, "510000"),
}
READS = sorted(
    (operation["get"]["operationId"], path)
    for service in APPS
    for path, operation in openapi(service)["paths"].items()
    if "get" in operation
)
OF_ONE_CASE = [read for read in READS if "{case_id}" in read[1]]
OF_THE_REGION = {"intake-unit", "intake-unit-facts", "casework-funds"}
"""Which units there are, and what is left in a fund, is for everybody in the region or above it."""
OF_SOME = {"casework-fund-facts", "supervision-year-facts"}
"""For those in the region or above it whom no unit binds: they name cases, or officials, of many units."""
OF_A_CAMPAIGN = {"supervision-campaign-facts", "reporting-campaign", "reporting-register"}
"""For whoever is in its region or above it, and of its units if a unit binds them."""
UNSAID = {"supervision-book-notice-letter", "supervision-book-decision-letter"}
"""Nothing is found of the unit here: whoever may read of it is told that there is no such letter."""
OF_A_UNIT = {"supervision-book-facts", "supervision-explain-unit", "supervision-book-suggestion-letter", *UNSAID}
"""For whoever is in the unit's region or above it, and of the unit itself if a unit binds them."""
OF_EVERYBODY = {"supervision-policies"}
OF_RETALIATION = {"supervision-retaliation-facts", "supervision-retaliations", "supervision-retaliations-waiting"}
"""For supervisors and auditors. The list and its count are there for those of every region, and then empty."""
ROLES = {
    "intake-petitioner-looks": WATCHERS,
    "intake-likely-repeats": REGISTERING,
    "casework-file-looks": files.WATCHERS,
}
"""Reads that not every role may do."""
LISTS: dict[str, Callable[[Any], set[str]]] = {
    "reporting-cases": lambda said: {row["case_id"] for row in said["cases"]},
    "reporting-notices": lambda said: {row["case_id"] for row in said["notices"]},
    "reporting-unit-findings": lambda said: {row["unit"] for row in said["findings"]},
    "reporting-monthly-reports": lambda said: {case for unit in said["units"] for case in unit["missing"]},
    "reporting-waiting": lambda said: {row["case_id"] for row in said["waiting"] if row["case_id"].startswith("c-")},
    "reporting-commitments": lambda said: {row["case_id"] for row in said["commitments"]},
    "reporting-scores": lambda said: {item["case_id"] for score in said["scores"] for item in score["items"]},
    "reporting-annual-facts": lambda said: {fact["case_id"] for fact in said["facts"]},
    "reporting-campaigns": lambda said: {row["campaign"] for row in said["campaigns"]},
    "intake-organisation": lambda said: {unit["unit_id"] for unit in said["units"]},
    "supervision-export": lambda said: {thing["id"] for thing in said["objects"] if thing["type"] == "case"},
}
ASKED: dict[str, dict[str, Any]] = {
    "reporting-monthly-reports": {"month": "2026-10"},
    "reporting-scores": {"quarter": "2026Q4"},
    "reporting-annual-facts": {"year": 2026, "item": "registered", "region": REGION},
    "reporting-annual-report": {"year": 2026, "region": REGION},
    "supervision-export": {"format": "ocel"},
    "supervision-explain-unit": {"unit": TOWN},
}
"""What has to be asked for, so that there is something to list."""
AS_OF = LISTS.keys() - {"reporting-monthly-reports"}
OF_UNITS = {"reporting-cases", "reporting-notices", "reporting-waiting", "reporting-commitments"}
"""Lists that can be asked as of a moment, and for units."""
COUNTS: dict[str, Callable[[Any], int]] = {
    "reporting-counts": lambda said: sum(row["cases"] for row in said["counts"]),
    "reporting-resolution-rate": lambda said: int(said["denominator"]),
    "reporting-annual-report": lambda said: int(said["sections"][0]["figures"][0]["number"]),
}
PRINTED = {"reporting-annual-letter": "reporting-annual-report"}
"""What prints the figures of which count."""
every_role = pytest.mark.parametrize("role", Role)
every_place = pytest.mark.parametrize("place", PLACES)


def reaches(role: Role, place: str, unit: str = TOWN) -> bool:
    """Whether a case of this unit is theirs to see: the rule, written down a second time."""
    theirs, _ = PLACES[place]
    return in_region(place) and (role not in UNIT_BOUND or theirs == unit)


def in_region(place: str) -> bool:
    """Whether this is the region or one above it."""
    return PLACES[place][1] in (REGION, "610400")


def whoever(place: str) -> dict[str, Any]:
    unit, region = PLACES[place]
    return {"unit": unit, "region": region}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        it.register(CASE, unit=TOWN)
        it.register(BESIDE, unit=OTHER)
        it.give(f"/intake/units/{UNIT}/establish-unit", HERE.model_dump(mode="json", exclude_none=True))
        sent = {"kind": "forward", "unit": TOWN, "dispatched_on": "2026-01-06", "due_on": "2026-02-06"}
        it.give(f"/intake/cases/{CASE}/dispatch-case", sent)
        opened = OPEN.model_copy(update={"units": (TOWN,)}).model_dump(mode="json")
        it.give(f"/supervision/campaigns/{CAMPAIGN}/open-campaign", opened)
        it.give(f"/supervision/retaliations/{RETALIATION}/report-retaliation", REPORT_IT.model_dump(mode="json"))
        it.arrived(CASE)
        taken = {"unit": TOWN, "accepted_on": "2026-01-07"}
        it.give(f"/casework/cases/{CASE}/accept-case", taken, Role.HANDLER, unit=TOWN)
        it.settle()
        it.clock.set(NOON + timedelta(days=1))  # the town's book is asked on the day after
        named = {"content-disposition": 'attachment; filename="a.pdf"'}
        assert it.ask("POST", f"/casework/cases/{CASE}/files", content=FILE, headers=named).status_code == 201
        it.settle()
        suggested = SUGGESTED.model_copy(update={"addressed_to": TOWN, "findings": ()})
        body = suggested.model_dump(mode="json", exclude={"due_on"})
        it.give(f"/supervision/cases/{CASE}/make-suggestion", body)
        it.give(f"/supervision/books/{NAMES['book_id']}/make-suggestion", body)
        decide(it)
        for case, unit in ((CASE, TOWN), (BESIDE, OTHER)):
            asking = {"query_id": "q-1", "asked_of": unit, "channel": "phone", "queried_on": "2026-11-20"}
            it.give(f"/intake/cases/{case}/record-query", asking)
            told = {"commitment_id": "p-1", "what": "补发差额", "who": "经管站", "due_on": "2026-12-01"}
            it.give(f"/casework/cases/{case}/make-promise", {"promised_on": "2026-11-20", "promise": told})
            shown = {"about": unit, "evidence": (f"intake:{case}:1",)}
            praised = PRAISED.model_copy(update=shown).model_dump(mode="json")
            it.give(f"/supervision/cases/{case}/propose-commendation", praised)
            adopted = COMMENDED.model_dump(mode="json", exclude={"about"})
            it.give(f"/supervision/cases/{case}/decide-commendation", adopted)
        it.settle()
        yield it


def decide(it: House) -> None:
    """Something that was found in the case is answered and upheld, and leads to a decision."""
    found = it.get(f"/reporting/cases/{CASE}")["findings"][0]["finding_id"]
    today = it.clock().date()
    days = {"answered_on": today, "upheld_on": today, "proposed_on": today, "decided_on": today}
    for name, said, role in (
        ("answer-finding", ANSWERED, Role.PETITION_OFFICE),
        ("uphold-finding", UPHELD, Role.SUPERVISOR),
        ("propose-sanction", PROPOSED, Role.SUPERVISOR),
        ("decide-sanction", SANCTIONED, Role.SUPERVISOR),
    ):
        of = {"finding_id": found, "findings": (found,), **days}
        changed = said.model_copy(update={name: value for name, value in of.items() if hasattr(said, name)})
        body = changed.model_dump(mode="json", exclude={"answered"})
        exclude = {"treatment", "about", "official"} if name == "decide-sanction" else set()
        it.give(f"/supervision/cases/{CASE}/{name}", {k: v for k, v in body.items() if k not in exclude}, role)


def test_every_read_has_its_rule() -> None:
    kinds = (
        {name for name, _ in OF_ONE_CASE},
        OF_THE_REGION,
        OF_SOME,
        OF_A_CAMPAIGN,
        OF_A_UNIT,
        OF_EVERYBODY,
        OF_RETALIATION,
        {*LISTS},
        {*COUNTS},
        {*PRINTED},
    )
    assert sorted(name for kind in kinds for name in kind) == [name for name, _ in READS]


@every_role
@every_place
def test_reading_one(running: House, role: Role, place: str) -> None:
    bound, ours = role in UNIT_BOUND, reaches(role, place)
    for name, path in READS:
        if name in LISTS or name in COUNTS or name in PRINTED:
            continue
        allowed = ours and role in ROLES.get(name, Role)
        if name in OF_THE_REGION | OF_SOME:
            allowed = in_region(place) and not (bound and name in OF_SOME)
        if name in OF_RETALIATION:
            allowed = role in (Role.SUPERVISOR, Role.AUDITOR) and (in_region(place) or "{" not in path)
        answer = running.ask("GET", path.format(**NAMES), role, params=ASKED.get(name), **whoever(place))
        allowed |= name in OF_EVERYBODY
        if allowed and name in UNSAID:
            assert answer.json()["type"].endswith("no-such-letter")
            continue
        assert answer.status_code == 200 if allowed else answer.status_code in (403, 404), (name, answer.text)


@every_role
@every_place
def test_lists_and_counts(running: House, role: Role, place: str) -> None:
    cases = {case for case, unit in ((CASE, TOWN), (BESIDE, OTHER)) if reaches(role, place, unit)}
    campaigns = {CAMPAIGN} if reaches(role, place) else set[str]()
    seen = dict.fromkeys(LISTS, cases) | {
        "reporting-campaigns": campaigns,
        "reporting-unit-findings": set(),  # nothing is found of them: tests/supervision/test_units_over_http.py
        "reporting-scores": cases | campaigns,
        "intake-organisation": {UNIT} if in_region(place) else set[str](),
    }
    for name, path in READS:
        asked = ASKED.get(name, {})
        if name in LISTS:
            moments = ({}, {"as_of": running.clock().isoformat()}) if name in AS_OF else ({},)
            wider = ({"unit": [TOWN, OTHER]},) if name in OF_UNITS else ()
            for more in (*moments, *wider):
                said = running.get(path, role, params={**asked, **more}, **whoever(place))
                assert LISTS[name](said) == seen[name], name
        if name in COUNTS:
            assert COUNTS[name](running.get(path, role, params=asked, **whoever(place))) == len(cases), name
        if name in PRINTED:
            answer = running.ask("GET", path, role, params=ASKED[PRINTED[name]], **whoever(place))
            printed = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
            assert (f"登记信访事项：{len(cases)}。" in printed) is bool(cases), name


@every_role
@every_place
def test_the_pages_of_the_console(running: House, role: Role, place: str) -> None:
    unit, region = PLACES[place]
    session = {"cookie": f"huajie-session={running.token(role, unit, region)}"}
    page = running.ask("GET", f"/reporting/console/cases/{CASE}", None, headers=session)
    assert page.status_code == (200 if reaches(role, place) else 404)
    for case, its in ((CASE, TOWN), (BESIDE, OTHER)):
        for name in ("cases", "notices?live=", "waiting", "commitments"):
            listed = running.ask("GET", f"/reporting/console/{name}", None, headers=session)
            assert (f"cases/{case}" in listed.text) is reaches(role, place, its), name
        listed = running.ask("GET", "/reporting/console/units", None, headers=session)
        assert (f"unit={quote(its)}" in listed.text) is reaches(role, place, its)
        one = running.ask("GET", "/reporting/console/unit", None, headers=session, params={"unit": its})
        assert one.status_code == (200 if reaches(role, place, its) else 404)
        for its_case, unit in ((CASE, TOWN), (BESIDE, OTHER)):
            assert (f"cases/{its_case}" in one.text) is (unit == its and reaches(role, place, unit))


@every_role
@every_place
def test_who_the_petitioner_is(running: House, role: Role, place: str) -> None:
    path = f"/intake/cases/{CASE}/open-petitioner"
    answer = running.ask("POST", path, role, json={"purpose": "回访"}, **whoever(place))
    assert answer.status_code == (200 if reaches(role, place) and role in READERS else 403)


@every_role
@every_place
def test_registering(running: House, role: Role, place: str) -> None:
    """Whoever registers does so for their region; no unit binds them."""
    allowed = role in REGISTERING and in_region(place)
    answer = running.ask("POST", f"/intake/cases/{CASE}/register-case", role, json=petition(), **whoever(place))
    assert (answer.status_code != 403) is allowed, answer.text
    row = {"sheet": "台账", "row": 2, "received_on": "2026-01-05", "channel": "letter", "region": REGION, "unit": TOWN}
    ledger = {"imported_from": "f", "rows": [{**row, "demand": "房屋拆迁安置没有落实", "original_number": "1号"}]}
    answer = running.ask("POST", "/intake/ledger", role, json=ledger, **whoever(place))
    if role not in REGISTERING:
        assert answer.status_code == 403
    else:
        assert (answer.json()[0]["became"] != "rejected") is allowed


@every_role
@every_place
def test_laying_down_history_and_running_the_house(running: House, role: Role, place: str) -> None:
    history = {"imported_from": "f", "steps": [{"unit": TOWN, "accepted_on": "2026-01-07"}]}
    answer = running.ask("POST", f"/casework/cases/{CASE}/import-history", role, json=history, **whoever(place))
    assert answer.status_code == (200 if role in REGISTERING and reaches(role, place) else 403)
    for work in (*(f"/{service}/redrive" for service in APPS), "/reporting/rebuild"):
        answer = running.ask("POST", work, role, **whoever(place))
        assert answer.status_code == (200 if role is Role.SYSTEM and in_region(place) else 403), answer.text
