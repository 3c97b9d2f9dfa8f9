"""What waits for whoever watches and decides, until they have spoken; and what counts no more when it was withdrawn."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.reporting.queries import findings, notices
from services.reporting.scoring import scores
from services.reporting.waiting import WaitingAsked, waiting
from services.reporting.yearbook import RegionYear, annual_report
from shared.directory import Directory
from shared.events import GENESIS, Fact, document
from shared.events.supervision import (
    CampaignOpened,
    FindingWithdrawn,
    NoticeClosed,
    NoticeEscalated,
    ReportFiled,
    ReportMissed,
    SupervisionFact,
)
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Delivery
from shared.terms import Awaited, Missed, NoticeLevel, Role, Treatment
from tests.reporting.test_queries import filled
from tests.sample import LI, TOWN, day, registered
from tests.spec import asked
from tests.supervision.account import (
    ANSWERED,
    BACK,
    COMMENDED,
    CONCLUDED,
    FEEDBACK,
    FOUND,
    NOT_DONE,
    NOTICE,
    PRAISED,
    PROPOSED,
    REPLY,
    REPORT,
    REVOKED,
    SANCTIONED,
    SERVED,
    SUGGESTED,
    UPHELD,
    WITHDRAWN,
)
from tests.supervision.campaigning import OPENED
from tests.supervision.lives import moment
from tests.supervision.test_knock_on import MORE, OTHERWISE, UNHEEDED, URGED

WATCHER = Actor("x", Role.SUPERVISOR, None, "610499")
TOLD = URGED.model_copy(update={"notice_id": "notice-3", "level": NoticeLevel.ACCOUNTABILITY, "follows": None})
"""拟追责告知: stands until somebody proposes something, or it is closed."""


def log(*facts: Fact | tuple[Fact, str], history: str = "case-1") -> list[Delivery]:
    """One speaker's log of these facts of one history, each said by a supervisor, or by whoever is named."""
    said: list[Delivery] = []
    for n, entry in enumerate(facts, 1):
        fact, role = entry if isinstance(entry, tuple) else (entry, Role.SUPERVISOR.value)
        who = replace(asked(), role=role)
        raw = document(fact, region="610499", case_id=history, version=n, prevhash=GENESIS, asked=who)
        said.append(Delivery(f"610499.{fact.speaker}", "e", n, n - 1, raw))
    return said


def listed(
    standard: Standard, *facts: SupervisionFact, today: str = "2026-12-01"
) -> list[tuple[str, str, date | None]]:
    heard = [*log(registered("2026-08-01")), *log(*facts)]
    with filled(heard, random.Random(1)) as model:
        rows = waiting(model, standard, WATCHER, day(today), WaitingAsked())["waiting"]
        return [(row["item"], row["ref"], row["due_on"]) for row in rows]


@pytest.mark.parametrize(
    ("asks", "row", "answers"),
    [
        ((FOUND, ANSWERED), ("plea", "finding-1", None), UPHELD),
        ((FOUND, ANSWERED), ("plea", "finding-1", None), WITHDRAWN),
        ((FOUND, NOTICE, REPORT), ("rectification", "notice-1", None), NOT_DONE),
        ((FOUND, TOLD), ("proposal", "notice-3", None), NoticeClosed(notice_id="notice-3", as_of=moment("2026-11-26"))),
        ((BACK,), ("inquiry", "inquiry-1", day("2026-11-20")), CONCLUDED),
        ((FOUND, SUGGESTED), ("suggestion", "s-1", day("2026-12-14")), FEEDBACK),
        ((FOUND, PROPOSED), ("sanction", "p-1", None), SANCTIONED),
        ((PRAISED,), ("commendation", "c-1", None), COMMENDED),
        ((FOUND, PROPOSED, SANCTIONED, WITHDRAWN), ("revocation", "p-1", None), REVOKED),
    ],
)
def test_what_a_named_human_has_to_say_waits_until_it_is_said(
    standard: Standard,
    asks: tuple[SupervisionFact, ...],
    row: tuple[str, str, date | None],
    answers: SupervisionFact,
) -> None:
    """Found: a proposal that nobody decided, and a reverse inquiry past its day, stood on no list at all."""
    assert listed(standard, *asks) == [row]
    assert listed(standard, *asks, answers) == []


def test_what_stands_on_the_last_rung_waits_for_a_proposal_and_then_for_the_decision(standard: Standard) -> None:
    assert listed(standard, FOUND, TOLD, PROPOSED) == [("sanction", "p-1", None)]
    elsewhere = PROPOSED.model_copy(update={"findings": ("finding-9",)})
    assert listed(standard, FOUND, TOLD, elsewhere) == [("sanction", "p-1", None), ("proposal", "notice-3", None)]


def test_an_inquiry_past_its_day_is_overdue(standard: Standard) -> None:
    with filled([*log(registered("2026-08-01")), *log(BACK)], random.Random(1)) as model:
        for today, late in (("2026-11-20", False), ("2026-11-21", True)):
            [row] = waiting(model, standard, WATCHER, day(today), WaitingAsked())["waiting"]
            assert row["overdue"] is late
        for due_to, there in (("2026-11-19", []), ("2026-11-20", ["inquiry-1"])):
            by_then = WaitingAsked(due_to=day(due_to))
            said = waiting(model, standard, WATCHER, day("2026-11-20"), by_then)["waiting"]
            assert [row["ref"] for row in said] == there


MISSED = NoticeEscalated(
    notice_id="notice-1", to="notice-2", missed=Missed.ANSWER, missed_on=day("2026-11-22"), as_of=moment("2026-11-23")
)
ALSO = FindingWithdrawn(
    **{**dict(WITHDRAWN), "finding_id": "finding-2", "rule": "notice-unheeded", "counted": ("supervision:case-1:4",)}
)


def points(standard: Standard, *facts: Fact | tuple[Fact, str], history: str = "case-1") -> dict[str, int]:
    heard = [*log(registered("2026-08-01")), *log(*facts, history=history)]
    with filled(heard, random.Random(1)) as model:
        said = scores(model, standard, Directory(), WATCHER, "2026Q4", day("2026-12-01"), None)["scores"]
        return {its["mark"]: its["points"] for score in said for its in score["items"]}


def test_a_unit_that_is_cleared_keeps_no_point_of_what_followed(standard: Standard) -> None:
    """Found: the notices about a finding that was withdrawn, and the treatment, went on counting against the unit."""
    life = (FOUND, ANSWERED, UPHELD, NOTICE, MISSED, URGED, UNHEEDED, PROPOSED, SANCTIONED)
    assert points(standard, *life) == {"upheld": -2, "supervision": -1, "unheeded": -1, "sanction": -5}
    assert points(standard, *life, WITHDRAWN, ALSO) == {"sanction": -5}
    assert points(standard, *life, WITHDRAWN, ALSO, REVOKED) == {}


@pytest.mark.parametrize("whose", [{"official": LI}, {"treatment": Treatment.DISCIPLINE}])
def test_what_is_decided_about_an_official_is_no_units_point_and_is_taken_back_all_the_same(
    standard: Standard, whose: dict[str, Any]
) -> None:
    """Found: an official who was treated so stood among the units, with points of their own."""
    proposed, decided, revoked = (fact.model_copy(update=whose) for fact in (PROPOSED, SANCTIONED, REVOKED))
    life = (FOUND, ANSWERED, UPHELD, proposed, decided)
    assert points(standard, *life) == {"upheld": -2}
    assert ("revocation", "p-1", None) in listed(standard, *life, WITHDRAWN)
    with filled([*log(registered("2026-08-01")), *log(*life, revoked)], random.Random(1)) as model:
        said = annual_report(model, WATCHER, RegionYear("610499", 2026, moment("2026-12-31")))
        counted = {one["label"]: one["number"] for one in said["sections"][3]["figures"] if "处理决定" in one["label"]}
    assert {label: n for label, n in counted.items() if n} == {
        f"对个人的处理决定：{decided.treatment.label}": 1,
        "对个人的处理决定后撤销": 1,
    }


def test_a_notice_that_names_something_else_too_goes_on_counting(standard: Standard) -> None:
    other = FOUND.model_copy(update={"finding_id": "finding-3", "rule": "no-leader"})
    both = NOTICE.model_copy(update={"findings": ("finding-1", "finding-3"), "level": NoticeLevel.SUPERVISION})
    assert points(standard, FOUND, other, both, WITHDRAWN) == {"supervision": -1}


def test_what_came_on_paper_by_its_day_was_not_missed(standard: Standard) -> None:
    """Found: a report that lay on the petition office's desk in time cost the unit a point because it was entered a day later."""
    due = OPENED.reports[0]
    missed = ReportMissed(report=due.report, unit=TOWN, due_on=due.due_on)
    paper = ReportFiled(report=due.report, unit=TOWN, filed_on=due.due_on, text="已报")
    late = paper.model_copy(update={"days_late": 1})
    assert isinstance(OPENED, CampaignOpened)

    def counted(filed: ReportFiled, role: Role) -> dict[str, int]:
        return points(standard, OPENED, missed, (filed, role.value), history="campaign-1")

    assert counted(paper, Role.PETITION_OFFICE) == {}
    assert counted(paper, Role.HANDLER) == counted(late, Role.PETITION_OFFICE) == {"report-missed": -1}


def test_what_is_entered_late_takes_a_notice_no_step_back() -> None:
    """Found: the day of serving, entered after the unit had answered, made the list say that it had not."""
    heard = [*log(registered("2026-08-01")), *log(FOUND, NOTICE, REPLY, SERVED)]
    with filled(heard, random.Random(1)) as model:
        [row] = notices(model, WATCHER, None, 9, "case-1")
        assert (row["state"], str(row["served_on"])) == ("answered", "2026-11-12")


def test_what_was_upheld_is_shown_as_undecided_when_it_stands_on_none_of_the_same_facts() -> None:
    for moved, state in ((MORE, "upheld"), (OTHERWISE, "raised")):
        with filled([*log(registered("2026-08-01")), *log(FOUND, ANSWERED, UPHELD, moved)], random.Random(1)) as model:
            assert [row["state"] for row in findings(model, "case-1")] == [state]


def test_a_campaign_that_is_over_waits_for_its_acceptance(standard: Standard) -> None:
    """Found: a campaign whose end went by without anybody accepting it was noticed by nobody."""
    with filled(log(OPENED, history="campaign-1"), random.Random(1)) as model:

        def rows(today: date, who: Actor = WATCHER) -> list[tuple[str, str]]:
            found = waiting(model, standard, who, today, WaitingAsked())["waiting"]
            return [(row["case_id"], row["item"]) for row in found]

        assert rows(OPENED.ends_on) == []
        after = date.fromordinal(OPENED.ends_on.toordinal() + 1)
        assert rows(after) == [("campaign-1", "acceptance")]
        assert rows(after, Actor("y", Role.UNIT_HEAD, TOWN, "610499")) == []
        assert rows(after, Actor("z", Role.SUPERVISOR, None, "610401")) == []

        def named(**which: Any) -> list[str]:
            return [row["ref"] for row in waiting(model, standard, WATCHER, after, WaitingAsked(**which))["waiting"]]

        assert named(item=(Awaited.ACCEPTANCE, Awaited.HEARING)) == [OPENED.name]
        none = ({"item": (Awaited.HEARING,)}, {"unit": (TOWN,)}, {"leader": ("li",)}, {"due_to": after})
        assert [named(**which) for which in none] == [[]] * 4  # it is of no unit, no leader's, and due by no day
