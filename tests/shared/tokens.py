"""Tokens that say whatever a test likes, and a clock that stands where it is put."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from shared.identity import Actor, Unauthenticated, Verifier
from shared.terms import Role

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


HANDLER = Actor("h-1", Role.HANDLER, "housing-bureau", "610499")


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


@cache
def rsa_key(_kid: str) -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def refusal(verifier: Verifier, token: str | None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        verifier.verify(token)
    assert refused.value.zh
    assert refused.value.en
    return refused.value.en
