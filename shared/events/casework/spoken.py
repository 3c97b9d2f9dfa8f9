"""What makes a fact one of casework's."""

from shared.events.fact import Fact


class CaseworkFact(Fact, speaker="casework"):
    """A fact spoken by casework."""
