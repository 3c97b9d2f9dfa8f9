"""Who holds which post counts where the directory knows it: extensions, owner leaders, the head of a task force."""

from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import AcceptCase, ApproveExtension
from services.casework.domain.case import Case
from services.casework.domain.leadership import AssignLeader, FormTaskForce
from shared.directory import Directory
from shared.events import Fact, Official
from shared.events.casework import CaseAccepted, ExtensionApproved, LeaderAssigned, ResponsibilityFixed, TaskForceFormed
from shared.events.intake import (
    AccusedNamed,
    DelegationGiven,
    PostLeft,
    PostTaken,
    UnitEstablished,
    UnitFact,
    UnitRenamed,
)
from shared.standard import Standard
from shared.terms import LeaderRank
from tests.sample import BUREAU, LI, TOWN, WANG, accepted, day, dispatched, registered
from tests.spec import Spec, recorded

ZHAO = Official(id="zhao", name="赵某", post="镇长")
SUN = Official(id="sun", name="孙某", post="副县长")
HERE = (registered("2026-09-01"), accepted("2026-09-05"))
DELEGATED = DelegationGiven(
    delegation_id="d-1",
    official_id="wang",
    delegate=LI,
    given_on=day("2026-09-20"),
    first_day=day("2026-09-21"),
    last_day=day("2026-09-30"),
    commands=("ApproveExtension",),
)


def post(who: Official, since: str, rank: LeaderRank, *, heads: bool = False) -> PostTaken:
    return PostTaken(holding_id=f"{who.id}-{since}", official=who, since=day(since), rank=rank, heads_unit=heads)


TOWN_UNIT: tuple[UnitFact, ...] = (
    UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
    post(WANG, "2024-03-01", LeaderRank.MAIN, heads=True),
    post(LI, "2024-05-01", LeaderRank.TEAM),
    PostLeft(holding_id="wang-2024-03-01", left_on=day("2026-10-15")),
    post(ZHAO, "2026-10-15", LeaderRank.MAIN, heads=True),
    DELEGATED,
)
COUNTY: tuple[UnitFact, ...] = (
    UnitEstablished(name="河阳县人民政府", region="610499", established_on=day("1990-01-01")),
    post(SUN, "2023-01-01", LeaderRank.TEAM),
)


def knowing(*units: tuple[UnitFact, ...]) -> Directory:
    facts = [recorded(f, n, f"unit-{u:016x}") for u, unit in enumerate(units) for n, f in enumerate(unit, 1)]
    return Directory().plus(facts)


def spec(standard: Standard, directory: Directory) -> Spec[Case]:
    return Spec(casework(standard, lambda: directory))


def extension(who: Official, on: str = "2026-10-20") -> ApproveExtension:
    return ApproveExtension(days=30, approved_on=day(on), approved_by=who, reason="案情复杂", told_on=day(on))


def force(head: Official, on: str = "2026-10-20", *, said: bool = True) -> FormTaskForce:
    return FormTaskForce(formed_on=day(on), head=head, head_leads_unit=said, members=(LI,))


def assign(who: Official, rank: LeaderRank | None, unit: str = TOWN) -> AssignLeader:
    return AssignLeader(leader=who, unit=unit, assigned_on=day("2026-10-20"), rank=rank)


@pytest.mark.parametrize(
    ("who", "on"),
    [
        (ZHAO, "2026-10-20"),
        (ZHAO, "2026-10-15"),
        (WANG, "2026-10-14"),  # who was the head on the claimed day, whoever is now
        (LI, "2026-09-25"),  # to whom this was delegated
    ],
)
def test_the_head_of_the_day_or_a_delegate_extends(standard: Standard, who: Official, on: str) -> None:
    asked = extension(who, on)
    spec(standard, knowing(TOWN_UNIT)).given(*HERE).when(asked).then(ExtensionApproved(**dict(asked)))


@pytest.mark.parametrize(
    ("who", "on"), [(WANG, "2026-10-15"), (ZHAO, "2026-10-14"), (LI, "2026-10-01"), (SUN, "2026-10-20")]
)
def test_nobody_else_does(standard: Standard, who: Official, on: str) -> None:
    given = spec(standard, knowing(TOWN_UNIT, COUNTY)).given(*HERE)
    refusal = given.when(extension(who, on)).then_rejected("not-the-head")
    assert ("王某" if on < "2026-10-15" else "赵某") in refusal.zh


VACANT = (*TOWN_UNIT[:4],)


@pytest.mark.parametrize("directory", [knowing(), knowing(COUNTY), knowing(VACANT), knowing((TOWN_UNIT[0],))])
@pytest.mark.parametrize("asked", [extension(SUN), force(SUN), assign(SUN, LeaderRank.MAIN, "县医院")])
def test_where_nothing_is_known_of_the_head_all_stays_as_it_was(
    standard: Standard, directory: Directory, asked: Any
) -> None:
    (fact,) = spec(standard, directory).given(*HERE).when(asked)._obeyed()
    spec(standard, directory).given(*HERE).when(asked).then(fact)
    spec(standard, knowing()).given(*HERE).when(asked).then(fact)


def test_the_unit_that_has_the_case_now_is_asked(standard: Standard) -> None:
    bureau = (
        UnitEstablished(name=BUREAU, region="610499", established_on=day("2010-01-01")),
        post(SUN, "2020-01-01", LeaderRank.MAIN, heads=True),
    )
    directory = knowing(TOWN_UNIT, bureau)
    moved = (*HERE, dispatched("2026-09-10", BUREAU))
    asked = extension(SUN)
    spec(standard, directory).given(*moved).when(asked).then(ExtensionApproved(**dict(asked)))
    spec(standard, directory).given(*moved).when(extension(ZHAO)).then_rejected("not-the-head")


def test_a_unit_that_was_renamed_is_the_same_unit(standard: Standard) -> None:
    renamed = (*TOWN_UNIT, UnitRenamed(name="柳林街道", renamed_on=day("2026-10-01")))
    given = spec(standard, knowing(renamed)).given(*HERE)
    assert "柳林街道" in given.when(extension(WANG)).then_rejected("not-the-head").zh


def test_a_unit_whom_it_is_about_does_not_handle_it_under_another_name(standard: Standard) -> None:
    renamed = (*TOWN_UNIT, UnitRenamed(name="柳林街道", renamed_on=day("2026-10-01")))
    accused = AccusedNamed(named_on=day("2026-09-02"), units=(TOWN,))
    asked = AcceptCase(unit="柳林街道", accepted_on=day("2026-10-02"))
    given = spec(standard, knowing(renamed)).given(HERE[0], accused)
    given.when(asked).then_rejected("handled-by-the-accused")
    spec(standard, knowing(TOWN_UNIT)).given(HERE[0], accused).when(asked).then(CaseAccepted(**dict(asked)))


def test_the_head_of_the_unit_leads_the_task_force_whatever_the_caller_says(standard: Standard) -> None:
    given, asked = spec(standard, knowing(TOWN_UNIT)).given(*HERE), force(ZHAO, said=False)
    given.when(force(LI, said=True)).then_rejected("not-the-head")
    given.when(force(LI, "2026-09-25", said=True)).then_rejected(
        "not-the-head"
    )  # a delegate does not stand in (D6, D11)
    given.when(asked).then(TaskForceFormed(**asked.model_dump(exclude={"head_leads_unit"})))


def test_the_main_unit_is_the_responsible_one(standard: Standard) -> None:
    fixed: tuple[Fact, ...] = (*HERE, ResponsibilityFixed(fixed_on=day("2026-09-10"), main=BUREAU))
    spec(standard, knowing(TOWN_UNIT)).given(*fixed).when(force(LI)).then(
        TaskForceFormed(formed_on=day("2026-10-20"), head=LI, members=(LI,))
    )


def test_a_leader_owns_a_case_by_the_rank_that_was_held_on_the_day(standard: Standard) -> None:
    given = spec(standard, knowing(TOWN_UNIT, COUNTY)).given(*HERE)
    given.when(assign(LI, LeaderRank.MAIN)).then_rejected("rank-not-held")
    given.when(assign(WANG, LeaderRank.MAIN)).then_rejected("not-in-post")  # who has left
    asked = assign(SUN, LeaderRank.TEAM)  # of the county's leading team
    given.when(asked).then(LeaderAssigned(**dict(asked)))
    for rank in (LeaderRank.TEAM, None):
        asked = assign(LI, rank)
        spec(standard, knowing(TOWN_UNIT)).given(*HERE).when(asked).then(LeaderAssigned(**dict(asked)))
