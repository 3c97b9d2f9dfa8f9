"""Every rule has its worked cases: it shows, just not, on the very day, with a pause, with a late fact, by another policy."""

from collections import Counter

import pytest

from services.supervision.rules import RULES
from shared.standard import Standard
from tests.supervision.tables.answering import ANSWERING
from tests.supervision.tables.clocks import CLOCKS
from tests.supervision.tables.closing import CLOSING
from tests.supervision.tables.data import DATA
from tests.supervision.tables.idling import IDLING
from tests.supervision.worked import KINDS, Worked, verdict

TABLES: dict[str, tuple[Worked, ...]] = {**IDLING, **CLOCKS, **CLOSING, **DATA, **ANSWERING}
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
