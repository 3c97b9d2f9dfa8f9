"""Law 2 for the rows that reports are made of: they come out the same for any interleaving of the speakers' logs."""

from collections.abc import Mapping
from datetime import date
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.projections import project
from shared.events import Fact, Official, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ClosureRequested,
    LeaderAssigned,
    OpinionServed,
    VisitLogged,
)
from shared.events.intake import (
    BacklogExcluded,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    ExclusionReviewed,
    ObjectionRaised,
    ProgressQueried,
    RepeatPetitionLinked,
)
from shared.events.supervision import CaseStalled, NoticeClosed, StallCleared
from shared.terms import (
    Channel,
    DispatchKind,
    ExclusionGround,
    Outcome,
    RelapseSign,
    ReviewVerdict,
    Route,
    ServedHow,
    VisitKind,
)
from tests.sample import (
    LI,
    WANG,
    accepted,
    backlog,
    closed,
    dispatched,
    merged,
    registered,
    relapsed,
    repeat,
    reply,
    routed,
    unlinked,
    unmerged,
)
from tests.sample import day as day_of
from tests.spec import recorded
from tests.supervision.deeds import decided, not_taken_up

LEADER = Official(id="li", name="李某某", post="副县长")


def day(n: int) -> date:
    return date(2026, 3, n)


def visit(n: int) -> VisitLogged:
    return VisitLogged(visit_id=f"v-{n}", kind=VisitKind.HOME, visited_on=day(n), official=LEADER)


INTAKE: list[Fact] = [
    CaseRegistered(
        petitioner_id="p", channel=Channel.VISIT, received_on=day(1), region="610499", unit="柳林镇", demands=("补偿",)
    ),
    CaseDispatched(kind=DispatchKind.FORWARD, unit="青石镇", dispatched_on=day(2)),
    ObjectionRaised(unit="青石镇", raised_on=day(3), reason="不归我管"),
    DispatchObjected(unit="青石镇", objected_on=day(3), reason="不归我管"),
    RepeatPetitionLinked(petition_id="r", channel=Channel.LETTER, received_on=day(4)),
    CaseDispatched(kind=DispatchKind.ASSIGN, unit="平川镇", dispatched_on=day(5)),
    ProgressQueried(query_id="q-1", asked_of="平川镇", channel=Channel.PHONE, queried_on=day(8)),
]
CASEWORK: list[Fact] = [
    CaseAccepted(unit="平川镇", accepted_on=day(6)),
    LeaderAssigned(leader=LEADER, unit="平川镇", assigned_on=day(7)),
    visit(9),
    visit(8),
    OpinionServed(number="1", outcome=Outcome.SUPPORTED, served_on=day(10), how=ServedHow.IN_PERSON),
    ClosureRequested(requested_on=day(10), unit="平川镇", summary="已办结"),
    CaseClosed(closed_on=day(11)),
    VisitLogged(visit_id="r-1", kind=VisitKind.RETURN, visited_on=day(18), official=WANG),
    CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day(20)),
]
SUPERVISION: list[Fact] = [
    CaseStalled(since=day(3), rules=("idle",), sentence_zh="空转", sentence_en="idle", policy="p-1"),
    NoticeClosed(notice_id="notice-1", as_of=recorded(visit(1)).time),
    StallCleared(as_of=recorded(visit(1)).time),
    CaseStalled(since=day(25), rules=("idle",), sentence_zh="又空转", sentence_en="idle again", policy="p-1"),
]


def rows_after(facts: list[Recorded]) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows that these facts lead to, in this order."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}

    def get(sheet: str, key: str) -> Mapping[str, Any] | None:
        return rows.get((sheet, key))

    for fact in facts:
        for sheet, key, change in list(project(fact, get)):
            rows[sheet, key] = {**rows.get((sheet, key), {}), **change}
    return rows


@st.composite
def interleavings(draw: st.DrawFn) -> list[Recorded]:
    """The three logs, each in its own order, merged at will."""
    logs = [[recorded(fact, n + 1) for n, fact in enumerate(log)] for log in (INTAKE, CASEWORK, SUPERVISION)]
    turns = draw(st.permutations([n for n, log in enumerate(logs) for _ in log]))
    return [logs[n].pop(0) for n in turns]


@given(interleavings())
def test_any_interleaving_gives_the_same_rows(facts: list[Recorded]) -> None:
    in_turn = [recorded(fact, n + 1) for log in (INTAKE, CASEWORK, SUPERVISION) for n, fact in enumerate(log)]
    assert rows_after(facts) == rows_after(in_turn)


def test_the_row_says_where_the_case_stands() -> None:
    row = rows_after([recorded(fact, n + 1) for log in (INTAKE, CASEWORK, SUPERVISION) for n, fact in enumerate(log)])
    case = row["cases", "case-1"]
    assert (case["state"], case["unit"], case["leader"]) == ("relapsed", "平川镇", "李某某 副县长")
    assert (case["visits"], case["last_visit_on"], case["repeats"], case["relapses"]) == (3, day(18), 1, 1)
    waiting = {key: its for (sheet, key), its in row.items() if sheet == "waiting"}
    open_ones = {key for key, its in waiting.items() if (its.get("answered_at") or "") < its["asked_at"]}
    assert open_ones == {
        "case-1/query/q-1",
        "case-1/closure-check/",
        "case-1/backlog/repeated",
    }  # the objection was decided, the closing came back
    assert (case["stalled_since"], case["closed_on"]) == (day(25), None)


def test_a_repeat_that_was_taken_back_counts_no_more_whichever_is_heard_first() -> None:
    first, later = repeat("2026-03-10"), repeat("2026-03-12")
    facts = [recorded(fact, n + 1) for n, fact in enumerate([registered("2026-01-05"), first, later])]
    facts += [recorded(unlinked("2026-03-20", later), 4)]
    for told in permutations(facts):
        rows = rows_after(list(told))
        assert rows["cases", "case-1"]["repeats"] == 1
        assert rows["waiting", "case-1/came-back/"]["asked_at"].startswith("2026-03-10")
        items = {
            key[1].rsplit("-", 1)[1]: (row["item"], row["on"]) for key, row in rows.items() if "repeated" in key[1]
        }
        assert items == {"10": ("repeated", day(10)), "12": ("unlinked", day(12))}
    gone = rows_after([*facts[:2], recorded(unlinked("2026-03-20", first), 3)])
    assert gone["waiting", "case-1/came-back/"]["asked_at"] is None


def test_exclusion_routes_and_merging_show_in_the_row() -> None:
    def row(*facts: Fact) -> dict[str, Any]:
        return rows_after([recorded(fact, n + 1) for n, fact in enumerate([registered("2026-01-05"), *facts])])[
            "cases", "case-1"
        ]

    excluded = BacklogExcluded(
        ground=ExclusionGround.ENDED, excluded_on=day_of("2026-01-07"), approved_by=WANG, reason="已备案终结"
    )
    review = ExclusionReviewed(reviewed_on=day_of("2026-01-08"), reviewer=LI, stands=True, reason="材料齐全")
    fallen = review.model_copy(update={"stands": False})
    known = backlog("2026-01-06")
    assert [row(*facts)["backlog"] for facts in ((known,), (known, excluded), (known, excluded, review))] == [
        True,
        False,
        False,
    ]
    assert row(known, excluded, fallen)["backlog"] is True
    assert row(routed("2026-01-09"), routed("2026-01-08", Route.PETITION))["route"] == "arbitration"
    assert (row(merged("2026-01-09"))["state"], row(merged("2026-01-09"))["merged_into"]) == ("merged", "case-2")
    refused = not_taken_up("2026-01-09")
    assert row(refused)["refused_on"] == day_of("2026-01-09")
    assert row(refused, dispatched("2026-01-12"))["refused_on"] is None
    assert row(refused, accepted("2026-01-08"))["refused_on"] is None
    back = row(merged("2026-01-09"), unmerged("2026-01-12"))
    assert (back["state"], back["merged_into"]) == ("registered", None)


def test_a_case_is_replied_to_when_the_last_demand_of_the_round_is() -> None:
    def said(*facts: Fact) -> tuple[date | None, int]:
        opened = registered("2026-01-05").model_copy(update={"demands": ("补偿", "安置", "道歉")})
        laid = [recorded(fact, n + 1) for n, fact in enumerate((opened, *facts))]
        row = rows_after(laid)["cases", "case-1"]
        assert rows_after(laid[::-1])["cases", "case-1"] == row
        return row["replied_on"], row["unanswered"]

    def told(on: str, *demands: int) -> Fact:
        return reply(on).model_copy(update={"demands": demands})

    away = routed("2026-01-06", Route.ARBITRATION).model_copy(update={"demands": (3,)})
    assert said() == (None, 3)
    assert said(told("2026-02-01")) == (day_of("2026-02-01"), 0)
    assert said(told("2026-02-01", 1), told("2026-02-05", 3)) == (None, 1)
    assert said(told("2026-02-01", 1), told("2026-02-05", 2, 3), told("2026-02-09", 1)) == (day_of("2026-02-05"), 0)
    assert said(away, told("2026-02-01", 1), told("2026-02-07", 2)) == (day_of("2026-02-07"), 0)
    assert said(told("2026-02-01"), closed("2026-02-02"), relapsed("2026-03-01")) == (None, 3)
    assert said(told("2026-02-01"), relapsed("2026-03-01"), told("2026-03-09")) == (day_of("2026-03-09"), 0)
    quashed = (told("2026-02-01"), decided("2026-03-01", ReviewVerdict.QUASHED))
    assert said(*quashed) == (None, 3)
    assert said(*quashed, told("2026-03-09")) == (day_of("2026-03-09"), 0)
    assert said(*quashed[:1], decided("2026-03-01")) == (day_of("2026-02-01"), 0)
