"""What casework allows: every command, each refusal, and obeying twice."""

from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import AcceptCase, ApproveExtension
from services.casework.domain.claims import ImportHistory
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.documents import ReceiveFile
from services.casework.domain.leadership import AssignLeader, ReportOwnership
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from shared.decider import Command, Scope, fold
from shared.events import Fact
from shared.events.casework import LeaderReplaced
from shared.standard import Standard
from shared.terms import VisitKind
from tests.casework.handling import EXAMPLES
from tests.sample import (
    BUREAU,
    LI,
    OTHER,
    TOWN,
    WANG,
    accepted,
    closed,
    day,
    dispatched,
    extension,
    leader,
    opinion,
    plan,
    registered,
    relapsed,
    reply,
    report,
    visit,
    visit_in,
)
from tests.spec import Example, Spec, recorded

HERE = registered("2026-09-01")
READY = (
    *(HERE, accepted("2026-09-05"), leader("2026-09-06"), visit("2026-09-20")),
    *(opinion("2026-10-10"), reply("2026-10-10")),
)
CLOSED = (*READY, closed("2026-10-12"))
REOPENED = (*CLOSED, relapsed("2026-11-01"))

FACTS: dict[type[Command], Fact] = {
    AcceptCase: accepted("2026-09-05"),
    AssignLeader: leader("2026-09-06"),
    LogVisit: visit_in("2026-09-20", "09:30", "610499100201"),
    AdoptPlan: plan("2026-09-21"),
    ApproveExtension: extension("2026-10-30"),
    ServeOpinion: reply("2026-10-10"),
    ReportProgress: report("2026-10-01", visits=2, meetings=1),
    CloseCase: closed("2026-10-12"),
    ReportRelapse: relapsed("2026-11-01"),
}
"""What each command leads to when nothing stands in its way: the same words in the past tense."""
COMMANDS = {kind: kind(**fact.model_dump(include=set(kind.model_fields))) for kind, fact in FACTS.items()}
ALREADY = {
    ApproveExtension: READY[:2],
    ServeOpinion: (HERE, opinion("2026-10-10")),
    CloseCase: READY,
    ReportRelapse: CLOSED,
}
"""What has to have happened before a command can be obeyed."""
each = pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)


def given(here: Spec[Any], kind: type[Command]) -> Example[Any]:
    return here.given(*ALREADY.get(kind, (HERE,)))


def dated(kind: type[Command], on: str) -> Command:
    return COMMANDS[kind].model_copy(update={str(FACTS[kind].occurred): day(on)})


def test_the_examples_cover_every_command(standard: Standard) -> None:
    assert {*COMMANDS, *EXAMPLES, ReportOwnership, ImportHistory} == {*casework(standard).commands, ReceiveFile}


@each
def test_each_command_leads_to_one_fact_with_all_that_was_said(here: Spec[Any], kind: type[Command]) -> None:
    given(here, kind).when(COMMANDS[kind]).then(FACTS[kind])


@each
def test_no_command_reaches_a_case_that_has_not_arrived(here: Spec[Any], kind: type[Command]) -> None:
    here.given().when(COMMANDS[kind]).then_rejected("no-such-case")


@each
def test_nothing_is_said_to_have_happened_tomorrow(here: Spec[Any], kind: type[Command]) -> None:
    rule = "extension-too-late" if kind is ApproveExtension else "in-the-future"
    given(here, kind).when(dated(kind, "2026-11-21")).then_rejected(rule)


@each
def test_nothing_is_said_to_have_happened_before_the_petition_came(here: Spec[Any], kind: type[Command]) -> None:
    rule = {
        ApproveExtension: "extension-too-early",
        ServeOpinion: "served-before-issued",
        CloseCase: "closed-too-early",
        ReportRelapse: "relapse-before-closing",
    }.get(kind, "before-receipt")
    given(here, kind).when(dated(kind, "2026-08-31")).then_rejected(rule)


@pytest.mark.parametrize("kind", [kind for kind in COMMANDS if kind not in ALREADY])
def test_on_the_day_on_which_the_petition_came_anything_may_happen(here: Spec[Any], kind: type[Command]) -> None:
    fact = FACTS[kind].model_copy(update={str(FACTS[kind].occurred): day("2026-09-01")})
    given(here, kind).when(dated(kind, "2026-09-01")).then(fact)


@pytest.mark.parametrize("kind", [kind for kind in COMMANDS if kind not in (CloseCase, ReportRelapse, LogVisit)])
def test_a_closed_case_takes_nothing_but_a_relapse_and_a_return_visit(here: Spec[Any], kind: type[Command]) -> None:
    refusal = here.given(*CLOSED).when(COMMANDS[kind]).then_rejected("case-closed")
    assert "report-relapse" in refusal.zh
    assert "2026-10-12" in refusal.en


# Acceptance


def test_the_day_of_acceptance_stands(here: Spec[Any]) -> None:
    later = AcceptCase(unit=TOWN, accepted_on=day("2026-09-09"))
    refusal = here.given(*READY).when(later).then_rejected("already-accepted")
    assert "2026-09-05" in refusal.zh


def test_another_unit_accepts_only_what_was_sent_on_to_it(here: Spec[Any]) -> None:
    bureau = AcceptCase(unit=BUREAU, accepted_on=day("2026-10-20"))
    here.given(*READY).when(bureau).then_rejected("already-accepted")
    here.given(*READY, dispatched("2026-10-18", OTHER)).when(bureau).then_rejected("already-accepted")
    here.given(*READY, dispatched("2026-10-18", BUREAU)).when(bureau).then(accepted("2026-10-20", BUREAU))


def test_a_unit_cannot_have_accepted_before_the_case_was_sent_on_to_it(here: Spec[Any]) -> None:
    early = AcceptCase(unit=BUREAU, accepted_on=day("2026-10-17"))
    here.given(*READY, dispatched("2026-10-18", BUREAU)).when(early).then_rejected("accepted-before-dispatch")


def test_an_older_dispatch_that_is_heard_late_sends_the_case_nowhere(here: Spec[Any]) -> None:
    facts = (*READY, dispatched("2026-10-18", BUREAU), dispatched("2026-09-03", OTHER))
    here.given(*facts).when(AcceptCase(unit=BUREAU, accepted_on=day("2026-10-20"))).then(accepted("2026-10-20", BUREAU))


# The owner leader


def test_the_leader_who_owns_the_case_is_not_assigned_again(here: Spec[Any]) -> None:
    again = AssignLeader(leader=LI, unit=TOWN, assigned_on=day("2026-10-01"), reason="重申")
    here.given(*READY).when(again).then()


def test_no_two_leaders_own_one_case(here: Spec[Any]) -> None:
    other = AssignLeader(leader=WANG, unit=TOWN, assigned_on=day("2026-10-01"))
    refusal = here.given(*READY).when(other).then_rejected("replacing-needs-reason")
    assert LI.name in refusal.zh


def test_another_leader_takes_over_for_a_reason(here: Spec[Any]) -> None:
    other = AssignLeader(leader=WANG, unit=TOWN, assigned_on=day("2026-10-01"), reason="分工调整")
    fact = LeaderReplaced(leader=WANG, unit=TOWN, replaced_on=day("2026-10-01"), reason="分工调整")
    here.given(*READY).when(other).then(fact)
    here.given(*READY, fact).when(
        AssignLeader(leader=LI, unit=TOWN, assigned_on=day("2026-10-01"), reason="同日改回")
    ).then(LeaderReplaced(leader=LI, unit=TOWN, replaced_on=day("2026-10-01"), reason="同日改回"))


def test_nobody_takes_over_before_the_present_leader_began(here: Spec[Any]) -> None:
    other = AssignLeader(leader=WANG, unit=TOWN, assigned_on=day("2026-09-05"), reason="分工调整")
    here.given(*READY).when(other).then_rejected("replaced-before-assigned")


def test_an_older_leader_from_a_ledger_does_not_oust_the_present_one(here: Spec[Any]) -> None:
    older = recorded(leader("2025-01-01", WANG), 9, imported_from="ledger")
    here.given(*READY, older).when(COMMANDS[AssignLeader]).then()


# Visits and reports


def test_a_visit_is_logged_once_by_its_id(here: Spec[Any]) -> None:
    again = COMMANDS[LogVisit].model_copy(update={"note": "补充说明"})
    here.given(*READY).when(again).then()


def test_after_closing_only_a_return_visit_is_logged(here: Spec[Any]) -> None:
    home = LogVisit(**visit("2026-10-20", kind=VisitKind.HOME).model_dump())
    here.given(*CLOSED).when(home).then_rejected("closed-takes-return-visits")
    back = visit("2026-10-20", kind=VisitKind.RETURN).model_copy(update={"official": WANG})
    here.given(*CLOSED).when(LogVisit(**back.model_dump())).then(back)


def test_a_report_is_kept_once_by_its_id(here: Spec[Any]) -> None:
    here.given(HERE, report("2026-10-01")).when(COMMANDS[ReportProgress]).then()


def test_an_earlier_plan_that_comes_back_is_already_so(here: Spec[Any]) -> None:
    here.given(HERE, plan("2026-09-21"), plan("2026-10-01")).when(COMMANDS[AdoptPlan]).then()


def test_the_case_belongs_to_every_unit_that_had_to_do_with_it(standard: Standard) -> None:
    decider = casework(standard)
    facts = (HERE, dispatched("2026-09-03", OTHER), accepted("2026-09-05", BUREAU), leader("2026-09-06"))
    state = fold(decider, [recorded(fact, n) for n, fact in enumerate(facts, 1)])
    given = {(OTHER, day("2026-09-03")), (BUREAU, day("2026-09-05")), (TOWN, day("2026-09-06"))}
    assert decider.scope(state) == Scope("610499", frozenset({(HERE.unit, HERE.received_on), *given}))
    assert decider.scope(decider.initial) is None
