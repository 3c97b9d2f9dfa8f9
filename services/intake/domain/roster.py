"""What every rule of the organisation stands on: one unit, the directory of all, and who asks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from shared.decider import Command, Rejected
from shared.directory import Directory, Unit
from shared.events.intake import EntryWithdrawn, UnitEstablished, UnitFact


class UnitCommand(Command):
    """A command about a unit."""

    history: ClassVar[str] = "unit"


@dataclass(frozen=True)
class Hall:
    """What lies before whoever keeps the roster."""

    unit: Unit
    directory: Directory


UnitRules = Mapping[type[UnitCommand], Callable[[Hall, Any], Sequence[UnitFact]]]
"""Which function decides a command. `[]` means: already so."""


def once(hall: Hall, fact: UnitFact, number: str | None = None) -> list[UnitFact]:
    """The fact, unless it stands already. Refused when it was withdrawn before, so that no file that is taken in again
    brings a wrong entry back; and when its id, the field of the name `number`, stands for another record.
    """
    for entry in hall.unit.entries:
        other = entry.fact
        same = type(other) is type(fact) and number is not None and getattr(other, number) == getattr(fact, number)
        if other != fact and not same:
            continue
        if entry.version in hall.unit.withdrawn:
            raise Rejected(
                "entry-withdrawn",
                f"这条记录（第 {entry.version} 条）已更正撤下，不能原样再登记。请核对内容，或换一个编号。",
                f"This record (entry {entry.version}) was withdrawn as wrong. Check what it says, or use another id.",
            )
        if other == fact:
            return []
        raise Rejected(
            "id-taken",
            f"{number} {getattr(fact, number or '')} 已用于另一条不同的记录，请换一个编号。",
            f"{number} {getattr(fact, number or '')} stands for another record already; use another.",
        )
    return [fact]


def check_life(unit: Unit, fact: UnitFact) -> None:
    """Raise Rejected for what is claimed of a day on which there was no such unit."""
    if isinstance(fact, UnitEstablished | EntryWithdrawn):
        return
    since, gone = unit.established, unit.dissolved
    claimed = fact.claimed_time()
    day = claimed if isinstance(claimed, date) else None
    if since is not None and day is not None and day < since.established_on:
        raise Rejected(
            "before-established",
            f"日期 {day} 早于{since.name}设立的 {since.established_on}。请核对日期。",
            f"{day} lies before {since.name} was established, {since.established_on}. Check the date.",
        )
    if gone is not None and gone != fact and day is not None and day > gone.dissolved_on:
        raise Rejected(
            "unit-dissolved",
            f"该机构已于 {gone.dissolved_on} 撤销，{day} 不能再有记录。请核对日期，或登记到承继单位。",
            f"The unit was dissolved on {gone.dissolved_on}; nothing of {day} can be its own. Check the date, or the successor.",
        )
