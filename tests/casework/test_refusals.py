"""Refusals of casework that its other tables do not tell; the year in a county hears each of them through HTTP."""

from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import AcceptCase, ApproveExtension
from services.casework.domain.closing import CloseCase, LookBack, ReportRelapse, RequestClosure, ReviewClosure
from services.casework.domain.contact import LogVisit
from services.casework.domain.desk import CaseCommand
from services.casework.domain.inquiry import TakeEvidence
from services.casework.domain.leadership import AssignLeader, FixResponsibility
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ExplainLateEntry
from services.casework.domain.recusal import DeclareInterest
from services.casework.domain.review import DecideReview
from shared.decider import Rejected, obey
from shared.events import Asked, Fact, Official
from shared.events.casework import InterestDeclared, LeaderAssigned, ReviewDecided, ReviewRequested, VisitLogged
from shared.events.intake import AccusedNamed
from shared.standard import Standard
from shared.terms import ReviewStage, ReviewVerdict, Role, VisitKind
from tests.casework.handling import (
    CLOSED,
    CONTESTED,
    DIVISION,
    EXAMPLES,
    HERE,
    INQUIRY,
    INTEREST,
    OPEN,
    READY,
    REQUESTED,
    TASK_FORCE,
    ZHAO,
    command,
    decided,
    with_second_round,
)
from tests.casework.test_domain import COMMANDS
from tests.sample import BUREAU, LI, TOWN, WANG, closed, day, dispatched, extension, opinion, plan, reply
from tests.spec import NOW, Spec

ASKER = Official(id="tester", name="周某")
"""Whoever gives the commands of all examples."""


SUN = Official(id="sun", name="孙某", post="副市长")
ACCUSED = AccusedNamed(named_on=day("2026-08-02"), units=(BUREAU,), officials=(WANG,))
CONTESTED_AGAIN = (
    *CLOSED,
    CONTESTED,
    decided(),
    ReviewRequested(stage=ReviewStage.FINAL_REVIEW, requested_on=day("2026-11-05"), unit="市人民政府"),
)


def finally_decided(unit: str = "市人民政府", reviewer: Official = SUN) -> CaseCommand:
    said = {"stage": "final-review", "decided_on": day("2026-11-15"), "number": "复核〔2026〕1号"}
    return command(DecideReview, **said, unit=unit, reviewer=reviewer)


def extending(on: str, days: int = 10, told: str | None = None) -> ApproveExtension:
    return ApproveExtension(
        days=days, approved_on=day(on), approved_by=WANG, reason="案情复杂", told_on=day(told or on)
    )


def leading(on: str, reason: str = "") -> AssignLeader:
    return AssignLeader(leader=WANG, unit=TOWN, assigned_on=day(on), reason=reason)


def evidence(on: str) -> TakeEvidence:
    said = EXAMPLES[TakeEvidence][1].model_dump()
    return TakeEvidence(**said | {"taken_on": day(on)})


def visiting_back(who: Official) -> LogVisit:
    return LogVisit(visit_id="v-9", kind="return", visited_on=day("2026-10-12"), official=who)


def visiting(on: str) -> LogVisit:
    return LogVisit(visit_id="v-9", kind="home", visited_on=day(on), official=LI)


def explaining(on: str, *, until: str) -> ExplainLateEntry:
    days = {"done_from": day(min(on, "2026-11-13")), "done_until": day(until)}
    return ExplainLateEntry(entered_on=day(on), reason="停网", by=LI, **days)


REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("in-the-future", OPEN, visiting("2026-11-21")),
    ("explained-on-the-day", OPEN, explaining("2026-08-02", until="2026-08-02")),
    ("explained-of-days", OPEN, explaining("2026-11-20", until="2026-11-12")),
    ("explained-of-days", OPEN, explaining("2026-11-20", until="2026-11-21")),
    ("before-receipt", OPEN, evidence("2026-07-31")),
    ("case-closed", CLOSED, AdoptPlan(**dict(COMMANDS[AdoptPlan]))),
    ("closed-takes-return-visits", CLOSED, visiting("2026-09-20")),
    ("already-accepted", OPEN, AcceptCase(unit=BUREAU, accepted_on=day("2026-08-07"))),
    (
        "accepted-before-dispatch",
        (*OPEN, dispatched("2026-08-10", BUREAU)),
        AcceptCase(unit=BUREAU, accepted_on=day("2026-08-08")),
    ),
    ("not-accepted", (HERE,), extending("2026-08-20")),
    ("extended-once", (*OPEN, extension("2026-09-20", 10)), extending("2026-09-25")),
    ("extension-too-long", OPEN, extending("2026-09-20", 31)),
    ("extension-too-early", OPEN, extending("2026-08-04")),
    ("extension-too-late", OPEN, extending("2026-10-15")),
    ("told-in-the-future", OPEN, extending("2026-09-20", told="2026-11-21")),
    ("replacing-needs-reason", READY, leading("2026-08-20")),
    ("replaced-before-assigned", READY, leading("2026-08-05", "分工调整")),
    ("relapse-before-closing", CLOSED, ReportRelapse(sign="dissatisfied", relapsed_on=day("2026-09-11"))),
    (
        "recused",
        (*OPEN, InterestDeclared(declared_on=day("2026-08-10"), official=ASKER, ground="系信访人近亲属")),
        evidence("2026-08-21"),
    ),
    ("names-the-recused", (*OPEN, INTEREST), command(FixResponsibility, handlers=(LI, ZHAO))),
    ("names-the-recused", (*OPEN, ACCUSED), leading("2026-08-20")),
    ("handled-by-the-accused", (HERE, ACCUSED), AcceptCase(unit=BUREAU, accepted_on=day("2026-08-05"))),
    ("handled-by-the-accused", (*OPEN, ACCUSED), command(FixResponsibility, main=BUREAU, assisting=())),
    ("handled-by-the-accused", (*OPEN, ACCUSED), command(FixResponsibility, secondary=(), assisting=(BUREAU,))),
    ("handled-by-the-accused", (*OPEN, ACCUSED), AssignLeader(leader=LI, unit=BUREAU, assigned_on=day("2026-08-06"))),
    ("reviewed-by-handling-unit", CONTESTED_AGAIN, finally_decided("县人民政府")),
    ("reviewed-by-handler", CONTESTED_AGAIN, finally_decided(reviewer=ZHAO)),
    (
        "reviewed-by-handler",  # who handled it before it came back
        (*with_second_round(opinion("2026-10-01"), reply("2026-10-01")), CONTESTED),
        command(DecideReview, reviewer=LI),
    ),
    ("return-visit-by-handler", (*READY, DIVISION, closed("2026-09-12")), visiting_back(LI)),
    ("return-visit-by-handler", (*READY, TASK_FORCE, closed("2026-09-12")), visiting_back(WANG)),
    ("checked-by-handler", (*READY, REQUESTED), command(ReviewClosure, reviewer=LI)),
    ("plan-before-plan", (*OPEN, plan("2026-09-22")), AdoptPlan(**dict(COMMANDS[AdoptPlan]) | {"reason": "补充"})),
    ("revising-needs-reason", (*OPEN, plan("2026-09-10")), AdoptPlan(**dict(COMMANDS[AdoptPlan]))),
    ("look-back-by-handler", (*READY, INQUIRY, closed("2026-09-12")), command(LookBack, official=WANG)),
    ("not-ready-to-close", (*READY, CONTESTED, decided(ReviewVerdict.QUASHED)), CloseCase(closed_on=day("2026-11-01"))),
]


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[f"{n}-{r[0]}" for n, r in enumerate(REFUSALS)])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)


def test_a_call_back_officer_logs_return_visits_and_nothing_else(standard: Standard) -> None:
    decider, asked = casework(standard), Asked(actor="zhao", role=Role.CALL_BACK, now=NOW)
    state = Spec(decider).given(*CLOSED).state
    with pytest.raises(Rejected) as refusal:
        obey(decider, state, visiting("2026-09-20"), asked)
    assert refusal.value.rule == "call-back-logs-returns"
    made = visiting("2026-10-12").model_copy(update={"kind": VisitKind.RETURN, "official": ZHAO})
    assert [type(fact).__name__ for fact in obey(decider, state, made, asked)] == ["VisitLogged"]


def test_the_final_review_is_another_organs_and_another_persons(here: Spec[Any]) -> None:
    asked = finally_decided()
    here.given(*CONTESTED_AGAIN).when(asked).then(ReviewDecided(**dict(asked)))


def test_what_an_accused_did_is_on_record_all_the_same(here: Spec[Any]) -> None:
    met = visiting("2026-08-20").model_copy(update={"official": WANG})
    here.given(*OPEN, ACCUSED).when(met).then(VisitLogged(**dict(met)))


def test_whoever_was_named_later_had_not_to_keep_away_before(here: Spec[Any]) -> None:
    named = ACCUSED.model_copy(update={"named_on": day("2026-09-01")})
    asked = leading("2026-08-20")
    here.given(*OPEN, named).when(asked).then(LeaderAssigned(**dict(asked)))


@pytest.mark.parametrize(
    ("who", "role", "of", "may"),
    [
        ("li", Role.HANDLER, LI, True),
        ("x", Role.HANDLER, LI, False),
        ("x", Role.REVIEWER, LI, False),
        ("x", Role.UNIT_HEAD, LI, True),  # who handles it
        ("x", Role.UNIT_HEAD, WANG, False),  # who may be a supervisor
        ("x", Role.SUPERVISOR, WANG, True),
        ("x", Role.PETITION_OFFICE, WANG, True),
    ],
)
def test_nobody_keeps_whoever_watches_away_from_a_case(
    standard: Standard, who: str, role: Role, of: Official, *, may: bool
) -> None:
    decider = casework(standard)
    said = command(DeclareInterest, official=of)
    state, asked = Spec(decider).given(*READY).state, Asked(actor=who, role=role, now=NOW, unit=TOWN)
    if may:
        assert len(obey(decider, state, said, asked)) == 1
        return
    with pytest.raises(Rejected) as refusal:
        obey(decider, state, said, asked)
    assert refusal.value.rule == "interest-of-another"


@pytest.mark.parametrize(
    ("before", "said"),
    [((HERE,), AcceptCase(unit=TOWN, accepted_on=day("2026-08-05"))), (READY, command(RequestClosure))],
    ids=["accept", "request-closure"],
)
def test_nobody_speaks_for_another_unit(standard: Standard, before: tuple[Fact, ...], said: CaseCommand) -> None:
    decider = casework(standard)
    state = Spec(decider).given(*before).state
    for unit, role, allowed in (
        (BUREAU, Role.LEADER, False),
        (TOWN, Role.LEADER, True),
        (BUREAU, Role.PETITION_OFFICE, True),
    ):
        asked = Asked(actor="x", role=role, now=NOW, unit=unit)
        if allowed:
            assert len(obey(decider, state, said, asked)) == 1
            continue
        with pytest.raises(Rejected) as refusal:
            obey(decider, state, said, asked)
        assert refusal.value.rule == "another-units-word"
