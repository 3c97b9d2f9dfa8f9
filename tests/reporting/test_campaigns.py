"""Who reads what of how a campaign ended; a unit that was renamed is one, in its cases and its points."""

import random

import pytest

from services.reporting.campaigning import campaign, campaigns
from services.reporting.counting import resolution_rate
from services.reporting.registers import written
from services.reporting.scoring import scores
from shared.directory import Directory
from shared.events.intake import UnitEstablished, UnitRenamed
from shared.events.supervision import CampaignAccepted, CommendationDecided, ReportFiled, ReportMissed, Shortfall
from shared.identity import Actor
from shared.standard import Standard
from shared.terms import Measure, Role
from tests.casework.test_offices import knowing
from tests.reporting.histories import at, log
from tests.reporting.test_queries import filled
from tests.sample import OTHER, TOWN, day, registered
from tests.supervision.account import COMMENDED
from tests.supervision.campaigning import ACCEPT, FILE, OPENED, PUBLISHED
from tests.supervision.deeds import not_taken_up

LEFT_OPEN = ("case-1", "case-2", "case-9")
UNMET = Shortfall(measure=Measure.RESOLVED, percent=90, cases=3, total=5, silent=(OTHER,))
END = CampaignAccepted(
    **ACCEPT.model_dump(exclude={"by", "open_cases"}), by=OPENED.by, open_cases=LEFT_OPEN, unmet=(UNMET,)
)

HEARD = [
    *log(("case-1", registered("2026-01-05", TOWN)), ("case-2", registered("2026-01-06", OTHER))),
    *log(("campaign-1", OPENED), ("campaign-1", END)),
]


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.HANDLER, TOWN, ["case-1"]),
        (Role.UNIT_HEAD, OTHER, ["case-2"]),
        (Role.SUPERVISOR, None, list(LEFT_OPEN)),
        (Role.AUDITOR, None, list(LEFT_OPEN)),
    ],
)
def test_of_the_cases_that_were_left_open_a_unit_sees_its_own(role: Role, unit: str | None, sees: list[str]) -> None:
    actor = Actor("x", role, unit, "610499")
    with filled(HEARD, random.Random(1)) as model:
        (listed,) = campaigns(model, actor)
        assert listed["open_cases"] == sees
        one = campaign(model, Directory(), actor, "campaign-1", day("2026-11-20"), None)
        assert one is not None
        assert (one["open_cases"], one["conclusion"]) == (sees, "化解九成")
        assert one["unmet"] == (
            None if unit else [UNMET.model_dump(mode="json")]
        )  # who gave no figure, is others' business


NEW = "柳林街道"
RENAMED = knowing(
    (
        UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
        UnitRenamed(name=NEW, renamed_on=day("2026-11-01")),
    ),
    (UnitEstablished(name=TOWN, region="610499", established_on=day("2026-11-10")),),  # another took its name
)
WATCHER = Actor("x", Role.SUPERVISOR, None, "610499")


def commended(on: str, unit: str) -> CommendationDecided:
    return COMMENDED.model_copy(update={"commendation_id": on, "about": unit, "decided_on": day(on), "adopted": True})


LATER = [
    *log(
        ("case-1", registered("2026-01-05", TOWN)),
        ("case-3", registered("2026-11-02", NEW)),
        ("case-4", registered("2026-11-12", TOWN)),
    ),
    *log(
        ("campaign-1", OPENED),
        ("campaign-1", ReportMissed(report="2026-10", unit=TOWN, due_on=day("2026-10-20"))),
        ("case-1", commended("2026-10-30", TOWN)),
        ("case-3", commended("2026-11-05", NEW)),
        ("case-4", commended("2026-11-15", TOWN)),
    ),
]


def test_a_campaigns_cases_are_those_of_its_units_whatever_they_are_called_since() -> None:
    with filled(LATER, random.Random(1)) as model:
        before, after = (
            campaign(model, directory, WATCHER, "campaign-1", day("2026-11-20"), None)
            for directory in (Directory(), RENAMED)
        )
        assert before is not None
        assert after is not None
        assert [one["figures"][0]["denominator"] for one in (before, after)] == [2, 2]
        lines = written(model, RENAMED, WATCHER, "campaign-1", day("2026-11-20"), None)
        assert lines is not None
        assert lines["without_leader"] == ["case-1", "case-3"]


def test_what_was_not_taken_up_is_left_out_of_rates_and_campaigns_and_said_to_be() -> None:
    heard = log(
        ("case-1", registered("2026-01-05")),
        ("case-2", registered("2026-01-06")),
        ("case-2", not_taken_up("2026-01-07")),
    )
    with filled([*heard, *log(("campaign-1", OPENED))], random.Random(1)) as model:
        rate = resolution_rate(model, WATCHER)
        assert (rate["denominator"], rate["refused"]) == (1, 1)
        one = campaign(model, Directory(), WATCHER, "campaign-1", day("2026-11-20"), None)
        assert one is not None
        assert one["figures"][0]["denominator"] == 1


def test_a_unit_that_was_renamed_has_one_score_and_whoever_took_its_name_their_own(standard: Standard) -> None:
    with filled(LATER, random.Random(1)) as model:
        said = scores(model, standard, RENAMED, WATCHER, "2026Q4", day("2026-11-20"), None)["scores"]
        assert [(its["unit"], its["points"], len(its["items"])) for its in said] == [(NEW, 5, 3), (TOWN, 3, 1)]
        said = scores(model, standard, Directory(), WATCHER, "2026Q4", day("2026-11-20"), None)["scores"]
        assert [(its["unit"], its["points"]) for its in said] == [(TOWN, 5), (NEW, 3)]


def test_what_was_filed_and_published_later_was_not_known_before() -> None:
    filed = ReportFiled(**FILE.model_dump(exclude={"figures"}), figures=())
    heard = log(("campaign-1", OPENED), ("campaign-1", filed), ("campaign-1", PUBLISHED))
    with filled([*HEARD[:2], *heard], random.Random(1)) as model:
        known = {}
        for n in (1, 2, 3):
            said = (model, Directory(), WATCHER, "campaign-1", day("2026-11-20"), at(n))
            one, register = campaign(*said), written(*said)
            assert one is not None
            assert register is not None
            days = [row["filed_on"] for row in one["filings"] if row["filed_on"]]
            known[n] = (days, [row["document"] for row in register["published"]])
    published, on = [PUBLISHED.document], [filed.filed_on]
    assert known == {1: ([], []), 2: (on, []), 3: (on, published)}


@pytest.mark.parametrize(("role", "unit", "counted"), [(Role.HANDLER, TOWN, 1), (Role.SUPERVISOR, None, 2)])
def test_the_figures_of_a_campaign_count_the_cases_that_the_asker_may_read(role: Role, unit: str, counted: int) -> None:
    with filled(HEARD, random.Random(1)) as model:
        one = campaign(model, Directory(), Actor("x", role, unit, "610499"), "campaign-1", day("2026-11-20"), None)
        assert one is not None
        assert one["figures"][0]["denominator"] == counted
