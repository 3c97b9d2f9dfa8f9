"""Who is asking: what a token may say, and how far an actor reaches."""

import string
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.decider import Scope
from shared.identity import Actor, Unauthenticated, Verifier
from shared.keyring import Keyring
from shared.terms import Role
from tests.shared.tokens import HANDLER, KEY, NOON, Clock, local, refusal, rsa_key, signed

OFFICE = Actor("o-1", Role.PETITION_OFFICE, None, "610400")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(clock: Clock) -> Verifier:
    return local(clock)


@pytest.fixture(scope="module")
def keyfile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("identity") / "token.key"


@pytest.fixture(scope="module")
def keyring(keyfile: Path) -> Keyring:
    return Keyring(keyfile)


# How far an actor reaches


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        ("610499", ["610499", "610499101", "610499101002"], ["610400", "610498", "61049", "611499", ""]),
        ("610400", ["610400", "610499", "610401101"], ["610000", "610500", "6204"]),
        ("610000", ["610000", "610499"], ["620000", "100000"]),
        ("500000", ["500101"], ["510101"]),
        ("429000", ["429004"], ["421000"]),
        ("610499101", ["610499101", "610499101002"], ["610499", "610499102"]),
        ("610499000000", ["610499", "610499101"], ["610498"]),
    ],
)
def test_trailing_zero_pairs_mean_the_level_above(region: str, inside: list[str], outside: list[str]) -> None:
    actor = Actor("a", Role.SUPERVISOR, None, region)
    assert all(actor.covers_region(code) for code in inside)
    assert not any(actor.covers_region(code) for code in outside)


@given(st.integers(110000, 999999), st.integers(110000, 999999))
def test_everyone_covers_their_own_region_and_never_another_province(own: int, other: int) -> None:
    actor = Actor("a", Role.SUPERVISOR, None, str(own))
    assert actor.covers_region(str(own))
    assert not actor.covers_region(str(other)) or own // 10000 == other // 10000


@pytest.mark.parametrize("region", ["", "000000", "6104", "61040a", "6104000", "６１０４００", "610400\n"])
def test_a_region_that_is_no_code_makes_no_actor(region: str) -> None:
    with pytest.raises(ValueError, match="行政区划代码"):
        Actor("a", Role.AUDITOR, None, region)


DAY = date(2026, 1, 5)


@pytest.mark.parametrize("role", list(Role))
def test_unit_roles_need_their_unit_and_office_roles_do_not(role: Role) -> None:
    actor = Actor("a", role, "housing-bureau", "610400")
    bound = role in {Role.HANDLER, Role.LEADER, Role.UNIT_HEAD}
    assert actor.covers(Scope("610499", frozenset({("housing-bureau", DAY), ("police", DAY)})))
    assert actor.covers(Scope("610499", frozenset({("police", DAY)}))) is not bound
    assert actor.covers(Scope("610499"))
    assert not actor.covers(Scope("610599", frozenset({("housing-bureau", DAY)})))


def test_a_unit_role_without_a_unit_is_in_no_unit() -> None:
    assert not Actor("a", Role.LEADER, None, "610499").covers(Scope("610499", frozenset({("police", DAY)})))


# What a token may say


@given(
    st.builds(
        Actor,
        id=st.text(min_size=1, max_size=20),
        role=st.sampled_from(Role),
        unit=st.none() | st.text(min_size=1, max_size=20),
        region=st.from_regex(r"[1-9][0-9]{5}([0-9]{3}){0,2}", fullmatch=True),
    )
)
def test_an_issued_token_gives_back_its_actor(keyfile: Path, keyring: Keyring, actor: Actor) -> None:
    token = keyring.issue(actor, lifetime=timedelta(hours=8), now=NOON)
    assert Verifier.local(keyfile, clock=Clock()).verify(token) == actor


def test_no_token_is_said_to_be_missing(verifier: Verifier) -> None:
    assert "No bearer token" in refusal(verifier, None)
    assert "No bearer token" in refusal(verifier, "")


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_token_ends_at_the_second_thirty_seconds_after_its_expiry(
    verifier: Verifier, clock: Clock, seen_before: bool
) -> None:
    token = signed({})
    if seen_before:
        verifier.verify(token)
    clock.now = NOON + timedelta(minutes=10, seconds=30) - timedelta(microseconds=1)
    assert verifier.verify(token) == HANDLER
    clock.now = NOON + timedelta(minutes=10, seconds=30)
    assert "expired" in refusal(verifier, token)
    assert verifier.recall(token) is None


def test_a_token_from_the_future_is_refused_beyond_the_leeway(verifier: Verifier, clock: Clock) -> None:
    token = signed({})
    clock.now = NOON - timedelta(seconds=31)
    assert "not valid yet" in refusal(verifier, token)
    clock.now = NOON - timedelta(seconds=30)
    assert verifier.verify(token) == HANDLER


def test_issuing_wants_a_time_zone(keyring: Keyring) -> None:
    with pytest.raises(ValueError, match="时区"):
        keyring.issue(HANDLER, lifetime=timedelta(hours=1), now=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "other"}, "another audience"),
        ({"aud": ["other", "huajie2"]}, "another audience"),
        ({"iss": "elsewhere"}, "issuer is not trusted"),
        ({"role": "emperor"}, "role is unknown"),
        ({"role": ["handler"]}, "role is unknown"),
        ({"role": "HANDLER"}, "role is unknown"),
        ({"region": "000000"}, "region is no GB/T 2260"),
        ({"region": 610499}, "malformed"),
        ({"unit": ["a", "b"]}, "malformed"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": None}, "lacks the claim exp"),
        ({"exp": float("nan")}, "expired"),
        ({"iat": float("nan")}, "not valid yet"),
        ({"nbf": int(NOON.timestamp()) + 60}, "not valid yet"),
        ({"sub": 7}, "malformed"),
        ({"sub": ""}, "subject is empty"),
    ],
)
def test_each_wrong_claim_has_its_own_reason(verifier: Verifier, claims: dict[str, Any], reason: str) -> None:
    assert reason in refusal(verifier, signed(claims))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "exp", "iat", "role", "region"])
def test_a_missing_claim_is_named(verifier: Verifier, claim: str) -> None:
    assert f"lacks the claim {claim}" in refusal(verifier, signed({}, leave_out=claim))


def test_a_unit_may_be_missing(verifier: Verifier) -> None:
    assert verifier.verify(signed({}, leave_out="unit")).unit is None


def test_the_algorithm_is_ours_to_choose(verifier: Verifier) -> None:
    claims = jwt.decode(signed({}), options={"verify_signature": False})
    forged = [
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, KEY.public_key().public_bytes_raw(), algorithm="HS256"),
        jwt.encode(claims, rsa_key("a"), algorithm="RS256"),
        jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA"),
    ]
    for token in forged:
        assert "signature, algorithm or key" in refusal(verifier, token)


@given(st.data())
def test_a_token_with_one_character_changed_is_refused(data: st.DataObject) -> None:
    token = signed({})
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(sorted(set(string.ascii_letters + string.digits + "-_.") - {token[at]})))
    changed = token[:at] + other + token[at + 1 :]
    verifier = local(Clock())
    verifier.verify(token)
    # base64 keeps spare bits in the last character of a part: such a spelling is the same token.
    try:
        assert verifier.verify(changed) == verifier.verify(token)
    except Unauthenticated:
        return
    assert jwt.get_unverified_header(changed) == jwt.get_unverified_header(token)
    assert [jwt.utils.base64url_decode(part) for part in changed.split(".")] == [
        jwt.utils.base64url_decode(part) for part in token.split(".")
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["sub", "exp", "iat", "nbf", "role", "region", "unit", "aud", "jti"]), anything))
def test_whatever_is_signed_the_answer_is_an_actor_or_a_refusal(claims: dict[str, Any]) -> None:
    try:
        actor = local(Clock()).verify(signed(claims))
    except Unauthenticated:
        return
    assert isinstance(actor, Actor)


@given(st.text(max_size=200) | st.from_regex(r"[\w=-]*\.[\w=-]*\.[\w=-]*", fullmatch=True))
def test_nonsense_is_refused_and_nothing_else(token: str) -> None:
    with pytest.raises(Unauthenticated):
        local(Clock()).verify(token)


def test_only_so_many_tokens_are_remembered_and_the_least_used_goes_first(clock: Clock) -> None:
    verifier = Verifier("huajie", "huajie", "EdDSA", lambda _: KEY.public_key(), clock=clock, remember=2)
    first, second, third = (signed({"jti": name}) for name in "abc")
    verifier.verify(first)
    verifier.verify(second)
    assert verifier.recall(first) == HANDLER
    verifier.verify(third)
    assert verifier.recall(second) is None
    assert verifier.recall(first) == verifier.recall(third) == HANDLER


def test_a_refused_token_is_not_remembered(verifier: Verifier) -> None:
    token = signed({"aud": "other"})
    refusal(verifier, token)
    assert verifier.recall(token) is None
