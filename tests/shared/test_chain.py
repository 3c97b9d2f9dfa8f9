"""Law 9: a case's documents chain; whatever is changed, dropped or swapped shows, and where."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shared.events import GENESIS, Unreadable, sha256
from shared.events.chain import BrokenChain, verify_chain
from shared.store import SQLiteLog
from shared.store.draft import is_own
from tests.petitions import Link, Speaker, asking, linked, opened

LAWFUL = settings(max_examples=25, suppress_health_check=list(HealthCheck))
PETITIONS = st.lists(st.text("abcdefgh", min_size=1, max_size=2), min_size=1, max_size=3)
STEPS = st.lists(st.tuples(st.sampled_from(("case-1", "case-2")), st.booleans(), PETITIONS), max_size=12)


async def _live(folder: Path, steps: Sequence[tuple[str, bool, list[str]]]) -> list[list[bytes]]:
    speaker = Speaker()
    with closing(SQLiteLog(folder / "intake.db")) as log:
        async with opened(log) as store:
            for case_id, foreign, petitions in steps:
                if foreign:
                    await store.adopt([speaker.accept(case_id)])
                else:
                    await store.handle(case_id, Link(petitions=tuple(petitions)), asking())
        events = [event for event in log.since(0, 1000) if is_own(event.topic)]
        return [[e.state for e in events if e.originator_id == case_id] for case_id in ("case-1", "case-2")]


@LAWFUL
@given(STEPS)
def test_what_a_store_publishes_of_a_case_chains_whatever_it_hears_in_between(
    steps: list[tuple[str, bool, list[str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for documents in asyncio.run(_live(Path(folder), steps)):
            head = verify_chain(documents)
            assert head == (sha256(documents[-1]) if documents else GENESIS)
            assert verify_chain(documents, head) == head


def chain(length: int) -> list[bytes]:
    speaker = Speaker("intake")
    return [speaker.say("case-1", linked(f"p{n}")).document for n in range(length)]


@given(st.integers(1, 8), st.data())
def test_any_other_sequence_of_documents_is_found_out(length: int, data: st.DataObject) -> None:
    documents = chain(length)
    head = verify_chain(documents)
    others = [*documents, *chain(length)[:1]]
    other = data.draw(st.lists(st.sampled_from(others), max_size=length + 1))
    assume(other != documents)
    with pytest.raises(BrokenChain):
        verify_chain(other, head)


@given(st.integers(2, 8), st.data())
def test_a_change_of_one_document_is_found_where_it_lies_or_right_after_it(length: int, data: st.DataObject) -> None:
    documents = chain(length)
    head = verify_chain(documents)
    at = data.draw(st.integers(0, length - 1))
    said = json.loads(documents[at])
    said["data"]["petition_id"] += "!"
    documents[at] = json.dumps(said, ensure_ascii=False).encode()
    with pytest.raises(BrokenChain) as broken:
        verify_chain(documents, head)
    assert broken.value.index == min(at + 1, length - 1)
    if at == length - 1:
        verify_chain(documents)  # nobody vouches for the last one but who kept its hash


@given(st.integers(3, 8), st.data())
def test_a_document_taken_out_or_two_swapped_are_found_where_it_happened(length: int, data: st.DataObject) -> None:
    documents = chain(length)
    at = data.draw(st.integers(0, length - 2))
    without = documents[:at] + documents[at + 1 :]
    with pytest.raises(BrokenChain) as broken:
        verify_chain(without)
    assert broken.value.index == at
    swapped = [*documents[:at], documents[at + 1], documents[at], *documents[at + 2 :]]
    with pytest.raises(BrokenChain) as broken:
        verify_chain(swapped)
    assert broken.value.index == at


def test_the_error_says_in_both_languages_where_the_chain_breaks() -> None:
    documents = chain(4)
    with pytest.raises(BrokenChain) as broken:
        verify_chain([documents[0], documents[2]])
    text = str(broken.value)
    assert "第 2 份文档（intake:case-1:3）" in text
    assert "document 2 (intake:case-1:3)" in text
    with pytest.raises(BrokenChain, match="截去"):
        verify_chain(documents[:3], sha256(documents[3]))
    with pytest.raises(BrokenChain, match="another case"):
        verify_chain([documents[0], Speaker("intake").say("case-2", linked("x")).document])


def test_an_empty_chain_has_the_genesis_for_its_head() -> None:
    assert verify_chain([]) == GENESIS
    with pytest.raises(BrokenChain):
        verify_chain([], sha256(b"something"))


def test_what_is_not_a_document_is_not_a_link() -> None:
    with pytest.raises(Unreadable):
        verify_chain([b"{}"])
