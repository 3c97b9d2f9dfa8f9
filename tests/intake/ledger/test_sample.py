"""The sample ledger: all of it is taken, and it shows what it says it shows."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from deploy.sample.make_ledger import REFERENCE, SAMPLE, write
from services.intake.ledger import Ledger, LedgerRow, SkipReason, StepKind, read_ledger
from shared.regions import read_regions

REGIONS = read_regions([SAMPLE.with_name("regions.csv")])
MET = {StepKind.RECEPTION, StepKind.GOING_DOWN, StepKind.HOME_VISIT}
PROGRESS = {*MET, StepKind.RETURN_VISIT, StepKind.PLAN, StepKind.REPLY, StepKind.CLOSE}


def read_sample(path: Path, today: date) -> Ledger:
    return read_ledger(path, regions=REGIONS, default_region=None, today=today)


@cache
def sample() -> Ledger:
    return read_sample(SAMPLE, REFERENCE)


def kinds(case: LedgerRow) -> Counter[StepKind]:
    return Counter(step.kind for step in case.steps)


def days_since_progress(case: LedgerRow, today: date) -> int:
    return (today - max((step.on for step in case.steps if step.kind in PROGRESS), default=case.received_on)).days


def kind_of(case: LedgerRow, today: date) -> str:
    """Told from the record alone."""
    done = kinds(case)
    if not case.steps:
        return "repeat"
    if done[StepKind.RELAPSE]:
        return "relapsed"
    if done[StepKind.CLOSE]:
        return "closed"
    if done[StepKind.OBJECTION] >= 2:
        return "ping-pong"
    if case.leader is None:
        return "leaderless"
    return "diligent" if days_since_progress(case, today) <= 20 else "idle"


EXPECTED = {"diligent": 70, "idle": 35, "leaderless": 25, "ping-pong": 15, "closed": 40, "relapsed": 15, "repeat": 6}


def test_the_whole_sample_is_taken() -> None:
    ledger = sample()
    assert ledger.refusals == ()
    assert [skipped.why for skipped in ledger.skipped] == [SkipReason.REMARK]
    assert ledger.ignored == ()
    assert {caution.column for caution in ledger.warnings} == {"人数"}
    assert len(ledger.rows) == sum(EXPECTED.values())


def test_the_sample_has_the_kinds_it_says() -> None:
    assert Counter(kind_of(case, REFERENCE) for case in sample().rows) == EXPECTED


@pytest.mark.parametrize("today", [date(2025, 3, 2), date(2026, 10, 8), date(2028, 2, 29)])
def test_a_sample_of_another_day_has_the_same_kinds(tmp_path: Path, today: date) -> None:
    path = tmp_path / "ledger.xlsx"
    write(path, today)
    ledger = read_sample(path, today)
    assert ledger.refusals == ()
    assert Counter(kind_of(case, today) for case in ledger.rows) == EXPECTED


def test_the_committed_file_is_what_the_generator_writes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    write(path)
    fresh, committed = load_workbook(path), load_workbook(SAMPLE)
    assert fresh.sheetnames == committed.sheetnames
    for ours, theirs in zip(fresh.worksheets, committed.worksheets, strict=True):
        assert list(ours.values) == list(theirs.values)
        assert [*map(str, ours.merged_cells.ranges)] == [*map(str, theirs.merged_cells.ranges)]


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_every_open_case_that_is_worked_on_is_within_its_time() -> None:
    for case in sample().rows:
        if kind_of(case, REFERENCE) == "diligent":
            on = {step.kind: step.on for step in case.steps}
            due = on[StepKind.ACCEPT] + timedelta(60)
            if StepKind.EXTENSION in on:
                assert on[StepKind.EXTENSION] <= due
                due += timedelta(30)
            assert due > REFERENCE
            assert kinds(case).keys() & MET


def test_what_was_closed_was_met_answered_in_time_and_asked_afterwards() -> None:
    for case in sample().rows:
        if kind_of(case, REFERENCE) in {"closed", "relapsed"}:
            on = {step.kind: step.on for step in case.steps}
            assert kinds(case).keys() & MET
            assert on[StepKind.REPLY] <= on[StepKind.ACCEPT] + timedelta(60)
            assert on[StepKind.REPLY] <= on[StepKind.CLOSE] <= on[StepKind.RETURN_VISIT]
            if StepKind.RELAPSE in on:
                assert on[StepKind.RELAPSE] <= on[StepKind.CLOSE] + timedelta(180)


def test_what_idles_was_begun_and_then_only_followed_up() -> None:
    for case in sample().rows:
        if kind_of(case, REFERENCE) == "idle":
            assert days_since_progress(case, REFERENCE) > 90
            assert kinds(case)[StepKind.NOTE] >= 3
            assert REFERENCE - case.steps[-1].on < timedelta(45)


def test_a_repeated_petition_is_the_same_person_in_the_same_matter_under_another_number() -> None:
    first: dict[str, LedgerRow] = {}
    for case in sample().rows:
        assert case.petitioner is not None
        earlier = first.setdefault(f"{case.petitioner.id_number}", case)
        if kind_of(case, REFERENCE) == "repeat":
            assert (earlier.demand, earlier.petitioner) == (case.demand, case.petitioner)
            assert earlier.region == case.region
            assert earlier.received_on < case.received_on
            assert earlier.original_number != case.original_number
        else:
            assert earlier is case


def test_persons_are_invented_and_matters_differ() -> None:
    cases = [case for case in sample().rows if case.steps]
    assert len({case.demand for case in cases}) == len(cases)
    for case in cases:
        assert case.petitioner is not None
        assert case.petitioner.name[1:] in {"某", "某某"}
        assert f"{case.petitioner.phone}".startswith("1990000")
        assert f"{case.petitioner.id_number}".startswith("610499")


def test_the_history_goes_back_about_two_years() -> None:
    days = [case.received_on for case in sample().rows]
    assert 600 < (REFERENCE - min(days)).days <= 731


def test_the_cases_of_a_unit_share_its_leaders() -> None:
    leaders: dict[str, set[str]] = {}
    for case in sample().rows:
        if case.leader:
            assert case.leader_post
            leaders.setdefault(case.unit, set()).add(case.leader)
    assert len(leaders) == 12
    assert all(len(names) <= 3 for names in leaders.values())


def test_the_notations_of_the_sample_are_many() -> None:
    cells = [cell for sheet in load_workbook(SAMPLE).worksheets for row in sheet.values for cell in row]
    shapes = {type(cell).__name__ for cell in cells if cell is not None}
    assert {"datetime", "int", "str"} <= shapes
    assert {"3人", "１人", "三人", "约20余人"} <= {cell for cell in cells if isinstance(cell, str)}
