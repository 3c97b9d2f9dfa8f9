"""重复信访: which repeat petitions of a case stand, as a row remembers what was said. Pure."""

from collections.abc import Mapping
from typing import Any

from shared.events.intake import RepeatPetitionLinked, RepeatPetitionUnlinked

Links = dict[str, str | None]
"""Where each lies, by its number; None for one that was taken back, whichever of the two was heard first."""


def links(row: Mapping[str, Any], fact: RepeatPetitionLinked | RepeatPetitionUnlinked, place: str) -> Links:
    """What the row remembers, and this fact."""
    known: Links = row.get("links") or {}
    if isinstance(fact, RepeatPetitionUnlinked):
        return {**known, fact.petition_id: None}
    return {fact.petition_id: place, **known}


def standing(known: Links) -> list[str]:
    """Where those lie that were not taken back."""
    return sorted(place for place in known.values() if place is not None)
