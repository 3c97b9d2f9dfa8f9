"""A unit that was renamed has one book: nothing that is found of it is lost, and nothing is found twice."""

from contextlib import closing
from pathlib import Path

import pytest

from services.supervision.domain.sweeps import SWEEPS
from services.supervision.library import LogLibrary
from services.supervision.one_book import bearers, home
from services.supervision.replay import Kind, compared, imagined_of_unit, repeated
from services.supervision.shelves import Shelves
from services.supervision.unitbook import book_id
from shared.directory import Directory
from shared.events import Recorded
from shared.events.intake import EntryWithdrawn
from shared.events.supervision import BookOpened, FindingResolved, NoticeClosed, SweepCompleted
from shared.standard import Standard
from shared.store import Roster, SQLiteLog
from shared.store.archive import open_archive
from tests.sample import TOWN, day, visit
from tests.supervision.lives import only, overlay
from tests.supervision.test_former_names import HEIR, MERGED, NAMESAKE, OURS, STREET, entered, established, renamed
from tests.supervision.test_units_watched import UNITS, found
from tests.supervision.unit_days import BOOK, Clerks, conduct_of, days_of, mornings, said_of
from tests.supervision.watching import ALL, REGION, log_of, scene_of

STREETS, NAMESAKES = book_id(REGION, STREET), book_id(REGION, f"{TOWN}/{NAMESAKE}")
RENAMED = [*entered(OURS, established()), *entered(OURS, renamed(on="2026-02-20"), at="2026-02-20", after=1)]


@pytest.fixture(scope="session")
def standard(national: Standard) -> Standard:
    """The rules about units alone: those about cases would have their word in each."""
    return only(national, *UNITS)


def late(*names: str, on: str = "2026-02-01", at: str = "2026-02-24", clerks: Clerks | None = None) -> Clerks:
    """A late visit in a case each, entered within minutes by clerks who go by these names of their unit."""
    clerks = clerks or Clerks()
    for case in range(len(names) + 2):
        clerks.take_on(case, "2026-01-10")
    for case, name in enumerate(names):
        clerks.write(case, visit(on), at, case, unit=name)
    return clerks


def with_units(clerks: Clerks, *units: Recorded) -> list[Recorded]:
    return sorted([*units, *clerks.heard()], key=lambda one: one.time)


def replays_alike(folder: Path, standard: Standard, *books: str) -> int:
    """How many words of the clock there are about these units: each follows anew from what was known when it was said, none was
    left unsaid, and another policy that says the same makes no difference.
    """
    words = 0
    with open_archive("supervision", folder) as archive:
        scene = scene_of(folder, standard)
        for book in books:
            shelves, events = Shelves(archive, scene), log_of(folder, book)
            done = repeated(scene, book, events, ALL, shelves.at, shelves.written(book))
            assert list(compared(book, done, to_the_byte=True)) == []
            same = imagined_of_unit(scene, standard, book, events, ALL, shelves.written(book), shelves.by)
            assert list(compared(book, same, to_the_byte=False)) == []
            words += len(done.issued)
    return words


HALVES = (*[TOWN] * 5, *[STREET] * 5)


async def test_what_was_written_under_two_names_is_found_once_and_its_new_name_is_told(
    standard: Standard, tmp_path: Path
) -> None:
    await days_of(tmp_path, with_units(late(*HALVES), *RENAMED), mornings("2026-02-19", "2026-02-28"), standard)
    ((rule, (_, counted)),) = found(tmp_path).items()
    assert (rule, len(counted)) == ("bulk-backfill", 10)
    conduct = conduct_of(tmp_path)
    assert conduct is not None
    assert conduct.words.findings[rule].unit == STREET
    assert conduct.words.live[0].notice.addressee.unit == STREET
    assert said_of(tmp_path, STREETS) == [BookOpened(unit=STREET, region=REGION, goes_on_in=BOOK)]
    assert replays_alike(tmp_path, standard, BOOK, STREETS) == 2
    swept = [p.recorded.fact.units for p in log_of(tmp_path, SWEEPS) if isinstance(p.recorded.fact, SweepCompleted)]
    assert (swept[0], swept[-1]) == (1, 1)  # by whichever names its work was written


async def test_by_other_values_than_those_that_were_gone_by_the_replay_differs(
    standard: Standard, tmp_path: Path
) -> None:
    await days_of(tmp_path, with_units(late(*HALVES), *RENAMED), mornings("2026-02-19", "2026-02-28"), standard)
    other = overlay(standard, "bulk-backfill", times=11)
    with open_archive("supervision", tmp_path) as archive:
        scene = scene_of(tmp_path, other)
        done = repeated(scene, BOOK, log_of(tmp_path, BOOK), ALL, Shelves(archive, scene).at)
    kinds = [(one.kind, one.fact) for one in compared(BOOK, done, to_the_byte=True)]
    assert kinds == [(Kind.GONE, "FindingRaised"), (Kind.GONE, "NoticeIssued")]


async def test_it_is_what_would_be_found_had_it_never_been_renamed(standard: Standard, tmp_path: Path) -> None:
    for folder, names in (("one", [TOWN] * 10), ("two", HALVES)):
        heard = with_units(late(*names), *(RENAMED if folder == "two" else ()))
        await days_of(tmp_path / folder, heard, mornings("2026-02-23", "2026-02-28"), standard)
    assert found(tmp_path / "one") == found(tmp_path / "two") != {}


async def test_halves_of_two_units_are_no_whole(standard: Standard, tmp_path: Path) -> None:
    await days_of(tmp_path, late(*HALVES).heard(), mornings("2026-02-23", "2026-02-28"), standard)
    assert (found(tmp_path), found(tmp_path, STREETS)) == ({}, {})


async def test_when_the_renaming_is_learned_late_what_was_found_goes_over_and_is_not_doubled(
    standard: Standard, tmp_path: Path
) -> None:
    learned = entered(OURS, established(), at="2026-01-01"), entered(OURS, renamed(), at="2026-03-05", after=1)
    heard = with_units(late(*[STREET] * 10), *learned[0], *learned[1])
    await days_of(
        tmp_path / "before",
        [one for one in heard if one not in learned[1]],
        mornings("2026-02-24", "2026-03-08"),
        standard,
    )
    assert found(tmp_path / "before", STREETS).keys() == {"bulk-backfill"}
    await days_of(tmp_path, heard, mornings("2026-02-24", "2026-03-08"), standard)
    assert found(tmp_path) == found(tmp_path / "before", STREETS)
    assert found(tmp_path, STREETS) == {}
    *_, opened, resolved, closed = said_of(tmp_path, STREETS)
    assert opened == BookOpened(unit=STREET, region=REGION, goes_on_in=BOOK)
    assert isinstance(resolved, FindingResolved)
    assert isinstance(closed, NoticeClosed)
    assert replays_alike(tmp_path, standard, BOOK, STREETS) == 6


async def test_when_the_renaming_was_an_error_they_are_two_again(standard: Standard, tmp_path: Path) -> None:
    wrong = entered(
        OURS, EntryWithdrawn(entry=2, reason="录入有误", withdrawn_on=day("2026-03-02")), at="2026-03-02", after=2
    )
    heard = with_units(late(*HALVES), *RENAMED, *wrong)
    await days_of(tmp_path, heard, mornings("2026-02-19", "2026-03-05"), standard)
    assert (found(tmp_path), found(tmp_path, STREETS)) == ({}, {})
    assert said_of(tmp_path, STREETS)[-1] == BookOpened(unit=STREET, region=REGION)
    assert replays_alike(tmp_path, standard, BOOK, STREETS) == 4


async def test_whoever_took_the_name_since_has_a_book_of_its_own(standard: Standard, tmp_path: Path) -> None:
    units = [*RENAMED, *entered(NAMESAKE, established(on="2026-02-22"), at="2026-02-22")]
    clerks = late(*HALVES)
    late(*[TOWN] * 12, on="2026-02-23", at="2026-03-05", clerks=clerks)
    await days_of(tmp_path, with_units(clerks, *units), mornings("2026-02-19", "2026-03-08"), standard)
    assert {rule: len(its) for rule, (_, its) in found(tmp_path).items()} == {"bulk-backfill": 10}
    assert {rule: len(its) for rule, (_, its) in found(tmp_path, NAMESAKES).items()} == {"bulk-backfill": 12}
    with closing(SQLiteLog(tmp_path / "supervision.db")) as log:
        library = LogLibrary(log, Roster(log))
        assert library.named(TOWN, REGION, day("2026-03-01")) == NAMESAKES
        assert library.named(TOWN, REGION, day("2026-01-31")) == BOOK
        assert library.named(STREET, REGION, day("2026-03-01")) == BOOK


def test_a_successor_is_another_unit_with_a_book_of_its_own() -> None:
    names = {its.unit_id: home(MERGED, its, REGION) for name in (TOWN, STREET) for its in bearers(MERGED, name, REGION)}
    assert names == {OURS: BOOK, HEIR: STREETS}


def test_of_whom_nothing_is_known_there_is_nobody_to_lead_to() -> None:
    assert list(bearers(Directory(), TOWN, REGION)) == []
