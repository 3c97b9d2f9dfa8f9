"""What intake allows: every command, each refusal, and claims laid down from ledgers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from deploy.node import POLICIES
from services.intake.domain import intake as intake_by
from services.intake.domain.backlog import IdentifyBacklog
from services.intake.domain.claims import ImportDispatches, IntakeStep
from services.intake.domain.dispatching import DispatchCase
from services.intake.domain.registering import LinkRepeatPetition, RegisterCase
from shared.decider import NoSuchCase, Scope, fold, obey
from shared.events.intake import BacklogIdentified, CaseDispatched, DispatchObjected, RepeatPetitionLinked
from shared.standard import Standard
from shared.terms import BacklogCriterion, Channel, DispatchKind
from tests.sample import BUREAU, TOWN, backlog, day, dispatched, objected, registered, repeat
from tests.spec import NOW, Spec, asked, recorded

INTAKE = intake_by(Standard.of({path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}))
intake = Spec(INTAKE)

REGISTERED = registered("2026-11-02")
REPEAT = LinkRepeatPetition(
    petition_id="p-2", channel=Channel.VISIT, received_on=day("2026-11-10"), note="再次来访", same_matter="同一块地"
)
BACKLOG = IdentifyBacklog(criterion=BacklogCriterion.REPEATED, identified_on=day("2026-11-12"), note="旧档所载")
ASSIGN = DispatchCase(
    kind=DispatchKind.ASSIGN, unit=TOWN, dispatched_on=day("2026-11-05"), due_on=day("2026-12-05"), letter_number="1号"
)


def register(**other: Any) -> RegisterCase:
    return RegisterCase(**{**REGISTERED.model_dump(), **other})


def test_a_petition_is_registered() -> None:
    intake.given().when(register()).then(REGISTERED)


def test_the_same_id_takes_no_second_petition() -> None:
    intake.given(REGISTERED).when(register(headcount=5)).then_rejected("already-registered")


def test_nothing_is_registered_from_the_future() -> None:
    refusal = intake.given().when(register(received_on="2026-11-21")).then_rejected("in-the-future")
    assert "2026-11-21" in refusal.zh


def test_the_day_that_counts_is_the_day_in_shanghai() -> None:
    evening = NOW.replace(hour=16)  # 2026-11-21, 0:00 in Shanghai
    Spec(INTAKE, evening).given().when(register(received_on="2026-11-21")).then(
        REGISTERED.model_copy(update={"received_on": day("2026-11-21")})
    )


@pytest.mark.parametrize("command", [REPEAT, BACKLOG, ASSIGN, ImportDispatches(steps=(), imported_from="f")])
def test_nothing_happens_to_a_case_that_is_not_there(command: Any) -> None:
    assert isinstance(intake.given().when(command).then_rejected("no-such-case"), NoSuchCase)


def test_a_repeat_petition_joins_the_case_once() -> None:
    intake.given(REGISTERED).when(REPEAT).then(RepeatPetitionLinked(**dict(REPEAT)))
    again = REPEAT.model_copy(update={"note": "同一件，措辞不同"})
    intake.given(REGISTERED, RepeatPetitionLinked(**dict(REPEAT))).when(again).then()


def test_a_backlog_criterion_is_found_once_whatever_the_day() -> None:
    intake.given(REGISTERED).when(BACKLOG).then(BacklogIdentified(**dict(BACKLOG)))
    later = BACKLOG.model_copy(update={"identified_on": day("2026-11-15")})
    intake.given(REGISTERED, BacklogIdentified(**dict(BACKLOG))).when(later).then()
    other = BACKLOG.model_copy(update={"criterion": BacklogCriterion.OVERDUE})
    intake.given(REGISTERED, BacklogIdentified(**dict(BACKLOG))).when(other).then(BacklogIdentified(**dict(other)))


def test_a_case_is_assigned_with_a_date_for_the_result() -> None:
    intake.given(REGISTERED).when(ASSIGN).then(CaseDispatched(**dict(ASSIGN)))


def test_a_case_is_handed_down_by_line_and_by_area() -> None:
    given = ASSIGN.model_copy(update={"line": "自然资源线", "area": "东片"})
    intake.given(REGISTERED).when(given).then(CaseDispatched(**dict(given)))


def test_forwarding_needs_no_date() -> None:
    forward = DispatchCase(kind=DispatchKind.FORWARD, unit=BUREAU, dispatched_on=day("2026-11-06"))
    intake.given(REGISTERED).when(forward).then(CaseDispatched(**dict(forward)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"due_on": None}, "assignment-needs-due-date"),
        ({"letter_number": None}, "assignment-needs-letter-number"),
        ({"due_on": day("2026-11-04")}, "due-before-dispatch"),
        ({"dispatched_on": day("2026-11-01")}, "before-receipt"),
        ({"dispatched_on": day("2026-11-21")}, "in-the-future"),
    ],
)
def test_a_dispatch_is_refused(change: dict[str, Any], rule: str) -> None:
    intake.given(REGISTERED).when(ASSIGN.model_copy(update=change)).then_rejected(rule)


def test_a_case_goes_out_on_the_day_it_came_in_and_is_due_that_day() -> None:
    same_day = ASSIGN.model_copy(update={"dispatched_on": day("2026-11-02"), "due_on": day("2026-11-02")})
    intake.given(REGISTERED).when(same_day).then(CaseDispatched(**dict(same_day)))


def test_a_case_that_came_back_goes_out_again() -> None:
    first = CaseDispatched(**dict(ASSIGN))
    again = ASSIGN.model_copy(update={"dispatched_on": day("2026-11-09")})
    intake.given(REGISTERED, first, objected("2026-11-08")).when(again).then(CaseDispatched(**dict(again)))


def test_dispatching_is_still_idempotent_after_older_history_was_laid_down() -> None:
    """Found: an imported older dispatch took the place of the newer one, which a repeated command then doubled."""
    older = recorded(dispatched("2026-11-03", BUREAU), 3, imported_from="ledger")
    intake.given(REGISTERED, CaseDispatched(**dict(ASSIGN)), older).when(ASSIGN).then()


def test_the_case_belongs_to_its_region_and_to_every_unit_that_held_it() -> None:
    facts = (REGISTERED, dispatched("2026-11-03"), objected("2026-11-04"), dispatched("2026-11-05", BUREAU))
    state = fold(INTAKE, [recorded(fact, n) for n, fact in enumerate(facts, 1)])
    named = {(TOWN, REGISTERED.received_on), (TOWN, day("2026-11-03")), (BUREAU, day("2026-11-05"))}
    assert INTAKE.scope(state) == Scope("610499", frozenset(named))
    assert INTAKE.scope(INTAKE.initial) is None


@pytest.mark.parametrize(
    "other",
    [
        {"received_on": "1949-09-30"},
        {"region": "6104"},
        {"demands": ()},
        {"headcount": 0},
        {"unit": "柳林\n镇"},
        {"petitioner": "张某某"},
    ],
)
def test_what_cannot_be_is_no_command(other: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        register(**other)


def test_numbers_of_documents_and_phones_are_masked_before_they_become_facts() -> None:
    command = register(demands=("电话13800000000，要求核实",))
    assert "13800000000" not in command.demands[0]


# Claims of ledgers

STEPS = (
    IntakeStep(kind=DispatchKind.ASSIGN, unit=TOWN, on=day("2024-03-01"), note="县信访局交办"),
    IntakeStep(kind=None, unit=TOWN, on=day("2024-03-04")),
    IntakeStep(kind=DispatchKind.FORWARD, unit=BUREAU, on=day("2024-03-09")),
)
CLAIMED = (
    CaseDispatched(kind=DispatchKind.ASSIGN, unit=TOWN, dispatched_on=day("2024-03-01"), note="县信访局交办"),
    DispatchObjected(unit=TOWN, objected_on=day("2024-03-04"), reason="退回"),
    CaseDispatched(kind=DispatchKind.FORWARD, unit=BUREAU, dispatched_on=day("2024-03-09")),
)


def laying_down(*steps: IntakeStep) -> ImportDispatches:
    return ImportDispatches(steps=steps, imported_from="digest/积案台账")


def test_a_ledgers_dispatches_are_laid_down_as_claimed_though_a_rule_would_refuse_them() -> None:
    """Before the receipt, and 交办 without a date: claims are kept as claims."""
    intake.given(REGISTERED).when(laying_down(*STEPS)).then(*CLAIMED)


def test_a_partial_import_and_then_the_whole_add_each_claim_once() -> None:
    half = [recorded(fact, n + 2, imported_from="ledger") for n, fact in enumerate(CLAIMED[1:])]
    intake.given(REGISTERED, *half).when(laying_down(*STEPS)).then(CLAIMED[0])


def test_a_claim_that_a_ledger_makes_twice_is_one_claim() -> None:
    intake.given(REGISTERED).when(laying_down(STEPS[0], STEPS[0])).then(CLAIMED[0])


def test_what_was_recorded_here_is_not_claimed_again() -> None:
    intake.given(REGISTERED, CLAIMED[2]).when(laying_down(*STEPS)).then(*CLAIMED[:2])


def test_no_history_lies_in_the_future() -> None:
    tomorrow = IntakeStep(kind=None, unit=TOWN, on=day("2026-11-21"))
    intake.given(REGISTERED).when(laying_down(tomorrow)).then_rejected("in-the-future")


steps = st.builds(
    IntakeStep,
    kind=st.sampled_from([*DispatchKind, None]),
    unit=st.sampled_from([TOWN, BUREAU]),
    on=st.dates(date(1949, 10, 1), date(1949, 10, 4)),
)


@given(st.lists(steps, max_size=6), st.lists(steps, max_size=6))
def test_whatever_is_imported_in_whatever_order_is_there_once(
    first: list[IntakeStep], second: list[IntakeStep]
) -> None:
    def facts(*imports: list[IntakeStep]) -> set[Any]:
        history = [recorded(REGISTERED)]
        for claims in imports:
            said = obey(INTAKE, fold(INTAKE, history), laying_down(*claims), asked())
            history += [recorded(fact, len(history) + 1 + n, imported_from="f") for n, fact in enumerate(said)]
        found = [r.fact for r in history[1:]]
        assert len(found) == len(set(found))
        return set(found)

    assert facts(first, second) == facts(second, first) == facts(first + second) == facts(first, second, first)


def test_backlog_and_repeats_may_be_older_than_the_registration() -> None:
    """The person came before anybody registered it: that comes to light later, and is no mistake."""
    older = REPEAT.model_copy(update={"received_on": day("2025-01-01")})
    intake.given(REGISTERED).when(older).then(RepeatPetitionLinked(**dict(older)))
    intake.given(REGISTERED, repeat("2026-11-10"), backlog("2026-11-12")).when(ASSIGN).then(
        CaseDispatched(**dict(ASSIGN))
    )
