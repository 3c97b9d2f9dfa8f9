"""A rebuild over HTTP gives the rows that were there, while readers read and facts come in; and it always ends."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.reporting.app import MAKES_ROWS
from services.reporting.projections import project
from services.reporting.sheets import SHEETS
from shared.edition import edition_of
from shared.readmodel import ReadModel
from shared.terms import Role
from tests.house import House, house


@pytest.fixture
def running(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as it:
        yield it


def rows(running: House, **asked: Any) -> list[Any]:
    found: list[Any] = running.get("/reporting/cases", params={"limit": 1000, **asked})["cases"]
    return found


def test_the_rows_are_the_same_after_a_rebuild_also_as_known_before(running: House) -> None:
    cases = [running.arrived(running.register()) for _ in range(3)]
    running.give(f"/casework/cases/{cases[0]}/accept-case", {"unit": "柳林镇", "accepted_on": "2026-01-07"})
    running.settle()
    then = running.clock().isoformat()
    late = {"petition_id": "r", "channel": "visit", "received_on": "2026-02-01", "same_matter": "同一块地"}
    running.give(f"/intake/cases/{cases[0]}/link-repeat-petition", late)
    running.settle()
    before, known_then = rows(running), rows(running, as_of=then)
    assert before != known_then
    said = running.give("/reporting/rebuild", None, Role.SYSTEM)
    assert said["facts"] > 5
    assert rows(running) == before
    assert rows(running, as_of=then) == known_then
    case = next(row for row in rows(running, as_of=then) if row["case_id"] == cases[0])
    assert (case["state"], case["repeats"]) == ("handling", 0)


def test_readers_notice_nothing_and_what_comes_in_meanwhile_is_there_afterwards(running: House) -> None:
    for _ in range(5):
        running.register()
    running.settle()
    answers: list[int] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            answers.append(running.ask("GET", "/reporting/cases").status_code)

    def write() -> None:
        while not over.is_set():
            running.register()

    threads = [threading.Thread(target=work) for work in (read, write)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            assert running.ask("POST", "/reporting/rebuild", Role.SYSTEM).status_code == 200
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert set(answers) == {200}
    running.settle()
    registered = running.get("/reporting/resolution-rate")["denominator"]
    assert registered == len(rows(running)) > 5


def test_two_rebuilds_at_a_time_are_one_too_many(running: House) -> None:
    for _ in range(20):
        running.register()
    running.settle()
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(running.ask("POST", "/reporting/rebuild", Role.SYSTEM).status_code)
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 200 in statuses
    assert set(statuses) <= {200, 409}


def test_what_another_edition_made_is_made_anew_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sheets are alike and the code that fills them is not: nobody has to know that, and readers notice nothing."""
    with monkeypatch.context() as older:
        older.setattr("services.reporting.app.edition_of", lambda *_: "an-older-one")
        with house(tmp_path) as it:
            it.register()
            it.settle()
            before = rows(it)
    now = edition_of(*MAKES_ROWS)
    with closing(
        ReadModel(f"sqlite:///{tmp_path / 'data' / 'reporting.db'}", "reporting", SHEETS, project, now)
    ) as model:
        assert model.outdated()
    with house(tmp_path) as it:
        it.until(lambda: it.get("/reporting/health/ready")["outdated"] is False)
        assert rows(it) == before
        assert len(before) == 1


def test_without_the_broker_nothing_is_rebuilt_and_reading_goes_on(running: House) -> None:
    running.register()
    running.settle()
    before = rows(running)
    running.broker.stop()
    answer = running.ask("POST", "/reporting/rebuild", Role.SYSTEM)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:huajie:problem:broker")
    assert rows(running) == before
