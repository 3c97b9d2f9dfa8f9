"""A rebuild whose cases are shared out among processes: the same rows as by one, and nothing half done when one dies."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from shared.readmodel import Lost, ReadModel, Rebuild, Sheet, Superseded
from shared.readmodel import filling as filling_module
from shared.readmodel.filling import Shared, What
from shared.store import Delivery
from tests.petitions import POISON
from tests.shared.petition_rows import CASES, LINKS, County, as_known, cases, links, project

PROCESSES = 2


@pytest.fixture(autouse=True)
def _shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling_module, "ALONE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: PROCESSES)


@pytest.fixture
def facts() -> list[Delivery]:
    county = County()
    found = [county.link(f"case-{n % 7}", f"p{n}", n) for n in range(60)]
    found += [county.accept(f"case-{n % 7}", POISON if n == 3 else f"u{n}", 100 + n) for n in range(20)]
    return [*found, county.link("case-1", "huge", 200), county.link("case-3", "behind", 201)]


def children(shared: object) -> list[int]:
    """The processes of a rebuild; each has begun."""
    assert isinstance(shared, Shared)
    shared.fill([])
    shared.settle()
    return [pid for share in shared._shares for pid in share._hands._processes]


def _through(rebuild: Rebuild, facts: list[Delivery]) -> bool:
    rebuild.receive(facts)
    return rebuild.switch()


def test_cases_that_are_shared_out_come_out_as_by_one_process(
    model: ReadModel, facts: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(model.begin_rebuild(len(facts))) as rebuild:
        assert len(set(children(rebuild._filling))) == PROCESSES
        for begin in range(0, len(facts), 10):
            rebuild.receive(facts[begin : begin + 10])
        rebuild.index()
        rebuild.receive(facts)  # heard before
        assert rebuild.switch()
    found = cases(model), as_known(model, 110), links(model), sorted(model.parked()), model.heard()
    assert sorted(case_id for case_id, _ in model.parked()) == ["case-1", "case-3", *["case-3"] * 3]
    monkeypatch.setattr(filling_module, "ALONE", 1000)
    alone = model.begin_rebuild(len(facts))
    alone.receive(facts)
    assert alone.switch()
    assert (cases(model), as_known(model, 110), links(model), sorted(model.parked()), model.heard()) == found


def test_a_rebuild_of_which_a_process_was_killed_does_not_take_over(model: ReadModel, facts: list[Delivery]) -> None:
    model.receive(facts)
    before = cases(model)
    with closing(model.begin_rebuild(len(facts))) as rebuild:
        rebuild.receive(facts[:40])
        os.kill(children(rebuild._filling)[0], signal.SIGKILL)
        with pytest.raises(Lost, match="请再试"):
            _through(rebuild, facts[40:])
    assert cases(model) == before
    with closing(model.begin_rebuild(len(facts))) as again:
        again.receive(facts)
        assert again.switch()
    assert cases(model) == before


def test_a_process_says_that_another_rebuild_has_begun(model: ReadModel, facts: list[Delivery]) -> None:
    with closing(model.begin_rebuild(len(facts))) as first, closing(model.begin_rebuild(len(facts))) as second:
        with pytest.raises(Superseded):
            _through(first, facts)
        second.receive(facts)
        assert second.switch()


def test_the_processes_end_with_the_one_that_started_them_even_when_it_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.shared.test_readmodel_filling", str(tmp_path / "reporting.db")],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout is not None
    with closing(parent.stdout) as told:
        pids = [int(pid) for pid in told.readline().split()]
        assert len(pids) == PROCESSES
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 60
        while left := [pid for pid in pids if _runs(pid)]:
            assert time.monotonic() < deadline, left
            time.sleep(0.05)


def _runs(pid: int) -> bool:
    with suppress(OSError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    return False


def _wait_to_be_killed(path: str) -> None:
    sheets: list[Sheet] = [CASES, LINKS]
    with closing(ReadModel(f"sqlite:///{path}", "reporting", sheets, project)) as model:
        rebuild = model.begin_rebuild()
        rebuild.close()
        shared = Shared(What(f"sqlite:///{path}", "reporting", sheets, project, 2), PROCESSES)
        print(*children(shared), flush=True)  # noqa: T201 - told to the test
        time.sleep(600)


if __name__ == "__main__":
    _wait_to_be_killed(sys.argv[1])
