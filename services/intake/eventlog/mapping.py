"""对照表: which column of another system's event log says what, and which of its activities is which fact. Pure.

The columns of an XES log are the keys of its events' attributes, and `case:` with the keys of its traces' attributes.
"""

from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from services.intake.ledger.entries import LedgerUnreadable, StepKind
from services.intake.ledger.values import LONGEST_NAME
from shared.policy import PolicyError, line_of, read_table
from shared.terms import Channel
from shared.workdays import Impossible

ISO = "iso"
REGISTRATION = "registration"
KINDS = {kind.value: kind for kind in StepKind}
FACTS = {REGISTRATION: "登记"} | {word: kind.label for word, kind in KINDS.items()}
"""What an activity may be: the registration of the case, or a step that a ledger knows."""

JOINT = "/"
"""Joins the columns that name an activity together: `VisitLogged/home`."""

Word = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


def _one_or_more(said: object) -> object:
    return (said,) if isinstance(said, str) else said


def _as_table(said: object) -> object:
    return {"fact": said} if isinstance(said, str) else said


def _known(said: str) -> str:
    if said not in FACTS:
        near = get_close_matches(said, FACTS, n=1)
        listed = "、".join(f"{word} {label}" for word, label in FACTS.items())
        hint, hint_en = (f"；是否指 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
        raise Impossible(
            f"“{said}”不是已知的事实，可用：{listed}{hint}", f"{said!r} is no fact; there are: {listed}{hint_en}"
        )
    return said


def _zone(said: str) -> str:
    try:
        ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Impossible(
            f"“{said}”不是时区名，例如 Asia/Shanghai、UTC", f"{said!r} names no time zone, such as Asia/Shanghai or UTC"
        ) from error
    return said


def _format(said: str) -> str:
    """A format must bring back the day that it wrote."""
    sample = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
    dated = any(year in said for year in ("%Y", "%y", "%G", "%c", "%x"))  # Python 3.13 warns of a day without its year
    try:
        again = datetime.strptime(sample.strftime(said), said).replace(tzinfo=UTC) if dated else None
        told = said == ISO or (again is not None and again.date() == sample.date())
    except ValueError:
        told = False
    if not told:
        raise Impossible(
            f"“{said}”读不出年月日，应如 %Y-%m-%d %H:%M:%S，或 {ISO}",
            f"{said!r} does not tell year, month and day: write one such as %Y-%m-%d %H:%M:%S, or {ISO}",
        )
    return said


class Table(BaseModel):
    """A part of the mapping; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Columns(Table):
    """Which column says what. `activity` may be several columns; `to` is the unit that a case is sent to."""

    case: Word
    activity: Annotated[tuple[Word, ...], Field(min_length=1), BeforeValidator(_one_or_more)]
    time: Word
    person: Word | None = None
    unit: Word | None = None
    to: Word | None = None
    note: Word | None = None
    demand: Word | None = None
    region: Word | None = None
    channel: Word | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is read, once, in this order. Nothing else of the log is looked at."""
        said = (self.case, *self.activity, self.time, self.person, self.unit, self.to, self.note, self.demand)
        return tuple(dict.fromkeys(name for name in (*said, self.region, self.channel) if name))


class Times(Table):
    """How the log writes a moment: a format of strptime, or ISO 8601; and the zone of one that names none."""

    format: Annotated[str, AfterValidator(_format)] = ISO
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"


class Cases(Table):
    """What holds for every case of which the log itself does not say it."""

    unit: Word | None = None
    region: Word | None = None
    channel: Channel = Channel.ASSIGNED
    demand: Annotated[str, Field(min_length=1, max_length=1000)] = "外系统案件，日志未载诉求"


class Deed(Table):
    """What an activity is here; `note` goes before what the log's own note says: 未见到本人, 予以支持, 已告知."""

    fact: Annotated[str, AfterValidator(_known)]
    note: Annotated[str, Field(max_length=LONGEST_NAME)] = ""

    @property
    def kind(self) -> StepKind | None:
        """The kind of step; None for the registration."""
        return KINDS.get(self.fact)


class Mapping(Table):
    """对照表: how to read one system's logs. `system` is whose case numbers they are: two systems may both have a 001."""

    system: Word
    columns: Columns
    time: Times = Times()
    cases: Cases = Cases()
    activities: Annotated[dict[str, Annotated[Deed, BeforeValidator(_as_table)]], Field(min_length=1)]
    ignored: dict[str, Annotated[str, Field(min_length=1, description="why")]] = {}


def load_mapping(text: str, name: str) -> Mapping:
    """Read a mapping that errors call `name`. Raises LedgerUnreadable, with the line, for anything that is wrong in it."""

    def validated(table: dict[str, Any]) -> Mapping:
        return Mapping.model_validate(table)

    try:
        mapping = read_table(text, name, validated)
        for activity in mapping.activities.keys() & mapping.ignored.keys():
            zh, en = "既在 activities 又在 ignored，请删去一处", "is in activities and in ignored: delete one"
            raise PolicyError(f"{activity} {zh}", f"{activity} {en}", line_of(text, ("ignored", activity)), name)
    except PolicyError as error:
        raise LedgerUnreadable(error.zh, error.en) from error
    return mapping
