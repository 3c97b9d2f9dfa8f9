"""The roster: what a log holds of units, and of nothing else, always as it stands now."""

import pytest
from eventsourcing.persistence import StoredEvent

from shared.directory import Directory
from shared.events import GENESIS, Asked, Fact, document
from shared.events.intake import UnitEstablished, UnitRenamed
from shared.store import Log, Roster
from tests.petitions import DAY, NOON, REGION, linked

FIRST, LAST = "unit-0000000000000000", "unit-ffffffffffffffff"
ESTABLISHED = UnitEstablished(name="柳林镇", region=REGION, established_on=DAY)
RENAMED = UnitRenamed(name="柳林街道", renamed_on=DAY)


def append(log: Log, case_id: str, version: int, fact: Fact) -> None:
    asked = Asked(actor="tester", role="system", now=NOON)
    raw = document(fact, region=REGION, case_id=case_id, version=version, prevhash=GENESIS, asked=asked)
    log.append([StoredEvent(case_id, version, type(fact).__name__, raw)])


def names(directory: Directory) -> dict[str, str]:
    return {unit_id: unit.name_on(DAY) for unit_id, unit in directory.units.items()}


def test_the_roster_follows_the_log(log: Log) -> None:
    roster = Roster(log)
    assert roster().units == {}
    for case_id in ("case-1", "unit", "units-1", "zz", "00000000-0000"):
        append(log, case_id, 1, linked("a"))
    for unit_id in (FIRST, LAST):
        append(log, unit_id, 1, ESTABLISHED)
    before = roster()
    assert names(before) == {FIRST: "柳林镇", LAST: "柳林镇"}
    append(log, LAST, 2, RENAMED)
    append(log, "case-1", 2, linked("b"))
    assert names(roster()) == {FIRST: "柳林镇", LAST: "柳林街道"}
    assert names(before) == {FIRST: "柳林镇", LAST: "柳林镇"}  # whoever holds one keeps what it says
    assert roster() is roster()
    assert names(Roster(log)()) == names(roster())


def test_what_lies_far_behind_is_read_as_well(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.store.roster.MANY", 5)
    roster = Roster(log)
    append(log, FIRST, 1, ESTABLISHED)
    assert names(roster()) == {FIRST: "柳林镇"}
    for version in range(1, 7):
        append(log, "case-1", version, linked(f"p-{version}"))
    append(log, FIRST, 2, RENAMED)
    append(log, LAST, 1, ESTABLISHED)
    assert names(roster()) == {FIRST: "柳林街道", LAST: "柳林镇"}
    append(log, LAST, 2, RENAMED)
    assert names(roster()) == {FIRST: "柳林街道", LAST: "柳林街道"}


def test_nothing_is_asked_of_a_log_to_which_nobody_has_appended(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless others may have: it is asked for every case that is judged."""
    roster, asked = Roster(log), list[int]()
    append(log, FIRST, 1, ESTABLISHED)
    roster()
    position = log.last_position

    def counted() -> int:
        asked.append(1)
        return position()

    monkeypatch.setattr(log, "last_position", counted)
    roster()
    assert len(asked) == (1 if log.shared_writers else 0)
    append(log, FIRST, 2, RENAMED)
    assert names(roster()) == {FIRST: "柳林街道"}
    assert len(asked) == (2 if log.shared_writers else 1)
