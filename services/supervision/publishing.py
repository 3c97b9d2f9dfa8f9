"""口径公开: at start each policy version is published as a fact, once for its values, so that auditors see when which was known."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from services.supervision.domain.policies import POLICIES, PublishPolicy
from shared.identity import Actor
from shared.policy import Policy, whole_policies
from shared.standard import HOLIDAYS
from shared.store import Request, Store


def digest_of(policy: Policy) -> str:
    """SHA-256 of the values that differ from the defaults: comments, order and a newer huajie do not change it."""
    return hashlib.sha256(policy.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def publications(texts: Mapping[str, str]) -> Iterable[PublishPolicy]:
    """What there is to publish, by the files of a policy folder. Raises PolicyError."""
    files = {name: text for name, text in texts.items() if name != HOLIDAYS}
    for name, policy in sorted(whole_policies(files).items()):
        yield PublishPolicy(
            version=policy.version,
            title=policy.title,
            author=policy.author,
            reason=policy.reason,
            effective_from=policy.effective_from,
            digest=digest_of(policy),
            text=texts[name],
        )


async def publish(store: Store[Any], texts: Mapping[str, str], system: Actor) -> None:
    """Say which policies are known from now on; what is known already is not said again."""
    for publication in publications(texts):
        await store.handle(POLICIES, publication, Request(system))
