"""given(facts).when(command).then(facts): a decider's behaviour in three lines.

`then` also writes the facts as documents, folds what is read back, and obeys the same command again, expecting nothing:
every command obeyed twice is obeyed once (law 1).
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Generic, TypeVar

import pytest

from shared.decider import Command, Decider, Rejected, obey
from shared.events import GENESIS, Asked, Fact, Recorded, document, read

S = TypeVar("S")

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Noon of 2026-11-20 in Asia/Shanghai: the present in every example that does not say otherwise."""


def asked(now: datetime = NOW, imported_from: str | None = None) -> Asked:
    """Somebody asks for something."""
    return Asked(actor="tester", role="system", now=now, imported_from=imported_from)


def recorded(
    fact: Fact, version: int = 1, case_id: str = "case-1", now: datetime = NOW, imported_from: str | None = None
) -> Recorded:
    """The fact as it lies in a log: written as a document and read back."""
    who = asked(now, imported_from)
    return read(document(fact, region="610499", case_id=case_id, version=version, prevhash=GENESIS, asked=who))


class Example(Generic[S]):
    """One example of a decider at work."""

    def __init__(self, decider: Decider[S], facts: Sequence[Fact | Recorded], now: datetime = NOW) -> None:
        self._decider, self._now = decider, now
        self._facts = [f if isinstance(f, Recorded) else recorded(f, n, now=now) for n, f in enumerate(facts, start=1)]
        self._command: Command | None = None

    @property
    def state(self) -> S:
        """Where the given facts lead."""
        state = self._decider.initial
        for fact in self._facts:
            state = self._decider.evolve(state, fact)
        return state

    def when(self, command: Command) -> "Example[S]":
        """The command that is given now."""
        self._command = command
        return self

    def then(self, *expected: Fact) -> "Example[S]":
        """Exactly these facts follow; and once they are there, the same command leads to nothing."""
        said = self._obeyed()
        assert said == list(expected)
        imported_from = getattr(self._command, "imported_from", None)
        first = len(self._facts) + 1
        written = [recorded(f, first + n, now=self._now, imported_from=imported_from) for n, f in enumerate(said)]
        assert [w.fact for w in written] == said
        self._facts += written
        assert self._obeyed() == []
        return self

    def then_rejected(self, rule: str) -> Rejected:
        """The rule of this name refuses, in both languages."""
        with pytest.raises(Rejected) as refusal:
            self._obeyed()
        assert refusal.value.rule == rule
        assert re.search("[\u4e00-\u9fff]", refusal.value.zh)
        assert re.search("[a-z]{3}", refusal.value.en)
        return refusal.value

    def _obeyed(self) -> list[Fact]:
        assert self._command is not None
        return obey(self._decider, self.state, self._command, asked(self._now))


class Spec(Generic[S]):
    """Where examples of one decider begin."""

    def __init__(self, decider: Decider[S], now: datetime = NOW) -> None:
        self._decider, self._now = decider, now

    def given(self, *facts: Fact | Recorded) -> Example[S]:
        """What has happened before."""
        return Example(self._decider, facts, self._now)
