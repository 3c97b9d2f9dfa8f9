"""From the steps of a ledger to the claims that casework lays down."""

from datetime import date

import pytest

from deploy.importing import claims_of
from services.casework.domain.acceptance import AcceptCase
from services.casework.domain.claims import ClaimedExtension
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from services.intake.ledger import LedgerRow, LedgerStep, StepKind
from services.intake.ledgers import INTAKE_STEPS
from shared.decider import Command
from shared.terms import Channel, Outcome, VisitKind

ON = date(2026, 3, 2)

CLAIMS: dict[StepKind, type[Command]] = {
    StepKind.ACCEPT: AcceptCase,
    StepKind.LEADER: AssignLeader,
    StepKind.PLAN: AdoptPlan,
    StepKind.RECEPTION: LogVisit,
    StepKind.GOING_DOWN: LogVisit,
    StepKind.HOME_VISIT: LogVisit,
    StepKind.RETURN_VISIT: LogVisit,
    StepKind.EXTENSION: ClaimedExtension,
    StepKind.REPLY: ServeOpinion,
    StepKind.CLOSE: CloseCase,
    StepKind.RELAPSE: ReportRelapse,
    StepKind.NOTE: ReportProgress,
}


def step(kind: StepKind, row: int = 2, note: str = "", person: str | None = "李某") -> LedgerStep:
    return LedgerStep(sheet="办理记录", row=row, on=ON, kind=kind, person=person, note=note)


def case(*steps: LedgerStep, leader: str | None = None) -> LedgerRow:
    return LedgerRow(
        sheet="积案台账",
        row=3,
        original_number="HY-1",
        received_on=ON,
        channel=Channel.VISIT,
        region="610499",
        unit="柳林镇",
        demand="补偿",
        leader=leader,
        steps=steps,
    )


@pytest.mark.parametrize("kind", StepKind)
def test_every_kind_of_step_has_its_claim(kind: StepKind) -> None:
    claims = claims_of(case(step(kind)))
    if kind in INTAKE_STEPS:
        assert claims == []
    else:
        assert [type(claim) for claim in claims] == [CLAIMS[kind]]


def test_a_step_is_the_same_claim_wherever_it_stands_in_the_file() -> None:
    first, second = step(StepKind.RECEPTION, note="甲"), step(StepKind.HOME_VISIT, note="乙")
    part = claims_of(case(second))
    whole = claims_of(case(first.model_copy(update={"row": 7}), second.model_copy(update={"row": 9})))
    assert part[0] in whole


def test_the_same_step_twice_is_two_steps() -> None:
    twice = claims_of(case(step(StepKind.RECEPTION), step(StepKind.RECEPTION, row=3)))
    assert len({claim.visit_id for claim in twice if isinstance(claim, LogVisit)}) == 2


def test_a_visit_in_vain_is_claimed_as_one() -> None:
    (visit,) = claims_of(case(step(StepKind.HOME_VISIT, note="上门未见到本人")))
    assert isinstance(visit, LogVisit)
    assert (visit.kind, visit.met_petitioner) == (VisitKind.HOME, False)


def test_a_reply_says_what_its_note_says() -> None:
    (reply,) = claims_of(case(step(StepKind.REPLY, note="答复意见：予以支持")))
    assert isinstance(reply, ServeOpinion)
    assert reply.outcome is Outcome.SUPPORTED


def test_the_leader_column_counts_when_no_step_names_the_leader() -> None:
    (named,) = claims_of(case(leader="王某"))
    assert isinstance(named, AssignLeader)
    assert named.leader.name == "王某"
    assert [type(claim) for claim in claims_of(case(step(StepKind.LEADER), leader="王某"))] == [AssignLeader]
