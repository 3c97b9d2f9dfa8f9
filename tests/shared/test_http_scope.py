"""Who may see a case sees it everywhere, and nobody else sees it anywhere: in lists, singly, counted, explained."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from services.intake.api import READERS
from shared.identity import UNIT_BOUND
from shared.terms import Role
from tests.house import House, house

UNITS = ("甲镇", "乙镇", "甲镇 ", "丙局")
REGIONS = ("610499", "610400", "610000", "610499100", "610100")
HERE = ("610499", "610499100", "610499200")
LEADER = {"id": "l-1", "name": "李某"}


@dataclass
class Case:
    """What is known of a case without asking the services."""

    case_id: str
    region: str
    units: set[str]

    def seen_by(self, role: Role, unit: str | None, region: str) -> bool:
        """The rule, written down a second time."""
        reach = region.removesuffix("00").removesuffix("00") if len(region) == 6 else region
        return self.region.startswith(reach) and (role not in UNIT_BOUND or unit in self.units)


def case_in(running: House, chance: random.Random) -> Case:
    """A case that units have passed on, accepted and led, or not."""
    region, first = chance.choice(HERE), chance.choice(UNITS).strip()
    case = Case(running.register(region=region, unit=first), region, {first})
    if chance.random() < 0.6:
        unit = chance.choice(UNITS).strip()
        body = {"kind": "forward", "unit": unit, "dispatched_on": "2026-01-06"}
        running.give(f"/intake/cases/{case.case_id}/dispatch-case", body, region=region)
        case.units.add(unit)
    running.arrived(case.case_id)
    if chance.random() < 0.6:
        unit = chance.choice(UNITS).strip()
        accepted = {"unit": unit, "accepted_on": "2026-01-07"}
        running.give(f"/casework/cases/{case.case_id}/accept-case", accepted, region=region)
        case.units.add(unit)
    if chance.random() < 0.6:
        unit = chance.choice(UNITS).strip()
        named = {"leader": LEADER, "unit": unit, "assigned_on": "2026-01-08"}
        running.give(f"/casework/cases/{case.case_id}/assign-leader", named, region=region)
        case.units.add(unit)
    return case


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


@pytest.fixture(scope="module")
def cases(running: House) -> list[Case]:
    chance = random.Random(7)
    made = [case_in(running, chance) for _ in range(14)]
    running.settle()
    return made


ACTORS = [
    *random.Random(11).sample([*product(Role, (*UNITS, None), REGIONS)], 24),
    (Role.HANDLER, None, "610499"),
    (Role.LEADER, "丙局", "610400"),
    (Role.UNIT_HEAD, "甲镇", "610499"),
    (Role.AUDITOR, None, "610000"),
]


@pytest.mark.parametrize(("role", "unit", "region"), ACTORS)
def test_a_case_is_listed_if_and_only_if_it_is_readable_singly_and_counted(
    running: House, cases: list[Case], role: Role, unit: str | None, region: str
) -> None:
    who: dict[str, Any] = {"unit": unit, "region": region}
    expected = {case.case_id for case in cases if case.seen_by(role, unit, region)}

    def rows(path: str, **asked: Any) -> list[Any]:
        said = running.get(f"/reporting/{path}", role, params=asked, **who)
        return list(said[path])

    assert {row["case_id"] for row in rows("cases", limit=1000)} == expected
    then = running.clock().isoformat()
    assert {row["case_id"] for row in rows("cases", limit=1000, as_of=then)} == expected
    for by in ("state", "unit", "leader", "region"):
        assert sum(row["cases"] for row in rows("counts", by=by)) == len(expected)
    assert running.get("/reporting/resolution-rate", role, **who)["denominator"] == len(expected)
    assert {notice["case_id"] for notice in rows("notices", limit=1000)} == expected
    for case in cases:
        seen = case.case_id in expected
        for path in (
            f"/reporting/cases/{case.case_id}",
            f"/intake/cases/{case.case_id}/facts",
            f"/casework/cases/{case.case_id}/facts",
            f"/supervision/cases/{case.case_id}/history",
            f"/supervision/cases/{case.case_id}/explain",
        ):
            assert (running.ask("GET", path, role, **who).status_code == 200) is seen, path
        look = running.ask(
            "POST", f"/intake/cases/{case.case_id}/open-petitioner", role, json={"purpose": "回访"}, **who
        )
        assert (look.status_code == 200) is (seen and role in READERS)


def test_whom_a_case_is_about_and_who_has_an_interest_open_nothing_of_it(running: House) -> None:
    case_id = running.register(region="610499", unit="甲镇")
    running.arrived(case_id)
    about = {"named_on": "2026-01-06", "officials": [{"id": "accused", "name": "赵某"}]}
    running.give(f"/intake/cases/{case_id}/name-accused", about)
    interest = {"declared_on": "2026-01-06", "official": {"id": "cousin", "name": "孙某"}, "ground": "近亲属"}
    running.give(f"/casework/cases/{case_id}/declare-interest", interest)
    running.settle()
    paths = (
        f"/reporting/cases/{case_id}",
        f"/intake/cases/{case_id}/facts",
        f"/intake/cases/{case_id}/screening",
        f"/casework/cases/{case_id}/facts",
        f"/casework/cases/{case_id}/papers",
        f"/supervision/cases/{case_id}/history",
        f"/supervision/cases/{case_id}/explain",
    )
    for who, may in (("somebody", True), ("accused", False), ("cousin", False)):
        for path in paths:
            assert (running.ask("GET", path, Role.PETITION_OFFICE, who=who).status_code == 200) is may, (who, path)
        listed = running.get("/reporting/cases", Role.PETITION_OFFICE, who=who, params={"limit": 1000})["cases"]
        assert (case_id in {row["case_id"] for row in listed}) is may
        out = running.ask("GET", "/supervision/export?format=csv", Role.SUPERVISOR, who=who)
        assert (case_id in out.text) is may
        urgent = {"reported_on": "2026-01-07", "to": ["县委"], "summary": "上报"}
        answer = running.ask(
            "POST", f"/intake/cases/{case_id}/report-urgent", Role.PETITION_OFFICE, who=who, json=urgent
        )
        assert answer.status_code == (200 if may else 409)
        assert may or answer.json()["type"].endswith("recused")


def test_every_list_has_its_notices(running: House, cases: list[Case]) -> None:
    """Or the property above would compare nothing with nothing."""
    assert {c.case_id for c in cases} <= {notice["case_id"] for notice in running.get("/reporting/notices")["notices"]}


def test_a_filter_never_widens_the_scope(running: House, cases: list[Case]) -> None:
    for asked in ({"unit": ["甲镇", "乙镇", "丙局"]}, {"region": "61"}, {"stalled": True}, {"leader": ["l-1"]}):
        found = running.get("/reporting/cases", Role.HANDLER, unit="丙局", params=asked)["cases"]
        allowed = {case.case_id for case in cases if case.seen_by(Role.HANDLER, "丙局", "610499")}
        assert {row["case_id"] for row in found} <= allowed
