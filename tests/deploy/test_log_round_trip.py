"""Our own log, exported and taken into an empty node: supervision comes to the same verdicts."""

from pathlib import Path
from typing import Any, get_args

import pytest

from deploy.importing import take_in
from deploy.node import HERE
from deploy.sample.make_ledger import REFERENCE
from services.intake.eventlog import load_mapping
from services.intake.ledger import read_ledger
from shared.events import REGISTRY
from shared.events.supervision import SupervisionFact
from shared.terms import Term
from tests.deploy.test_log_importing import REGIONS, imported
from tests.house import House, house

SAMPLE, MAPPING = HERE / "sample" / "ledger.xlsx", HERE / "sample" / "own-log.toml"
EVERY = 5
"""One case in so many of the sample county."""


CARRIED = {"no-leader", "idle", "never-met", "overdue", "relapse", "ping-pong"}
"""The rules that ask only for what leaves: days, kinds, units and leaders. Others read narrative, which stays behind."""


SAID_OF_CASES = {"findings", "notices", "inspections", "suggestions", "treatments"}
"""The files of supervision's facts that are about cases."""


def test_whatever_supervision_says_of_a_case_keeps_none_out() -> None:
    """The node that takes the log in watches for itself: a case that was watched must not come back for it."""
    named = load_mapping(MAPPING.read_text("utf-8"), MAPPING.name).ignored
    for name, fact in REGISTRY.items():
        if issubclass(fact, SupervisionFact) and fact.__module__.rpartition(".")[2] in SAID_OF_CASES:
            kinds = (
                get_args(field.annotation) or (field.annotation,) if (field := fact.model_fields.get("kind")) else ()
            )
            words = [
                f"{name}/{word.value}"
                for kind in kinds
                if isinstance(kind, type) and issubclass(kind, Term)
                for word in kind
            ] or [name]
            assert [word for word in words if word not in named] == []


def verdicts(running: House, key: str) -> dict[str, Any]:
    """What supervision says of every case, and what the lists show of it."""
    found = {}
    for case in running.get("/reporting/cases?limit=1000")["cases"]:
        rules = running.get(f"/supervision/cases/{case['case_id']}/explain")["rules"]
        shown = {
            rule["rule"]: (rule["shows"], rule["since"], rule["changes_on"])
            for rule in rules
            if rule["rule"] in CARRIED
        }
        listed = [case[name] for name in ("state", "unit", "region", "channel", "received_on", "visits", "repeats")]
        listed.append((case["leader"] or "").partition(" ")[0])  # a step has no column for the leader's post
        found[case[key]] = (shown, listed)
    return found


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Path]]:
    """The verdicts on a part of the sample county, and its log in both formats that can be imported."""
    folder, files = tmp_path_factory.mktemp("exported"), {}
    rows = read_ledger(SAMPLE, regions=REGIONS, default_region="610499", today=REFERENCE).rows[::EVERY]
    with house(folder) as first:
        take_in(first, rows, "digest")
        first.settle()
        for form in ("xes", "csv"):
            files[form] = folder / f"log.{form}"
            files[form].write_bytes(first.ask("GET", f"/supervision/export?format={form}").content)
        return verdicts(first, "case_id"), files


@pytest.mark.parametrize("form", ["xes", "csv"])
def test_the_same_verdicts_in_an_empty_node(
    tmp_path: Path, exported: tuple[dict[str, Any], dict[str, Path]], form: str
) -> None:
    before, files = exported
    with house(tmp_path) as second:
        done = imported(second, files[form], MAPPING)
        assert (done.cases, done.tally.refused, dict(done.tally.unknown)) == (len(before), 0, {})
        second.settle()
        assert verdicts(second, "original_number") == before
    shown = {rule for said, _ in before.values() for rule, (shows, _, _) in said.items() if shows}
    assert len(shown) > 3
