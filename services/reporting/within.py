"""What lists of things within cases have in common: whose cases are asked for, who may read them, how they are named."""

from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from services.reporting.answers import Shape
from services.reporting.api import Cursor, Limit
from services.reporting.filters import Several, Word, led_by
from services.reporting.queries import Units, may_read, of_any
from shared.decider import Day, Moment
from shared.identity import Actor
from shared.readmodel import Tables
from shared.terms import CaseState


class Within(BaseModel):
    """Of which cases, until when, and how many. What is not given leaves its column open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Several[Word] = Field((), description="现责任单位，现名、曾用名均可，可多选 / the unit, by any of its names")
    leader: Several[Word] = Field(
        (), description="包案领导，id、姓名或所列姓名和职务，可多选 / the leader's id, name, or name and post as listed"
    )
    as_of: Moment | None = Field(None, description="截至何时所知 / as known at this moment, RFC 3339 with a zone")
    due_to: Day | None = Field(None, description="到期日不晚于 / due on this day or earlier")
    limit: Limit = 100
    cursor: Cursor = None


class WithinCase(Shape):
    """In which case something is listed."""

    case_id: str
    original_number: str | None = Field(description="原编号")
    unit: str = Field(description="现责任单位")
    leader: str | None = Field(description="包案领导")


def wanted(tables: Tables, source: Any, actor: Actor, asked: Within, units: Units) -> sa.ColumnElement[bool]:
    """The cases that are asked for, of those in the source, and that this actor may read now. One that was merged goes on in
    another.
    """
    cases, live = source.c, tables.sheets["cases"].c
    found: sa.ColumnElement[bool] = cases.registered.is_(True) & (cases.state != CaseState.MERGED.value)
    found &= (
        may_read(tables, actor)
        if asked.as_of is None
        else cases.key.in_(sa.select(live.key).where(may_read(tables, actor)))
    )
    if asked.unit:
        found &= of_any(asked.unit, units, cases.unit, cases.unit_on)
    if asked.leader:
        found &= led_by(asked.leader, cases.leader_id, cases.leader)
    return found
