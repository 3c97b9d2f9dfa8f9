"""Counts lead to where most is idle, name everybody once, and a rate says what it leaves out, and where that is listed."""

import random
from typing import Any

import pytest

from services.reporting import counting, queries
from services.reporting.campaigning import campaign
from services.reporting.filters import Filter
from shared.directory import Directory
from shared.events import Official
from shared.events.casework import CaseClosed, CaseRelapsed, LeaderAssigned
from shared.events.intake import CaseMerged
from shared.events.supervision import CampaignOpened, CaseStalled
from shared.terms import Category, Measure, RelapseSign
from tests.reporting.histories import log
from tests.reporting.test_campaigns import WATCHER
from tests.reporting.test_queries import filled
from tests.sample import OTHER, TOWN, day, registered
from tests.supervision.campaigning import OPENED
from tests.supervision.deeds import not_taken_up

THIRD = "平川镇"


def led(on: str, leader_id: str, name: str, post: str) -> LeaderAssigned:
    return LeaderAssigned(leader=Official(id=leader_id, name=name, post=post), unit=TOWN, assigned_on=day(on))


def closed(on: str) -> CaseClosed:
    return CaseClosed(closed_on=day(on))


def relapsed(on: str) -> CaseRelapsed:
    return CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day(on))


def idle(on: str) -> CaseStalled:
    return CaseStalled(since=day(on), rules=("idle",), sentence_zh="空转", sentence_en="idle", policy="p-1")


HEARD = [
    *log(
        *(
            (f"case-{n}", registered(f"2026-01-0{n}", unit))
            for n, unit in enumerate((TOWN, TOWN, TOWN, OTHER, THIRD), 1)
        ),
        ("case-6", registered("2026-01-06")),
        ("case-6", not_taken_up("2026-01-07")),
        ("case-7", registered("2026-01-07")),
        ("case-7", CaseMerged(merged_on=day("2026-01-09"), into="case-1", reason="同一事项")),
    ),
    *log(
        ("case-1", led("2026-02-01", "l-1", "李某", "副镇长")),
        ("case-2", led("2026-03-01", "l-1", "李某", "镇长")),
        ("case-3", led("2026-02-15", "l-1", "李某", "副书记")),
        ("case-1", closed("2026-03-01")),
        ("case-2", closed("2026-03-02")),
        ("case-2", relapsed("2026-04-01")),
        ("case-2", closed("2026-05-01")),
        ("case-3", closed("2026-03-03")),
        ("case-3", relapsed("2026-04-02")),
    ),
    *log(("case-4", idle("2026-03-01"))),
]


def test_where_most_is_idle_comes_first_and_not_where_most_was_petitioned() -> None:
    with filled(HEARD, random.Random(1)) as model:
        units = counting.by_unit(model, WATCHER, lambda unit, _: unit[0])
        assert [(row["unit"], row["stalled"]) for row in units] == [(OTHER, 1), (THIRD, 0), (TOWN, 0)]
        assert [row["unit"] for row in counting.counts(model, WATCHER, "unit")] == [OTHER, THIRD, TOWN]


def test_a_case_of_several_fields_counts_in_each() -> None:
    both = registered("2026-01-05").model_copy(update={"categories": (Category.LAND, Category.RURAL)})
    one = registered("2026-01-06").model_copy(update={"categories": (Category.LAND,)})
    with filled(
        log(("case-1", both), ("case-2", one), ("case-3", registered("2026-01-07"))), random.Random(1)
    ) as model:
        said = {row["categories"]: row["cases"] for row in counting.counts(model, WATCHER, "categories")}
    assert said == {"land": 2, "rural": 1, "": 1}


def test_a_leader_who_has_another_post_since_is_one_leader() -> None:
    with filled(HEARD, random.Random(1)) as model:
        said = [row for row in counting.counts(model, WATCHER, "leader") if row["leader_id"]]
        assert [(row["leader_id"], row["leader"], row["cases"]) for row in said] == [("l-1", "李某 镇长", 3)]


@pytest.mark.parametrize(("said", "found"), [("李某", 3), ("李某 镇长", 1), ("l-1", 3), ("李", 0), ("李_", 0)])
def test_a_leader_is_found_by_name_with_or_without_the_post(said: str, found: int) -> None:
    with filled(HEARD, random.Random(1)) as model:
        asked = Filter(leader=(said,))
        assert len(queries.cases(model, WATCHER, asked, 10, None)["cases"]) == found


def test_a_rate_and_a_campaign_mean_the_same_by_resolved() -> None:
    """One that relapsed and was closed again is closed, and not resolved: a unit that reports the one is held to the other."""
    opened = CampaignOpened(**dict(OPENED) | {"units": (TOWN, OTHER, THIRD)})
    with filled([*HEARD[:-1], *log(("campaign-1", opened))], random.Random(1)) as model:
        one = campaign(model, Directory(), WATCHER, "campaign-1", day("2026-11-20"), None)
        assert one is not None
        (figure,) = one["figures"]
        rate = counting.resolution_rate(model, WATCHER)
        assert figure["measure"] == Measure.RESOLVED
        assert (figure["numerator"], figure["denominator"]) == (rate["numerator"], rate["denominator"]) == (1, 5)
        assert (one["relapsed"], rate["relapsed"]) == (2, 2)


def test_what_a_rate_counts_and_leaves_out_can_be_listed() -> None:
    asked: dict[str, dict[str, Any]] = {
        "numerator": {"state": "closed", "relapsed": False, "refused": False},
        "relapsed": {"relapsed": True},
        "refused": {"refused": True},
        "merged": {"state": "merged"},
    }
    with filled(HEARD, random.Random(1)) as model:
        rate = counting.resolution_rate(model, WATCHER)
        listed = {
            name: [row["case_id"] for row in queries.cases(model, WATCHER, Filter(**said), 10, None)["cases"]]
            for name, said in asked.items()
        }
    assert listed == {
        "numerator": ["case-1"],
        "relapsed": ["case-2", "case-3"],
        "refused": ["case-6"],
        "merged": ["case-7"],
    }
    assert {name: len(its) for name, its in listed.items()} == {name: rate[name] for name in asked}
