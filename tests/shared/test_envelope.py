"""The document of a fact: what goes in comes out, nothing else is taken for one, and nothing that comes in can do harm."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import GENESIS, REGISTRY, ZONE, Asked, Unreadable, case_of, document, read, sha256
from tests.petitions import NOON, REGION, accepted_document, edited, linked

asked = st.builds(
    Asked,
    actor=st.text(max_size=20),
    role=st.text(max_size=20),
    now=st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds have no zone
    unit=st.none() | st.text(max_size=20),
    cause=st.none() | st.text(max_size=20),
    correlation=st.none() | st.text(max_size=20),
    traceparent=st.none() | st.text(max_size=20),
    command_hash=st.none() | st.text(max_size=20),
    imported_from=st.none() | st.text(max_size=20),
)


@given(asked, st.text(min_size=1, max_size=40), st.integers(1, 10**6))
def test_what_is_written_is_read_back(who: Asked, petition: str, version: int) -> None:
    fact = linked(petition)
    raw = document(fact, region=REGION, case_id="case-1", version=version, prevhash=GENESIS, asked=who)
    back = read(raw)
    assert (back.fact, back.raw, back.id) == (fact, raw, f"intake:case-1:{version}")
    assert (back.service, back.region, back.type, back.case_id) == ("intake", REGION, "RepeatPetitionLinked", "case-1")
    assert (back.time, back.occurred_on, back.prevhash) == (who.now, fact.received_on, GENESIS)
    assert (back.actor, back.role, back.unit) == (who.actor, who.role, who.unit)
    assert (back.cause, back.command_hash, back.imported_from) == (who.cause, who.command_hash, who.imported_from)
    assert case_of(raw) == "case-1"


def test_a_document_is_a_cloud_event() -> None:
    said = json.loads(accepted_document("case-1", 3))
    assert said["specversion"] == "1.0"
    assert said["id"] == "casework:case-1:3"
    assert said["source"] == f"/{REGION}/casework"
    assert said["type"] == "huajie.casework.CaseAccepted"
    assert said["dataschema"] == "urn:huajie:casework:CaseAccepted:1"
    assert said["datacontenttype"] == "application/json"
    assert said["subject"] == "case-1"
    assert all(name.isalnum() and name.islower() for name in said)
    assert all(isinstance(value, str) for name, value in said.items() if name != "data")


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - a zone is added
def test_the_recorded_time_is_told_in_utc_whatever_the_clock_s_zone(moment: datetime, hours: int) -> None:
    now = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    who = Asked(actor="a", role="b", now=now)
    raw = document(linked("p"), region=REGION, case_id="c", version=1, prevhash=GENESIS, asked=who)
    assert read(raw).time == now
    assert json.loads(raw)["time"].endswith("Z")


@given(st.dates(date(1949, 10, 1), date(2199, 12, 31)))
def test_a_claimed_day_is_a_day_in_shanghai(day: date) -> None:
    fact = linked("p").model_copy(update={"received_on": day})
    who = Asked(actor="a", role="b", now=NOON)
    back = read(document(fact, region=REGION, case_id="c", version=1, prevhash=GENESIS, asked=who))
    assert back.occurred_on == day
    assert back.occurred_at.astimezone(ZONE).hour == 0


def test_the_same_fact_makes_the_same_bytes() -> None:
    assert accepted_document("case-1") == accepted_document("case-1")
    assert sha256(accepted_document("case-1")) != sha256(accepted_document("case-1", 2))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
def test_bytes_that_are_no_document_are_unreadable_and_name_no_case(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw)
    assert isinstance(case_of(raw), str)


@given(st.sampled_from(sorted(json.loads(accepted_document("case-1")))), json_values)
def test_a_document_with_any_attribute_spoilt_is_read_or_unreadable_never_worse(name: str, value: Any) -> None:
    raw = json.dumps({**json.loads(accepted_document("case-1")), name: value}).encode("utf-8", "surrogatepass")
    assert isinstance(case_of(raw), str)
    try:
        back = read(raw)
    except Unreadable:
        return
    assert back.raw == raw


@pytest.mark.parametrize(
    "name", sorted(json.loads(accepted_document("case-1")).keys() - {"specversion", "datacontenttype"})
)
def test_a_document_without_what_we_need_is_unreadable_or_of_an_unknown_type(name: str) -> None:
    said = json.loads(accepted_document("case-1"))
    del said[name]
    if name == "subject":
        assert case_of(json.dumps(said).encode()) == ""
        return
    with pytest.raises(Unreadable):
        read(json.dumps(said).encode())


def test_types_that_we_do_not_know_are_kept_as_they_are() -> None:
    for other in (
        "huajie.casework.CaseWasSung",
        "huajie.intake.CaseAccepted",
        "org.example.CaseAccepted",
        "CaseAccepted",
    ):
        back = read(edited(accepted_document("case-1"), type=other, data={"anything": [1]}))
        assert back.fact is None
        assert back.case_id == "case-1"


@pytest.mark.parametrize("schema", ["2", "99", "0", "-1", "x", "", "1.0"])
def test_a_schema_that_we_do_not_know_is_unreadable(schema: str) -> None:
    with pytest.raises(Unreadable, match="not known here"):
        read(edited(accepted_document("case-1"), dataschema=f"urn:huajie:casework:CaseAccepted:{schema}"))


def test_fields_that_a_newer_speaker_added_are_passed_over() -> None:
    said = json.loads(accepted_document("case-1"))
    said["data"]["added_later"] = {"x": 1}
    assert read(json.dumps(said).encode()).fact == read(accepted_document("case-1")).fact


def test_every_fact_has_one_speaker_and_a_field_for_its_time_that_it_has() -> None:
    assert len(REGISTRY) > 20
    for name, kind in REGISTRY.items():
        assert kind.__name__ == name
        assert kind.speaker in ("intake", "casework", "supervision")
        assert kind.occurred is None or kind.occurred in kind.model_fields


def test_why_a_document_is_unreadable_says_where_and_repeats_nothing_of_it() -> None:
    with pytest.raises(Unreadable, match="accepted_on: date") as refused:
        read(edited(accepted_document("case-1"), data={"unit": "柳林镇", "accepted_on": "家住某村的张某某"}))
    assert "张某某" not in str(refused.value)
    assert refused.value.__suppress_context__
