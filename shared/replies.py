"""逐项答复: which demands the served replies leave unanswered. A case that is split is answered in turns (seed plan D5); a demand
that takes a statutory road of its own is answered there (Art 31). Pure.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from typing import Protocol, TypeVar

from shared.terms import Route


class Answering(Protocol):
    """What answers demands: a served reply, as a fact or as a row remembers it."""

    @property
    def demands(self) -> tuple[int, ...]: ...


class Splitting(Answering, Protocol):
    """What names a road, of some demands or of the whole."""

    @property
    def route(self) -> Route: ...


A = TypeVar("A", bound=Answering)
S = TypeVar("S", bound=Splitting)


def roads(said: Iterable[Splitting]) -> dict[int, Route]:
    """Which road each demand takes that was split off for one, by the newest word on it. What is said is given in its order."""
    return {demand: word.route for word in said for demand in word.demands}


def elsewhere(said: Iterable[Splitting]) -> frozenset[int]:
    """Which demands take a statutory road while the rest takes the petition procedure."""
    return frozenset(demand for demand, road in roads(said).items() if road is not Route.PETITION)


def whole(said: Iterable[S]) -> list[S]:
    """What names the road of the matter as a whole."""
    return [word for word in said if not word.demands]


def leaving(said: Iterable[S]) -> S | None:
    """The word by which the whole left the petition procedure for the road that it takes now, and not those that only name
    another such road since; None while it has not.
    """
    away = [*takewhile(lambda word: word.route is not Route.PETITION, reversed(whole(said)))]
    return away[-1] if away else None


def unanswered(replies: Iterable[Answering], demands: int, away: Collection[int] = ()) -> list[int]:
    """Which of so many demands, counted from 1, no reply answers. A reply that names none answers all."""
    left = set(range(1, demands + 1)).difference(away)
    for reply in replies:
        left -= set(reply.demands or left)
    return sorted(left)


def answering_all(replies: Sequence[A], demands: int, away: Collection[int] = ()) -> A | None:
    """The reply with which the last demand was answered; None while one waits: a part of an answer ends no time limit."""
    return next((reply for n, reply in enumerate(replies, 1) if not unanswered(replies[:n], demands, away)), None)
