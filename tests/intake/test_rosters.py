"""A roster's rows as commands: the same unit and the same post, whatever it is called since."""

from datetime import date
from typing import Any

import pytest

from services.intake.domain.organisation import EstablishUnit, RenameUnit
from services.intake.domain.posts import TakePost
from services.intake.ledger import PostRow, UnitRow
from services.intake.rosters import commands_of, unit_id_of
from shared.decider import Rejected
from shared.directory import Directory
from shared.events.intake import PostTaken, UnitEstablished, UnitFact, UnitRenamed
from shared.terms import LeaderRank
from tests.sample import day
from tests.spec import recorded

LAND = unit_id_of("610499", "县国土局")
ESTABLISHED = UnitEstablished(name="县国土局", region="610499", established_on=day("2005-01-01"))
RENAMED = UnitRenamed(name="县自然资源局", renamed_on=day("2019-03-01"))


def knowing(*facts: UnitFact) -> Directory:
    return Directory().plus(recorded(fact, n, LAND) for n, fact in enumerate(facts, 1))


def unit(name: str, **said: Any) -> UnitRow:
    return UnitRow(sheet="机构", row=2, region="610499", name=name, established_on=date(2005, 1, 1), **said)


def post(unit: str, **said: Any) -> PostRow:
    more = {"since": date(2020, 1, 1), "rank": LeaderRank.MAIN, "heads_unit": True, **said}
    return PostRow(sheet="任职", row=2, region="610499", unit=unit, name="赵某", post="局长", **more)


def take(directory: Directory, row: PostRow) -> TakePost:
    unit_id, (command,) = commands_of(directory, row)
    assert unit_id == LAND
    assert isinstance(command, TakePost)
    return command


def test_a_renamed_unit_is_entered_under_both_names() -> None:
    row = unit("县自然资源局", former_name="县国土局", renamed_on=date(2019, 3, 1))
    for directory in (knowing(), knowing(ESTABLISHED), knowing(ESTABLISHED, RENAMED)):
        unit_id, commands = commands_of(directory, row)
        assert unit_id == LAND
        assert [type(command) for command in commands] == [EstablishUnit, RenameUnit]


def test_a_unit_that_bears_the_name_since_it_was_renamed_is_the_same_unit() -> None:
    assert commands_of(knowing(ESTABLISHED, RENAMED), unit("县自然资源局")) == (LAND, [])
    assert commands_of(knowing(ESTABLISHED, RENAMED), unit("县水利局"))[0] == unit_id_of("610499", "县水利局")


def test_a_post_is_the_same_whatever_its_unit_is_called_since() -> None:
    first = take(knowing(ESTABLISHED), post("县国土局"))
    taken = PostTaken(**first.model_dump(exclude={"left_on"}))
    assert first.official.id == "县国土局/赵某"  # as a ledger's leaders are
    assert take(knowing(ESTABLISHED, taken, RENAMED), post("县自然资源局")) == first
    assert take(knowing(ESTABLISHED, RENAMED), post("县自然资源局", number="ZR-01")).official.id == "ZR-01"


def test_a_post_of_long_ago_is_found_under_the_present_name() -> None:
    assert take(knowing(ESTABLISHED, RENAMED), post("县自然资源局", since=date(2010, 1, 1))).since == date(2010, 1, 1)


@pytest.mark.parametrize("row", [post("县水利局"), unit("下属所", superior="县水利局")])
def test_a_unit_that_nobody_knows_is_refused(row: PostRow | UnitRow) -> None:
    with pytest.raises(Rejected) as refused:
        commands_of(knowing(ESTABLISHED), row)
    assert refused.value.rule == "no-such-unit"
    assert "县水利局" in refused.value.zh
