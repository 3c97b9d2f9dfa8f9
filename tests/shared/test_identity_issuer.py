"""Tokens of an OIDC issuer: its keys are fetched when needed, and nothing else is believed."""

from collections.abc import Iterator

import jwt
import pytest

from shared.identity import IssuerUnreachable, Verifier
from tests.shared.issuing import ISSUER, Issuer, issuing, of_issuer
from tests.shared.tokens import HANDLER, Clock, refusal, rsa_key, signed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer() -> Iterator[tuple[type[Issuer], str]]:
    with issuing() as it:
        yield it


def test_an_oidc_issuer_is_asked_once_and_only_when_needed(issuer: tuple[type[Issuer], str], clock: Clock) -> None:
    handler, url = issuer
    verifier = Verifier.oidc(ISSUER, url, clock=clock)
    assert handler.served == 0
    assert verifier.verify(of_issuer()) == HANDLER
    assert verifier.verify(of_issuer(sub="h-2")).id == "h-2"
    assert handler.served == 1


def test_an_oidc_token_of_a_strange_key_algorithm_or_issuer_is_refused(
    issuer: tuple[type[Issuer], str], clock: Clock
) -> None:
    _, url = issuer
    verifier = Verifier.oidc(ISSUER, url, clock=clock)
    assert "signature, algorithm or key" in refusal(verifier, of_issuer("b"))
    impostor = jwt.encode(
        jwt.decode(of_issuer(), options={"verify_signature": False}), rsa_key("b"), "RS256", {"kid": "a"}
    )
    assert "signature, algorithm or key" in refusal(verifier, impostor)
    assert "signature, algorithm or key" in refusal(verifier, signed({"iss": ISSUER}))
    assert "issuer is not trusted" in refusal(verifier, of_issuer(iss="https://other.example"))


def test_an_unreachable_issuer_is_told_from_a_bad_token(issuer: tuple[type[Issuer], str], clock: Clock) -> None:
    handler, url = issuer
    verifier = Verifier.oidc(ISSUER, url, clock=clock)
    handler.down = True
    with pytest.raises(IssuerUnreachable):
        verifier.verify(of_issuer())
    handler.down = False
    assert verifier.verify(of_issuer()) == HANDLER


@pytest.mark.parametrize("instead", [b"<html>sign in</html>", b'{"error": "try later"}', b'{"keys": []}'])
def test_an_issuer_that_answers_something_else_is_no_fault_of_the_token(
    issuer: tuple[type[Issuer], str], clock: Clock, instead: bytes
) -> None:
    handler, url = issuer
    verifier = Verifier.oidc(ISSUER, url, clock=clock)
    handler.instead = instead
    with pytest.raises(IssuerUnreachable):
        verifier.verify(of_issuer())
    handler.instead = None
    assert verifier.verify(of_issuer()) == HANDLER
