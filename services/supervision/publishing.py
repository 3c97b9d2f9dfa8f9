"""口径公开: at start each policy version is published as a fact, once for its values, and then what verdicts go by, so that
auditors see what was known since when, and can judge any past moment by it.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.supervision.amended import EVERYTHING, Amendment, amended
from services.supervision.clock import LIFE
from services.supervision.domain.policies import POLICIES, AdoptStandard, PublishPolicy, adopt_standard
from services.supervision.edition import edition
from services.supervision.replay import Placed, adopted
from services.supervision.rules import TABLES
from shared.decider import fold
from shared.events import Recorded
from shared.identity import Actor
from shared.policy import Policy, PolicyError, whole_policies
from shared.standard import HOLIDAYS, Standard
from shared.store import Among, Request, Store


def standard_at(history: Sequence[Recorded], moment: datetime, now: Standard) -> Standard:
    """What verdicts went by at a moment, by the history of the policies; `now` where nothing else has been adopted since. What was
    gone by first, is gone by for what lies before it.
    """
    placed = (Placed(at, recorded) for at, recorded in enumerate(history))
    found = [(history[at].time, files) for at, files in adopted(placed)]
    if not found or found[-1][0] <= moment:
        return now
    files = next((files for since, files in reversed(found) if since <= moment), found[0][1])
    return Standard.of(files, TABLES, of_the_past=files)


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
    """Say which policies are known from now on, and that verdicts go by these; what is so already is not said again.

    When they go by others than before, whatever that can change is asked again: nobody knew on which day its answer would
    change. Another edition of huajie may change any.
    """
    published = list(publications(texts))
    for publication in published:
        await store.handle(POLICIES, publication, Request(system))
    adopting = AdoptStandard(
        versions=tuple(publication.version for publication in published),
        digests=tuple(publication.digest for publication in published),
        holidays=texts.get(HOLIDAYS, ""),
        edition=edition(),
    )
    history = await asyncio.to_thread(store.history, POLICIES)
    shelf = fold(store.decider, history)
    if adopt_standard(shelf, adopting):
        upgraded = shelf.adopted is None or shelf.adopted.edition != adopting.edition
        differs = EVERYTHING if upgraded else _amendment(history, Standard.of(texts, TABLES))
        among = Among(LIFE, differs.having, still_open=differs.concerns_open)
        await store.ask_again(among, books=differs.concerns_units)  # before it is said: a crash in between asks twice
        await store.handle(POLICIES, adopting, Request(system))


def _amendment(history: Sequence[Recorded], standard: Standard) -> Amendment:
    """What differs from what was gone by last, by the history of the policies."""
    *_, (_, before) = adopted(Placed(at, recorded) for at, recorded in enumerate(history))
    try:
        return amended(Standard.of(before, TABLES, of_the_past=before), standard)
    except PolicyError:  # what this version cannot read any more may have been anything
        return EVERYTHING
