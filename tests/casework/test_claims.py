"""History from ledgers: laid down as claimed, never refused, each claim once."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain import casework
from services.casework.domain.acceptance import AcceptCase
from services.casework.domain.claims import Claim, ClaimedExtension, ClaimedLeader, ImportHistory
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from shared.decider import fold, obey
from shared.events import Fact, Recorded
from shared.events.casework import CaseAccepted, HistoryImported, LeaderAssigned
from shared.standard import Standard
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    accepted,
    closed,
    day,
    extension,
    leader,
    plan,
    registered,
    relapsed,
    reply,
    report,
    visit,
)
from tests.spec import Spec, asked, recorded

HERE = registered("2026-03-01", history_follows=True)

# A life that no rule of casework would let happen, and that ledgers are full of.
CLAIMS: dict[type[Claim], Fact] = {
    CloseCase: closed("2024-05-01"),
    ReportRelapse: relapsed("2024-02-01"),
    ClaimedExtension: extension("2024-01-15", days=365, told=False),
    AcceptCase: accepted("1949-10-01", BUREAU),
    AssignLeader: leader("2024-01-01"),
    LogVisit: visit("2024-06-01", met=False),
    AdoptPlan: plan("2024-01-10"),
    ServeOpinion: reply("2024-07-01"),
    ReportProgress: report("2026-11-20"),
}
STEPS = tuple(kind(**fact.model_dump(include=set(kind.model_fields))) for kind, fact in CLAIMS.items())
FACTS = tuple(CLAIMS.values())


def laying_down(*steps: Claim) -> ImportHistory:
    return ImportHistory(steps=steps, imported_from="digest/积案台账")


def test_claims_are_laid_down_as_claimed_in_the_ledgers_order_and_then_the_end_is_marked(here: Spec[Any]) -> None:
    here.given(HERE).when(laying_down(*STEPS)).then(*FACTS, HistoryImported(steps=len(STEPS)))


def test_history_without_a_step_is_history_too(here: Spec[Any]) -> None:
    here.given(HERE).when(laying_down()).then(HistoryImported(steps=0))


def test_a_case_that_has_not_arrived_has_no_history(here: Spec[Any]) -> None:
    here.given().when(laying_down(*STEPS)).then_rejected("no-such-case")


def test_no_history_lies_in_the_future(here: Spec[Any]) -> None:
    here.given(HERE).when(laying_down(AcceptCase(unit=TOWN, accepted_on=day("2026-11-21")))).then_rejected(
        "in-the-future"
    )


def test_history_goes_into_a_closed_case_too(here: Spec[Any]) -> None:
    finished = (HERE, accepted("2026-03-02"), leader("2026-03-02"), visit("2026-03-03"), reply("2026-03-04"))
    here.given(*finished, closed("2026-03-05")).when(laying_down(STEPS[5])).then(FACTS[5], HistoryImported(steps=1))


def test_importing_again_adds_nothing_though_the_leader_changed_in_it(here: Spec[Any]) -> None:
    """Found: the second import took the first leader for one who replaced the last, and laid that down."""
    steps = (
        AssignLeader(leader=LI, unit=TOWN, assigned_on=day("2024-01-01"), reason="台账记载"),
        AssignLeader(leader=WANG, unit=TOWN, assigned_on=day("2025-01-01"), reason="分工调整"),
        AssignLeader(leader=LI, unit=TOWN, assigned_on=day("2026-01-01")),
    )
    facts = [LeaderAssigned(**dict(step)) for step in steps]
    here.given(HERE).when(laying_down(*steps)).then(*facts, HistoryImported(steps=3))


def test_a_partial_import_and_then_the_whole_add_only_what_is_missing(here: Spec[Any]) -> None:
    half = [recorded(fact, n + 2, imported_from="ledger") for n, fact in enumerate(FACTS[::2])]
    done = recorded(HistoryImported(steps=5), 9, imported_from="ledger")
    here.given(HERE, *half, done).when(laying_down(*STEPS)).then(*FACTS[1::2], HistoryImported(steps=len(STEPS)))


def test_a_leader_without_a_day_owns_the_case_since_receipt_where_nobody_else_does(here: Spec[Any]) -> None:
    named, other = (ClaimedLeader(leader=who, unit=TOWN, received_on=day("2026-03-01")) for who in (LI, WANG))
    reason = "台账“包案领导”栏，未载日期"
    fact = LeaderAssigned(leader=LI, unit=TOWN, assigned_on=day("2026-03-01"), reason=reason, undated=True)
    done = HistoryImported(steps=1)
    here.given(HERE).when(laying_down(named)).then(fact, done)
    here.given(HERE, leader("2026-04-01"), done).when(laying_down(named)).then()
    here.given(HERE, leader("2026-04-01"), leader("2026-05-01", WANG), done).when(laying_down(named)).then()
    here.given(HERE, fact, done).when(laying_down(other)).then_rejected("leader-differs")
    here.given(HERE, leader("2026-04-01"), done).when(laying_down(other)).then_rejected("leader-differs")
    here.given(HERE).when(laying_down(named, other)).then_rejected("leader-differs")
    dated = AssignLeader(leader=WANG, unit=TOWN, assigned_on=day("2026-06-01"), reason="分工调整")
    here.given(HERE, fact, done).when(laying_down(dated, other)).then(
        LeaderAssigned(**dict(dated)), HistoryImported(steps=2)
    )


def test_what_was_done_here_is_not_claimed_again(here: Spec[Any]) -> None:
    here.given(HERE, FACTS[3]).when(laying_down(STEPS[3], STEPS[4])).then(FACTS[4], HistoryImported(steps=2))


def test_an_acceptance_is_there_whatever_was_noted_with_it(here: Spec[Any]) -> None:
    noted = AcceptCase(unit=TOWN, accepted_on=day("2026-03-02"), note="当场受理")
    fact = CaseAccepted(**dict(noted))
    here.given(HERE).when(laying_down(noted)).then(fact, HistoryImported(steps=1))
    here.given(HERE, accepted("2026-03-02"), HistoryImported(steps=1)).when(laying_down(noted)).then()
    here.given(HERE, fact, HistoryImported(steps=1)).when(laying_down(noted.model_copy(update={"note": ""}))).then()


def test_old_claims_do_not_undo_what_was_done_since(standard: Standard) -> None:
    """Found: what was laid down last was taken for what happened last."""
    decider = casework(standard)
    live = [accepted("2026-03-05"), leader("2026-03-06"), visit("2026-03-20"), reply("2026-04-01")]
    history = [recorded(fact, n) for n, fact in enumerate((HERE, *live), 1)]
    old = (closed("2025-01-01"), relapsed("2025-02-01"), leader("2024-01-01", WANG), accepted("2025-03-01", BUREAU))
    history += [recorded(fact, n + 6, imported_from="ledger") for n, fact in enumerate(old)]
    case = fold(decider, history)
    assert case.closed is None
    assert case.leaders[-1].leader == LI
    assert case.accepted == accepted("2025-03-01", BUREAU)
    Spec(decider).given(*history).when(CloseCase(**closed("2026-04-01").model_dump())).then(closed("2026-04-01"))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_each_claim_is_told_from_the_others_when_it_comes_as_json(step: Claim) -> None:
    sent = laying_down(step).model_dump_json()
    assert ImportHistory.model_validate_json(sent).steps == (step,)


DAYS = st.dates(date(2024, 1, 1), date(2024, 1, 4))
OFFICIALS = st.sampled_from([LI, WANG])
UNITS = st.sampled_from([TOWN, BUREAU])
claims: st.SearchStrategy[Claim] = st.one_of(
    st.builds(AssignLeader, leader=OFFICIALS, unit=UNITS, assigned_on=DAYS),
    st.builds(AcceptCase, unit=UNITS, accepted_on=DAYS),
    st.builds(CloseCase, closed_on=DAYS),
    DAYS.map(lambda on: LogVisit(**visit(f"{on}").model_dump())),
    DAYS.map(lambda on: ReportRelapse(**relapsed(f"{on}").model_dump())),
)


@given(st.lists(claims, max_size=8), st.lists(claims, max_size=8))
def test_whatever_is_imported_in_whatever_order_is_there_once(
    standard: Standard, first: list[Claim], second: list[Claim]
) -> None:
    decider = casework(standard)

    def facts(*imports: list[Claim]) -> set[Fact | None]:
        history: list[Recorded] = [recorded(HERE)]
        for steps in imports:
            said = obey(decider, fold(decider, history), laying_down(*steps), asked())
            history += [recorded(fact, len(history) + 1 + n, imported_from="f") for n, fact in enumerate(said)]
        found = [r.fact for r in history[1:] if not isinstance(r.fact, HistoryImported)]
        assert len(found) == len(set(found))
        return set(found)

    assert facts(first, second) == facts(second, first) == facts(first + second) == facts(first, second, first)
