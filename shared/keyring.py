"""The signing key of the embedded mode, and what a token says. Apart from `identity`, so that the command line starts without
the published language.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from shared.keyfile import secret_file
from shared.terms import Role

AUDIENCE = "huajie"
LOCAL_ISSUER = "huajie"


@dataclass(frozen=True, slots=True)
class Holder:
    """持有人: whoever a token is about."""

    id: str
    role: Role
    unit: str | None
    region: str


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Keyring:
    """The signing key of the embedded mode: Ed25519 in a PEM file, made on first use.

    `kid` comes from the public key's SHA-256. Raises PermissionError or ValueError for a file that cannot be trusted.
    """

    def __init__(self, file: Path) -> None:
        try:
            key = load_pem_private_key(secret_file(file, _new_key), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(
                f"{file} 不是 Ed25519 私钥；请从备份取回，或移走它，随后生成新的，已签发的令牌作废 / {file} is not an Ed25519"
                " private key: put it back from a backup, or move it away, and one is made; tokens that were signed before are void"
            )
        self._key = key
        self.public_key: Ed25519PublicKey = key.public_key()
        self.kid = sha256(self.public_key.public_bytes_raw()).hexdigest()[:16]

    def issue(self, holder: Holder, *, lifetime: timedelta, now: datetime) -> str:
        """A token that says who this is, from `now` (an instant with its time zone) for `lifetime`."""
        if now.tzinfo is None:
            raise ValueError("now 缺少时区 / now has no time zone")
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": LOCAL_ISSUER,
            "aud": AUDIENCE,
            "sub": holder.id,
            "iat": issued,
            "exp": issued + int(lifetime.total_seconds()),
            "role": holder.role.value,
            "region": holder.region,
        }
        if holder.unit is not None:
            claims["unit"] = holder.unit
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self.kid})
