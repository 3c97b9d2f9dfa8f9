"""One event of a log: which case, what it was and when; or what is wrong with it. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.intake.eventlog.files import Event
from services.intake.eventlog.mapping import ISO, JOINT, Deed, Mapping
from services.intake.ledger.values import EARLIEST, Unfit, reference
from shared.masking import mask
from shared.workdays import business_date


class Fault(NamedTuple):
    """What keeps a case out, and how to mend it: the column at fault, in Chinese and in English."""

    column: str
    zh: str
    en: str


@dataclass(frozen=True)
class Moment:
    """An event that was understood, or has a fault. `case_id` is empty when the event does not say whose it is."""

    place: int
    case_id: str
    at: datetime | None
    activity: str
    values: dict[str, str]
    fault: Fault | None = None
    unknown: bool = False
    """Whether the mapping does not know the activity."""

    @property
    def on(self) -> date:
        """The business day in Asia/Shanghai. Only an event without a fault has one."""
        if self.at is None:
            raise LookupError("an event with a fault has no day")
        return business_date(self.at)


def activity_of(mapping: Mapping, event: Event) -> str:
    """What was done, in the log's own word; the words of several columns are joined."""
    return JOINT.join(filter(None, (event.values.get(name, "") for name in mapping.columns.activity)))


def moment_of(mapping: Mapping, event: Event, today: date) -> Moment | None:
    """The event as this mapping reads it; None for one that the mapping ignores."""
    columns, said = mapping.columns, event.values
    activity = activity_of(mapping, event)
    if activity in mapping.ignored:
        return None
    case_id, at, fault, unknown = "", None, None, False
    named = "、".join(columns.activity)
    try:
        at = _instant(mapping, said.get(columns.time, ""), today)
    except Unfit as unfit:
        fault = Fault(columns.time, unfit.zh, unfit.en)
    if not activity:
        fault = Fault(named, "没有写是什么活动", "it does not say what was done")
    elif activity not in mapping.activities:
        fault, unknown = _unknown(mapping, activity, named), True
    try:
        case_id = reference(said.get(columns.case)) or ""
        if not case_id:
            fault = Fault(columns.case, "没有写是哪个案件", "it does not say which case it belongs to")
    except Unfit as unfit:
        fault = Fault(columns.case, unfit.zh, unfit.en)
    if event.cells:
        fault = Fault(
            "",
            f"这一行有 {event.cells} 格，比表头多；多半是某一格里的分隔符没有加引号，请改正",
            f"it has {event.cells} cells, more than the header: perhaps a delimiter within a cell has no quotes; correct it",
        )
    return Moment(event.place, case_id, at, activity, said, fault, unknown)


def deed_of(mapping: Mapping, moment: Moment) -> Deed:
    """What the event was. Only one without a fault has been something."""
    return mapping.activities[moment.activity]


def _instant(mapping: Mapping, said: str, today: date) -> datetime:
    """The moment in UTC. Raises Unfit for what is no moment, lies before any petition office, or after today."""
    form = mapping.time.format
    if not said:
        raise Unfit("没有写时间", "it does not say when")
    try:
        found = datetime.fromisoformat(said) if form == ISO else datetime.strptime(said, form)  # noqa: DTZ007 - its zone follows
        zoned = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(mapping.time.zone))
        instant = zoned.astimezone(UTC)
        day = business_date(instant)
    except (ValueError, OverflowError) as error:
        wanted, wanted_en = ("ISO 8601", "ISO 8601") if form == ISO else (f"格式 {form}", f"the format {form}")
        shown = mask(said[:40])
        raise Unfit(
            f"“{shown}”不是{wanted}的时间；请改正，或改对照表的 [time]",
            f"{shown!r} is no moment in {wanted_en}: correct it, or [time] of the mapping",
        ) from error
    if not EARLIEST <= day <= today:
        raise Unfit(f"{day} 应在 {EARLIEST} 至 {today} 之间", f"{day} must lie between {EARLIEST} and {today}")
    return instant


def _unknown(mapping: Mapping, activity: str, column: str) -> Fault:
    near = get_close_matches(activity, mapping.activities, n=1)
    shown = mask(activity[:60])
    zh, en = (f"；相近的有“{near[0]}”", f"; near it: {near[0]!r}") if near else ("", "")
    return Fault(
        column,
        f"对照表没有活动“{shown}”{zh}；请写入 [activities]，或连同理由写入 [ignored]",
        f"the mapping has no activity {shown!r}{en}: add it to [activities], or with a reason to [ignored]",
    )
