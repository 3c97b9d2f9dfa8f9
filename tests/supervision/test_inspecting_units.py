"""对单位督导: a group goes to a unit; what it saw is found, what was entered for its coming is found, and the head is told."""

from pathlib import Path
from typing import Any

import pytest

from services.supervision.domain import State, supervision
from services.supervision.domain.inspections import InspectUnit
from services.supervision.unitbook import UnitBook, book_of
from shared.directory import Directory
from shared.events import Recorded
from shared.events.intake import PostLeft, PostTaken
from shared.events.supervision import (
    BookOpened,
    Difference,
    FindingRaised,
    FindingResolved,
    NoticeIssued,
    UnitInspected,
)
from shared.standard import Standard
from shared.terms import LeaderRank
from tests.sample import LI, TOWN, WANG, accepted, day, visit
from tests.spec import Spec, recorded
from tests.supervision.account import SUN, ZHAO
from tests.supervision.lives import moment, only
from tests.supervision.test_replay_of_units import by_another, once_more
from tests.supervision.town import town
from tests.supervision.unit_days import BOOK, Clerks, days_of, mornings, said_of

HERE = BookOpened(unit=TOWN, region="610499")
WENT = UnitInspected(
    inspection_id="d-1",
    told_on=day("2026-11-10"),
    held_on=day("2026-11-15"),
    members=(ZHAO, SUN),
    seen="抽查三件，其中一件没有入户",
    differences=(Difference(fact="casework:case-1:2", says="已入户", seen="查无此事"),),
)


def inspect(fact: UnitInspected = WENT, **changes: Any) -> InspectUnit:
    """The command in the words of its fact, but for these changes."""
    return InspectUnit(**fact.model_dump() | changes)


def office(standard: Standard, directory: Directory | None = None) -> Spec[State]:
    """Supervision with the book of a town, in which one visit stands."""
    written: list[Recorded] = [recorded(accepted("2026-11-01")), recorded(visit("2026-11-05"), 2)]
    book: UnitBook = book_of(TOWN, "610499", written)
    return Spec(supervision(standard, lambda: directory or Directory(), lambda name, _: book if name == BOOK else None))


def here() -> Recorded:
    return recorded(HERE, case_id=BOOK)


def test_it_is_on_record_once(standard: Standard) -> None:
    office(standard).given(here()).when(inspect()).then(WENT)
    office(standard).given(here(), WENT).when(inspect(seen="别的")).then_rejected("id-taken")
    office(standard).given().when(inspect()).then_rejected("no-such-case")


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("before-it-was", {"told_on": day("2026-11-16")}),
        ("too-few-inspectors", {"members": (ZHAO, ZHAO)}),
        ("no-such-entry", {"differences": ({"fact": "casework:case-9:1", "says": "甲", "seen": "乙"},)}),
    ],
)
def test_what_is_refused(standard: Standard, rule: str, changes: dict[str, Any]) -> None:
    office(standard).given(here()).when(inspect(**changes)).then_rejected(rule)


def test_nobody_inspects_their_own_unit(standard: Standard) -> None:
    known = Directory().plus(town())
    head = known.units[next(iter(known.units))].head_on(day("2026-11-15"))
    assert head is not None
    office(standard, known).given(here()).when(inspect(members=(ZHAO, head))).then_rejected("inspects-own-unit")
    office(standard, known).given(here()).when(inspect()).then(WENT)


def test_whoever_left_after_that_day_had_a_post_on_it(standard: Standard) -> None:
    post = PostTaken(holding_id="h-3", official=SUN, since=day("2024-03-01"), rank=LeaderRank.TEAM)
    for left, refused in (("2026-11-14", False), ("2026-11-16", True)):
        known = Directory().plus(town(post, PostLeft(holding_id="h-3", left_on=day(left))))
        said = office(standard, known).given(here()).when(inspect())
        said.then_rejected("inspects-own-unit") if refused else said.then(WENT)


async def test_what_was_seen_and_what_was_entered_for_its_coming_are_found_and_the_head_is_told(
    national: Standard, tmp_path: Path
) -> None:
    """A finding that replay reproduces to the byte, and that ends with an inspection which saw nothing of the kind."""
    standard, clerks = only(national, "records-differ", "eve-filling"), Clerks()
    for case in range(10):
        clerks.take_on(case)
        clerks.write(case, visit("2026-03-03"), "2026-03-10", case)
    went = WENT.model_copy(
        update={
            "told_on": day("2026-03-09"),
            "held_on": day("2026-03-12"),
            "differences": (Difference(fact="casework:case-1:2", says="已入户", seen="查无此事"),),
        }
    )
    again = went.model_copy(
        update={"inspection_id": "d-2", "told_on": day("2026-04-02"), "held_on": day("2026-04-02"), "differences": ()}
    )
    told = {moment("2026-03-13", 9): inspect(went), moment("2026-04-02", 9): inspect(again)}
    await days_of(tmp_path, clerks.heard(), mornings("2026-03-10", "2026-04-10"), standard, words=told)
    said = said_of(tmp_path)
    found = {fact.rule: fact for fact in said if type(fact) is FindingRaised}
    assert found.keys() == {"records-differ", "eve-filling"}
    assert {fact.since for fact in found.values()} == {day("2026-03-12"), day("2026-03-10")}
    assert found["records-differ"].unit == TOWN
    notice = next(fact for fact in said if isinstance(fact, NoticeIssued))
    assert (notice.addressee.unit, notice.issued_on, len(notice.findings)) == (TOWN, day("2026-03-13"), 2)
    assert [fact.rule for fact in said if isinstance(fact, FindingResolved)] == ["records-differ"]
    replayed = once_more(tmp_path, standard)
    assert replayed.issued
    assert [word.fact for word in replayed.issued] == [word.fact for word in replayed.found]
    other = by_another(tmp_path, standard, standard)
    assert [type(word.fact) for word in other.issued] == [type(word.fact) for word in other.found]


def test_whoever_handles_a_case_may_inspect_a_unit_that_has_it_no_more(standard: Standard) -> None:
    """Posts keep away from their own unit, not cases: which case was looked into is the group's affair."""
    office(standard).given(here()).when(inspect(members=(WANG, LI))).then(
        WENT.model_copy(update={"members": (WANG, LI)})
    )
