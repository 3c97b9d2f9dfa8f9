"""The operator at 3 a.m.: last night's backup has been put back, and what was published since is not in it."""

import shutil
from pathlib import Path

import pytest

from tests.system.node import Up, command, ledger

LOGS = ("intake", "casework", "supervision")


def rows(*numbers: int) -> list[tuple[object, ...]]:
    return [
        (f"HY-{n}", "2026-08-20", f"张某{n}", f"1990000{n:04d}", "柳林镇", f"第{n}号地块补偿款没有发放", 1, "", "")
        for n in numbers
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "node"


def test_after_a_backup_was_put_back_everything_is_published_anew(data: Path, tmp_path: Path) -> None:
    up = Up(data)
    try:
        assert command("import", ledger(tmp_path / "one.xlsx", rows(1, 2, 3)), "--data", data).returncode == 0
        up.settle()
    finally:
        up.stop()
    backup = shutil.copytree(data, tmp_path / "backup")
    up = Up(data)
    try:
        assert command("import", ledger(tmp_path / "two.xlsx", rows(4, 5)), "--data", data).returncode == 0
        up.settle()
        running = command("restored", "--data", data)
        assert (running.returncode, "Traceback" in running.stderr) == (1, False)
        assert str(up.process.pid) in running.stderr
    finally:
        up.stop()
    for name in LOGS:
        for file in data.glob(f"{name}.db*"):
            file.unlink()
        for file in backup.glob(f"{name}.db*"):
            shutil.copy(file, data)

    done = command("restored", "--data", data)
    assert done.returncode == 0, done.stderr
    assert "rebuild reporting" in done.stdout
    up = Up(data)
    try:
        assert command("import", ledger(tmp_path / "three.xlsx", rows(4, 6)), "--data", data).returncode == 0
        assert command("rebuild", "reporting", "--data", data).returncode == 0
        up.settle()
        shown = {case["original_number"] for case in up.read("cases")["cases"]}
        assert shown == {"HY-1", "HY-2", "HY-3", "HY-4", "HY-6"}
        assert {case["original_number"] for case in up.read("stalled")["cases"]} <= shown
    finally:
        up.stop()


def test_where_nothing_was_kept_there_is_nothing_to_restore(tmp_path: Path) -> None:
    done = command("restored", "--data", tmp_path / "empty")
    assert done.returncode == 1
    assert "no logs" in done.stderr
