"""机构: units come to be, change their names and cease; what was entered wrongly is withdrawn. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.intake.domain.desk import REGISTERING, Region
from services.intake.domain.roster import Hall, UnitCommand, UnitRules, once
from shared.decider import WHOLE, Day, Name, Note, Rejected, Text
from shared.events.intake import EntryWithdrawn, UnitDissolved, UnitEstablished, UnitFact, UnitRenamed
from shared.terms import Role

UnitName = Annotated[str, Field(pattern=r"^unit-[0-9a-f]{16}$")]
"""The id of another unit."""


class EstablishUnit(UnitCommand):
    """机构设立: enter a unit that there is from this day on. Its name is one that no other unit of the place bears then."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    name: Name
    region: Region
    established_on: Day
    superior: UnitName | None = None


class RenameUnit(UnitCommand):
    """机构更名: the same unit goes by another name from this day on."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    name: Name
    renamed_on: Day
    reason: Note = ""


class DissolveUnit(UnitCommand):
    """机构撤销: there is no such unit from this day on; say who has its duties, if anybody (Art 24)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    dissolved_on: Day
    reason: Text
    successor: UnitName | None = None


class WithdrawEntry(UnitCommand):
    """更正: an entry of the unit's history was wrong and counts no more; it is not erased. Then say anew what is right."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    entry: Annotated[int, Field(ge=1, le=1_000_000), WHOLE]
    withdrawn_on: Day
    reason: Text


def establish(hall: Hall, command: EstablishUnit) -> list[UnitFact]:
    """Once; again, when what was entered first has been withdrawn."""
    facts = once(hall, UnitEstablished(**dict(command)))
    if facts and hall.unit.established is not None:
        raise Rejected(
            "already-established",
            f"该编号已是{hall.unit.established.name}。如登记有误，请先更正（withdraw-entry），再重新登记。",
            f"This id is {hall.unit.established.name} already. If that was entered wrongly, withdraw it and enter it anew.",
        )
    if facts:
        _free(hall, command.name, command.region, command)
    return facts


def rename(hall: Hall, command: RenameUnit) -> list[UnitFact]:
    fact = UnitRenamed(**dict(command))
    if hall.unit.name_on(command.renamed_on) == command.name:
        return []
    region = hall.unit.established.region if hall.unit.established else ""
    facts = once(hall, fact)
    if facts:
        _free(hall, command.name, region, command)
    return facts


def _free(hall: Hall, name: str, region: str, command: EstablishUnit | RenameUnit) -> None:
    """Raise Rejected when another unit of that very region bears the name on the day: a case would not know whom it means."""
    day = command.established_on if isinstance(command, EstablishUnit) else command.renamed_on
    for unit in hall.directory.units.values():
        there = unit.established is not None and unit.established.region == region and unit.there_on(day)
        if there and unit.unit_id != hall.unit.unit_id and unit.name_on(day) == name:
            raise Rejected(
                "name-taken",
                f"{region} 在 {day} 已有{name}（{unit.unit_id}）。同一机构请用该编号，不同机构请写全称。",
                f"On {day} there is a {name} in {region} already ({unit.unit_id}). Use that id, or give the full name.",
            )


def dissolve(hall: Hall, command: DissolveUnit) -> list[UnitFact]:
    facts = once(hall, UnitDissolved(**dict(command)))
    if facts and hall.unit.dissolved is not None:
        raise Rejected(
            "already-dissolved",
            f"该机构已于 {hall.unit.dissolved.dissolved_on} 撤销。如登记有误，请先更正（withdraw-entry）。",
            f"The unit was dissolved on {hall.unit.dissolved.dissolved_on}. If that was entered wrongly, withdraw it first.",
        )
    if command.successor == hall.unit.unit_id:
        raise Rejected(
            "succeeds-itself",
            "承继单位不能是被撤销的单位自己。",
            "The unit that has the duties now cannot be the one that ceases.",
        )
    return facts


def withdraw(hall: Hall, command: WithdrawEntry) -> list[UnitFact]:
    """A wrong withdrawal is itself withdrawn, and what it took away stands again."""
    if command.entry in hall.unit.withdrawn:
        return []
    if all(entry.version != command.entry for entry in hall.unit.entries):
        raise Rejected(
            "no-such-entry",
            f"该机构的记录中没有可更正的第 {command.entry} 条。",
            f"This unit's history has no entry {command.entry} that could be withdrawn.",
        )
    return [EntryWithdrawn(**dict(command))]


RULES: UnitRules = {
    EstablishUnit: establish,
    RenameUnit: rename,
    DissolveUnit: dissolve,
    WithdrawEntry: withdraw,
}
