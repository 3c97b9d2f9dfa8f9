"""重作: what stands when a reply was quashed, and what is held against what when another was given: demand by demand. Pure.

A case that is split is answered in several opinions; only what answers the same demand can be the same answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard, TypeVar

from shared.events import Fact
from shared.events.casework import OpinionIssued, ReviewDecided
from shared.terms import ReviewVerdict

F = TypeVar("F", bound=Fact)


def unquashed(said: Sequence[F]) -> Sequence[F]:
    """What was said since a review last quashed a reply: what lies before answers nobody (Arts 35, 36). Facts are given in
    their order; where nothing was quashed it is all of them.
    """
    ends = (n for n in range(len(said), 0, -1) if quashes(said[n - 1]))
    return said[next(ends, 0) :]


def first_quashing(said: Iterable[Fact]) -> ReviewDecided | None:
    """The first review that quashed a reply; None where nothing was quashed."""
    return next(filter(quashes, said), None)


def quashes(fact: Fact) -> TypeGuard[ReviewDecided]:
    """撤销: whether it is a review that quashed a reply."""
    return isinstance(fact, ReviewDecided) and fact.verdict is ReviewVerdict.QUASHED


def redone(
    quashed: Iterable[OpinionIssued], anew: Iterable[OpinionIssued]
) -> Iterator[tuple[int, OpinionIssued, OpinionIssued]]:
    """Each demand that was answered before and since, with the last opinion that did, and the newest that does. Opinions are
    given in their order.
    """
    before, since = (
        {answer.demand: opinion for opinion in opinions for answer in opinion.answers} for opinions in (quashed, anew)
    )
    return ((demand, before[demand], since[demand]) for demand in sorted(before.keys() & since.keys()))


def said_to(opinion: OpinionIssued, demand: int) -> str:
    """What an opinion says to a demand: the facts, the reasons of its answer, the law."""
    reasons = (answer.reasons for answer in opinion.answers if answer.demand == demand)
    return "".join((opinion.facts, *reasons, opinion.legal_basis))
