"""Tokens of an OIDC issuer: its keys are fetched when needed, and nothing else is believed."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from shared.identity import IssuerUnreachable, Verifier
from tests.shared.tokens import HANDLER, Clock, refusal, rsa_key, signed


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Issuer(BaseHTTPRequestHandler):
    """Serves its public keys; answers 503 while `down`, or whatever it says `instead`."""

    keys: dict[str, RSAPrivateKey]
    down = False
    instead: bytes | None = None
    served = 0

    def do_GET(self) -> None:
        cls = type(self)
        cls.served += 1
        jwks = [
            jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}
            for kid, key in cls.keys.items()
        ]
        body = cls.instead or json.dumps({"keys": jwks}).encode()
        self.send_response(503 if cls.down else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps the test's output quiet."""


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


@pytest.mark.parametrize("instead", [b"<html>sign in</html>", b'{"error": "try later"}', b'{"keys": []}'])
def test_an_issuer_that_answers_something_else_is_no_fault_of_the_token(
    issuer: tuple[type[Issuer], str], clock: Clock, instead: bytes
) -> None:
    handler, url = issuer
    verifier = Verifier.oidc("https://sso.example", url, clock=clock)
    handler.instead = instead
    with pytest.raises(IssuerUnreachable):
        verifier.verify(of_issuer())
    handler.instead = None
    assert verifier.verify(of_issuer()) == HANDLER
