"""The command replay: what it prints, and its exit code."""

import asyncio
import json
import re
from datetime import date
from pathlib import Path

import pytest

from deploy.demo import SAMPLE_REGIONS
from deploy.node import POLICIES, Node
from deploy.processes import ProcessError
from deploy.replaying import DIFFERS, EQUAL, replay_node
from services.supervision.rules import TABLES
from shared.standard import Standard
from tests.sample import day, registered
from tests.supervision.lives import history, moment
from tests.supervision.watching import REGION, Days, watched

NATIONAL = (POLICIES / "national.toml").read_text("utf-8")
STRICTER = """
version = "stricter"
based_on = "national-2026.7"
title = "t"
effective_from = 2026-01-02
author = "a"
basis = "b"
[rules.no-leader]
days = 3
"""
DAYS = Days([moment(f"2026-01-{n:02}", 13) for n in range(5, 32)], history(registered("2026-01-05")))


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """A node of which only supervision's log is there."""
    made = Node(tmp_path / "data")
    made.prepare(REGION, SAMPLE_REGIONS)
    return made


def watch(node: Node, texts: dict[str, str], *, published: bool = True) -> None:
    asyncio.run(watched(node.data, DAYS, Standard.of(texts, TABLES), texts if published else None))


def test_what_was_said_comes_out_again_and_another_policy_shows_what_it_would_change(
    node: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch(node, {"national.toml": NATIONAL})
    assert replay_node(node, None, None, None, as_json=True) == EQUAL
    said = json.loads(capsys.readouterr().out)
    assert (said["equal"], said["differences"], said["shown"], said["other_editions"]) == (True, [], [], [])
    assert said["found"] == said["issued"]
    assert said["issued"]["FindingRaised"]

    assert replay_node(node, day("2026-01-29"), day("2026-01-30"), None, as_json=True) == EQUAL
    assert json.loads(capsys.readouterr().out)["issued"] != said["issued"]

    (file := tmp_path / "stricter.toml").write_text(STRICTER, "utf-8")
    assert replay_node(node, None, None, file, as_json=True) == EQUAL
    other = json.loads(capsys.readouterr().out)
    first = next(one for one in other["shown"] if one["about"] == "no-leader")
    assert (first["kind"], first["said_now"]) == ("earlier", "2026-01-09")
    assert {"unit": "柳林镇", "fact": "FindingRaised", "kind": "earlier", "count": 1} in other["differences"]

    assert replay_node(node, None, None, file, as_json=False) == EQUAL
    assert "提前" in capsys.readouterr().out


def test_a_log_that_other_rules_have_written_is_found_out(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    """A log that does not say what was gone by is held against the policies that there are now."""
    watch(node, {"national.toml": NATIONAL, "stricter.toml": STRICTER}, published=False)
    assert replay_node(node, None, None, None, as_json=True) == DIFFERS
    assert not json.loads(capsys.readouterr().out)["equal"]


@pytest.mark.parametrize(("its", "called"), [("an-older-one", "an-older-one"), ("", "未载 unnamed")])
def test_verdicts_of_another_edition_are_told_from_it(
    node: Node, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, its: str, called: str
) -> None:
    """An edition with a mended rule finds other things: whoever replays an old log is told why that may be, also where it was
    written before editions were on record.
    """
    monkeypatch.setattr("services.supervision.publishing.edition", lambda: its)
    stricter = Standard.of({"national.toml": NATIONAL, "stricter.toml": STRICTER}, TABLES)
    asyncio.run(watched(node.data, DAYS, stricter, {"national.toml": NATIONAL}))
    assert replay_node(node, None, None, None, as_json=True) == DIFFERS
    assert json.loads(capsys.readouterr().out)["other_editions"] == [its]
    assert replay_node(node, None, None, None, as_json=False) == DIFFERS
    assert f"another edition of huajie has judged, and may be why: {called}" in capsys.readouterr().out


def test_a_log_from_before_a_rule_was_there_did_not_ask_it(
    node: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was gone by is on record: a rule that came later is held against nobody, and another policy may well ask it."""
    without = re.sub(r"\[rules\.no-leader\].*?\n\n", "", NATIONAL, flags=re.DOTALL)
    texts = {"national.toml": without}
    asyncio.run(watched(node.data, DAYS, Standard.of(texts, TABLES, of_the_past=texts), texts))
    assert replay_node(node, None, None, None, as_json=True) == EQUAL
    capsys.readouterr()
    newer = NATIONAL.replace('version = "national-2026.7"', 'version = "newer"')
    (file := tmp_path / "newer.toml").write_text(newer.replace("2026-01-01", "2026-01-02"), "utf-8")
    assert replay_node(node, None, None, file, as_json=True) == EQUAL
    assert {one["about"] for one in json.loads(capsys.readouterr().out)["shown"]} >= {"no-leader"}
    file.write_text(without.replace('version = "national-2026.7"', 'version = "newer"'), "utf-8")
    with pytest.raises(ProcessError, match=r"rules\.no-leader is missing"):
        replay_node(node, None, None, file, as_json=True)


def test_a_log_that_is_damaged_further_in_is_told(node: Node) -> None:
    watch(node, {"national.toml": NATIONAL})
    (node.data / "supervision.db-wal").unlink(missing_ok=True)
    with (node.data / "supervision.db").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))
    with pytest.raises(ProcessError, match="restored"):
        replay_node(node, None, None, None, as_json=True)


def test_a_time_in_which_nothing_was_judged_is_no_proof(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    watch(node, {"national.toml": NATIONAL})
    assert replay_node(node, date(2031, 1, 1), None, None, as_json=False) == EQUAL
    shown = capsys.readouterr().out
    assert ("无可对照" in shown, "一致 equal" in shown) == (True, False)


def test_what_is_wrong_is_said(node: Node, tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="no data folder"):
        replay_node(Node(tmp_path / "nothing"), None, None, None, as_json=True)
    with pytest.raises(ProcessError, match="no log"):
        replay_node(node, None, None, None, as_json=True)
    watch(node, {"national.toml": NATIONAL})
    with pytest.raises(ProcessError, match="cannot be read"):
        replay_node(node, None, None, tmp_path / "none.toml", as_json=True)
    with pytest.raises(ProcessError, match="lies after"):
        replay_node(node, date(2026, 2, 1), date(2026, 1, 1), None, as_json=True)
    (file := tmp_path / "twin.toml").write_text(
        NATIONAL.replace('version = "national-2026.7"', 'version = "twin"'), "utf-8"
    )
    with pytest.raises(ProcessError, match="share a version or a first day"):
        replay_node(node, None, None, file, as_json=True)
    (file := tmp_path / "wrong.toml").write_text("version = 1", "utf-8")
    with pytest.raises(ProcessError, match="--policy, line 1"):
        replay_node(node, None, None, file, as_json=True)
    assert not [link for link in Path("/proc/self/fd").iterdir() if node.data in link.resolve().parents]
