"""Another system's event log in a running house: what supervision finds in it, marked as imported, and once however often."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.log_importing import LogImported, read_mapping, send
from deploy.node import HERE
from deploy.sample.make_ledger import REFERENCE
from deploy.sample.make_log import PLANTED, kind_of, text
from services.intake.eventlog import open_log
from shared.regions import read_regions
from tests.house import House, house

SAMPLE, MAPPING = HERE / "sample" / "other-system.csv", HERE / "sample" / "other-system.toml"
REGIONS = read_regions([HERE / "sample" / "regions.csv"])


def imported(running: House, file: Path, mapping: Path = MAPPING) -> LogImported:
    """Import a log into this house."""
    with open_log(file, read_mapping(mapping), regions=REGIONS, default_region="610499", today=REFERENCE) as log:
        return send(running, log)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house into which the sample has been imported."""
    with house(tmp_path_factory.mktemp("house")) as it:
        done = imported(it, SAMPLE)
        assert (done.cases, done.skipped, done.tally.refused, done.errors_file) == (sum(PLANTED.values()), 0, 0, None)
        it.settle()
        yield it


def cases(running: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.get("/reporting/cases?limit=1000")["cases"]
    return found


def test_the_committed_sample_is_what_its_maker_writes() -> None:
    assert SAMPLE.read_text("utf-8") == text(REFERENCE)


def test_supervision_finds_exactly_what_was_planted(running: House) -> None:
    found = {}
    for case in cases(running):
        rules = running.get(f"/supervision/cases/{case['case_id']}/explain")["rules"]
        found[case["original_number"]] = {rule["rule"] for rule in rules if rule["shows"]}
    planted = {number: kind_of(number) for number in found}
    assert len(found) == sum(PLANTED.values())
    kinds = {*planted.values()} - {"diligent", "closed"}  # what else a log of days and words lacks, it also shows
    assert {n: rules & kinds for n, rules in found.items()} == {n: {kind} & kinds for n, kind in planted.items()}


def test_its_facts_are_marked_as_imported_and_claim_their_own_days(running: House) -> None:
    case = next(c for c in cases(running) if kind_of(c["original_number"]) == "relapse")
    facts = running.get(f"/supervision/cases/{case['case_id']}/history")["facts"]
    told = [f for f in facts if not f["type"].startswith("huajie.supervision")]
    assert {fact["type"].split(".")[-1] for fact in told} == {
        *("CaseRegistered", "CaseDispatched", "RepeatPetitionLinked", "CaseAccepted", "LeaderAssigned", "VisitLogged"),
        *("OpinionServed", "CaseClosed", "HistoryImported"),
    }
    assert len({fact["importedfrom"] for fact in told}) == 1
    claimed = [f for f in told if not f["type"].endswith("HistoryImported")]
    assert all(fact["occurredat"] < fact["time"] for fact in claimed)
    assert all(fact["occurredat"][11:19] == "00:00:00" for fact in claimed)


def test_the_log_twice_adds_nothing_and_a_grown_one_what_is_new(running: House, tmp_path: Path) -> None:
    before = {
        c["case_id"]: len(running.get(f"/supervision/cases/{c['case_id']}/history")["facts"]) for c in cases(running)
    }
    again = imported(running, SAMPLE)
    assert (again.cases, again.skipped) == (0, len(before))
    grown = tmp_path / "grown.csv"
    number = next(c["original_number"] for c in cases(running) if kind_of(c["original_number"]) == "idle")
    grown.write_text(
        SAMPLE.read_text("utf-8") + f"{number},上门走访,2026/11/20 09:00,李某,柳林镇,,当面听取意见,\n", "utf-8"
    )
    assert imported(running, grown).skipped == len(before)
    running.settle()
    after = {
        c["case_id"]: len(running.get(f"/supervision/cases/{c['case_id']}/history")["facts"]) for c in cases(running)
    }
    changed = {case_id for case_id in after if after[case_id] != before[case_id]}
    assert changed == {c["case_id"] for c in cases(running) if c["original_number"] == number}


def test_the_same_number_of_another_system_is_another_case(running: House, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(MAPPING.read_text("utf-8").replace("河阳县12345热线平台", "河阳县网上信访"), "utf-8")
    one = tmp_path / "one.csv"
    one.write_text("".join(SAMPLE.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    assert imported(running, one, other).cases == 1


def test_a_case_that_a_service_refuses_comes_back_and_the_others_go_in(running: House, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    head, row = SAMPLE.read_text("utf-8").splitlines()[:2]
    number, good = row.split(",")[0], row.replace("HY12345-2026", "NEW")
    clash = row.replace("农村道路损坏", "与登记过的毫不相干的另一件事")
    log.write_text("\n".join((head, clash, good)) + "\n", "utf-8")
    done = imported(running, log)
    assert (done.cases, done.tally.refused) == (1, 1)
    assert done.errors_file is not None
    told = done.errors_file.read_text("utf-8-sig")
    assert number in told
    assert "已是另一事项" in told
