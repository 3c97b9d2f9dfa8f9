"""From the steps of a ledger to the claims that casework lays down, and what a request holds of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.claiming import claims_of
from deploy.importing import bring_in, chunks, take_in
from deploy.node import Node
from deploy.processes import ProcessError
from services.casework.domain.acceptance import AcceptCase
from services.casework.domain.claims import ClaimedExtension, ClaimedLeader
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from services.intake.ledger import INTAKE_STEPS, LedgerRow, LedgerStep, StepKind
from services.intake.ledger.values import LONGEST_NAME, LONGEST_TEXT
from shared.decider import Command
from shared.http.routes import BULK_BYTES
from shared.terms import Channel, Outcome, ServedHow, VisitKind
from tests.house import house

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


def case(*steps: LedgerStep, **said: Any) -> LedgerRow:
    plain: dict[str, Any] = {
        "sheet": "积案台账",
        "row": 3,
        "original_number": "HY-1",
        "received_on": ON,
        "channel": Channel.VISIT,
        "region": "610499",
        "unit": "柳林镇",
        "demand": "补偿",
        "steps": steps,
    }
    return LedgerRow(**plain | said)


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


def test_a_step_is_the_same_claim_in_every_version() -> None:
    """Or a ledger that comes again after an upgrade would lay its steps down once more: what a step learns to say later must not
    count while it is not said.
    """
    visit, report = claims_of(case(step(StepKind.RECEPTION, note="甲"), step(StepKind.NOTE, note="乙")))
    assert isinstance(visit, LogVisit)
    assert isinstance(report, ReportProgress)
    assert (visit.visit_id, report.report_id) == ("6b301b8976e11c99", "e2ef5540bd1d38fb")


def test_what_was_noted_with_an_acceptance_is_kept() -> None:
    (taken,) = claims_of(case(step(StepKind.ACCEPT, note="当场受理")))
    assert isinstance(taken, AcceptCase)
    assert taken.note == "当场受理"


@pytest.mark.parametrize("note", ["上门未见到本人", "入户两次，无人在家", "本人避而不见"])
def test_a_visit_in_vain_is_claimed_as_one(note: str) -> None:
    (visit,) = claims_of(case(step(StepKind.HOME_VISIT, note=note)))
    assert isinstance(visit, LogVisit)
    assert (visit.kind, visit.met_petitioner) == (VisitKind.HOME, False)


@pytest.mark.parametrize(
    ("note", "outcome", "how"),
    [
        ("答复意见：予以支持", Outcome.SUPPORTED, ServedHow.OTHER),
        ("不予支持，当面送达", Outcome.DECLINED, ServedHow.IN_PERSON),
        ("予以支持，本人签收", Outcome.SUPPORTED, ServedHow.IN_PERSON),
        ("挂号信寄出", Outcome.EXPLAINED, ServedHow.BY_POST),
    ],
)
def test_a_reply_says_what_its_note_says(note: str, outcome: Outcome, how: ServedHow) -> None:
    (reply,) = claims_of(case(step(StepKind.REPLY, note=note)))
    assert isinstance(reply, ServeOpinion)
    assert (reply.outcome, reply.how, reply.note) == (outcome, how, note)


@pytest.mark.parametrize(
    ("note", "days"),
    [
        ("经批准延期，告知信访人", 30),
        ("延期15日", 15),
        ("延期６０天，已告知", 60),
        ("延长三十日", 30),
        ("延期二十天", 20),
        ("延期至2026年4月30日", 30),
        ("2026年3月2日批准延期10天", 10),
        ("延期15个工作日", 30),
    ],
)
def test_an_extension_is_as_long_as_its_note_says(note: str, days: int) -> None:
    (extension,) = claims_of(case(step(StepKind.EXTENSION, note=note)))
    assert isinstance(extension, ClaimedExtension)
    assert extension.days == days


def test_the_leader_column_counts_when_no_step_names_the_leader() -> None:
    (named,) = claims_of(case(leader="王某"))
    assert isinstance(named, ClaimedLeader)
    assert (named.leader.name, named.received_on) == ("王某", ON)
    assert [type(claim) for claim in claims_of(case(step(StepKind.LEADER), leader="王某"))] == [AssignLeader]


def test_a_step_that_names_nobody_means_the_leader_of_the_column_or_is_a_note() -> None:
    unnamed = step(StepKind.LEADER, person=None, note="包案：明确县级领导")
    (named,) = claims_of(case(unnamed, leader="王某", leader_post="副县长"))
    assert isinstance(named, AssignLeader)
    assert (named.leader.name, named.leader.post, named.assigned_on) == ("王某", "副县长", ON)
    (note,) = claims_of(case(unnamed))
    assert isinstance(note, ReportProgress)


@pytest.mark.parametrize("kind", StepKind)
def test_whatever_the_reader_takes_is_no_longer_than_a_claim_may_be(kind: StepKind) -> None:
    longest = step(kind, person="张" * LONGEST_NAME, note="经" * LONGEST_TEXT)
    row = case(longest, unit="镇" * LONGEST_NAME, leader="李" * LONGEST_NAME, original_number="9" * LONGEST_NAME)
    other = case(longest, unit="镇" * LONGEST_NAME, leader="李" * (LONGEST_NAME - 1) + "二")
    leaders = [
        claim.leader
        for claim in (*claims_of(row), *claims_of(other))
        if isinstance(claim, AssignLeader | ClaimedLeader)
    ]
    assert len({leader.id for leader in leaders}) == (1 if kind is StepKind.LEADER else 2)


def test_rows_go_together_as_many_as_a_request_holds() -> None:
    small, large = case(), case(extras={f"列{n}": "经" * LONGEST_TEXT for n in range(40)})
    together = [len(rows) for rows in chunks([small] * 250)]
    assert together == [100, 100, 50]
    heavy = list(chunks([large] * 30))
    assert [row for rows in heavy for row in rows] == [large] * 30
    assert max(sum(len(row.model_dump_json().encode()) for row in rows) for rows in heavy) < BULK_BYTES


def test_a_history_that_is_too_long_is_refused_with_its_case_and_keeps_no_other_out(tmp_path: Path) -> None:
    long, short = (step(StepKind.NOTE, row=n, note=f"第{n}次") for n in range(1, 10_002)), step(StepKind.RECEPTION)
    with house(tmp_path) as it:
        rows = [case(*long), case(short, original_number="HY-2", demand="拆迁", row=4)]
        became = take_in(it, rows, "f")
        assert [outcome["became"] for _, outcome in became] == ["rejected", "case"]
        assert "办理记录" in became[0][1]["reason_zh"]
        facts = it.get(f"/casework/cases/{became[1][1]['case_id']}/facts")["facts"]
        assert [fact["type"].rpartition(".")[2] for fact in facts if fact.get("importedfrom")] == [
            "VisitLogged",
            "HistoryImported",
        ]


def test_another_leader_in_the_column_is_refused_and_all_else_of_the_row_is_taken(tmp_path: Path) -> None:
    """Found: the leader of a later ledger was laid down as if they had owned the case since it was received."""
    with house(tmp_path) as it:
        (_, first), *_ = take_in(
            it, [case(leader="王某"), case(leader="赵某", original_number="HY-2", demand="拆迁")], "f"
        )
        later = case(step(StepKind.RECEPTION), leader="李某")
        ((_, refused),) = take_in(it, [later], "g")
        assert refused["became"] == "rejected"
        assert "栏写的是李某，在册的是王某" in refused["reason_zh"]
        facts = it.get(f"/casework/cases/{first['case_id']}/facts")["facts"]
        owners = [fact["data"]["leader"]["name"] for fact in facts if fact["type"].endswith("LeaderAssigned")]
        assert (owners, [fact["type"] for fact in facts if "Visit" in fact["type"]]) == (
            ["王某"],
            ["huajie.casework.VisitLogged"],
        )
        mended = case(step(StepKind.LEADER, note="分工调整", person="李某"), step(StepKind.RECEPTION), leader="李某")
        ((_, taken),) = take_in(it, [mended], "h")
        assert taken["became"] == "skipped"
        it.until(lambda: it.get("/reporting/cases", params={"number": "HY-1"})["cases"][0]["leader"].startswith("李某"))


def test_an_import_that_breaks_off_says_that_it_may_be_done_again(tmp_path: Path) -> None:
    node, file = Node(tmp_path), tmp_path / "台账.csv"
    node.prepare("610431")
    node.announce("610431", {"intake": "http://127.0.0.1:9"})
    file.write_text("信访日期,责任单位,反映问题\n2026-3-1,柳林镇,补偿\n", encoding="utf-8")
    with pytest.raises(ProcessError, match=r"无法访问服务.*再导入一次，已有的不会重复"):
        bring_in(node, file, None, quiet=True)
