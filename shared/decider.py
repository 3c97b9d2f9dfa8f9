"""What a service may decide: commands in, facts out, refusals with a reason. Pure.

The shape is Chassaing's decider: an initial state, `evolve` (what a fact means) and `decide` (what a command means here
and now). Deciding the same command twice yields facts once: `[]` means "already so".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from shared.events import ZONE, Asked, Fact, Named, Recorded
from shared.events.histories import NAMES
from shared.masking import mask
from shared.terms import Role

S = TypeVar("S")

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _iso_day(said: object) -> object:
    """A text is read as YYYY-MM-DD and nothing else: pydantic would take `0` for a day of 1970."""
    if not isinstance(said, str):
        return said
    try:
        return date.fromisoformat(said) if ISO_DAY.fullmatch(said) else "not a day"
    except ValueError:
        return "not a day"


WHOLE = BeforeValidator(lambda said: int(said) if isinstance(said, float) and said.is_integer() else said)
"""Goes behind the limits of a whole number. JSON has one kind of number only: 3.0 is 3."""
AnyDay = Annotated[date, Field(strict=True), BeforeValidator(_iso_day)]
"""A day of any year, as a file may name it."""
Day = Annotated[
    date,
    Field(
        strict=True,
        ge=date(1949, 10, 1),
        le=date(2199, 12, 31),
        json_schema_extra={"pattern": "^(1949-1[0-2]|19[5-9][0-9]-[01][0-9]|2[01][0-9]{2}-[01][0-9])-[0-3][0-9]$"},
    ),
    BeforeValidator(_iso_day),
]
"""A business day in Asia/Shanghai. JSON Schema knows no range of days, so the document says it as a pattern."""


INSTANT = (
    r"^(19[5-9][0-9]|2[01][0-9]{2})-[01][0-9]-[0-3][0-9]"
    r"[Tt][0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?([Zz]|[+-][0-2][0-9]:[0-5][0-9])$"
)


def _rfc_3339(said: object) -> object:
    """A text is read as RFC 3339 has it: pydantic would take `0` for an instant of 1970."""
    if not isinstance(said, str):
        return said
    try:
        return datetime.fromisoformat(said.upper()) if re.match(INSTANT, said) else "not an instant"
    except ValueError:
        return "not an instant"


Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime(1949, 12, 31, tzinfo=UTC),
        le=datetime(2200, 1, 2, tzinfo=UTC),
        json_schema_extra={"pattern": INSTANT},
    ),
    BeforeValidator(_rfc_3339),
]
"""An instant that every time zone can write: of 1950 to 2199."""


def _as_sent(longest: int) -> BeforeValidator:
    """The document's limit holds for what was sent, not for what is left of it without the blanks around it."""

    def check(said: object) -> object:
        if isinstance(said, str) and len(said) > longest:
            raise PydanticKnownError("string_too_long", {"max_length": longest})
        return said

    return BeforeValidator(check)


_LINE, _WORD = r"[^\x00-\x1f\x7f-\x9f]", r"[^\s\x00-\x1f\x7f-\x9f\ufeff]"
"""A character of a line, and one that is no blank: of two the readers of patterns differ on whether they are."""
Name = Annotated[
    str,
    Field(min_length=1, max_length=200, pattern=rf"^[\s\x85]*{_LINE}*{_WORD}{_LINE}*[\s\x85]*$"),
    _as_sent(200),
]
"""A unit, an official, a number or an id: one line, not blank."""
Text = Annotated[
    str,
    Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*[^\s\x00\x85\ufeff][^\x00]*$"),
    AfterValidator(mask),
    _as_sent(4000),
]
"""Narrative: what looks like a document or phone number is masked on entry."""
Note = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$"), AfterValidator(mask), _as_sent(4000)]
"""Narrative that may be empty."""


class Command(BaseModel):
    """What somebody asks for. The docstring of a subclass becomes its text in the OpenAPI document."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    roles: ClassVar[frozenset[Role]]
    """Who may give this command."""
    history: ClassVar[str] = "case"
    """The kind of history that it is about, as `shared.events.histories` tells them apart."""
    readers: ClassVar[frozenset[Role]] = frozenset(Role)
    """Who may read such a history, if it is theirs to see."""
    also: ClassVar[tuple[str, ...]] = ()
    """Other kinds of history that it may be about as well."""


class ImportedCommand(Command):
    """A command that lays down history from a file: its facts are marked with where they came from."""

    imported_from: Name
    """The file's digest, and the sheet."""


class Rejected(Exception):
    """A rule refuses. `rule` is stable and machine-readable; the two texts say why and how to mend it."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.rule, self.zh, self.en = rule, zh, en


OF_NUMBERS = (
    "台账上的编号不是案件 id：请用 /reporting/cases?number=… 查出 case_id。",
    " A number of a ledger is no case id: /reporting/cases?number=… tells its case_id.",
)
"""What whoever copied a number from a list has to know."""


class NoSuchCase(Rejected):
    """The case, or what else has a history of its own, is not on the books of this service (or has not arrived here yet).

    `about` is the kind of history, as `shared.events.histories` tells them apart. A rule need not say it: whoever knows the id
    does.
    """

    def __init__(self, about: str = "case") -> None:
        (zh, en), of_case = NAMES[about], about == "case"
        super().__init__(
            "no-such-case",
            f"没有这个{zh}，或尚未送达本服务。" + (OF_NUMBERS[0] if of_case else ""),
            f"There is no such {en} here, or it has not arrived yet." + (OF_NUMBERS[1] if of_case else ""),
        )


@dataclass(frozen=True)
class Scope:
    """Where a case belongs, for deciding who may touch it: the region of the matter and the units that hold it."""

    region: str
    units: frozenset[Named] = frozenset()


@dataclass(frozen=True)
class Decider(Generic[S]):
    """A whole aggregate or process manager, as values and pure functions."""

    initial: S
    evolve: Callable[[S, Recorded], S]
    decide: Callable[[S, Any, Asked], Sequence[Fact]]
    scope: Callable[[S], Scope | None]
    commands: tuple[type[Command], ...] = ()
    entails: Callable[[S, Recorded], Iterable[tuple[str, Command]]] = lambda *_: ()
    """What a new fact, already part of the state, makes another history of the same log obey in the same transaction, as
    (history, command). When one of these is refused, so is the command that led to the fact.
    """


def fold(decider: Decider[S], facts: Iterable[Recorded]) -> S:
    """The state that these facts lead to."""
    return reduce(decider.evolve, facts, decider.initial)


def obey(decider: Decider[S], state: S, command: Command, asked: Asked) -> list[Fact]:
    """The facts that a command leads to. Raises Rejected, also for a fact that claims to have happened in the future."""
    facts = list(decider.decide(state, command, asked))
    today = asked.now.astimezone(ZONE).date()
    for fact in facts:
        claimed = fact.claimed_time()
        day = claimed.astimezone(ZONE).date() if isinstance(claimed, datetime) else claimed
        if day is not None and day > today:
            raise Rejected(
                "in-the-future",
                f"{fact.occurred} 为 {day}，晚于今天 {today}。请填写已经发生的日期。",
                f"{fact.occurred} is {day}, after today, {today}. Give the day on which it has happened.",
            )
    return facts
