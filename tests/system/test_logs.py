"""Event logs as the operator brings them in and takes them out: exit codes, files beside the log, nothing half done."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deploy.node import HERE
from tests.system.node import Up, command

SAMPLE, MAPPING = HERE / "sample" / "other-system.csv", HERE / "sample" / "other-system.toml"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """An empty node."""
    node = Up(tmp_path_factory.mktemp("node") / "data")
    yield node
    node.stop()


def test_a_log_comes_in_and_leaves(up: Up, tmp_path: Path) -> None:
    tried = command("import-log", SAMPLE, "--mapping", MAPPING, "--data", up.data, "--dry-run", "--json")
    assert (tried.returncode, json.loads(tried.stdout)["cases"]) == (0, 31)
    assert up.read("cases")["cases"] == []
    done = command("import-log", SAMPLE, "--mapping", MAPPING, "--data", up.data)
    assert done.returncode == 0, done.stderr
    assert "新案 cases 31" in done.stdout
    up.settle()
    out = tmp_path / "log.xes.gz"
    left = command("export-log", "--format", "xes", "--gz", "--out", out, "--data", up.data)
    assert left.returncode == 0, left.stderr
    traces = ElementTree.fromstring(gzip.decompress(out.read_bytes())).iter("{http://www.xes-standard.org/}trace")
    assert sum(1 for _ in traces) == 31
    printed = command("export-log", "--format", "ocel", "--data", up.data, "--received-from", "2026-10-01")
    cases = [thing for thing in json.loads(printed.stdout)["objects"] if thing["type"] == "case"]
    assert 0 < len(cases) < 31


def test_what_is_refused_lies_beside_the_log(up: Up, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(SAMPLE.read_text("utf-8").replace("2026/05/01 09:11", "2026/05/32 09:11"), "utf-8")
    done = command("import-log", log, "--mapping", MAPPING, "--data", up.data)
    assert done.returncode == 3
    assert "2026/05/32" in (tmp_path / "log.csv.errors.csv").read_text("utf-8-sig")
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "log.csv.errors.csv"}


def test_a_wrong_mapping_is_told_with_its_line_and_nothing_is_sent(up: Up, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(MAPPING.read_text("utf-8").replace('"objection"', '"rejection"'), "utf-8")
    done = command("import-log", SAMPLE, "--mapping", wrong, "--data", up.data)
    assert done.returncode == 1
    assert "wrong.toml 第 28 行" in done.stderr
    assert "wrong.toml, line 28" in done.stderr
    assert command("import-log", SAMPLE, "--mapping", tmp_path / "none.toml", "--data", up.data).returncode == 1
