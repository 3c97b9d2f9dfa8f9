"""The keys of the vault: one master key in a file, and those derived from it, each for one purpose."""

import json
import os
import re
import secrets
from hmac import compare_digest
from hmac import digest as hmac
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.intake.vault.person import (
    Petitioner,
    canonical_address,
    canonical_id_number,
    canonical_name,
    canonical_phone,
)
from services.intake.vault.tables import KEY_CHECK
from shared.keyfile import secret_file


class WrongKey(Exception):
    """The key file is not the one that this vault was made with."""


class Damaged(Exception):
    """A stored value does not open: it was altered, or moved from another record."""


class Keys:
    """The keys that are derived from the master key, each for one purpose."""

    def __init__(self, master: bytes) -> None:
        def derived(purpose: str) -> bytes:
            return HKDF(SHA256(), 32, salt=None, info=f"huajie vault {purpose} 1".encode()).derive(master)

        self._wrapping = AESGCM(derived("wrapping"))
        self._index, self._plain, self.check = derived("blind index"), derived("digest"), derived("check")

    def new_data_key(self, petitioner_id: str) -> tuple[AESGCM, bytes]:
        """A fresh data key, and the wrapped form to store."""
        key, nonce = AESGCM.generate_key(256), os.urandom(12)
        return AESGCM(key), nonce + self._wrapping.encrypt(nonce, key, bound(petitioner_id, "data key"))

    def data_key(self, petitioner_id: str, wrapped: bytes) -> AESGCM:
        """The data key of a petitioner. Raises Damaged."""
        return AESGCM(opened(self._wrapping, petitioner_id, "data key", wrapped[:12], wrapped[12:]))

    def marks(self, person: Petitioner) -> dict[str, bytes]:
        """The digests by which a person is found again, the strongest first."""
        name = canonical_name(person.name)
        found = {
            "id_number": (canonical_id_number(person.id_number or ""),),
            "name+phone": (name, canonical_phone(person.phone or "")),
            "name+address": (name, canonical_address(person.address or "")),
        }
        return {kind: keyed_digest(self._index, kind, *parts) for kind, parts in found.items() if None not in parts}

    def digest(self, *parts: str) -> bytes:
        """32 bytes that stand for these texts, and tell nothing of them to anybody without the master key."""
        return keyed_digest(self._plain, *parts)


def keyed_digest(key: bytes, *parts: str | None) -> bytes:
    return hmac(key, json.dumps(parts).encode(), "sha256")


def bound(petitioner_id: str, what: str) -> bytes:
    return f"{petitioner_id}|{what}".encode()


def opened(key: AESGCM, petitioner_id: str, what: str, nonce: bytes, ciphertext: bytes) -> bytes:
    try:
        return key.decrypt(nonce, ciphertext, bound(petitioner_id, what))
    except InvalidTag as error:
        raise Damaged(
            f"信访人 {petitioner_id} 的“{what}”无法解密：数据被改动或移位，请从备份恢复。 / "
            f"{what} of petitioner {petitioner_id} does not open: altered or moved; restore it from a backup."
        ) from error


def unlocked(connection: sa.Connection, keyfile: Path) -> Keys:
    """The keys that fit this vault; a new vault takes the file there is, or makes one. Raises WrongKey."""
    check = connection.scalar(sa.select(KEY_CHECK.c.digest))
    if check is not None and not keyfile.exists():
        raise WrongKey(
            f"保险库已有数据，但密钥文件 {keyfile} 不存在：请从备份恢复，没有它任何人都无法读出身份信息。 / "
            f"The vault holds data but its key file {keyfile} is missing: restore it, nothing opens without it."
        )
    text = secret_file(keyfile, lambda: secrets.token_hex(32).encode() + b"\n").decode("ascii", "replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise WrongKey(
            f"密钥文件 {keyfile} 应为 64 位十六进制数：请从备份恢复。 / "
            f"Key file {keyfile} should hold 64 hexadecimal digits: restore it from a backup."
        )
    keys = Keys(bytes.fromhex(text))
    if check is None:
        connection.execute(sa.insert(KEY_CHECK).values(digest=keys.check))
    elif not compare_digest(check, keys.check):
        raise WrongKey(
            f"密钥文件 {keyfile} 不是本保险库的密钥：请换回原来的文件。 / "
            f"Key file {keyfile} is not the key of this vault: put the right one back."
        )
    return keys
