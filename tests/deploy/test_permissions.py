"""docs/permissions.md, cell by cell: what the table says is what the store does."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from deploy.documents import COMMANDS, DOCS
from services.casework.domain import casework
from services.casework.domain.leadership import ReportOwnership
from services.intake.domain import intake
from services.intake.domain.dispatching import RuleJurisdiction
from services.supervision.domain import supervision
from shared.decider import Command, Decider, Rejected, fold
from shared.events import Fact
from shared.identity import UNIT_BOUND, Actor
from shared.standard import Standard
from shared.store import Forbidden, Request
from shared.store.draft import Draft, Entry
from shared.store.obeying import answer
from shared.terms import Role
from tests.casework import handling, test_domain, test_funds
from tests.intake import handing_down, test_organisation
from tests.intake.test_domain import ASSIGN, BACKLOG, REPEAT
from tests.sample import TOWN, day, registered
from tests.spec import NOW, recorded
from tests.supervision import account, campaigning, retaliating, test_inspecting_units, year_end

HERE = registered("2026-09-01")
GIVEN: dict[str, Command] = {
    **{kind.__name__: handling.command(kind) for kind in handling.EXAMPLES},
    **{kind.__name__: command for kind, command in test_domain.COMMANDS.items()},
    **{kind.__name__: handing_down.command(kind) for kind in handing_down.EXAMPLES},
    **{type(command).__name__: command for command in (ASSIGN, BACKLOG, REPEAT, handing_down.decision(True))},
    **{kind.__name__: test_organisation.command(kind) for kind in test_organisation.EXAMPLES},
    **{type(command).__name__: command for command in (test_funds.endow(), test_funds.WITHDRAW)},
    "ReportOwnership": ReportOwnership(reported_on=day("2026-09-07"), to="县联席办"),
    "RuleJurisdiction": RuleJurisdiction(**handing_down.RULED.model_dump()),
    **{kind.__name__: account.command(kind) for kind in account.EXAMPLES},
    "InspectUnit": test_inspecting_units.inspect(),
    **{type(command).__name__: command for command in campaigning.ABOUT_CAMPAIGNS},
    **{kind.__name__: year_end.command(kind) for kind in year_end.EXAMPLES},
    **{type(command).__name__: command for command in retaliating.ABOUT_RETALIATION},
}
"""A command of each kind that HTTP carries, as its own tests give it."""
TABLE = re.findall(r"^\| \S+ `(\w+)` \|(.*)\|$", (DOCS / "permissions.md").read_text("utf-8"), re.M)
CELLS = {name: dict(zip(Role, (cell.strip() for cell in cells.split("|")), strict=True)) for name, cells in TABLE}


def tried(decider: Decider[Any], facts: tuple[Fact, ...], command: Command, actor: Actor) -> bool:
    """Whether this actor may give this command on such a case; whether a rule then refuses it is another matter."""
    state = fold(decider, [recorded(fact, n) for n, fact in enumerate(facts, 1)])
    draft = Draft("any", "610499", decider, lambda _: Entry(state, len(facts)))
    history = f"{command.history}-1"
    try:
        answer(draft, decider, lambda _: (), history, command, Request(actor), NOW)
    except Forbidden:
        return False
    except Rejected:
        return True
    return True


def test_every_command_has_its_line_and_is_tried() -> None:
    assert CELLS.keys() == {command.__name__ for commands in COMMANDS.values() for command in commands}
    elsewhere = {"RegisterCase", "ImportDispatches", "ImportHistory"}  # routes of their own
    elsewhere |= {"Assess", "AssessBook", "FollowCampaign", "RecordSweep", "PublishPolicy"}  # the clock's
    assert GIVEN.keys() == CELLS.keys() - elsewhere


@pytest.mark.parametrize("name", GIVEN)
def test_each_cell(standard: Standard, name: str) -> None:
    service = next(service for service, commands in COMMANDS.items() if name in {c.__name__ for c in commands})
    deciders: dict[str, Callable[[Standard], Decider[Any]]] = {
        "intake": intake,
        "casework": casework,
        "supervision": supervision,
    }
    decider: Decider[Any] = deciders[service](standard)
    begun = {
        "book": test_inspecting_units.HERE,
        "campaign": campaigning.OPENED,
        "unit": test_organisation.HERE,
        "year": year_end.SUBMITTED,
        "retaliation": retaliating.REPORTED,
    }
    here_it_is = begun.get(GIVEN[name].history, HERE)
    for role, cell in CELLS[name].items():
        here = Actor(id="somebody", role=role, unit=TOWN if role in UNIT_BOUND else None, region="610499")
        assert tried(decider, (here_it_is,), GIVEN[name], here) == bool(cell), role
        assert cell in ("", "本单位" if role in UNIT_BOUND else "本地区")
        elsewhere = Actor(id="somebody", role=role, unit=here.unit, region="610498")
        assert not tried(decider, (here_it_is,), GIVEN[name], elsewhere), role
        stranger = Actor(id="somebody", role=role, unit="别的单位", region="610499")
        assert tried(decider, (here_it_is,), GIVEN[name], stranger) == (bool(cell) and role not in UNIT_BOUND), role
