"""The roster: what a log holds of units, and of nothing else, always as it stands now."""

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
