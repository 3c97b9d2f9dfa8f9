"""口径: which policies were known since when. They lie in a history of their own, so that auditors can see it. Pure."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from shared.decider import Command
from shared.events.supervision import PolicyPublished, StandardAdopted
from shared.terms import Role

POLICIES = "policies"
"""The history of the policies."""


@dataclass(frozen=True)
class Shelf:
    """The policies known here: the digest of the values last known of each version."""

    digests: dict[str, str] = field(default_factory=dict)
    adopted: StandardAdopted | None = None
    """What verdicts go by."""

    def after(self, fact: PolicyPublished | StandardAdopted) -> "Shelf":
        """The shelf with one more on it, or with other ones in use."""
        if isinstance(fact, StandardAdopted):
            return replace(self, adopted=fact)
        return replace(self, digests={**self.digests, fact.version: fact.digest})


class PublishPolicy(Command):
    """口径发布: this version is known from now on, with these values."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})
    history: ClassVar[str] = "policies"

    version: str
    title: str
    author: str
    reason: str
    effective_from: date
    digest: str
    text: str


class AdoptStandard(Command):
    """督查依据启用: this edition of huajie goes by these policies, which are published, and by this calendar."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})
    history: ClassVar[str] = "policies"

    versions: tuple[str, ...]
    digests: tuple[str, ...]
    holidays: str
    edition: str = ""


def publish_policy(shelf: Shelf, command: PublishPolicy) -> list[PolicyPublished]:
    """Once for its values. Other values under the same version are said too, with those that they replace."""
    known = shelf.digests.get(command.version)
    return [] if known == command.digest else [PolicyPublished(**dict(command), replaces=known)]


def adopt_standard(shelf: Shelf, command: AdoptStandard) -> list[StandardAdopted]:
    """Once, until another is adopted."""
    fact = StandardAdopted(**dict(command))
    return [] if shelf.adopted == fact else [fact]
