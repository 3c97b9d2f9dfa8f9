"""What is sent, and how much of it surely fits."""

import pytest
from eventsourcing.persistence import Notification
from hypothesis import given
from hypothesis import strategies as st

from deploy.broker import Broker
from shared.bus import connect, provision
from shared.bus.outgoing import fitting, outgoing
from tests.petitions import REGION

events = st.lists(st.tuples(st.integers(1, 5), st.booleans(), st.binary(min_size=1, max_size=2000)), max_size=30).map(
    lambda drawn: [
        Notification(
            "case-1", n + 1, "Said:1" if own else "adopted:Heard", state, sum(step for step, *_ in drawn[: n + 1])
        )
        for n, (_, own, state) in enumerate(drawn)
    ]
)


@given(events, st.integers(0, 3))
def test_own_facts_go_out_in_order_and_each_names_the_one_before(said: list[Notification], previous: int) -> None:
    messages = list(outgoing(REGION, "intake", "e1", said, previous))
    own = [event for event in said if not event.topic.startswith("adopted:")]
    assert [message.document for message in messages] == [event.state for event in own]
    assert [int(m.headers["Huajie-Position"]) for m in messages] == [event.id for event in own]
    chain = [previous, *(event.id for event in own)]
    assert [int(m.headers["Huajie-Previous"]) for m in messages] == chain[:-1]
    assert len({m.headers["Nats-Msg-Id"] for m in messages}) == len(messages)


@given(events, st.integers(-10, 30_000))
def test_only_the_first_messages_that_fit_are_sent(said: list[Notification], room: int) -> None:
    messages = list(outgoing(REGION, "intake", "e1", said, 0))
    sent = fitting(messages, room)
    assert list(sent) == messages[: len(sent)]
    assert not sent or sum(message.size for message in sent) < room
    if len(sent) < len(messages):
        assert sum(message.size for message in messages[: len(sent) + 1]) >= room
    assert fitting(messages, None) == messages


@pytest.mark.parametrize("length", [1, 700, 100_000])
async def test_a_message_takes_no_more_of_the_stream_than_is_reckoned(broker: Broker, length: int) -> None:
    client = await connect(broker.url, "test")
    js = client.jetstream()
    await provision(js, REGION, "intake")
    said = [Notification("case-1", n, "Said:1", b"x" * length, n) for n in range(1, 51)]
    messages = list(outgoing(REGION, "intake", "e1", said, 0))
    for message in messages:
        await js.publish(message.subject, message.document, headers=message.headers)
    held = (await js.stream_info("INTAKE")).state.bytes
    await client.close()
    assert held <= sum(message.size for message in messages) < held + 50 * 100
