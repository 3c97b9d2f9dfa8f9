"""What was foreseen beside the writer, said by the writer: of every history that still is due as it was, to the row."""

from collections.abc import Collection, Sequence, Set
from typing import Any, TypeVar

from shared.decider import Rejected
from shared.events import Asked
from shared.store import beside
from shared.store.draft import Draft

S = TypeVar("S")


def say(
    draft: Draft[S], foreseen: Sequence[beside.Foreseen], still_due: Set[beside.Owed], asked: Asked
) -> tuple[Collection[str], beside.Rows]:
    """Add what was foreseen to a draft. Answers of which histories, and the rows: when each must be asked again.

    Whatever comes to a history lays down anew when it is due and at which version: so one whose row is as it was stands as
    it stood. What the bus could not carry is left for whoever decides it again, and is refused then.
    """
    said, rows = list[str](), list[tuple[str, tuple[Any, ...]]]()
    for owed, at, facts, prevhash in foreseen:
        history, version = owed.history, owed.version
        if owed not in still_due or history in draft.entries:
            continue
        if not facts:
            rows += beside.later(owed, at)
            said.append(history)
            continue
        before = len(draft.events)
        try:
            rows += beside.due(history, draft.say_unfolded(history, version, prevhash, facts, asked), at)
        except Rejected:
            draft.undo(before)
        else:
            said.append(history)
    return said, rows
