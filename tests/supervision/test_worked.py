"""Every rule has its worked cases: it shows, just not, on the very day, with a pause, with a late fact, by another policy."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pydantic_core import to_json

from deploy.node import POLICIES
from services.supervision.queries import dossier_of
from services.supervision.rules import RULES, assess
from shared.events import sha256
from shared.standard import Standard
from tests.supervision.lives import history
from tests.supervision.tables.answering import ANSWERING
from tests.supervision.tables.backdated import BACKDATED
from tests.supervision.tables.clocks import CLOCKS
from tests.supervision.tables.closing import CLOSING
from tests.supervision.tables.contesting import CONTESTING
from tests.supervision.tables.data import DATA
from tests.supervision.tables.idling import IDLING
from tests.supervision.tables.inquiries import INQUIRIES
from tests.supervision.watching import of_folder
from tests.supervision.worked import KINDS, Worked, verdict

TABLES: dict[str, tuple[Worked, ...]] = {
    **IDLING,
    **CLOCKS,
    **CONTESTING,
    **CLOSING,
    **INQUIRIES,
    **DATA,
    **BACKDATED,
    **ANSWERING,
}
CASES = [
    pytest.param(rule, case, id=f"{rule} {case.kind} {n}")
    for rule, cases in TABLES.items()
    for n, case in enumerate(cases, 1)
]


def lacking(tables: dict[str, tuple[Worked, ...]]) -> list[str]:
    """What is missing: a rule without a table, a table with fewer than six cases or without one of the kinds."""
    found = [f"{rule}: no table" for rule in RULES if rule not in tables]
    for rule, cases in tables.items():
        kinds = Counter(case.kind for case in cases)
        found += [f"{rule}: no case of '{kind}'" for kind in sorted(KINDS - kinds.keys())]
        found += [f"{rule}: {len(cases)} cases"] if len(cases) < 6 else []
        found += [f"{rule}: 'fires' does not" for case in cases if case.kind == "fires" and case.since is None]
        found += [f"{rule}: 'policy' is the national one" for case in cases if case.kind == "policy" and not case.other]
    return found


def test_every_rule_has_six_kinds_of_worked_cases() -> None:
    assert lacking(TABLES) == []
    assert TABLES.keys() == RULES.keys()


def test_a_rule_without_its_cases_would_be_noticed() -> None:
    fewer = {rule: cases for rule, cases in TABLES.items() if rule != "idle"}
    assert lacking(fewer) == ["idle: no table"]
    assert "idle: no case of 'pause'" in lacking(
        TABLES | {"idle": tuple(c for c in IDLING["idle"] if c.kind != "pause")}
    )
    assert "idle: 5 cases" in lacking(TABLES | {"idle": IDLING["idle"][:5]})


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_the_worked_case(national: Standard, rule: str, case: Worked) -> None:
    said = verdict(national, rule, case)
    assert (said["since"] and said["since"].isoformat()) == case.since, said["zh"]
    assert said["shows"] == (case.since is not None)
    assert said["zh"]
    assert said["en"]
    assert not said["shows"] or said["counted"], "a sign that shows names the facts that it rests on"
    assert said["changes_on"] is None or said["changes_on"].isoformat() > case.today


def test_a_policy_that_does_not_use_a_rule_silences_it(national: Standard) -> None:
    for rule, cases in TABLES.items():
        for case in cases:
            off = verdict(national, rule, Worked("policy", case.facts, case.today, None, {"enabled": False}))
            assert not off["shows"]
            assert off["zh"] == "现行口径未启用此规则"


def said_of_them_all() -> str:
    """A digest of what each rule says of its cases, by the national policy."""
    national = of_folder(POLICIES)
    said = [
        assess(dossier_of(history(*case.facts)), national, date.fromisoformat(case.today), frozenset({rule}))
        for rule, cases in TABLES.items()
        for case in cases
    ]
    return sha256(to_json(said))


def test_another_process_says_the_same_of_them_to_the_byte() -> None:
    """Law 5. Sets of texts come in another order in each process: no answer may be told in the order of one."""
    script = "from tests.supervision.test_worked import said_of_them_all; print(said_of_them_all())"
    env = {**os.environ, "PYTHONPATH": ".", "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, said_of_them_all()), done.stderr
