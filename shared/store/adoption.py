"""How facts of other services get into our histories: each once, in order; what cannot be taken in parks its case."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from eventsourcing.persistence import StoredEvent

from shared.events import case_of, read
from shared.events.histories import is_adopted
from shared.store import beside
from shared.store.draft import Books, Draft
from shared.store.inbox import Delivery, Heard, fresh
from shared.store.refusals import Unavailable

BEHIND = "behind another fact of its case"

Stored = Callable[[str], Sequence[StoredEvent]]
"""All events of a case in our log."""


class Rewritten(Exception):
    """A document comes with the id of one that we have, and says something else: its log lost its end and went on."""

    def __init__(self, identity: str) -> None:
        super().__init__(
            f"{identity} 与先前收到的同一编号事实不同 / {identity} differs from the fact heard under this id"
        )


@dataclass
class Adoption:
    """What came of taking facts in."""

    rows: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    through: list[str] = field(default_factory=list)
    """Cases of which nothing waits any more."""
    unknown: int = 0
    """Facts of a type that this version does not know. They are kept."""


def adopt(
    draft: Draft[Any], deliveries: Sequence[Delivery], heard: Heard, waiting: frozenset[str], stored: Stored
) -> Adoption:
    """Take in what is new and concerns others. Facts of a case of which something waits already wait behind it. Raises Gap."""
    new, positions = fresh(deliveries, heard)
    adoption = Adoption()
    for log, position in positions.items():
        if heard.get(log) != position:
            adoption.rows += beside.heard(log, position)
    for case_id, its in _by_case(new).items():
        if not is_adopted(case_id):
            continue
        rest, why = (its, BEHIND) if case_id in waiting else _take_in(draft, its, adoption, stored)
        adoption.rows += beside.parked(rest, case_id, why)
    return adoption


def redrive(draft: Draft[Any], waiting: Sequence[Delivery], stored: Stored) -> Adoption:
    """Try what waits once more, in order."""
    adoption = Adoption()
    for case_id, its in _by_case(waiting).items():
        rest, _ = _take_in(draft, its, adoption, stored)
        adoption.rows += beside.unparked(its[: len(its) - len(rest)])
        if not rest:
            adoption.through.append(case_id)
    return adoption


def due_now(draft: Draft[Any], since: int, now: datetime) -> beside.Rows:
    """Every case to which the draft added events after the first `since` must be asked at once.

    What belongs nowhere is no case: a unit's history, or facts whose registration has not arrived, which makes them due.
    """
    cases = [case_id for case_id in touched(draft, since) if draft.belongs(case_id)]
    return [row for case_id in cases for row in beside.due(case_id, draft.entry(case_id).version, now)]


def booked(draft: Draft[Any], cases: Iterable[str], books: Books[Any], now: datetime) -> beside.Rows:
    """Where these cases stand in the books of units, which are to be asked anew. What is not registered stands in none."""
    rows: list[tuple[str, tuple[Any, ...]]] = []
    due: dict[str, datetime] = {}
    for case_id in cases:
        entry = draft.entry(case_id)
        if (where := books(entry.state, now)) is not None:
            rows += beside.booked(case_id, entry.version, where)
            due |= dict.fromkeys(where.books, where.at)
    return [*rows, *beside.books_due(due)]


def touched(draft: Draft[Any], since: int) -> list[str]:
    """The histories to which the draft added events after the first `since`."""
    return list(dict.fromkeys(str(event.originator_id) for event in draft.events[since:]))


def _take_in(
    draft: Draft[Any], its: Sequence[Delivery], adoption: Adoption, stored: Stored
) -> tuple[Sequence[Delivery], str]:
    """Adopt facts of one case in order, up to the first that fails. Answers the rest, and why.

    A log that cannot be read is not the fact's fault: Unavailable passes.
    """
    for done, delivery in enumerate(its):
        try:
            recorded = read(delivery.document)
            if recorded.case_id != case_of(delivery.document) or "\0" in recorded.case_id:
                raise ValueError("the document's id and its subject do not name the same case")
            if draft.adopt(recorded):
                adoption.unknown += recorded.fact is None
            elif not any(event.state == recorded.raw for event in (*stored(recorded.case_id), *draft.events)):
                raise Rewritten(recorded.id)
        except Unavailable:
            raise
        except Exception as error:
            return its[done:], f"{type(error).__name__}: {error}"[:500]
    return (), ""


def _by_case(deliveries: Sequence[Delivery]) -> Mapping[str, list[Delivery]]:
    cases: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        cases[case_of(delivery.document)].append(delivery)
    return cases
