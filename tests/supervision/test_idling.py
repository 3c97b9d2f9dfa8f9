"""空转: nobody owns the case, nothing of substance is done, nobody has met the person."""

import pytest

from shared.events import Fact
from shared.standard import Standard
from shared.terms import VisitKind
from tests.sample import (
    BUREAU,
    WANG,
    accepted,
    backlog,
    closed,
    dispatched,
    extension,
    leader,
    meeting,
    objected,
    plan,
    registered,
    relapsed,
    repeat,
    replaced,
    reply,
    report,
    resumed,
    stopped,
    visit,
)
from tests.supervision.lives import Late, Row, as_known, judged, overlay, since
from tests.supervision.tables.idling import CLEARED

HERE = registered("2026-01-05")
SHAM = (HERE, closed("2026-02-01"), relapsed("2026-02-20"))
"""Closed without anything, and open again."""
DAILY = [report(f"2026-01-{n:02}") for n in range(6, 32)]
STIRRED = (
    dispatched("2026-01-20"),
    repeat("2026-01-21"),
    backlog("2026-01-22"),
    accepted("2026-01-23"),
    extension("2026-02-01"),
    objected("2026-02-02"),
    dispatched("2026-02-03", BUREAU),
)
"""Much was written down, and nothing was done."""

NO_LEADER: dict[str, Row] = {
    "fires on the day after the 15 days since registration": ((HERE,), "2026-01-21", "2026-01-21"),
    "not on the last of the 15 days": ((HERE,), "2026-01-20", None),
    "keeps the day since which it shows": ((HERE,), "2027-09-30", "2026-01-21"),
    "runs from the dispatch once there is one": ((HERE, dispatched("2026-01-10")), "2026-01-26", "2026-01-26"),
    "not on the last day since the dispatch": ((HERE, dispatched("2026-01-10")), "2026-01-25", None),
    "a second dispatch does not start it anew": (
        (HERE, dispatched("2026-01-10"), objected("2026-01-12"), dispatched("2026-01-20", BUREAU)),
        "2026-01-26",
        "2026-01-26",
    ),
    "a leader ends it": ((HERE, leader("2026-02-01")), "2026-02-01", None),
    "a leader who is only to come does not": ((HERE, leader("2026-03-01")), "2026-02-28", "2026-01-21"),
    "reports do not": ((HERE, *DAILY), "2026-01-31", "2026-01-21"),
    "a closed case is quiet": ((HERE, closed("2026-02-01")), "2026-06-01", None),
    "a relapse starts it anew": (SHAM, "2026-03-08", "2026-03-08"),
    "not on the last day since the relapse": ((*SHAM, dispatched("2026-01-06")), "2026-03-07", None),
    "the leader of before the relapse still owns the case": ((*SHAM, leader("2026-01-06")), "2026-06-01", None),
}

IDLE: dict[str, Row] = {
    "fires on the day after 30 days of nothing": ((HERE,), "2026-02-05", "2026-02-05"),
    "not on the thirtieth day": ((HERE,), "2026-02-04", None),
    "a visit starts the days anew": ((HERE, visit("2026-01-31")), "2026-03-03", "2026-03-03"),
    "not on the thirtieth day after a visit": ((HERE, visit("2026-01-31")), "2026-03-02", None),
    "a plan and a reply do too": ((HERE, plan("2026-01-20"), reply("2026-02-10")), "2026-03-13", "2026-03-13"),
    "a meeting that decided something does": ((HERE, meeting("2026-01-31")), "2026-03-02", None),
    "a meeting that decided nothing does not": (
        (HERE, meeting("2026-01-31", decides=False)),
        "2026-02-05",
        "2026-02-05",
    ),
    "days on which the clock stood still do not count": (
        (HERE, stopped("2026-01-10"), resumed("2026-01-20")),
        "2026-02-14",
        None,
    ),
    "daily reports do not": ((HERE, *DAILY), "2026-02-05", "2026-02-05"),
    "changing leaders does not": (
        (HERE, leader("2026-01-20"), replaced("2026-02-01", WANG), replaced("2026-02-03")),
        "2026-02-05",
        "2026-02-05",
    ),
    "accepting, sending on, extending, repeating and naming it backlog do not": (
        (HERE, *STIRRED),
        "2026-02-05",
        "2026-02-05",
    ),
    "a visit that is only to come does not": ((HERE, visit("2026-02-06")), "2026-02-05", "2026-02-05"),
    "what was done before the registration does not": ((HERE, visit("2026-01-04")), "2026-02-05", "2026-02-05"),
    "a closed case is quiet": ((HERE, closed("2026-02-01")), "2027-01-01", None),
    "a relapse starts the days anew and is no progress": (SHAM, "2026-03-23", "2026-03-23"),
    "not on the thirtieth day after a relapse": (SHAM, "2026-03-22", None),
    "what was done before the relapse does not count": ((*SHAM, visit("2026-02-19")), "2026-03-23", "2026-03-23"),
    "what was done on its day does": ((*SHAM, visit("2026-02-20")), "2026-03-23", "2026-03-23"),
}

NEVER_MET: dict[str, Row] = {
    "fires on the day after 60 days since registration": ((HERE,), "2026-03-07", "2026-03-07"),
    "not on the sixtieth day": ((HERE,), "2026-03-06", None),
    "runs from the acceptance once there is one": ((HERE, accepted("2026-01-10")), "2026-03-12", "2026-03-12"),
    "not on the sixtieth day after acceptance": ((HERE, accepted("2026-01-10")), "2026-03-11", None),
    "a second acceptance does not start it anew": (
        (HERE, accepted("2026-01-10"), dispatched("2026-02-01", BUREAU), accepted("2026-02-03", BUREAU)),
        "2026-03-12",
        "2026-03-12",
    ),
    "a meeting ends it for good": ((HERE, visit("2026-03-20")), "2027-01-01", None),
    "a meeting that is only to come does not": ((HERE, visit("2026-03-20")), "2026-03-19", "2026-03-07"),
    "a visit that missed the person does not": ((HERE, visit("2026-02-01", met=False)), "2026-03-07", "2026-03-07"),
    "reports and plans do not": ((HERE, report("2026-02-01"), plan("2026-02-02")), "2026-03-07", "2026-03-07"),
    "a closed case is quiet": ((HERE, closed("2026-02-01")), "2027-01-01", None),
    "after a relapse the person is met again": ((*SHAM, visit("2026-01-20")), "2026-04-22", "2026-04-22"),
    "not on the sixtieth day after the relapse": ((*SHAM, accepted("2026-01-10")), "2026-04-21", None),
    "a meeting after the relapse ends it": ((*SHAM, visit("2026-03-01")), "2027-01-01", None),
}

TABLES = [
    (rule, *table.items()) for rule, table in {"no-leader": NO_LEADER, "idle": IDLE, "never-met": NEVER_MET}.items()
]
ROWS = [pytest.param(rule, *row, id=f"{rule}: {name}") for rule, *rows in TABLES for name, row in rows]


@pytest.mark.parametrize(("rule", "facts", "today", "shows_since"), ROWS)
def test_the_table(standard: Standard, rule: str, facts: tuple[Fact, ...], today: str, shows_since: str | None) -> None:
    assert since(standard, rule, facts, today) == shows_since


@pytest.mark.parametrize(("rule", "days"), [("no-leader", 3), ("idle", 3), ("never-met", 3)])
def test_another_policy_gives_other_days(standard: Standard, rule: str, days: int) -> None:
    stricter = overlay(standard, rule, days=days)
    assert since(stricter, rule, (HERE,), "2026-01-08") is None
    assert since(stricter, rule, (HERE,), "2026-01-09") == "2026-01-09"


@pytest.mark.parametrize("rule", ["no-leader", "idle", "never-met"])
def test_a_rule_that_the_policy_does_not_use_finds_nothing(standard: Standard, rule: str) -> None:
    assert since(overlay(standard, rule, enabled=False), rule, (HERE,), "2027-01-01") is None


@pytest.mark.parametrize(
    ("rule", "done", "recorded_on", "day_before"),
    [
        ("no-leader", leader("2026-01-19"), "2026-03-15", "2026-03-14"),
        ("idle", visit("2026-02-01"), "2026-02-20", "2026-02-19"),
        ("never-met", visit("2026-03-01"), "2026-03-15", "2026-03-14"),
    ],
)
def test_what_is_recorded_late_counts_for_its_own_day_from_when_it_is_known(
    standard: Standard, rule: str, done: Fact, recorded_on: str, day_before: str
) -> None:
    facts = (HERE, Late(done, recorded_on))
    assert as_known(standard, rule, facts, day_before)
    assert not as_known(standard, rule, facts, recorded_on)
    assert since(standard, rule, facts, day_before) is None


def test_a_visit_recorded_late_gives_no_more_days_than_one_recorded_at_once(standard: Standard) -> None:
    facts = (HERE, Late(visit("2026-02-01"), "2026-02-20"))
    assert not as_known(standard, "idle", facts, "2026-03-03")
    assert as_known(standard, "idle", facts, "2026-03-04")


def test_the_sentences_say_what_the_official_has_to_know(standard: Standard) -> None:
    assert judged(standard, "no-leader", (HERE,), "2027-09-30").zh == "登记已 633 天，仍没有包案领导"
    sent = (HERE, dispatched("2026-01-10"))
    assert judged(standard, "no-leader", sent, "2026-01-20").zh == "尚无包案领导，最迟应在 2026-01-25 确定"
    assert judged(standard, "no-leader", sent, "2026-02-10").zh == "转送已 31 天，仍没有包案领导"
    assert judged(standard, "no-leader", (HERE, leader("2026-01-06")), "2026-01-20").zh == "已由李某包案"

    assert judged(standard, "idle", (HERE,), "2026-02-05").zh == "登记已 31 天，从无实质进展，此后没有任何记录"
    went = (HERE, visit("2026-01-31", kind=VisitKind.GOING_DOWN), report("2026-02-10"), report("2026-02-11"))
    assert judged(standard, "idle", went, "2026-03-10").zh == (
        "已 38 天没有实质进展：最近一次是 2026-01-31 的下访，此后 2 条记录不算实质进展"
    )
    assert judged(standard, "idle", went, "2026-03-10").en == (
        "no progress for 38 days: the last was on 2026-01-31 (visit logged); later entries, none of them progress: 2"
    )
    assert judged(standard, "idle", went, "2026-02-11").zh == (
        "最近一次实质进展是 2026-01-31 的下访，最迟 2026-03-02 应有新的进展"
    )
    assert judged(standard, "idle", (HERE, plan("2026-01-31")), "2026-03-10").zh.startswith(
        "已 38 天没有实质进展：最近一次是 2026-01-31 的一案一策"
    )

    missed = (*SHAM, visit("2026-03-01", met=False))
    assert judged(standard, "never-met", missed, "2026-04-22").zh == (
        "反弹重办已 61 天，没有任何人与信访人见过面，走访 1 次未见到本人"
    )
    assert judged(standard, "never-met", (HERE, visit("2026-01-20")), "2026-02-01").zh == "2026-01-20 已与信访人见面"


def test_the_ignored_are_named_with_the_reason(standard: Standard) -> None:
    facts = (HERE, dispatched("2026-01-05"), visit("2026-01-10"), report("2026-01-10"), leader("2026-01-12"))
    verdict = judged(standard, "idle", facts, "2026-02-20")
    assert [(e.type, e.why_zh) for e in verdict.counted] == [("VisitLogged", "最近一次实质进展")]
    assert [(e.type, e.why_zh) for e in verdict.ignored] == [
        ("ProgressReported", "仅为汇报，没有新的办理行为"),
        ("LeaderAssigned", "指定领导不是办理"),
    ]


def test_the_withdrawal_from_which_the_days_run_anew_is_named(national: Standard) -> None:
    said = judged(national, "idle", (HERE, CLEARED), "2026-03-20")
    assert [one.type for one in said.counted] == ["CaseRegistered", "FindingWithdrawn"]
