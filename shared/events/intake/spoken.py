"""What makes a fact one of intake's."""

from shared.events.fact import Fact


class IntakeFact(Fact, speaker="intake"):
    """A fact spoken by intake."""
