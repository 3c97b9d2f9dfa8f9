"""逐项答复: which demands the served replies leave unanswered. A case that is split is answered in turns (seed plan D5). Pure."""

from collections.abc import Iterable, Sequence

from shared.events.casework import OpinionServed


def unanswered(replies: Iterable[OpinionServed], demands: int) -> list[int]:
    """Which of so many demands, counted from 1, no reply answers. A reply that names none answers all."""
    left = set(range(1, demands + 1))
    for reply in replies:
        left -= set(reply.demands or left)
    return sorted(left)


def answering_all(replies: Sequence[OpinionServed], demands: int) -> OpinionServed | None:
    """The reply with which the last demand was answered; None while one waits: a part of an answer ends no time limit."""
    return next((reply for n, reply in enumerate(replies, 1) if not unanswered(replies[:n], demands)), None)
