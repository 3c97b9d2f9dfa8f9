"""The events of one case to the row that a ledger would have for it, with its steps. Pure."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.intake.eventlog.mapping import Mapping
from services.intake.eventlog.moments import Fault, Moment, deed_of
from services.intake.ledger.entries import LedgerRow, LedgerStep, StepKind
from services.intake.ledger.places import Places
from services.intake.ledger.values import Unfit, compact, demand, name, narrative, short
from services.intake.ledger.words import channel_of
from shared.terms import Channel

T = TypeVar("T")
Reading = Callable[[str], T]
"""What a cell says. Raises Unfit."""

SENT = frozenset({StepKind.DISPATCH, StepKind.FORWARD})
"""Steps whose unit is the one that the case goes to."""

Faults = dict[int, Fault]
"""What is wrong, by the place of the event."""


def case_of(log: str, mapping: Mapping, places: Places, moments: Sequence[Moment]) -> LedgerRow | Faults:
    """The row for a case whose events these are, in the order of their moments; or why there is none.

    A case goes in whole or not at all: one whose visit could not be read would be found never to have been met. The
    registration tells the day and the unit; without one, the first event does. Two registrations are a contradiction, unless
    they say the very same: the second may be a repeat petition, which only the mapping can say. So is what was done on a day
    before the registration: a case that was closed before it came in would never be found.
    """
    faults: Faults = {moment.place: moment.fault for moment in moments if moment.fault}
    if faults:
        return faults
    reading = _Reading(mapping, faults)
    first, *more = [m for m in moments if deed_of(mapping, m).kind is None] or [moments[0]]
    for again in (moment for moment in more if (moment.at, moment.values) != (first.at, first.values)):
        faults[again.place] = Fault(
            "、".join(mapping.columns.activity),
            f"案件已在 {first.on} 登记过；如是重复信访，请在对照表中写作 {StepKind.REPEAT}",
            f"registered on {first.on} already; if the person came again, map it as {StepKind.REPEAT}",
        )
    for early in (moment for moment in moments if moment.on < first.on):
        faults[early.place] = Fault(
            mapping.columns.time,
            f"{early.on} 早于本案登记之日 {first.on}（第 {first.place} 行）；请核对日期，或在对照表中更正哪个活动是登记",
            f"{early.on} lies before the case was registered, on {first.on} (row {first.place}): check the dates, or say in the"
            " mapping which activity is the registration",
        )
    steps = [step for moment in moments if (step := reading.step(log, moment)) is not None]
    unit = reading.unit(first, moments)
    region = reading.first(
        moments, mapping.columns.region, lambda said: places.code(said or mapping.cases.region or "")
    )
    channel = reading.first(moments, mapping.columns.channel, _channel) or mapping.cases.channel
    asked = reading.first(moments, mapping.columns.demand, lambda said: demand(said) if said else None)
    if faults or unit is None or region is None:
        return faults
    return LedgerRow(
        sheet=log,
        row=min(moment.place for moment in moments),
        original_number=moments[0].case_id,
        system=mapping.system,
        received_on=first.on,
        channel=channel,
        region=region,
        unit=unit,
        demand=asked or mapping.cases.demand,
        steps=tuple(steps),
    )


class _Reading:
    """Reads the cells of a case's events, and notes what is wrong with them."""

    def __init__(self, mapping: Mapping, faults: Faults) -> None:
        self._mapping, self._columns, self._faults = mapping, mapping.columns, faults

    def step(self, log: str, moment: Moment) -> LedgerStep | None:
        """The step that an event was; None for the registration, and for one with a fault."""
        deed = deed_of(self._mapping, moment)
        if deed.kind is None:
            return None
        columns = self._columns
        to = self.cell(moment, columns.to, lambda said: short(compact(said)))
        by = self.cell(moment, columns.unit, lambda said: short(compact(said)))
        person = self.cell(moment, columns.person, lambda said: short(compact(said)))
        note = self.cell(moment, columns.note, lambda said: narrative("：".join(filter(None, (deed.note, said)))))
        return LedgerStep(
            sheet=log,
            row=moment.place,
            on=moment.on,
            kind=deed.kind,
            person=person or None,
            unit=((to or by) if deed.kind in SENT else by) or None,
            note=note or "",
        )

    def unit(self, first: Moment, moments: Sequence[Moment]) -> str | None:
        """The unit that answers for the case at first: that of its registration, the mapping's, the first one named."""
        columns, default = self._columns, self._mapping.cases.unit
        for moment in (first, *moments):
            for column in (columns.to, columns.unit):
                if compact(moment.values.get(column or "")):
                    return self.cell(moment, column, name)
            if default:
                return default
        self._faults[first.place] = Fault(
            columns.unit or "[columns] unit",
            "没有写责任单位；请在对照表 [columns] 指明单位的列，或在 [cases] 写 unit",
            "no unit answers for the case: name the column in [columns] of the mapping, or a unit in [cases]",
        )
        return None

    def first(self, moments: Sequence[Moment], column: str | None, reading: Reading[T]) -> T | None:
        """What the first event that says anything in this column says; what the empty text means, when none does."""
        saying = (moment for moment in moments if column and compact(moment.values.get(column)))
        return self.cell(next(saying, moments[0]), column, reading)

    def cell(self, moment: Moment, column: str | None, reading: Reading[T]) -> T | None:
        """What a cell says; None, and a fault of the event, when it cannot be read."""
        try:
            return reading(moment.values.get(column, "") if column else "")
        except Unfit as unfit:
            self._faults[moment.place] = Fault(column or "", unfit.zh, unfit.en)
            return None


def _channel(said: str) -> Channel | None:
    """The channel that is named, by its word or in people's words."""
    return next((channel for channel in Channel if channel.value == said), None) or channel_of(said)
