"""An OIDC issuer: a server of public keys, and what it signs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.shared.tokens import rsa_key, signed

ISSUER = "https://sso.example"


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


@contextmanager
def issuing() -> Iterator[tuple[type[Issuer], str]]:
    """An issuer of its own, and where its keys are."""
    handler = type("Handler", (Issuer,), {"keys": {"a": rsa_key("a")}, "served": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield handler, f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


def of_issuer(kid: str = "a", **claims: object) -> str:
    """A token of the issuer that says whatever we like."""
    told = jwt.decode(signed({"iss": ISSUER, "aud": ["huajie", "else"]} | claims), options={"verify_signature": False})
    return jwt.encode(told, rsa_key(kid), algorithm="RS256", headers={"kid": kid})
