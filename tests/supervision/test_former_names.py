"""A unit that was renamed is one unit, whatever its cases call it: to every rule, to whoever asks, and on replay."""

from functools import partial
from pathlib import Path

import pytest
from pydantic_core import to_json

from services.supervision.former_names import under_one_name
from services.supervision.queries import derivation, dossier_of
from services.supervision.replay import compared
from services.supervision.rules import assess
from shared.directory import Directory
from shared.events import Fact, Recorded
from shared.events.intake import EntryWithdrawn, ObjectionRaised, UnitDissolved, UnitEstablished, UnitFact, UnitRenamed
from shared.events.supervision import FindingRaised, FindingResolved
from shared.standard import Standard
from shared.terms import DispatchKind
from shared.workdays import business_date, start_of
from tests.sample import BUREAU, TOWN, accepted, day, dispatched, leader, objected, registered
from tests.spec import recorded
from tests.supervision.deeds import accused, contested, decided
from tests.supervision.lives import history, moment, only
from tests.supervision.watching import Days, county, log_of, once_more

STREET, DISTRICT = "柳林街道", "柳林管委会"
OURS, NAMESAKE, HEIR = (f"unit-{n:016}" for n in (1, 2, 3))
HERE = registered("2026-01-05")
LATER = "2026-06-01"


def established(name: str = TOWN, on: str = "2010-01-01") -> UnitEstablished:
    return UnitEstablished(name=name, region="610499", established_on=day(on))


def renamed(name: str = STREET, on: str = "2026-02-01") -> UnitRenamed:
    return UnitRenamed(name=name, renamed_on=day(on))


def entered(unit_id: str, *facts: UnitFact, at: str = "2026-01-01", after: int = 0) -> list[Recorded]:
    return [recorded(fact, after + n, unit_id, now=start_of(day(at))) for n, fact in enumerate(facts, 1)]


RENAMED = Directory().plus(entered(OURS, established(), renamed(), renamed(DISTRICT, "2026-03-01")))
MERGED = Directory().plus(
    [
        *entered(
            OURS, established(), UnitDissolved(dissolved_on=day("2026-02-01"), reason="撤镇设街道", successor=HEIR)
        ),
        *entered(HEIR, established(STREET)),
    ]
)
TAKEN = Directory().plus([*entered(OURS, established(), renamed()), *entered(NAMESAKE, established(on="2026-02-10"))])


def sent(on: str, unit: str, due_on: str) -> Fact:
    return dispatched(on, unit, DispatchKind.ASSIGN).model_copy(update={"due_on": day(due_on)})


def not_ours(on: str, unit: str) -> Fact:
    return ObjectionRaised(unit=unit, raised_on=day(on), reason="不属于本单位职责范围")


PASSED_ON = (HERE, dispatched("2026-01-10"), dispatched("2026-02-10", STREET), dispatched("2026-03-10", DISTRICT))
SENT_TWICE = (HERE, sent("2026-01-10", TOWN, "2026-02-20"), sent("2026-02-10", STREET, "2026-05-01"))

Row = tuple[str, tuple[Fact, ...], Directory, str | None, str | None]

TABLE: dict[str, Row] = {
    "sent to a unit under each of its three names, it was not passed on": (
        "ping-pong", PASSED_ON, RENAMED, "2026-03-10", None,
    ),
    "to another unit, it was": (
        "ping-pong",
        (*PASSED_ON[:2], dispatched("2026-02-10", BUREAU), dispatched("2026-02-15", STREET)),
        RENAMED, "2026-02-15", "2026-02-15",
    ),
    "to whoever has the duties now, it was not": (
        "ping-pong",
        (*PASSED_ON[:2], objected("2026-01-12"), dispatched("2026-01-14"), dispatched("2026-02-10", STREET)),
        MERGED, "2026-02-10", None,
    ),
    "to the two before they were one, it was": (
        "ping-pong",
        (*PASSED_ON[:2], dispatched("2026-01-20", STREET), dispatched("2026-01-25")),
        MERGED, "2026-01-25", "2026-01-25",
    ),
    "to whoever took the old name, it was": (
        "ping-pong",
        (*PASSED_ON[:3], dispatched("2026-02-20"), dispatched("2026-02-25", STREET)),
        TAKEN, "2026-02-20", "2026-02-25",
    ),
    "sent once more under the new name with a later day, its clock was set back": (
        "clock-reset", SENT_TWICE, RENAMED, None, "2026-02-10",
    ),
    "taken up once more under the new name": (
        "clock-reset", (HERE, accepted("2026-01-10"), accepted("2026-02-10", STREET)), RENAMED, None, "2026-02-10",
    ),
    "in the hands of whom it is about, by the name of before": (
        "sent-to-accused",
        (HERE, accused("2026-01-06", TOWN), dispatched("2026-02-10", STREET)), RENAMED, None, "2026-02-10",
    ),
    "of whoever bears the name of whom it is about": (
        "sent-to-accused",
        (HERE, accused("2026-01-06", TOWN), dispatched("2026-01-10", BUREAU), dispatched("2026-02-20")),
        TAKEN, "2026-02-20", None,
    ),
    "objected late, under the new name": (
        "objection-late", (HERE, dispatched("2026-01-10"), not_ours("2026-03-02", STREET)), RENAMED, None, "2026-03-02",
    ),
    "reviewed by whoever had handled it, under the new name": (
        "review-late",
        (HERE, accepted("2026-01-10"), contested("2026-02-20"), decided("2026-03-01", unit=DISTRICT)),
        RENAMED, None, "2026-03-01",
    ),
}  # fmt: skip


def _same(directory: Directory) -> Directory:
    return directory


@pytest.mark.parametrize(("rule", "facts", "units", "as_written", "since"), TABLE.values(), ids=TABLE.keys())
def test_the_table(
    national: Standard, rule: str, facts: tuple[Fact, ...], units: Directory, as_written: str | None, since: str | None
) -> None:
    asked = moment(LATER, 23)
    for directory, shows in ((Directory(), as_written), (units, since)):
        said = derivation(national, history(*facts), asked, None, partial(_same, directory))
        answer = next(entry for entry in said["rules"] if entry["rule"] == rule)
        assert (answer["since"] and answer["since"].isoformat()) == shows, answer["zh"]
    for backwards in (facts[::-1], facts):
        case = under_one_name(dossier_of(history(*backwards)), lambda: units, day(LATER), asked)
        assert assess(case, national, day(LATER))[rule].shows == (since is not None)


def test_it_is_called_by_the_name_of_the_day(national: Standard) -> None:
    facts = (*PASSED_ON[:2], dispatched("2026-02-10", BUREAU), dispatched("2026-02-15", STREET))
    case = under_one_name(dossier_of(history(*facts)), lambda: RENAMED, day("2026-02-20"), moment(LATER))
    assert f"由{BUREAU}转到{STREET}" in str(assess(case, national, day("2026-02-20"))["ping-pong"])
    assert TOWN not in str(assess(case, national, day("2026-02-20"))["ping-pong"])


def test_a_case_that_names_one_unit_asks_no_directory() -> None:
    def never() -> Directory:
        raise AssertionError("asked")

    case = dossier_of(history(HERE, dispatched("2026-01-10"), accepted("2026-01-12"), leader("2026-01-13")))
    assert under_one_name(case, never, day(LATER), moment(LATER)) is case


def test_what_nobody_is_known_by_stays_as_it_was_named() -> None:
    case = dossier_of(history(*PASSED_ON))
    assert under_one_name(case, Directory, day(LATER), moment(LATER)) is case
    two = Directory().plus([*entered(OURS, established()), *entered(NAMESAKE, established())])
    assert under_one_name(case, lambda: two, day(LATER), moment(LATER)) is case


def test_it_counts_when_it_was_known(national: Standard) -> None:
    """The same question about the same moment gets the same bytes, whatever came to be known since."""
    later = Directory().plus(
        [
            *entered(OURS, established()),
            *entered(OURS, renamed(), renamed(DISTRICT, "2026-03-01"), at="2026-04-01", after=1),
        ]
    )
    facts = history(*PASSED_ON)
    before = derivation(national, facts, moment("2026-03-31"), None, lambda: later)
    assert to_json(before) == to_json(derivation(national, facts, moment("2026-03-31")))
    assert any(entry["shows"] and entry["rule"] == "ping-pong" for entry in before["rules"])
    after = derivation(national, facts, moment("2026-04-02"), None, lambda: later)
    assert not any(entry["shows"] and entry["rule"] == "ping-pong" for entry in after["rules"])


def told(folder: Path) -> list[str]:
    found = [(business_date(p.as_of), p.recorded.fact) for p in log_of(folder)]
    return [
        f"{on} {type(fact).__name__} {fact.rule}"
        for on, fact in found
        if isinstance(fact, FindingRaised | FindingResolved)
    ]


def test_what_was_said_of_two_names_is_taken_back_when_they_are_known_to_be_one(standard: Standard) -> None:
    """Also where nothing of the case itself changed; and a replay comes to the very same words."""
    strict = only(standard, "ping-pong")
    days = Days(
        [moment(f"2026-03-{n:02}", 0.2) for n in range(1, 31)],
        [
            *entered(OURS, established()),
            *history(*PASSED_ON),
            *entered(OURS, renamed(), renamed(DISTRICT, "2026-03-01"), at="2026-03-20", after=1),
            *entered(
                OURS, EntryWithdrawn(entry=2, withdrawn_on=day("2026-03-25"), reason="录错"), at="2026-03-25", after=3
            ),
        ],
    )
    with county(days, strict) as folder:
        assert told(folder) == [
            "2026-03-11 FindingRaised ping-pong",
            "2026-03-20 FindingResolved ping-pong",
            "2026-03-25 FindingRaised ping-pong",
        ]
        done = once_more(folder, strict)
        assert len(done.found) == len(done.issued) > 0
        assert list(compared("case-1", done, to_the_byte=True)) == []
