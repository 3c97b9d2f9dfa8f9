"""What makes a fact one of supervision's."""

from shared.events.fact import Fact


class SupervisionFact(Fact, speaker="supervision"):
    """A fact spoken by supervision."""
