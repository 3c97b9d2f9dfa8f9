"""受托: who may give which of a unit head's commands on a day, as the directory knows. Pure."""

from collections.abc import Mapping
from datetime import date

from shared.directory import Directory

EVERY_COMMAND = "*"
"""What stands for all commands, where an official delegated all that they may do."""


def delegates(directory: Directory, name: str, region: str, day: date) -> Mapping[str, frozenset[str]]:
    """By their ids, who acts that day for the head of the unit that bears a name in a region, and for which commands.

    Nobody where the unit, or its head, is not known: power is not handed on by a guess.
    """
    unit = directory.unit(name, region, day)
    head = unit.head_on(day) if unit else None
    found: dict[str, frozenset[str]] = {}
    for given in unit.delegations_on(head.id, day) if unit and head else ():
        commands = frozenset(given.commands or (EVERY_COMMAND,))
        found[given.delegate.id] = found.get(given.delegate.id, frozenset()) | commands
    return found
