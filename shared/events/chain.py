"""The chain of a case's documents in one service: each names the hash of the one before it. Pure.

Whoever holds the documents can check the chain without asking anybody. What comes last has no successor to vouch for it:
only somebody who kept its hash, the head of the chain, can tell whether the end was changed or cut off.
"""

from collections.abc import Iterable

from shared.events.envelope import GENESIS, Recorded, read, sha256


class BrokenChain(Exception):
    """The documents are not, one after the other, what was published. Says where they part."""

    def __init__(self, index: int, what: str, zh: str, en: str) -> None:
        """`index`: the place of the document in what was given, from 0; `what`: its id."""
        super().__init__(f"第 {index + 1} 份文档（{what}）{zh} / document {index + 1} ({what}) {en}")
        self.index, self.what, self.zh, self.en = index, what, zh, en


def verify_chain(documents: Iterable[bytes], head: str | None = None) -> str:
    """Check all documents of one case in one service, from the first on, and answer the head: the hash of the last.

    Any change, drop or swap breaks the chain, at the end only when the right `head` is given. Raises BrokenChain, and
    Unreadable for what is not a fact's document.
    """
    expected, index, before = GENESIS, -1, None
    for index, raw in enumerate(documents):
        recorded = read(raw)
        if before is not None:
            _follows(index, before, recorded)
        if recorded.prevhash != expected:
            raise BrokenChain(
                index,
                recorded.id,
                "与前一份文档不相接：前一份被改动、抽走或调换",
                "does not follow on the one before it: that one was changed, taken out or swapped",
            )
        expected, before = sha256(raw), recorded
    if head is not None and head != expected:
        raise BrokenChain(
            max(index, 0),
            before.id if before else "-",
            "不是应有的最后一份：末尾被改动或截去",
            "is not the last one there should be: the end was changed or cut off",
        )
    return expected


def _follows(index: int, before: Recorded, recorded: Recorded) -> None:
    if (recorded.case_id, recorded.service, recorded.region) != (before.case_id, before.service, before.region):
        raise BrokenChain(index, recorded.id, "属于另一案件或另一服务", "belongs to another case or another service")
    if recorded.version <= before.version:
        raise BrokenChain(index, recorded.id, "的版本号没有递增", "does not have a higher version than the one before")
