"""The directory: who held which post on which day, as known at a moment, whatever the order in which it was heard."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bearers import called
from shared.directory import Directory
from shared.events import Official, Recorded
from shared.events.intake import (
    CaseRegistered,
    DelegationGiven,
    DelegationRevoked,
    EntryWithdrawn,
    LeaveEnded,
    LeaveGranted,
    PostLeft,
    PostTaken,
    UnitDissolved,
    UnitEstablished,
    UnitFact,
    UnitRenamed,
)
from shared.terms import LeaderRank
from shared.workdays import start_of
from tests.sample import LI, WANG, day, registered
from tests.spec import recorded

TOWN, BUREAU, SUCCESSOR = "unit-0000000000000001", "unit-0000000000000002", "unit-0000000000000003"
ZHAO = Official(id="zhao", name="赵某", post="镇长")


def post(holding_id: str, who: Official, since: str, *, heads: bool = True) -> PostTaken:
    rank = LeaderRank.MAIN if heads else LeaderRank.TEAM
    return PostTaken(holding_id=holding_id, official=who, since=day(since), rank=rank, heads_unit=heads)


def said(unit_id: str, *facts: UnitFact, at: str = "2026-01-01") -> list[Recorded]:
    return [recorded(fact, n, unit_id, now=start_of(day(at))) for n, fact in enumerate(facts, 1)]


LIULIN = (
    UnitEstablished(name="柳林镇", region="610499", established_on=day("2010-01-01")),
    post("h-1", WANG, "2024-03-01"),
    PostLeft(holding_id="h-1", left_on=day("2026-06-01")),
    post("h-2", ZHAO, "2026-06-01"),
    post("h-3", LI, "2024-05-01", heads=False),
    LeaveGranted(
        leave_id="l-1",
        official_id="wang",
        granted_on=day("2026-04-01"),
        first_day=day("2026-04-06"),
        last_day=day("2026-04-20"),
    ),
    DelegationGiven(
        delegation_id="d-1",
        official_id="wang",
        delegate=LI,
        given_on=day("2026-04-01"),
        first_day=day("2026-04-01"),
        last_day=day("2026-04-30"),
    ),
    DelegationGiven(
        delegation_id="d-2",
        official_id="wang",
        delegate=ZHAO,
        given_on=day("2026-03-01"),
        first_day=day("2026-03-01"),
        last_day=day("2026-04-30"),
        commands=("ApproveExtension",),
    ),
    LeaveEnded(leave_id="l-1", returned_on=day("2026-04-18")),
    DelegationRevoked(delegation_id="d-1", revoked_on=day("2026-04-25")),
)
LAND = (
    UnitEstablished(name="县国土局", region="610499", established_on=day("2005-01-01")),
    UnitRenamed(name="县自然资源局", renamed_on=day("2019-03-01")),
    post("b-1", ZHAO, "2019-03-01"),
    UnitDissolved(dissolved_on=day("2026-07-01"), reason="机构改革", successor=SUCCESSOR),
)
AFTER = (
    UnitEstablished(name="县资源规划局", region="610499", established_on=day("2026-07-01")),
    post("s-1", LI, "2026-07-01"),
)
ALL = [*said(TOWN, *LIULIN), *said(BUREAU, *LAND), *said(SUCCESSOR, *AFTER)]


def head(directory: Directory, name: str, on: str, region: str = "610499") -> str | None:
    unit = directory.unit(name, region, day(on))
    found = unit.head_on(day(on)) if unit else None
    return found.id if found else None


@pytest.mark.parametrize(
    ("name", "on", "who"),
    [
        ("柳林镇", "2024-02-29", None),
        ("柳林镇", "2024-03-01", "wang"),
        ("柳林镇", "2026-05-31", "wang"),
        ("柳林镇", "2026-06-01", "zhao"),
        ("柳林镇", "2009-12-31", None),
        ("县国土局", "2019-02-28", None),
        ("县国土局", "2026-01-01", "zhao"),
        ("县自然资源局", "2026-06-30", "zhao"),
        ("县自然资源局", "2026-07-01", "li"),
        ("县国土局", "2026-07-01", "li"),
        ("县资源规划局", "2026-06-30", None),
        ("青石镇", "2026-01-01", None),
    ],
)
def test_who_headed_a_unit_on_a_day(name: str, on: str, who: str | None) -> None:
    assert head(Directory().plus(ALL), name, on) == who


def test_a_unit_is_called_by_its_name_on_the_day() -> None:
    unit = Directory().plus(ALL).units[BUREAU]
    days = ("2004-12-31", "2019-02-28", "2019-03-01")
    assert [unit.name_on(day(on)) for on in days] == ["", "县国土局", "县自然资源局"]


@pytest.mark.parametrize(
    ("on", "away", "acting"),
    [
        ("2026-04-05", False, None),  # delegated already, but there
        ("2026-04-06", True, "li"),
        ("2026-04-17", True, "li"),
        ("2026-04-18", False, None),  # back early
    ],
)
def test_whoever_acts_for_somebody_on_leave(on: str, away: bool, acting: str | None) -> None:
    unit = Directory().plus(ALL).units[TOWN]
    found = unit.acting_on("wang", day(on))
    assert (unit.away_on("wang", day(on)), found and found.id) == (away, acting)


@pytest.mark.parametrize(
    ("on", "command", "who"),
    [
        ("2026-03-31", "ApproveExtension", ["zhao"]),
        ("2026-04-24", "ApproveExtension", ["li", "zhao"]),
        ("2026-04-25", "ApproveExtension", ["zhao"]),
        ("2026-04-24", "CloseCase", ["li"]),
        ("2026-04-24", None, ["li"]),
        ("2026-05-01", "ApproveExtension", []),
    ],
)
def test_a_delegation_holds_for_its_days_and_its_commands(on: str, command: str | None, who: list[str]) -> None:
    unit = Directory().plus(ALL).units[TOWN]
    assert [official.id for official in unit.delegates_on("wang", day(on), command)] == who


def test_what_was_recorded_later_was_not_known() -> None:
    late = recorded(post("h-9", LI, "2026-08-01"), 11, TOWN, now=start_of(day("2026-09-15")))
    directory, on = Directory().plus([*ALL, late]), day("2026-08-20")
    asked = [start_of(day(moment)) for moment in ("2026-09-14", "2026-09-15")]
    units = [directory.unit("柳林镇", "610499", on, moment) for moment in asked]
    heads = [unit.head_on(on) for unit in units if unit]
    assert [who and who.id for who in heads] == ["zhao", "li"]


def test_an_entry_that_was_withdrawn_counts_no_more_from_that_moment_on() -> None:
    wrong = EntryWithdrawn(entry=4, withdrawn_on=day("2026-09-01"), reason="误录")
    directory = Directory().plus([*ALL, recorded(wrong, 11, TOWN, now=start_of(day("2026-09-01")))])
    unit = directory.units[TOWN]
    assert unit.head_on(day("2026-08-01")) is None
    assert unit.known_at(start_of(day("2026-08-31"))).head_on(day("2026-08-01")) == ZHAO


def namesake(unit_id: str, region: str) -> list[Recorded]:
    established = UnitEstablished(name="城关镇", region=region, established_on=day("2010-01-01"))
    return said(unit_id, established, post("x", Official(id=region, name="某"), "2020-01-01"))


@pytest.mark.parametrize(
    ("region", "who"),
    [
        ("610499", "610499"),
        ("610499101", "610499"),
        ("610498", "610498"),
        ("610497", None),
        ("610400", None),  # either county's
    ],
)
def test_of_namesakes_the_one_of_the_cases_own_county_is_meant_and_nobody_by_a_guess(
    region: str, who: str | None
) -> None:
    directory = Directory().plus([*namesake(TOWN, "610499"), *namesake(BUREAU, "610498")])
    assert head(directory, "城关镇", "2026-01-01", region) == who


def test_a_circle_of_successors_ends() -> None:
    gone = UnitDissolved(dissolved_on=day("2020-01-01"), reason="合并", successor=SUCCESSOR)
    back = gone.model_copy(update={"successor": BUREAU})
    facts = [*said(BUREAU, LAND[0], gone), *said(SUCCESSOR, LAND[0].model_copy(update={"name": "某局"}), back)]
    assert Directory().plus(facts).unit("县国土局", "610499", day("2026-01-01")) is None


RENAMED = UnitRenamed(name="柳林街道", renamed_on=day("2026-07-01"))
NAMESAKE = "unit-0000000000000009"
TAKES_THE_NAME = UnitEstablished(name="柳林镇", region="610499", established_on=day("2027-01-01"))
REUSED = [*ALL, recorded(RENAMED, 11, TOWN), *said(NAMESAKE, TAKES_THE_NAME, post("n-1", LI, "2027-01-01"))]


@pytest.mark.parametrize(
    ("name", "on", "ours", "others"),
    [
        # named, and when; meant by it, for people of the renamed town, and for those of the one that took its name
        ("柳林镇", "2009-01-01", True, False),
        ("柳林镇", "2026-05-01", True, False),
        ("柳林镇", "2026-12-31", True, False),  # by habit, after it was renamed, while nobody else bore the name
        ("柳林镇", "2027-01-01", False, True),
        ("柳林街道", "2026-05-01", True, False),  # entered late, for a day before
        ("柳林街道", "2027-02-01", True, False),
        ("青石镇", "2026-05-01", False, False),
    ],
)
def test_a_name_means_whoever_bore_it_when_it_was_given(name: str, on: str, ours: bool, others: bool) -> None:
    directory, today = Directory().plus(REUSED), day("2027-03-01")
    found = [called(directory, token, "610499", today) for token in ("柳林街道", "柳林镇")]
    assert [any(one.means((name, day(on))) for one in names) for names in found] == [ours, others]


def test_a_token_with_the_old_name_is_the_units_until_another_takes_the_name() -> None:
    directory = Directory().plus(REUSED)
    assert called(directory, "柳林镇", "610499", day("2026-12-31")) == called(
        directory, "柳林街道", "610499", day("2026-12-31")
    )
    assert called(directory, "柳林镇", "610499", day("2027-01-01")) != called(
        directory, "柳林街道", "610499", day("2027-01-01")
    )


def test_whoever_has_a_units_duties_is_meant_by_its_names() -> None:
    directory = Directory().plus(ALL)
    names = called(directory, "县资源规划局", "610499", day("2026-08-01"))
    assert {one.name for one in names} == {"县国土局", "县自然资源局", "县资源规划局"}
    assert {one.name for one in called(directory, "县自然资源局", "610499", day("2026-06-30"))} == {
        "县国土局",
        "县自然资源局",
    }
    assert called(directory, "县国土局", "610499", day("2026-08-01")) == ()  # gone: its people are where they are now


@pytest.mark.parametrize("name", ["青石镇", "城关镇"])
def test_of_whom_nothing_is_known_or_too_much_has_its_own_name_alone(name: str) -> None:
    two = [*namesake(TOWN, "610499"), *namesake(BUREAU, "610498")]
    assert called(Directory().plus(two), name, "610400", day("2026-01-01")) == ()


def test_a_notice_goes_to_whom_the_case_was_given_under_its_name_of_the_day() -> None:
    directory, today = Directory().plus(REUSED), day("2027-03-01")
    given = ("柳林镇", day("2026-05-01"))
    assert directory.called_on(given, "610499", today) == "柳林街道"
    assert directory.called_on(("柳林镇", today), "610499", today) == "柳林镇"
    assert directory.called_on(("青石镇", today), "610499", today) == "青石镇"
    unit = directory.unit("柳林镇", "610499", today, named_on=given[1])
    assert unit is not None
    assert unit.head_on(today) == ZHAO


def test_facts_of_cases_are_none_of_units() -> None:
    assert isinstance(registered("2026-01-05"), CaseRegistered)
    assert Directory().plus([recorded(registered("2026-01-05"), 1)]).units == {}


DAYS = st.integers(0, 900).map(lambda n: date(2024, 1, 1) + timedelta(n))


def answers(directory: Directory, on: date) -> list[Any]:
    """All that the directory says of a day."""
    found: list[Any] = []
    for name in ("柳林镇", "县国土局", "县自然资源局", "县资源规划局"):
        unit = directory.unit(name, "610499", on)
        if unit is not None:
            found.append((name, unit.name_on(on), unit.head_on(on), unit.held_on(on), unit.acting_on("wang", on)))
    return [*found, sorted((u.unit_id, h.taken.holding_id) for u, h in directory.posts_of("zhao", on))]


@given(heard=st.permutations(ALL), again=st.lists(st.sampled_from(ALL)), cut=st.integers(0, len(ALL)), on=DAYS)
def test_the_answer_does_not_depend_on_the_order_of_arrival(
    heard: list[Recorded], again: list[Recorded], cut: int, on: date
) -> None:
    directory = Directory().plus(heard[:cut]).plus([*again, *heard[cut:]])
    assert answers(directory, on) == answers(Directory().plus(ALL), on)
