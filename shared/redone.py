"""重作: what is held against what, when an opinion was quashed and another was given: demand by demand. Pure.

A case that is split is answered in several opinions; only what answers the same demand can be the same answer.
"""

from collections.abc import Iterable, Iterator

from shared.events.casework import OpinionIssued


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
