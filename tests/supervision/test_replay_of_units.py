"""Replay of what is said of units: by the same policy nothing differs, by another what a fresh run under it says; and a silence
that was not right is found out.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.supervision.replay import Kind, Window, compared, imagined_of_unit, repeated
from services.supervision.replay.beside import Replayed
from services.supervision.shelves import Shelves
from shared.events import Recorded
from shared.standard import Standard
from shared.store.archive import open_archive
from shared.workdays import business_date
from tests.sample import day
from tests.supervision.lives import moment, only, overlay, then_another
from tests.supervision.test_units_watched import UNITS, busy, late
from tests.supervision.unit_days import BOOK, Clerks, days_of, mornings
from tests.supervision.watching import ALL, log_of, scene_of

RULES = (*UNITS, "notice-unheeded", "supervisor-idle")


@pytest.fixture(scope="session")
def standard(national: Standard) -> Standard:
    return only(national, *RULES)


def once_more(folder: Path, standard: Standard, window: Window = ALL) -> Replayed:
    """The unit by what was gone by."""
    return _replayed(
        folder,
        standard,
        lambda scene, shelves, events: repeated(scene, BOOK, events, window, shelves.at, shelves.written(BOOK)),
    )


def by_another(folder: Path, standard: Standard, other: Standard, window: Window = ALL) -> Replayed:
    """The unit by another standard."""
    return _replayed(
        folder,
        standard,
        lambda scene, shelves, events: imagined_of_unit(
            scene, other, BOOK, events, window, shelves.written(BOOK), shelves.by
        ),
    )


def _replayed(folder: Path, standard: Standard, how: Callable[..., Replayed]) -> Replayed:
    scene = scene_of(folder, standard)
    with open_archive("supervision", folder) as archive:
        return how(scene, Shelves(archive, scene), log_of(folder, BOOK))


def plain(words: list[Any]) -> list[tuple[Any, ...]]:
    """The words, each with its day; without the minute, and without the ids of what was imagined."""
    return [
        (business_date(word.as_of), type(word.fact).__name__, word.fact.__dict__.get("rule"), word.unit)
        for word in words
    ]


def late_ones() -> Clerks:
    return late(Clerks())


async def test_by_the_same_policy_nothing_differs_and_by_another_the_days_do(
    standard: Standard, tmp_path: Path
) -> None:
    """Nine entries in a burst are enough for one policy, ten for the other."""
    clerks = Clerks()
    await days_of(tmp_path, late(clerks, 9).heard(), mornings("2026-02-20", "2026-04-10"), standard)
    assert list(compared(BOOK, by_another(tmp_path, standard, standard), to_the_byte=False)) == []
    fewer = then_another(standard, day("2026-03-10"), "bulk-backfill", times=9)
    found = list(compared(BOOK, by_another(tmp_path, standard, fewer), to_the_byte=False))
    first = next(one for one in found if one.about == "bulk-backfill")
    assert (first.kind, first.fact, first.said_now) == (Kind.NEW, "FindingRaised", day("2026-03-10"))
    assert {one.fact for one in found} >= {"FindingRaised", "NoticeIssued"}


async def test_what_would_not_have_been_found_is_gone_and_what_people_said_of_it_is_moot(
    standard: Standard, tmp_path: Path
) -> None:
    await days_of(tmp_path, late_ones().heard(), mornings("2026-02-20", "2026-04-10"), standard)
    more = overlay(standard, "bulk-backfill", times=11)
    kinds = {(one.kind, one.about) for one in compared(BOOK, by_another(tmp_path, standard, more), to_the_byte=False)}
    assert (Kind.GONE, "bulk-backfill") in kinds
    window = Window(moment("2026-03-01"), moment("2026-03-20"))
    done = by_another(tmp_path, standard, standard, window)
    assert all(word.as_of in window for word in (*done.issued, *done.found))
    assert done.issued
    assert list(compared(BOOK, done, to_the_byte=False)) == []


async def test_a_silence_that_was_not_right_is_found_out(standard: Standard, tmp_path: Path) -> None:
    """The log was written by rules that wanted one entry more: those that are asked now would have spoken. What was
    heard on the way to a pass proves something at the next."""
    more = overlay(standard, "bulk-backfill", times=11)
    await days_of(tmp_path, late_ones().heard(), mornings("2026-02-20", "2026-03-10"), more)
    assert list(compared(BOOK, once_more(tmp_path, more), to_the_byte=True)) == []
    unsaid = list(compared(BOOK, once_more(tmp_path, standard), to_the_byte=True))
    assert [(one.kind, one.about, one.said_now) for one in unsaid][:1] == [
        (Kind.NEW, "bulk-backfill", day("2026-02-26"))
    ]


@settings(max_examples=8)
@given(busy(), st.integers(1, 9), st.sampled_from([("bulk-backfill", "times", 4), ("extension-habit", "share", 0.2)]))
def test_whatever_was_heard_when(
    standard: Standard,
    tmp_path_factory: pytest.TempPathFactory,
    life: list[Recorded],
    pause: int,
    change: tuple[str, str, Any],
) -> None:
    """A replay comes to what was said, to the byte, and finds no wrong silence; another policy, to what it would have said."""
    one, fresh = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("fresh")
    at = [*mornings("2026-01-10", "2026-04-20")[::pause]]
    other = overlay(standard, change[0], **{change[1]: change[2]})
    asyncio.run(days_of(one, life, at, standard))
    asyncio.run(days_of(fresh, life, at, other))
    assert list(compared(BOOK, once_more(one, standard), to_the_byte=True)) == []
    assert list(compared(BOOK, by_another(one, standard, standard), to_the_byte=False)) == []
    assert plain(by_another(one, standard, other).found) == plain(once_more(fresh, other).issued)
