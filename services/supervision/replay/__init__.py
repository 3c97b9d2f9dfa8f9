"""复盘: the rules over recorded history, as it was known at each moment, and the result beside what was really said. Pure.

By the policies that were gone by it must come to exactly what was said, to the byte; by another policy it shows the
difference. Neither changes a verdict of the past (law 6).
"""

from services.supervision.replay.beside import Difference, Kind, Tally, compared
from services.supervision.replay.imagining import imagined
from services.supervision.replay.of_units import imagined_of_unit
from services.supervision.replay.repeating import repeated
from services.supervision.replay.scene import Placed, Scene, Sweep, Window, adopted, editions, sweeps

__all__ = [
    "Difference",
    "Kind",
    "Placed",
    "Scene",
    "Sweep",
    "Tally",
    "Window",
    "adopted",
    "compared",
    "editions",
    "imagined",
    "imagined_of_unit",
    "repeated",
    "sweeps",
]
