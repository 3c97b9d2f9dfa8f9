"""Foreign facts: taken in once, in order; what cannot be taken in parks its case, and nothing but its case."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from eventsourcing.persistence import OperationalError, StoredEvent
from prometheus_client import REGISTRY

from shared.decider import Scope
from shared.events.intake import UnitEstablished
from shared.store import Gap, Log, Unavailable, beside
from tests.petitions import (
    DAY,
    NOON,
    POISON,
    REGION,
    Clinic,
    Link,
    Petitions,
    Speaker,
    accepted_document,
    asking,
    edited,
    heard,
    opened,
    petitions,
    said,
)

CASEWORK = (f"{REGION}.casework", "e1")
FUTURE = edited(accepted_document("case-1", 9), dataschema="urn:huajie:casework:CaseAccepted:99")


async def test_facts_are_taken_in_once_however_often_they_come(log: Log) -> None:
    speaker = Speaker(step=3)  # positions have gaps: what lies between was not published
    facts = [speaker.accept(f"case-{n % 2}", f"unit-{n}") for n in range(6)]
    async with opened(log) as store:
        await store.adopt(facts[:2])
        await store.adopt(facts[:4])  # the acknowledgement was lost: the same again, and more
        await store.adopt(facts[3:4])
    async with opened(log) as store:
        await store.adopt(facts)
        assert (heard(store, "case-0"), heard(store, "case-1")) == (
            ["unit-0", "unit-2", "unit-4"],
            ["unit-1", "unit-3", "unit-5"],
        )
        assert store.heard() == {CASEWORK: 18}
        assert log.last_position() == 6


async def test_what_is_heard_and_how_far_is_one_commit(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two, it would never hear again what it had not kept."""
    append, commits = log.append, list[tuple[int, int]]()

    def seen(events: Sequence[StoredEvent], rows: beside.Rows = ()) -> Sequence[int]:
        commits.append((len(events), sum("INTO heard" in statement for statement, _ in rows)))
        return append(events, rows)

    monkeypatch.setattr(log, "append", seen)
    speaker = Speaker()
    async with opened(log) as store:
        await store.adopt([speaker.accept("case-1"), speaker.accept("case-2")])
        await store.adopt([speaker.accept("case-1", "unit-2")])
    assert commits == [(2, 1), (1, 1)]


async def test_what_is_said_and_what_is_heard_share_a_history(log: Log) -> None:
    speaker = Speaker()
    async with opened(log) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        await store.adopt([speaker.accept("case-1")])
        answer = await store.handle("case-1", Link(petitions=("b",)), asking(expected=2))
        assert [(r.service, r.version) for r in store.history("case-1")] == [
            ("intake", 1),
            ("casework", 1),
            ("intake", 3),
        ]
        assert answer.version == 3


async def test_a_gap_is_refused_and_nothing_is_half_done(log: Log) -> None:
    speaker = Speaker()
    facts = [speaker.accept("case-1", f"unit-{n}") for n in range(4)]
    async with opened(log) as store:
        with pytest.raises(Gap, match="casework"):
            await store.adopt(facts[1:])
        await store.adopt(facts[:1])
        with pytest.raises(Gap):
            await store.adopt([facts[1], facts[3]])
        assert (heard(store), store.heard(), log.last_position()) == (["unit-0"], {CASEWORK: 1}, 1)
        await store.adopt(facts)
        assert heard(store) == ["unit-0", "unit-1", "unit-2", "unit-3"]


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(b"\xff\xfe not JSON", id="not JSON"),
        pytest.param(b"[]", id="JSON, but no document"),
        pytest.param(edited(accepted_document("case-1"), data={"unit": 7}), id="a fact with the wrong fields"),
        pytest.param(FUTURE, id="a schema from the future"),
        pytest.param(edited(accepted_document("case-1"), subject="case-2"), id="two minds about its case"),
        pytest.param(edited(accepted_document("case-\0"), subject="case-\0"), id="an id that no text can hold"),
    ],
)
async def test_a_fact_that_cannot_be_read_is_parked_and_the_others_go_on(log: Log, poison: bytes) -> None:
    speaker = Speaker()
    batch = [
        speaker.accept("case-7", "x"),
        speaker.send(poison),
        speaker.accept("case-7", "y"),
        speaker.accept("case-8"),
    ]
    async with opened(log) as store:
        await store.adopt(batch)
        assert (heard(store, "case-7"), len(heard(store, "case-8"))) == (["x", "y"], 1)
        assert len(store.parked()) == 1
        assert store.heard() == {CASEWORK: 4}
        assert await store.redrive() == []
        assert len(store.parked()) == 1


async def test_what_follows_a_poisoned_fact_waits_in_order_and_goes_through_once_the_cause_is_gone(log: Log) -> None:
    clinic, intake_side = Clinic(), Speaker()
    async with opened(log, petitions(clinic)) as store:
        await store.handle("case-1", Link(petitions=("a",)), asking())
        await store.adopt([intake_side.accept("case-1", "before"), intake_side.accept("case-1", POISON)])
        await store.adopt([intake_side.accept("case-2"), intake_side.accept("case-1", "after")])
        await store.adopt([intake_side.accept("case-1", "last")])
        assert heard(store) == ["before"]
        assert [case_id for case_id, _ in store.parked()] == ["case-1"] * 3
        assert "ArithmeticError" in store.parked()[0][1]
        await store.handle("case-1", Link(petitions=("b",)), asking())  # what is parked does not stop commands
        assert await store.redrive() == []
        assert len(store.parked()) == 3
    clinic.cured = True
    async with opened(log, petitions(clinic)) as store:
        assert await store.redrive() == ["case-1"]
        assert heard(store) == ["before", POISON, "after", "last"]
        assert said(store) == ["a", "b"]
        assert store.parked() == []
        await store.adopt([intake_side.accept("case-1", "new")])
        assert heard(store)[-1] == "new"
        assert await store.redrive() == []


async def test_a_second_poison_stops_the_drive_where_it_lies(log: Log) -> None:
    clinic, speaker = Clinic(), Speaker()
    async with opened(log, petitions(clinic)) as store:
        await store.adopt([speaker.accept("case-1", POISON), speaker.accept("case-1", "x")])
        await store.adopt([speaker.send(FUTURE), speaker.accept("case-1", "y")])
        clinic.cured = True
        assert await store.redrive() == []
        assert heard(store) == [POISON, "x"]
        assert len(store.parked()) == 2


async def test_facts_of_an_unknown_type_are_kept_and_counted(log: Log) -> None:
    def count() -> float:
        return REGISTRY.get_sample_value("huajie_facts_unknown_total", {"service": "intake"}) or 0.0

    speaker, before = Speaker(), count()
    unheard = edited(accepted_document("case-1"), type="huajie.casework.CaseWasSung", data={"song": [1, {"a": None}]})
    async with opened(log) as store:
        await store.adopt([speaker.send(unheard), speaker.send(edited(accepted_document("case-1", 2), type="other"))])
        await store.adopt([speaker.accept("case-2")])
        assert [r.fact for r in store.history("case-1")] == [None, None]
        assert store.history("case-1")[0].raw == unheard
        assert store.parked() == []
        assert count() - before == 2
        answer = await store.handle("case-1", Link(petitions=("a",)), asking())
        assert answer.version == 3


async def test_a_log_that_is_away_parks_nothing(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> list[StoredEvent]:
        raise OperationalError("no connection")

    speaker = Speaker()
    fact = speaker.accept("case-1")
    async with opened(log) as store:
        for what in ("histories", "append"):
            with monkeypatch.context() as fault:
                fault.setattr(log, what, gone)
                with pytest.raises(Unavailable):
                    await store.adopt([fact])
        assert (store.parked(), store.heard()) == ([], {})
        await store.adopt([fact])
        assert heard(store) == ["柳林镇"]


async def test_a_log_that_speaks_under_a_new_name_is_not_heard_twice_and_not_rewritten_in_silence(log: Log) -> None:
    """The speaker's log was restored from a backup: what it kept comes again, and other facts stand where some were lost."""
    before, after = Speaker(epoch="e1"), Speaker(epoch="e2")
    async with opened(log) as store:
        await store.adopt([before.accept("case-1", unit) for unit in ("kept", "lost")])
        await store.adopt([before.accept("case-2", "kept")])
        await store.adopt(
            [after.accept("case-1", "kept"), after.accept("case-2", "kept"), after.accept("case-1", "other")]
        )
        assert (heard(store, "case-1"), heard(store, "case-2")) == (["kept", "lost"], ["kept"])
        ((case_id, why),) = store.parked()
        assert (case_id, why.split(":")[0]) == ("case-1", "Rewritten")


async def test_a_case_that_got_a_fact_falls_due_at_once_and_an_older_truth_does_not_take_that_back(log: Log) -> None:
    later = NOON + timedelta(days=30)

    def due(state: Petitions, now: datetime) -> datetime | None:  # noqa: ARG001 - the shape of a Due
        return later if not state.accepted else None

    speaker, now = Speaker(), NOON + timedelta(hours=1)
    async with opened(log, petitions(scope=Scope(REGION)), due) as store:
        await asyncio.gather(*(store.handle(f"case-{n}", Link(petitions=("a",)), asking()) for n in (1, 2)))
        assert (store.due(now, 9), set(store.due(later, 9))) == ([], {"case-1", "case-2"})
        await store.adopt([speaker.accept("case-1"), speaker.accept("case-2")])
        assert set(store.due(now, 9)) == {"case-1", "case-2"}
        for slow in (None, later):  # as another process would say that has not heard the fact yet
            log.append((), beside.due("case-1", 1, slow))
        assert "case-1" in store.due(now, 9)
        await asyncio.gather(*(store.handle(f"case-{n}", Link(petitions=("z",)), asking()) for n in (1, 2)))
        assert store.due(later, 9) == []


async def test_facts_of_what_is_no_case_yet_make_nothing_due(log: Log) -> None:
    """Found: a history without its registration was judged in every pass, and reported as skipped every day."""
    established = UnitEstablished(name="柳林镇", region=REGION, established_on=DAY)
    speaker = Speaker("casework")
    async with opened(log, petitions(scope=Scope(REGION)), lambda _, now: now) as store:
        await store.adopt([speaker.accept("case-1"), Speaker("intake").say("unit-0000000000000001", established)])
        assert store.due(NOON + timedelta(days=900), 9) == []
        assert store.cases() == 1
        await store.handle("case-1", Link(petitions=("a",)), asking())  # as the registration does
        assert store.due(NOON + timedelta(days=900), 9) == ["case-1"]


async def test_what_is_due_is_told_longest_due_first(log: Log) -> None:
    moments = {"a": NOON + timedelta(microseconds=2), "b": NOON, "c": NOON + timedelta(microseconds=1)}
    async with opened(log, due=lambda state, _: moments[state.linked[0]]) as store:
        for n, petition in enumerate("abc"):
            await store.handle(f"case-{n}", Link(petitions=(petition,)), asking())
        assert store.due(NOON + timedelta(seconds=1), 9) == ["case-1", "case-2", "case-0"]
        assert store.due(NOON + timedelta(microseconds=1), 9) == ["case-1", "case-2"]
        assert store.due(NOON + timedelta(seconds=1), 1) == ["case-1"]


async def test_a_slower_process_never_takes_back_how_far_was_heard(log: Log) -> None:
    speaker = Speaker()
    facts = [speaker.accept("case-1", f"unit-{n}") for n in range(3)]
    async with opened(log) as store:
        await store.adopt(facts)
        log.append((), beside.heard(CASEWORK, 1))
        assert store.heard() == {CASEWORK: 3}


async def test_what_is_said_beside_cases_is_heard_and_is_no_case_here(log: Log) -> None:
    speaker = Speaker()
    facts = [speaker.accept(name) for name in ("case-1", "fund-610499-hard-cases", f"file-{'0' * 64}", "case-2")]

    async with opened(log) as store:
        await store.adopt(facts)
        assert store.heard() == {CASEWORK: 4}
        assert store.cases() == 2
        assert store.history("fund-610499-hard-cases") == []
