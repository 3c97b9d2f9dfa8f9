"""Who is asking: what a token may say, and how far an actor reaches."""

import json
import multiprocessing
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from shared.decider import Scope
from shared.identity import Actor, IssuerUnreachable, Keyring, Unauthenticated, Verifier
from shared.keyfile import secret_file
from shared.terms import Role

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HANDLER = Actor("h-1", Role.HANDLER, "housing-bureau", "610499")
OFFICE = Actor("o-1", Role.PETITION_OFFICE, None, "610400")


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.asked = 0

    def __call__(self) -> datetime:
        self.asked += 1
        return self.now


KEY = Ed25519PrivateKey.generate()


def local(clock: Clock) -> Verifier:
    return Verifier("huajie", "huajie", "EdDSA", lambda _: KEY.public_key(), clock=clock)


def signed(claims: dict[str, Any], *, leave_out: str = "") -> str:
    """A token of our key that says whatever we like."""
    told = {
        "iss": "huajie",
        "aud": "huajie",
        "sub": "h-1",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 600,
        "role": "handler",
        "region": "610499",
        "unit": "housing-bureau",
    } | claims
    told.pop(leave_out, None)
    return jwt.encode(told, KEY, algorithm="EdDSA")


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


def refusal(verifier: Verifier, token: str | None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        verifier.verify(token)
    assert refused.value.zh
    assert refused.value.en
    return refused.value.en


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


# The key file


def _open(file: Path) -> str:
    return Keyring(file).kid


def test_processes_that_come_at_once_share_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "token.key"
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        kids = pool.map(_open, [file] * 6, chunksize=1)
    assert len(set(kids)) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["token.key"]


def test_a_secret_is_made_once_even_when_another_maker_wins_the_race(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    def late() -> bytes:
        secret_file(file, lambda: b"first")
        return b"second"

    assert secret_file(file, late) == b"first"


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Keyring(tmp_path / "token.key")
    (tmp_path / "token.key").chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        Keyring(tmp_path / "token.key")


# An OIDC issuer


class Issuer(BaseHTTPRequestHandler):
    """Serves its public keys; answers 503 while `down`."""

    keys: dict[str, RSAPrivateKey]
    down = False
    served = 0

    def do_GET(self) -> None:
        cls = type(self)
        cls.served += 1
        jwks = [
            jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}
            for kid, key in cls.keys.items()
        ]
        body = json.dumps({"keys": jwks}).encode()
        self.send_response(503 if cls.down else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps the test's output quiet."""


@cache
def rsa_key(_kid: str) -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


@pytest.fixture
def issuer() -> Iterator[tuple[type[Issuer], str]]:
    handler = type("Handler", (Issuer,), {"keys": {"a": rsa_key("a")}, "served": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield handler, f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


def of_issuer(kid: str = "a", **claims: object) -> str:
    told = jwt.decode(
        signed({"iss": "https://sso.example", "aud": ["huajie", "else"]} | claims), options={"verify_signature": False}
    )
    return jwt.encode(told, rsa_key(kid), algorithm="RS256", headers={"kid": kid})


def test_an_oidc_issuer_is_asked_once_and_only_when_needed(issuer: tuple[type[Issuer], str], clock: Clock) -> None:
    handler, url = issuer
    verifier = Verifier.oidc("https://sso.example", url, clock=clock)
    assert handler.served == 0
    assert verifier.verify(of_issuer()) == HANDLER
    assert verifier.verify(of_issuer(sub="h-2")).id == "h-2"
    assert handler.served == 1


def test_an_oidc_token_of_a_strange_key_algorithm_or_issuer_is_refused(
    issuer: tuple[type[Issuer], str], clock: Clock
) -> None:
    _, url = issuer
    verifier = Verifier.oidc("https://sso.example", url, clock=clock)
    assert "signature, algorithm or key" in refusal(verifier, of_issuer("b"))
    impostor = jwt.encode(
        jwt.decode(of_issuer(), options={"verify_signature": False}), rsa_key("b"), "RS256", {"kid": "a"}
    )
    assert "signature, algorithm or key" in refusal(verifier, impostor)
    assert "signature, algorithm or key" in refusal(verifier, signed({"iss": "https://sso.example"}))
    assert "issuer is not trusted" in refusal(verifier, of_issuer(iss="https://other.example"))


def test_an_unreachable_issuer_is_told_from_a_bad_token(issuer: tuple[type[Issuer], str], clock: Clock) -> None:
    handler, url = issuer
    verifier = Verifier.oidc("https://sso.example", url, clock=clock)
    handler.down = True
    with pytest.raises(IssuerUnreachable):
        verifier.verify(of_issuer())
    handler.down = False
    assert verifier.verify(of_issuer()) == HANDLER


def test_a_shared_secret_algorithm_is_refused_for_an_issuer(clock: Clock) -> None:
    with pytest.raises(ValueError, match="公钥算法"):
        Verifier.oidc("https://sso.example", "https://sso.example/jwks", clock=clock, algorithm="HS256")
