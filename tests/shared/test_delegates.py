"""受托: power goes to whom the head gave it, for its commands and days, and to nobody else."""

import pytest

from shared.delegates import EVERY_COMMAND, delegates
from shared.directory import Directory
from shared.events.intake import DelegationGiven, DelegationRevoked, PostLeft, UnitEstablished, UnitFact
from shared.identity import Actor
from shared.terms import LeaderRank, Role
from tests.casework.test_offices import knowing, post
from tests.sample import LI, TOWN, WANG, day

UNIT = UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01"))
HEAD = post(WANG, "2024-03-01", LeaderRank.MAIN, heads=True)


def given(*commands: str, who: str = WANG.id, name: str = "d-1") -> DelegationGiven:
    days = {"given_on": day("2026-09-01"), "first_day": day("2026-09-10"), "last_day": day("2026-09-20")}
    return DelegationGiven(delegation_id=name, official_id=who, delegate=LI, commands=commands, **days)


REVOKED = DelegationRevoked(delegation_id="d-1", revoked_on=day("2026-09-15"))


def directory(*said: UnitFact) -> Directory:
    return knowing((UNIT, *said))


@pytest.mark.parametrize(
    ("said", "on", "commands"),
    [
        ((HEAD, given("ApproveExtension")), "2026-09-10", {"ApproveExtension"}),
        ((HEAD, given("ApproveExtension")), "2026-09-09", None),
        ((HEAD, given("ApproveExtension")), "2026-09-21", None),
        ((HEAD, given("ApproveExtension"), REVOKED), "2026-09-15", None),
        (
            (HEAD, given("ApproveExtension"), given("CloseCase", name="d-2")),
            "2026-09-15",
            {"ApproveExtension", "CloseCase"},
        ),
        ((HEAD, given()), "2026-09-15", {EVERY_COMMAND}),
        ((HEAD, given(who="sun")), "2026-09-15", None),
        ((given(),), "2026-09-15", None),
        ((HEAD, given(), PostLeft(holding_id=HEAD.holding_id, left_on=day("2026-09-12"))), "2026-09-15", None),
    ],
)
def test_who_acts_for_the_head(said: tuple[UnitFact, ...], on: str, commands: set[str] | None) -> None:
    assert delegates(directory(*said), TOWN, "610499", day(on)).get(LI.id) == commands
    assert delegates(directory(*said), "县医院", "610499", day(on)) == {}


def test_a_delegate_gives_the_heads_commands_and_no_others() -> None:
    def may(role: Role, *delegated: str, command: str = "ApproveExtension", of: Role = Role.UNIT_HEAD) -> bool:
        return Actor("li", role, TOWN, "610499", (), frozenset(delegated)).may_give(command, frozenset({of}))

    assert may(Role.UNIT_HEAD)
    assert not may(Role.HANDLER)
    assert may(Role.HANDLER, "ApproveExtension")
    assert may(Role.HANDLER, EVERY_COMMAND)
    assert not may(Role.HANDLER, "CloseCase")
    assert not may(Role.HANDLER, EVERY_COMMAND, of=Role.PETITION_OFFICE)
