"""What readers ask is what a slow and obvious fold over the facts would answer, now and as known at any moment."""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting import counting, queries
from services.reporting.filters import Filter, NoticeFilter
from services.reporting.projections import project
from services.reporting.queries import BadCursor
from services.reporting.sheets import SHEETS
from shared.events import read
from shared.identity import Actor
from shared.readmodel import ReadModel
from shared.store import Delivery
from shared.terms import CaseState, Channel, Role
from tests.reporting.histories import START, UNITS, Slow, by_time, log, logs
from tests.sample import day, registered
from tests.supervision.account import NOTICE, REPLY

CHINA = timezone(timedelta(hours=8))
SEVERAL = settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
EVERYBODY = Actor(id="x", role=Role.SUPERVISOR, unit=None, region="610000")
ACTORS = [
    EVERYBODY,
    Actor(id="x", role=Role.AUDITOR, unit="甲镇", region="610400"),
    Actor(id="x", role=Role.HANDLER, unit="甲镇", region="610499"),
    Actor(id="x", role=Role.LEADER, unit="丙局", region="610000"),
    Actor(id="x", role=Role.UNIT_HEAD, unit=None, region="610000"),
    Actor(id="x", role=Role.PETITION_OFFICE, unit=None, region="610499100"),
]


@contextmanager
def filled(deliveries: list[Delivery], chance: random.Random) -> Iterator[ReadModel]:
    """A read model that has heard these, in batches of any size."""
    with tempfile.TemporaryDirectory() as folder:
        model = ReadModel(f"sqlite:///{Path(folder) / 'reporting.db'}", "reporting", SHEETS, project)
        left = deliveries
        while left:
            size = chance.randrange(1, 40)
            model.receive(left[:size])
            left = left[size:]
        assert model.parked() == []
        yield model
        model.close()


def asked_for(chance: random.Random) -> dict[str, Any]:
    """A filter, any of whose columns may be left open."""
    said = {
        "state": tuple(chance.sample(list(CaseState), 2)),
        "unit": tuple(chance.sample(UNITS, 2)),
        "leader": chance.choice((("l-1",), ("王某",), ("李某",), ("l-3", "李某 副县长"))),
        "channel": tuple(chance.sample(list(Channel), 3)),
        "number": "HY-1",
        "region": chance.choice(("61", "6104", "610499", "610499100")),
        "stalled": chance.random() < 0.5,
        "backlog": chance.random() < 0.5,
        "in_hand": chance.random() < 0.5,
        "relapsed": chance.random() < 0.5,
        "refused": False,
        "received_from": date(2026, 1, 20),
        "received_to": date(2026, 2, 10),
    }
    return {name: value for name, value in said.items() if chance.random() < 0.25}


def fits(row: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether a row is asked for, written down a second time."""
    tests: dict[str, Callable[[Any], bool]] = {
        "state": lambda said: row["state"] in said,
        "unit": lambda said: row["unit"] in said,
        "leader": lambda said: any(
            one in (row["leader_id"], row["leader"], (row["leader"] or "").partition(" ")[0]) for one in said
        ),
        "channel": lambda said: row["channel"] in said,
        "number": lambda said: row["original_number"] == said,
        "region": lambda said: row["region"].startswith(said),
        "stalled": lambda said: (row["stalled_since"] is not None) == said,
        "backlog": lambda said: row["backlog"] == said,
        "in_hand": lambda said: bool(row["unit"]) == said,
        "relapsed": lambda said: (row["relapses"] > 0) == said,
        "refused": lambda said: (row["refused_on"] is not None) == said,
        "received_from": lambda said: row["received_on"] >= said,
        "received_to": lambda said: row["received_on"] <= said,
    }
    return all(tests[name](value) for name, value in asked.items())


@given(seed=st.integers(0, 2**32))
@SEVERAL
def test_lists_counts_and_rates_are_those_of_a_slow_fold(seed: int) -> None:
    chance = random.Random(seed)
    heard = by_time(logs(chance, 12))
    facts = [read(delivery.document) for delivery in heard]
    now = Slow(facts)
    with filled(heard, chance) as model:
        for minute in (None, *(chance.randrange(len(facts) + 1) for _ in range(2))):
            moment = None if minute is None else START + timedelta(minutes=minute - 0.5)
            then = now if moment is None else Slow([fact for fact in facts if fact.time <= moment])
            known = then.rows()
            for actor in chance.sample(ACTORS, 3):
                asked = asked_for(chance)
                wanted = Filter(**asked, as_of=moment and moment.astimezone(CHINA))
                expected = [row for row in then.seen(known, actor, now) if fits(row, asked)]
                assert queries.cases(model, actor, wanted, 1000, None) == {"cases": expected, "next": None}
                for by in ("state", "unit", "channel", "outcome"):
                    counted = {row[by]: row["cases"] for row in counting.counts(model, actor, by, wanted)}
                    assert counted == {v: sum(r[by] == v for r in expected) for v in {r[by] for r in expected}}
                by_unit = counting.by_unit(model, actor, lambda unit, _: unit[0], wanted)
                units = {row["unit"]: row["cases"] for row in by_unit}
                assert units == {
                    unit: sum(r["unit"] == unit for r in expected) for unit in {r["unit"] for r in expected}
                }
                areas = counting.counts(model, actor, "categories", wanted)
                assert sum(row["repeats"] for row in areas) == sum(row["repeats"] for row in expected)
                led = counting.counts(model, actor, "leader", wanted)
                assert len({row["leader_id"] for row in led}) == len(led)
                assert sum(row["stalled"] for row in led) == sum(r["stalled_since"] is not None for r in expected)
                rate = counting.resolution_rate(model, actor, wanted)
                settled = sum(row["state"] == "closed" and not row["relapses"] for row in expected)
                assert (rate["numerator"], rate["denominator"]) == (settled, len(expected))
                assert rate["rate"] == (round(settled / len(expected), 4) if expected else None)
                assert rate["relapsed"] == sum(row["relapses"] > 0 for row in expected)
                for row in expected[:2]:
                    found = queries.case(model, actor, row["case_id"], moment)
                    assert found is not None
                    assert found[0] == row
                live = NoticeFilter(live=True, as_of=moment)
                notices = queries.notices_page(model, actor, live, 1000, None)["notices"]
                visible = {row["case_id"] for row in then.seen(now.rows(), actor, now)}
                out = {(case_id, notice) for case_id, notice in then.live_notices() if case_id in visible}
                assert {(n["case_id"], n["notice_id"]) for n in notices} == out
                assert moment or queries.live_notices(model, actor) == len(out)


@given(seed=st.integers(0, 2**32), limit=st.integers(1, 7))
@SEVERAL
def test_pages_show_every_case_that_stands_still_once_though_others_move_meanwhile(seed: int, limit: int) -> None:
    chance = random.Random(seed)
    heard = by_time(logs(chance, 20))
    early = {f"case-{n}" for n in range(10)}
    first = [d for d in heard if read(d.document).case_id in early]
    late = [d for d in heard if read(d.document).case_id not in early]
    renumbered: dict[str, int] = {}

    def chained(deliveries: list[Delivery]) -> list[Delivery]:
        told = []
        for d in deliveries:
            before = renumbered.get(d.origin, 0)
            renumbered[d.origin] = before + 1
            told.append(Delivery(d.origin, d.epoch, before + 1, before, d.document))
        return told

    with filled(chained(first), chance) as model:
        expected = [row["case_id"] for row in queries.cases(model, EVERYBODY, Filter(), 1000, None)["cases"]]
        coming = chained(late)
        seen: list[str] = []
        cursor = None
        while True:
            page = queries.cases(model, EVERYBODY, Filter(), limit, cursor)
            assert len(page["cases"]) <= limit
            seen += [row["case_id"] for row in page["cases"]]
            if (cursor := page["next"]) is None:
                break
            model.receive(coming[:9])
            coming = coming[9:]
        assert [case_id for case_id in seen if case_id in early] == expected


def test_notices_come_by_rung_then_by_what_must_be_answered_soonest() -> None:
    chance = random.Random(5)
    with filled(by_time(logs(chance, 80)), chance) as model:
        seen: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = queries.notices_page(model, EVERYBODY, NoticeFilter(), 4, cursor)
            seen += page["notices"]
            if (cursor := page["next"]) is None:
                break
    rungs = ["accountability", "supervision", "reminder"]
    keys = [(rungs.index(n["level"]), n["due_on"] or date.max, f"{n['case_id']}/{n['notice_id']}") for n in seen]
    assert len(keys) > 40
    assert keys == sorted(keys)
    assert len({key[2] for key in keys}) == len(keys)


def test_a_notice_that_was_answered_waits_for_the_deed_and_lies_by_its_day() -> None:
    answered = REPLY.model_copy(update={"rectify_by": day("2026-12-20")})
    heard = [
        *log(("case-1", registered("2026-01-05")), ("case-2", registered("2026-01-06"))),
        *log(
            ("case-1", NOTICE),
            ("case-2", NOTICE.model_copy(update={"due_on": day("2026-12-01")})),
            ("case-1", answered),
        ),
    ]
    with filled(heard, random.Random(1)) as model:
        said = queries.notices_page(model, EVERYBODY, NoticeFilter(live=True), 10, None)["notices"]
    assert [(row["case_id"], row["rectify_by"]) for row in said] == [("case-2", None), ("case-1", day("2026-12-20"))]


@pytest.mark.parametrize(
    "cursor", ["", "!", "AAAA", "e30", "WzEsMl0", "WyJhIl0", "WyJhXHUwMDAwIiwiYiJd", "一", "=" * 9]
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with filled([], random.Random(1)) as model, pytest.raises(BadCursor):
        queries.cases(model, EVERYBODY, Filter(), 10, cursor)


def test_one_word_of_a_filter_may_be_given_bare() -> None:
    assert Filter(state=CaseState.CLOSED, unit="甲镇", leader=None) == Filter(state=(CaseState.CLOSED,), unit=("甲镇",))


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    chance = random.Random(3)
    heard = by_time(logs(chance, 6))
    moment = START + timedelta(minutes=len(heard) // 2)
    with filled(heard, chance) as model:
        answers = [
            queries.cases(model, EVERYBODY, Filter(as_of=moment.astimezone(zone)), 100, None)
            for zone in (UTC, CHINA, timezone(timedelta(hours=-11)))
        ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["cases"]
    assert isinstance(moment, datetime)
