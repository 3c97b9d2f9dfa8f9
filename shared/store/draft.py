"""A batch in the making: what would be appended, and how the cases would stand after it. Nothing here touches the log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from eventsourcing.persistence import StoredEvent

from shared.decider import Decider, Rejected
from shared.events import GENESIS, Asked, Fact, Recorded, document, read, sha256
from shared.store.beside import Booked

S = TypeVar("S")

LARGEST = 1_000_000
"""Bytes of a document. A message of NATS has at most 1 048 576 with its headers."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[S]):
    """A case as this log knows it: its state, and what is needed to append the next fact."""

    state: S
    version: int = 0
    prevhash: str = GENESIS
    obeyed: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    """Idempotency key → (hash of the command, versions of the facts it led to)."""
    adopted: frozenset[str] = frozenset()
    """Ids of the foreign facts that are already part of this history."""


def advance(decider: Decider[S], service: str, entry: Entry[S], events: Iterable[tuple[int, Recorded]]) -> Entry[S]:
    """The entry after more events of the case, spoken here or adopted, each with its version."""
    state, version, own, obeyed, adopted = entry.state, entry.version, None, entry.obeyed, list[str]()
    for version, recorded in events:
        state = decider.evolve(state, recorded)
        if recorded.service != service:
            adopted.append(recorded.id)
            continue
        own = recorded.raw
        if recorded.cause and recorded.command_hash:
            digest, versions = obeyed.get(recorded.cause, (recorded.command_hash, ()))
            obeyed = dict(obeyed) if obeyed is entry.obeyed else obeyed
            obeyed[recorded.cause] = digest, (*versions, version)
    prevhash = entry.prevhash if own is None else sha256(own)
    return Entry(state, version, prevhash, obeyed, entry.adopted.union(adopted) if adopted else entry.adopted)


class Draft(Generic[S]):
    """Events to append and the entries they lead to, on top of entries that `load` answers."""

    def __init__(self, service: str, region: str, decider: Decider[S], load: Callable[[str], Entry[S]]) -> None:
        self._service, self._region, self._decider, self._load = service, region, decider, load
        self.entries: dict[str, Entry[S]] = {}
        self.events: list[StoredEvent] = []
        self.unfolded: set[str] = set()
        """Histories of which something is said without knowing how they stand: they are to be read anew."""
        self._before: list[Entry[S] | None] = []

    def entry(self, case_id: str) -> Entry[S]:
        """The case as it stands after what this draft holds so far."""
        if case_id not in self.entries:
            self.entries[case_id] = self._load(case_id)
        return self.entries[case_id]

    def belongs(self, case_id: str) -> bool:
        """Whether the decider knows where the case belongs."""
        return self._decider.scope(self.entry(case_id).state) is not None

    def say(self, case_id: str, fact: Fact, asked: Asked) -> Recorded:
        """Add a fact of our own. Raises Rejected when the bus could not carry its document: it would hold up all others."""
        entry = self.entry(case_id)
        return self._add(
            case_id, read(self._document(case_id, entry.version + 1, entry.prevhash, fact, asked)), _topic(fact)
        )

    def say_unfolded(self, case_id: str, version: int, prevhash: str, facts: Iterable[Fact], asked: Asked) -> int:
        """Add facts of our own to a history that stands at a version, and whose last document of ours has this digest.

        Answers the version after them. Raises Rejected, as `say` does. The draft must not know the history.
        """
        for fact in facts:
            version += 1
            raw = self._document(case_id, version, prevhash, fact, asked)
            self.events.append(StoredEvent(case_id, version, _topic(fact), raw))
            self._before.append(None)
            prevhash = sha256(raw)
        self.unfolded.add(case_id)
        return version

    def _document(self, case_id: str, version: int, prevhash: str, fact: Fact, asked: Asked) -> bytes:
        raw = document(fact, region=self._region, case_id=case_id, version=version, prevhash=prevhash, asked=asked)
        if len(raw) > LARGEST:
            raise Rejected(
                "too-large",
                f"一条事实最多 {LARGEST} 字节，这一条有 {len(raw)} 字节，无法发布。请缩短文字，或分几次提交。",
                f"A fact takes at most {LARGEST} bytes; this one has {len(raw)} and could not be published. Shorten it, or"
                " give it in several parts.",
            )
        return raw

    def adopt(self, recorded: Recorded) -> bool:
        """Add a foreign fact to our history of its case, once. False when it is there already."""
        if recorded.id in self.entry(recorded.case_id).adopted:
            return False
        self._add(recorded.case_id, recorded, f"adopted:{recorded.type}")
        return True

    def _add(self, case_id: str, recorded: Recorded, topic: str) -> Recorded:
        before = self.entry(case_id)
        version = before.version + 1
        self.entries[case_id] = advance(self._decider, self._service, before, [(version, recorded)])
        self.events.append(StoredEvent(case_id, version, topic, recorded.raw))
        self._before.append(before)
        return recorded

    def undo(self, length: int) -> None:
        """Take back every event after the first `length`: whoever added them was refused."""
        while len(self.events) > length:
            event, before = self.events.pop(), self._before.pop()
            if before is not None:
                self.entries[str(event.originator_id)] = before


def _topic(fact: Fact) -> str:
    return f"{type(fact).__name__}:{fact.schema_version}"


def is_own(topic: str) -> bool:
    """Whether an event of the log was spoken here, and so is ours to publish."""
    return not topic.startswith("adopted:")


Due = Callable[[S, datetime], datetime | None]
"""The next moment at which a case must be asked again, from its state and now; None when time changes nothing."""
Books = Callable[[S, datetime], Booked | None]
"""In which books of units a case stands, from its state and now; None for what is no case."""
