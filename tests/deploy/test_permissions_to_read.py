"""Reading and the routes that are no plain commands, cell by cell: every role, of the case's unit or another, in its region,
above it or elsewhere. Whatever a document lets anybody read is tried: a route that is added is tried too.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.documents import openapi
from deploy.serve import APPS
from services.intake.api import READERS, WATCHERS
from services.intake.domain.desk import REGISTERING
from shared.identity import UNIT_BOUND
from shared.terms import Role
from tests.house import REGION, House, house, petition
from tests.sample import OTHER, TOWN

CASE, BESIDE = "c-1", "c-2"
"""A case of the town, and one of another town."""
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
ROLES = {"intake-petitioner-looks": WATCHERS}
"""Reads that not every role may do."""
LISTS: dict[str, Callable[[Any], set[str]]] = {
    "reporting-cases": lambda said: {row["case_id"] for row in said["cases"]},
    "reporting-notices": lambda said: {row["case_id"] for row in said["notices"]},
}
COUNTS: dict[str, Callable[[Any], int]] = {
    "reporting-counts": lambda said: sum(row["cases"] for row in said["counts"]),
    "reporting-resolution-rate": lambda said: int(said["denominator"]),
}
every_role = pytest.mark.parametrize("role", Role)
every_place = pytest.mark.parametrize("place", PLACES)


def reaches(role: Role, place: str, unit: str = TOWN) -> bool:
    """Whether a case of this unit is theirs to see: the rule, written down a second time."""
    theirs, region = PLACES[place]
    above = region in (REGION, "610400")
    return above and (role not in UNIT_BOUND or theirs == unit)


def whoever(place: str) -> dict[str, Any]:
    unit, region = PLACES[place]
    return {"unit": unit, "region": region}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        it.register(CASE, unit=TOWN)
        it.register(BESIDE, unit=OTHER)
        it.settle()
        yield it


def test_every_read_is_of_one_case_or_a_list_or_a_count() -> None:
    assert {name for name, _ in READS} == {name for name, _ in OF_ONE_CASE} | LISTS.keys() | COUNTS.keys()


@every_role
@every_place
def test_reading_one_case(running: House, role: Role, place: str) -> None:
    for name, path in OF_ONE_CASE:
        answer = running.ask("GET", path.format(case_id=CASE), role, **whoever(place))
        allowed = reaches(role, place) and role in ROLES.get(name, Role)
        assert answer.status_code == 200 if allowed else answer.status_code in (403, 404), (name, answer.text)


@every_role
@every_place
def test_lists_and_counts(running: House, role: Role, place: str) -> None:
    seen = {case for case, unit in ((CASE, TOWN), (BESIDE, OTHER)) if reaches(role, place, unit)}
    for name, path in READS:
        if name in LISTS:
            for asked in ({}, {"as_of": running.clock().isoformat()}):
                assert LISTS[name](running.get(path, role, params=asked, **whoever(place))) == seen, name
            wider = {"unit": [TOWN, OTHER]}
            assert LISTS[name](running.get(path, role, params=wider, **whoever(place))) == seen, name
        if name in COUNTS:
            assert COUNTS[name](running.get(path, role, **whoever(place))) == len(seen), name


@every_role
@every_place
def test_the_pages_of_the_console(running: House, role: Role, place: str) -> None:
    unit, region = PLACES[place]
    session = {"cookie": f"huajie-session={running.token(role, unit, region)}"}
    page = running.ask("GET", f"/reporting/console/cases/{CASE}", None, headers=session)
    assert page.status_code == (200 if reaches(role, place) else 404)
    listed = running.ask("GET", "/reporting/console/cases", None, headers=session)
    assert (f"cases/{CASE}" in listed.text) is reaches(role, place)


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
    allowed = role in REGISTERING and PLACES[place][1] in (REGION, "610400")
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
    for service in APPS:
        answer = running.ask("POST", f"/{service}/redrive", role, **whoever(place))
        assert answer.status_code == (200 if role is Role.SYSTEM else 403)
    if role is not Role.SYSTEM:
        assert running.ask("POST", "/reporting/rebuild", role, **whoever(place)).status_code == 403
