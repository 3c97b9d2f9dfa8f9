"""What is read from how a case stands, by name: for the tests of its checklists, its clocks and its days."""

from typing import Any


def items(shown: Any, name: str) -> dict[str, Any]:
    """The items of one checklist."""
    (found,) = [checklist for checklist in shown.checklists if checklist.name == name]
    return {item.name: item for item in found.items}


def by_name(shown: Any) -> dict[str, Any]:
    """The clocks."""
    return {clock.name: clock for clock in shown.clocks}


def due(shown: Any) -> dict[str, Any]:
    """What is due by a day: until when, done when, whether late, and whether by the owner leader."""
    return {one.name: (one.due_on, one.done_on, one.late, one.by_leader) for one in shown.schedule.due}
