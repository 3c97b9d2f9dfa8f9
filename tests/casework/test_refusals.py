"""Refusals of casework that its other tables do not tell; the year in a county hears each of them through HTTP."""

from typing import Any

import pytest

from services.casework.domain.acceptance import AcceptCase, ApproveExtension
from services.casework.domain.closing import ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.desk import CaseCommand
from services.casework.domain.inquiry import TakeEvidence
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ExplainLateEntry
from shared.events import Fact, Official
from shared.events.casework import InterestDeclared
from tests.casework.handling import CLOSED, EXAMPLES, HERE, OPEN, READY
from tests.casework.test_domain import COMMANDS
from tests.sample import BUREAU, LI, TOWN, WANG, day, dispatched, extension
from tests.spec import Spec

ASKER = Official(id="tester", name="周某")
"""Whoever gives the commands of all examples."""


def extending(on: str, days: int = 10, told: str | None = None) -> ApproveExtension:
    return ApproveExtension(
        days=days, approved_on=day(on), approved_by=WANG, reason="案情复杂", told_on=day(told or on)
    )


def leading(on: str, reason: str = "") -> AssignLeader:
    return AssignLeader(leader=WANG, unit=TOWN, assigned_on=day(on), reason=reason)


def evidence(on: str) -> TakeEvidence:
    said = EXAMPLES[TakeEvidence][1].model_dump()
    return TakeEvidence(**said | {"taken_on": day(on)})


def visiting(on: str) -> LogVisit:
    return LogVisit(visit_id="v-9", kind="home", visited_on=day(on), official=LI)


REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("in-the-future", OPEN, visiting("2026-11-21")),
    ("explained-on-the-day", OPEN, ExplainLateEntry(entered_on=day("2026-08-02"), reason="停网", by=LI)),
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
]


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[rule for rule, *_ in REFUSALS])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)
