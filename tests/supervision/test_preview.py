"""Judged ahead by processes of their own, or not: the same is said, to the byte, and the same is due; also when one is killed."""

import asyncio
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.supervision.domain import next_moment
from services.supervision.preview import Panel, Preview
from shared.directory import Directory
from shared.events import GENESIS, Fact, sha256
from shared.events.supervision import SupervisionFact
from shared.standard import Standard
from shared.store.beside import Owed
from shared.workdays import DAY, start_of
from tests.supervision.any_life import END, FIRST, lives
from tests.supervision.lives import Late, Watched, concluded, history
from tests.supervision.planted import WINDOW, happened_on, planted
from tests.supervision.post import Post, evening_of

CASES = 120
EVENINGS = WINDOW[:2]
PATIENCE_SECONDS = 60

OnDisk = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]
"""All documents, and when each history must be asked again."""


def ahead(folder: Path, standard: Standard) -> Preview:
    """However few there are."""
    return Preview(folder, None, standard, processes=2, many=1)


def facts_by_day() -> dict[date, list[tuple[str, Fact]]]:
    """What the cases hear on each evening of the window."""
    days = defaultdict[date, list[tuple[str, Fact]]](list)
    for case in map(planted, range(CASES)):
        for fact in case.facts:
            days[max(WINDOW[0], happened_on(fact))].append((case.case_id, fact))
    return days


async def lived(post: Post, evenings: Iterable[date]) -> None:
    """Hear what each day brings, and pass over what is due in the evening."""
    heard = facts_by_day()
    for today in evenings:
        post.evening = evening_of(today)
        await post.hear(heard.get(today, []))
        _, skipped = await post.watch.pass_over(post.evening)
        assert skipped == []


def kill_one() -> None:
    """As soon as there is a process that works for this one."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while not (children := multiprocessing.active_children()) and time.monotonic() < patience:
        time.sleep(0.01)
    children[0].kill()


def on_disk(post: Post) -> OnDisk:
    said = post.store.log.query("SELECT originator_id, topic, state FROM stored_events ORDER BY originator_id, rowid")
    return said, post.store.log.query("SELECT case_id, at, version FROM due ORDER BY case_id")


@settings(max_examples=60)
@given(lives(), st.dates(FIRST, END), st.sampled_from([0, 1, 20, 90]))
def test_what_is_foreseen_is_what_the_judge_would_say(
    national: Standard, life: list[Late], today: date, days: int
) -> None:
    """And with it the moment at which the judge would want to be asked again."""
    watched = Watched(national).live(history(*life), today, daily=False)
    known = [fact for fact in history(*life) if fact.time <= start_of(today)]
    moment, owed = start_of(today + days * DAY), Owed("case-1", "", len(known) + len(watched.said))
    foreseen = [*Panel(Path(), None, national, Directory()).ask(owed, [*known, *watched.said], moment)]
    if watched.dossier.registered is None:
        assert foreseen == []
        return
    ((_, again, facts, prevhash),) = foreseen
    assert list(facts) == concluded(national, watched.dossier, moment)
    assert prevhash == (sha256(watched.said[-1].raw) if watched.said else GENESIS)
    for fact in facts:
        assert isinstance(fact, SupervisionFact)
        watched.dossier = watched.dossier.saying(watched.dossier.words.after(fact))
    assert again == next_moment(national, watched.dossier, moment)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, national: Standard) -> OnDisk:
    """What is on disk when nobody judges ahead."""

    async def alone() -> OnDisk:
        with closing(Post(tmp_path_factory.mktemp("alone"), national)) as post:
            await lived(post, EVENINGS)
            return on_disk(post)

    return asyncio.run(alone())


async def test_judged_ahead_or_not_the_same_is_said_and_the_same_is_due(
    tmp_path: Path, national: Standard, undisturbed: OnDisk
) -> None:
    with closing(Post(tmp_path, national, preview=ahead(tmp_path, national))) as post:
        await lived(post, EVENINGS)
        assert on_disk(post) == undisturbed


async def test_when_they_cannot_read_the_log_all_is_judged_by_the_one_that_writes(
    tmp_path: Path, national: Standard, undisturbed: OnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Post(tmp_path, national, preview=ahead(tmp_path / "elsewhere", national))) as post:
        await lived(post, EVENINGS)
        assert on_disk(post) == undisturbed
    assert "all is judged here: NoLog" in caplog.text


async def test_when_a_process_is_killed_nothing_is_lost_or_said_twice(
    tmp_path: Path,
    national: Standard,
    undisturbed: OnDisk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with closing(Post(tmp_path, national, preview=ahead(tmp_path, national))) as post:
        first = asyncio.create_task(lived(post, EVENINGS[:1]))
        await asyncio.to_thread(kill_one)
        await first
        assert "all is judged here: BrokenProcessPool" in caplog.text
        await lived(post, EVENINGS[1:])
        assert on_disk(post) == undisturbed
