"""筛选: what lists, counts and rates may be asked for, and which units are meant by the names that are asked for."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.bearers import called
from shared.decider import Day, Moment
from shared.directory import Directory
from shared.events import Called
from shared.terms import CaseState, Channel, NoticeLevel
from shared.workdays import business_date


def _several(said: object) -> object:
    return () if said is None else (said,) if isinstance(said, str) else said


T = TypeVar("T")
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Several = Annotated[tuple[T, ...], Field(max_length=50), BeforeValidator(_several)]
"""One word or several of which one must fit; no word leaves the column open."""


class Filter(BaseModel):
    """Which cases are asked for. What is not given leaves its column open; what is not a filter is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: Several[CaseState] = Field((), description="状态，可多选 / state, several allowed")
    unit: Several[Word] = Field(
        (), description="现责任单位，现名、曾用名均可，可多选 / the unit that answers now, by any name"
    )
    leader: Several[Word] = Field(
        (), description="包案领导，id、姓名或所列姓名和职务，可多选 / the leader's id, name, or name and post as listed"
    )
    channel: Several[Channel] = Field((), description="渠道，可多选 / channel")
    number: Word | None = Field(None, description="原编号 / original number")
    region: str | None = Field(
        None, pattern=r"^[1-9][0-9]{1,11}$", description="区划代码或其前几位 / a region code, or its first digits"
    )
    stalled: bool | None = Field(None, description="是否挂账空转 / stalled or not")
    backlog: bool | None = Field(None, description="是否认定为积案 / identified as backlog or not")
    in_hand: bool | None = Field(
        None, description="是否有单位在办 / in some unit's hands, or sent back and not sent on"
    )
    relapsed: bool | None = Field(None, description="是否曾反弹 / ever relapsed or not")
    refused: bool | None = Field(None, description="是否不予受理 / not taken up or not")
    received_from: Day | None = Field(None, description="收到日期，自 / received on this day or later")
    received_to: Day | None = Field(None, description="收到日期，至（含）/ received on this day or earlier")
    as_of: Moment | None = Field(None, description="截至何时所知 / as known at this moment, RFC 3339 with a zone")


class NoticeFilter(BaseModel):
    """Which notices are asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    live: bool | None = Field(None, description="在办，或已销号 / live ones, or closed ones")
    level: Several[NoticeLevel] = Field((), description="督办层级，可多选 / rung of the ladder")
    unit: Several[Word] = Field(
        (), description="被督办单位，现名、曾用名均可，可多选 / the unit that answers, by any of its names"
    )
    case_id: Word | None = Field(None, description="案件编号，或单位台账编号 / the case, or the book of a unit")
    as_of: Moment | None = Field(None, description="截至何时所知 / as known at this moment, RFC 3339 with a zone")


class UnitFilter(BaseModel):
    """Which findings about units are asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Several[Word] = Field((), description="单位，现名、曾用名均可，可多选 / the unit, by any of its names")
    open: bool | None = Field(None, description="是否仍存在 / what still holds, or what does not")
    as_of: Moment | None = Field(None, description="截至何时所知 / as known at this moment, RFC 3339 with a zone")


def meant(
    names: Iterable[str], directory: Directory, region: str, today: date, as_of: datetime | None = None
) -> tuple[Called, ...]:
    """By which names, of which days, the units are meant that are asked for: as known of a region's units today, and by
    its own name each of which nothing is known.

    A name that somebody bore at the moment asked about, as was known then, means that unit: so do the counts of that moment.
    """
    then, day = directory.known_at(as_of), business_date(as_of) if as_of else today

    def whom(name: str) -> tuple[Called, ...]:
        if as_of is not None and then.meant(name, region, day, None):
            return called(then, name, region, day)
        return called(directory, name, region, today)

    return tuple(its for name in names for its in whom(name) or (Called(name),))


def led_by(
    leaders: Iterable[str], leader_id: sa.ColumnElement[str], leader: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """Whether the leader is one of these: by id, by name, or by name and post as they are listed."""
    meant = (
        (leader_id == said) | (leader == said) | leader.startswith(f"{said} ", autoescape=True) for said in leaders
    )
    return sa.or_(sa.false(), *meant)


def named(names: Iterable[Called], unit: sa.ColumnElement[str], on: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Whether a unit, as it was named on a day, is meant by one of these names: `is_one_of`, as SQL."""
    meant = ((unit == its.name) & (on >= its.since) & (on < its.until) for its in names)
    return sa.or_(sa.false(), *meant)
