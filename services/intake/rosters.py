"""Taking in the rows of a roster file (机构名册导入): each names a unit or a post, and is entered once however often it comes."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.intake.domain.desk import REGISTERING
from services.intake.domain.organisation import EstablishUnit, RenameUnit
from services.intake.domain.posts import TakePost
from services.intake.domain.roster import UnitCommand
from services.intake.ledger import PostRow, UnitRow
from services.intake.registration import Registrar
from shared.decider import Name, Rejected
from shared.directory import Directory, Unit
from shared.events import Official
from shared.events.intake import UNITS, PostTaken
from shared.http.problems import field_reasons
from shared.identity import Actor
from shared.regions import check_region
from shared.store import Forbidden, Refused, Request, Unavailable


class RosterRows(BaseModel):
    """Rows of one roster file: superior units before those below them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    imported_from: Name
    """The file's digest."""
    units: Annotated[tuple[UnitRow, ...], Field(max_length=5000)] = ()
    posts: Annotated[tuple[PostRow, ...], Field(max_length=5000)] = ()


class Entered(BaseModel):
    """What became of a row."""

    sheet: str
    row: int
    became: Literal["entered", "skipped", "rejected"]
    reason_zh: str = ""
    reason_en: str = ""


async def take_in(
    registrar: Registrar, roster: Callable[[], Directory], rows: RosterRows, actor: Actor
) -> list[Entered]:
    """Enter each row, units first. One that is refused says why, and keeps no other from being entered."""
    if actor.role not in REGISTERING:
        raise Forbidden(
            "只有登记员和信访部门可以导入机构名册。", "Only a registrar or the petition office imports rosters."
        )
    asking, entered = Request(actor, imported_from=rows.imported_from), list[Entered]()
    every: tuple[UnitRow | PostRow, ...] = (*rows.units, *rows.posts)
    for row in every:
        try:
            check_region(row.region, registrar.regions)
            if not actor.covers_region(row.region):
                raise Forbidden("该地区不在您的管辖范围内。", "That region lies outside yours.")
            unit_id, commands = commands_of(await asyncio.to_thread(roster), row)
            said = [(await registrar.store.handle(unit_id, command, asking)).facts for command in commands]
            entered.append(Entered(sheet=row.sheet, row=row.row, became="entered" if any(said) else "skipped"))
        except Unavailable:
            raise
        except (Rejected, Refused, ValidationError) as error:
            zh, en = field_reasons(error) if isinstance(error, ValidationError) else (error.zh, error.en)
            entered.append(Entered(sheet=row.sheet, row=row.row, became="rejected", reason_zh=zh, reason_en=en))
    return entered


def commands_of(directory: Directory, row: UnitRow | PostRow) -> tuple[str, list[UnitCommand]]:
    """What a row asks for, and of which unit. Raises Rejected when it names a unit that is not known."""
    if isinstance(row, PostRow):
        unit = _unit(directory, row.unit, row.region, row.since)
        holding_id = _digest(unit.unit_id, row.number or row.name, row.post, row.since.isoformat())
        taken = next((fact for fact in unit.all(PostTaken) if fact.holding_id == holding_id), None)
        number = row.number or (
            taken.official.id if taken else f"{row.unit}/{row.name}"
        )  # the unit may be renamed since
        take = TakePost(
            holding_id=holding_id,
            official=Official(id=number, name=row.name, post=row.post),
            **row.model_dump(include={"since", "left_on", "rank", "heads_unit", "remit"}),
        )
        return unit.unit_id, [take]
    first, on = row.former_name or row.name, row.renamed_on or row.established_on
    superior = _unit(directory, row.superior, row.region, on).unit_id if row.superior else None
    unit_id, known = unit_id_of(row.region, first), _bearer(directory, row.name, row.region, on)
    if known is not None and known.established is not None and known.established.region == row.region:
        if known.established.name != first:  # entered under an earlier name, and renamed since
            return known.unit_id, []
        unit_id = known.unit_id
    commands: list[UnitCommand] = [
        EstablishUnit(name=first, region=row.region, established_on=row.established_on, superior=superior)
    ]
    if row.former_name and row.renamed_on:
        commands.append(RenameUnit(name=row.name, renamed_on=row.renamed_on))
    return unit_id, commands


def unit_id_of(region: str, name: str) -> str:
    """The id under which a unit is entered that a file names: the same for the same place and name, in every file."""
    return UNITS + _digest(region, name)


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]


def _bearer(directory: Directory, name: str, region: str, day: date) -> Unit | None:
    """The unit that bore the name on the day, else that ever did: files call a unit by its present name."""
    unit = directory.unit(name, region, day) or directory.unit(name, region, date.max)
    return unit if unit and name in {borne for _, borne in unit.names} else None


def _unit(directory: Directory, name: str, region: str, day: date) -> Unit:
    unit = _bearer(directory, name, region, day)
    if unit is None:
        raise Rejected(
            "no-such-unit",
            f"{region} 没有登记过名为{name}的机构，或有几个同名的。请先登记该机构，或写全称和属地。",
            f"In {region} no unit is known as {name}, or several are. Enter the unit first, or give its full name and region.",
        )
    return unit
