"""转述: what people said about a finding or a notice, said about the same one where its number is another. Pure."""

from typing import Any

from services.supervision.words import Words
from shared.events.supervision import SupervisionFact


def retold(fact: SupervisionFact, live: Words, now: Words) -> SupervisionFact | None:
    """The word with the numbers that its findings and its notice have now; None when what it is about is not there.

    A finding is the same when it is the n-th of its rule; a notice, when it is live, of the same rung and addressee.
    """
    changes: dict[str, Any] = {}
    if (name := getattr(fact, "finding_id", None)) is not None:
        changes["finding_id"] = _finding(name, live, now)
    if (name := getattr(fact, "notice_id", None)) is not None:
        changes["notice_id"] = _notice(name, live, now)
    if None in changes.values():
        return None
    if isinstance(named := getattr(fact, "findings", None), tuple):
        changes["findings"] = tuple(filter(None, (_finding(one, live, now) for one in named)))
    return fact.model_copy(update=changes)


def _finding(name: str, live: Words, now: Words) -> str | None:
    if name not in live.known:
        return None
    rule = live.known[name].rule
    number = [one for one, found in live.known.items() if found.rule == rule].index(name)
    same = [one for one, found in now.known.items() if found.rule == rule]
    return same[number] if number < len(same) else None


def _notice(name: str, live: Words, now: Words) -> str | None:
    for course in live.live:
        if course.notice.notice_id == name:
            its, level = now.courses(about_office=course.about_office), course.notice.level
            return next((same.notice.notice_id for same in its if same.notice.level is level), None)
    return None
