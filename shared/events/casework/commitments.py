"""承诺: what casework says about things to be done by a day: measures, decision items, promises, terms of an agreement."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official, Value


class Commitment(Value):
    """承诺事项: one thing to be done, by whom and by when."""

    commitment_id: str
    what: str
    who: str
    due_on: date


class PromiseMade(CaseworkFact):
    """限期承诺: what cannot be solved now is promised for a day (seed plan D5)."""

    occurred: ClassVar[str] = "promised_on"

    promised_on: date
    promise: Commitment


class CommitmentFulfilled(CaseworkFact):
    """承诺兑现: a thing that was to be done has been done, with proof."""

    occurred: ClassVar[str] = "fulfilled_on"
    done_by: ClassVar[str] = "seen_to_by"

    commitment_id: str
    fulfilled_on: date
    proof: str
    seen_to_by: Official | None = None
    """亲自落实: whoever saw to it in person (seed plan D10)."""


class CommitmentBroken(CaseworkFact):
    """承诺落空: it was found that a thing that was to be done will not be done, or was not."""

    occurred: ClassVar[str] = "found_on"

    commitment_id: str
    found_on: date
    note: str
