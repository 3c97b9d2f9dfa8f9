"""The watch is watched: a sweep that is late, or that lost sight of an open case, is a trouble."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.node import POLICIES
from services.supervision.domain import supervision
from services.supervision.domain.policies import AdoptStandard, PublishPolicy
from services.supervision.domain.sweeps import SWEEPS
from services.supervision.publishing import publications
from services.supervision.watchdog import alarm
from shared.events import read
from shared.events.supervision import PolicyPublished, StandardAdopted, SweepCompleted
from shared.standard import Standard
from shared.workdays import DAY
from tests.house import house
from tests.sample import closed, day, registered, reply
from tests.spec import NOW, Spec
from tests.supervision.post import Post

SWEEP = SweepCompleted(
    as_of=NOW, policy="p", cases=3, due=0, decided=0, skipped=(), positions={}, open_cases=3, unwatched=0
)
BEGUN = NOW - timedelta(days=9)


@pytest.mark.parametrize(
    ("last", "since", "hours", "wrong"),
    [
        (SWEEP, BEGUN, 25, None),
        (SWEEP, BEGUN, 27, "no sweep since 2026-11-20 04:00 UTC"),
        (None, NOW, 25, None),
        (None, NOW, 27, "no sweep since 2026-11-20 04:00 UTC"),
        (SWEEP, NOW + timedelta(hours=20), 27, None),
        (SWEEP.model_copy(update={"unwatched": 2}), BEGUN, 1, "the last sweep lost sight of 2 cases; 3 are open"),
        (SWEEP.model_copy(update={"unwatched": None, "open_cases": None}), BEGUN, 1, None),
    ],
)
def test_what_is_wrong_with_the_watch(
    last: SweepCompleted | None, since: datetime, hours: int, wrong: str | None
) -> None:
    assert alarm(last, since, NOW + timedelta(hours=hours)) == wrong


def test_a_sweep_counts_what_is_open_and_a_case_that_nobody_would_ask_again_is_an_alarm(tmp_path: Path) -> None:
    with house(tmp_path, datetime(2026, 11, 20, 4, tzinfo=UTC)) as it:
        for _ in range(3):
            it.arrived(it.register())
        it.settle()
        it.clock.set(datetime(2026, 11, 21, 4, tzinfo=UTC))
        it.until(lambda: it.ask("GET", "/supervision/health/ready", None).json().get("swept_on") == "2026-11-21")
        with sqlite3.connect(it.settings.data / "supervision.db") as connection:
            said = connection.execute("SELECT state FROM stored_events WHERE originator_id = ?", (SWEEPS,)).fetchall()
            last = read(said[-1][0]).fact
            assert isinstance(last, SweepCompleted)
            assert (last.cases, last.open_cases, last.unwatched) == (3, 3, 0)
            connection.execute("DELETE FROM due WHERE case_id = 'case-1'")  # as a fault would
        connection.close()
        it.clock.set(datetime(2026, 11, 22, 4, tzinfo=UTC))
        ready = it.until(
            lambda: (
                said
                if "lost sight of 1 cases" in str(said := it.ask("GET", "/supervision/health/ready", None).json())
                else None
            )
        )
        assert ready["troubles"] == ["the last sweep lost sight of 1 cases; 3 are open"]
        assert b"huajie_unwatched_cases" in it.ask("GET", "/supervision/metrics", None).content


async def test_a_closed_case_that_nobody_would_ask_again_is_one_too(tmp_path: Path, national: Standard) -> None:
    """Whoever closed it still owes the visits afterwards: until they are made, or are late, it is asked."""
    with closing(Post(tmp_path, national, day("2026-01-22"))) as post:
        for name in ("kept", "lost"):
            await post.hear(
                (name, fact) for fact in (registered("2026-01-05"), reply("2026-01-20"), closed("2026-01-21"))
            )
        await post.watch.pass_over(post.evening)
        assert post.watch.last_sweep is not None
        assert (post.watch.last_sweep.open_cases, post.watch.last_sweep.unwatched) == (0, 0)
        post.store.log.append((), [("DELETE FROM due WHERE case_id = ?", ("lost",))])  # as a fault would
        post.evening += DAY
        await post.watch.pass_over(post.evening)
        assert (post.watch.last_sweep.open_cases, post.watch.last_sweep.unwatched) == (0, 1)


def test_a_policy_is_published_once_for_its_values(standard: Standard) -> None:
    text = (POLICIES / "national.toml").read_text("utf-8")
    (first,) = publications({"national.toml": text})
    (commented,) = publications({"national.toml": f"# 注\n{text}"})
    (other,) = publications({"national.toml": text.replace("answer_days = 10", "answer_days = 11")})
    assert first.digest == commented.digest != other.digest
    fact = PolicyPublished(**first.model_dump())
    here = Spec(supervision(standard))
    here.given().when(first).then(fact)
    here.given(fact).when(commented).then()
    replacing = PublishPolicy(**other.model_dump())
    here.given(fact).when(replacing).then(PolicyPublished(**other.model_dump(), replaces=first.digest))


def test_what_verdicts_go_by_is_said_once_until_it_is_another(standard: Standard) -> None:
    adopt = AdoptStandard(versions=("national-2026.7",), digests=("d",), holidays="")
    here, fact = Spec(supervision(standard)), StandardAdopted(**adopt.model_dump())
    published = PolicyPublished(**next(iter(publications(OVERLAID))).model_dump())
    here.given().when(adopt).then(fact)
    here.given(published, fact).when(adopt).then()
    closed = adopt.model_copy(update={"holidays": "[2027]"})
    here.given(published, fact).when(closed).then(StandardAdopted(**closed.model_dump()))
    here.given(published, fact, StandardAdopted(**closed.model_dump())).when(adopt).then(fact)


OVERLAID = {
    "national.toml": (POLICIES / "national.toml").read_text("utf-8"),
    "local.toml": (POLICIES / "local" / "shandong.toml").read_text("utf-8"),
}


def test_an_overlay_is_published_with_its_own_text_and_the_digest_of_the_whole() -> None:
    """Found: supervision did not start on a policy folder with a local policy in it."""
    local, national = publications(OVERLAID)
    assert (local.version, national.version) == ("shandong-2016.7", "national-2026.7")
    assert local.text == OVERLAID["local.toml"].strip()
    lower = {name: text.replace("answer_days = 10", "answer_days = 11") for name, text in OVERLAID.items()}
    assert next(iter(publications(lower))).digest != local.digest
