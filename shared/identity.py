"""Who is asking: a bearer token (RFC 7519) becomes an Actor with a role, a unit and a region.

The embedded mode signs its own tokens with a local Ed25519 key (`shared/keyring.py`); the server mode trusts an OIDC issuer.
Either way the algorithm is fixed by us (RFC 8725 §3.1), never read from the token.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.decider import Scope
from shared.delegates import EVERY_COMMAND
from shared.events import Called, Named, is_one_of
from shared.keyring import AUDIENCE, LOCAL_ISSUER, Holder, Keyring
from shared.terms import Role

LEEWAY = timedelta(seconds=30)
"""How far two clocks may disagree."""

UNIT_BOUND = frozenset({Role.HANDLER, Role.LEADER, Role.UNIT_HEAD})
"""Roles that see only what their own unit holds; the others are bound by region alone."""

_REQUIRED = ["iss", "aud", "sub", "exp", "iat", "role", "region"]
_REGION = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}){0,2}")


class Unauthenticated(Exception):
    """We do not know who is asking. The two texts say why and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class IssuerUnreachable(Unauthenticated):
    """The token may be good, but the issuer's keys could not be fetched: a fault of the house, not of the asker."""


@dataclass(frozen=True, slots=True)
class Actor(Holder):
    """行为人: an official, or the system itself, as the token describes them.

    `called` are the names by which the unit is meant in facts, as far as the directory knows them: none is its name alone.
    `region` is a GB/T 2260 code, or a longer one of GB/T 10114 (town, village). Raises ValueError for anything else, so
    that nobody covers the whole country by an empty or a zero region.
    """

    called: tuple[Called, ...] = ()
    delegated: frozenset[str] = frozenset()
    """受托: which commands of the head of the unit they may give today; `EVERY_COMMAND` for all."""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("行为人缺少编号 / an actor needs an id")
        if not _REGION.fullmatch(self.region):
            raise ValueError(
                f"行政区划代码 {self.region!r} 应为 6、9 或 12 位数字 / region {self.region!r} needs 6, 9 or 12 digits"
            )

    @property
    def reach(self) -> str:
        """The leading digits shared by every code this actor covers: 610499 → 610499, 610400 → 6104, 610000 → 61."""
        digits = self.region
        for length, level in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
            if len(digits) == length:
                digits = digits.removesuffix(level)
        return digits

    def may_give(self, command: str, roles: frozenset[Role]) -> bool:
        """Whether a command that these roles may give is theirs: by their own role, or for the head who delegated it."""
        return self.role in roles or (
            Role.UNIT_HEAD in roles and not self.delegated.isdisjoint({command, EVERY_COMMAND})
        )

    def covers_region(self, code: str) -> bool:
        """Whether a region code, of any level, lies in this actor's region."""
        return code.startswith(self.reach)

    def covers(self, scope: Scope) -> bool:
        """Whether a case of that scope is this actor's to see and touch (信访工作条例 Art 5(3): 属地管理、分级负责)."""
        if not self.covers_region(scope.region):
            return False
        return self.role not in UNIT_BOUND or not scope.units or self.is_of(*scope.units)

    def is_of(self, *named: Named) -> bool:
        """Whether this actor is of one of these units."""
        return is_one_of(self.called, self.unit, named)


class Verifier:
    """Turns tokens into actors, and remembers the ones it has seen until they expire.

    A remembered token is not examined again, so a withdrawn key or role takes effect when the token expires: keep
    lifetimes short. `clock` tells the present instant, with its time zone. Safe to share between threads.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        algorithm: str,
        key_for: Callable[[str], Ed25519PublicKey | jwt.PyJWK],
        *,
        clock: Callable[[], datetime],
        remember: int = 4096,
    ) -> None:
        self._issuer, self._audience, self._algorithm, self._key_for = issuer, audience, algorithm, key_for
        self._clock, self._remember = clock, remember
        self._seen: OrderedDict[str, tuple[Actor, float]] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def local(cls, keyfile: Path, *, clock: Callable[[], datetime]) -> Self:
        """Accepts what the keyring of this file issued; the file is made when there is none."""
        key = Keyring(keyfile).public_key
        return cls(LOCAL_ISSUER, AUDIENCE, "EdDSA", lambda _: key, clock=clock)

    @classmethod
    def oidc(cls, issuer: str, jwks_url: str, *, clock: Callable[[], datetime]) -> Self:
        """Accepts what an OIDC issuer signed. Its keys are fetched on first need and kept for five minutes."""
        keys = jwt.PyJWKClient(jwks_url, timeout=5)

        def key_for(token: str) -> jwt.PyJWK:
            kid = jwt.get_unverified_header(token).get("kid", "")
            try:
                return keys.get_signing_key(kid)
            except (ValueError, jwt.PyJWKSetError) as error:  # it answered, but with something else than keys
                raise jwt.PyJWKClientConnectionError("no keys") from error

        return cls(issuer, AUDIENCE, "RS256", key_for, clock=clock)

    def recall(self, token: str) -> Actor | None:
        """The actor of a token seen before and still in time, without cryptography or network; else None."""
        with self._lock:
            if (seen := self._seen.get(token)) is None:
                return None
            actor, ends = seen
            if self._clock().timestamp() >= ends:
                del self._seen[token]
                return None
            self._seen.move_to_end(token)
            return actor

    def verify(self, token: str | None) -> Actor:
        """The actor that a token stands for. May ask the issuer for its keys: call it from a thread.

        Raises Unauthenticated.
        """
        if not token:
            raise Unauthenticated("缺少登录令牌，请先登录。", "No bearer token was sent: sign in first.")
        if actor := self.recall(token):
            return actor
        actor, ends = self._examine(token)
        with self._lock:
            self._seen[token] = actor, ends
            if len(self._seen) > self._remember:
                self._seen.popitem(last=False)
        return actor

    def _examine(self, token: str) -> tuple[Actor, float]:
        try:
            claims = jwt.decode(
                token,
                self._key_for(token),
                algorithms=[self._algorithm],
                issuer=self._issuer,
                audience=self._audience,
                # PyJWT would ask the real clock; the injected one judges below.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except jwt.PyJWTError as error:
            raise _refusal(error) from error
        return _actor(claims), self._ends(claims)

    def _ends(self, claims: dict[str, Any]) -> float:
        now, leeway = self._clock().timestamp(), LEEWAY.total_seconds()
        try:
            ends, begins = float(claims["exp"]) + leeway, float(claims.get("nbf", claims["iat"])) - leeway
        except (TypeError, ValueError, OverflowError) as error:
            raise _malformed() from error
        if not begins <= now:
            raise Unauthenticated(
                "令牌尚未生效，请核对双方时钟。", "The token is not valid yet: compare the two clocks."
            )
        if not now < ends:
            raise Unauthenticated("令牌已过期，请重新登录。", "The token has expired: sign in again.")
        return ends


def _actor(claims: dict[str, Any]) -> Actor:
    role = next((role for role in Role if role == claims["role"]), None)
    if role is None:
        known = ", ".join(Role)
        raise Unauthenticated(
            f"令牌中的岗位不存在，应为：{known}。", f"The token's role is unknown; it may be: {known}."
        )
    unit, region = claims.get("unit"), claims["region"]
    if not (unit is None or isinstance(unit, str)) or not isinstance(region, str):
        raise _malformed()
    try:
        return Actor(claims["sub"], role, unit or None, region)
    except ValueError as error:
        raise Unauthenticated(
            "令牌中的编号为空，或行政区划代码有误（GB/T 2260，6、9 或 12 位）。",
            "The token's subject is empty, or its region is no GB/T 2260 code of 6, 9 or 12 digits.",
        ) from error


def _refusal(error: jwt.PyJWTError) -> Unauthenticated:
    match error:
        case jwt.PyJWKClientConnectionError():
            return IssuerUnreachable(
                "暂时无法取得签发方公钥，请稍后重试。", "The issuer's keys cannot be fetched: try again later."
            )
        case jwt.MissingRequiredClaimError(claim=claim):
            return Unauthenticated(f"令牌缺少必需的声明 {claim}。", f"The token lacks the claim {claim}.")
        case jwt.InvalidAudienceError():
            return Unauthenticated("令牌不是发给本系统的。", "The token was issued for another audience.")
        case jwt.InvalidIssuerError():
            return Unauthenticated("令牌的签发方不受信任。", "The token's issuer is not trusted here.")
        case jwt.InvalidSignatureError() | jwt.InvalidAlgorithmError() | jwt.PyJWKClientError():
            return Unauthenticated(
                "令牌签名无效，或签名算法、密钥不被接受。", "The token's signature, algorithm or key is not accepted."
            )
        case _:
            return _malformed()


def _malformed() -> Unauthenticated:
    return Unauthenticated("令牌格式有误，请重新登录。", "The token is malformed: sign in again.")
