"""What is new, what was heard before, what is missing: for any way in which the bus may hand facts over."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.store import Delivery, Gap, fresh

Log = tuple[str, str]

LOGS: list[Log] = [("610499.intake", "a"), ("610499.casework", "a"), ("610499.casework", "b")]


def deliveries(log: Log, positions: Sequence[int]) -> list[Delivery]:
    """A whole log: rising positions, each naming the one before."""
    return [
        Delivery(*log, position, previous, f"{log} {position}".encode())
        for previous, position in pairwise([0, *positions])
    ]


rising = st.lists(st.integers(1, 9), max_size=12).map(lambda steps: [sum(steps[: n + 1]) for n in range(len(steps))])
logs = st.tuples(rising, rising, rising).map(
    lambda all_positions: [deliveries(log, positions) for log, positions in zip(LOGS, all_positions, strict=True)]
)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[list[list[Delivery]], list[list[Delivery]]]:
    """Some logs, and the batches in which they arrive: interleaved, each log in order, with parts delivered again."""
    whole = draw(logs)
    left = [list(log) for log in whole]
    line: list[Delivery] = []
    while any(left):
        source = draw(st.sampled_from([log for log in left if log]))
        line.append(source.pop(0))
    batches: list[list[Delivery]] = []
    done = 0
    while done < len(line):
        again = draw(st.integers(0, done))  # a lost acknowledgement: from here on once more
        upto = draw(st.integers(done + 1, len(line)))
        batches.append(line[again:upto])
        done = upto
    return whole, batches


@given(journeys())
def test_every_fact_is_new_once_and_in_the_order_of_its_log(
    journey: tuple[list[list[Delivery]], list[list[Delivery]]],
) -> None:
    whole, batches = journey
    heard: dict[Log, int] = {}
    taken: list[Delivery] = []
    for batch in batches:
        new, heard = fresh(batch, heard)
        taken += new
    for log in whole:
        assert [d for d in taken if log and (d.origin, d.epoch) == (log[0].origin, log[0].epoch)] == log
    assert len(taken) == sum(map(len, whole))
    assert heard == {(log[-1].origin, log[-1].epoch): log[-1].position for log in whole if log}


@given(journeys(), st.data())
def test_a_missing_fact_is_noticed_before_anything_after_it(
    journey: tuple[list[list[Delivery]], list[list[Delivery]]], data: st.DataObject
) -> None:
    whole, _ = journey
    log = data.draw(st.sampled_from(whole))
    if len(log) < 2:
        return
    missing = data.draw(st.integers(0, len(log) - 2))
    heard: dict[Log, int] = {}
    _, heard = fresh(log[:missing], heard)
    before = dict(heard)
    with pytest.raises(Gap):
        fresh(log[missing + 1 :], heard)
    assert heard == before
    assert fresh(log, heard)[0] == log[missing:]


@given(journeys())
def test_what_was_heard_is_not_changed_by_asking(journey: tuple[list[list[Delivery]], list[list[Delivery]]]) -> None:
    _, batches = journey
    heard: dict[Log, int] = {}
    for batch in batches:
        before = dict(heard)
        assert fresh(batch, heard) == fresh(batch, heard)
        assert heard == before
        _, heard = fresh(batch, heard)
