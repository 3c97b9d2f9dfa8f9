"""What a history is about. Most are cases; some are not, and their ids say so."""

OTHERS = {
    "unit-": "unit",
    "campaign-": "campaign",
    "policies": "policies",
    "sweeps": "sweeps",
}
"""The beginnings of ids that no case has, and what these histories are about."""


def kind_of(history: str) -> str:
    """What the history of this id is about: a `case`, unless the id belongs to something else."""
    return next((kind for beginning, kind in OTHERS.items() if history.startswith(beginning)), "case")
