"""What a newcomer runs first: nothing in it is canned, so another ledger gives other numbers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.system.node import command, ledger


def demo(*options: str | Path) -> dict[str, Any]:
    """The numbers of one demonstration."""
    done = command("demo", "--json", *options, patience=180)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_the_sample_county_has_its_idle_cases_found() -> None:
    said = demo()
    assert said["import"] == {"cases": 200, "repeats": 6, "skipped": 0, "rejected": []}
    assert sum(row["cases"] for row in said["cases"]) == 200
    by_state = {row["state"]: row for row in said["cases"]}
    assert by_state["closed"] == {"state": "closed", "cases": 40, "stalled": 0, "repeats": 0}
    assert said["resolution_rate"]["numerator"] == 40
    assert said["resolution_rate"]["denominator"] == 200
    reasons = " ".join(case["stall_zh"] for case in said["stalled"])
    for words in ("没有包案领导", "实质进展", "见过面"):
        assert words in reasons
    assert len(said["stalled"]) >= 90
    assert {case["case_id"] for case in said["stalled"]} <= {notice["case_id"] for notice in said["notices"]}
    assert all(notice["addressee"] for notice in said["notices"])
    heads = {notice["addressee"] for notice in said["notices"] if notice["addressee_role"] == "unit-head"}
    assert heads
    assert not any("主要负责人" in head for head in heads)


def test_another_ledger_gives_other_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does any of it get into a database that the environment names."""
    monkeypatch.setenv("HUAJIE_DSN", "postgresql://huajie@127.0.0.1:9/in-earnest")
    row = ("HY-1", "2025-03-01", "张某某", "19900000001", "柳林镇", "征地补偿款没有发放", 1, "", "")
    said = demo("--ledger", ledger(tmp_path / "one.xlsx", [row]))
    assert said["cases"] == [{"state": "registered", "cases": 1, "stalled": 1, "repeats": 0}]
    assert [case["original_number"] for case in said["stalled"]] == ["HY-1"]
    assert [notice["addressee"] for notice in said["notices"]] == ["柳林镇主要负责人"]
