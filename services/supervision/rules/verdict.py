"""What a rule is asked, and what it answers. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from services.supervision.cited import Cited
from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from shared.deadlines import Deadline, Limit, Suspension, overdue
from shared.events import Fact
from shared.events.casework import CaseAccepted, CaseRelapsed
from shared.events.intake import CaseDispatched, CaseUnmerged
from shared.policy import Policy
from shared.standard import Standard
from shared.workdays import DAY, UnknownYear

Words = tuple[str, str]
"""The same in Chinese and in English."""


@dataclass(frozen=True)
class Matter:
    """案情: a registered case as of a day, and what it is judged by. Nothing that is claimed for a later day is in it."""

    dossier: Dossier
    standard: Standard
    today: date

    @cached_property
    def policy(self) -> Policy:
        """The policy in force on the day."""
        return self.standard.policy_on(self.today)

    @property
    def opening(self) -> Noted[Fact]:
        """What opened the case, or opened it again."""
        opened = self.dossier.relapse or self.dossier.registered
        if opened is None:
            raise LookupError("a case that is not registered is no matter for a rule")
        return opened

    def deadline(self, start: date, limit: Limit, stood_still: Sequence[Suspension] = ()) -> Deadline:
        """The last day on which something is in time; days on which the clock lawfully stood still do not count."""
        return self.standard.deadline(start, limit, stood_still)

    def days_since(self, noted: Noted[Fact]) -> int:
        """Calendar days from a fact to the day of the verdict."""
        return (self.today - noted.on).days


class Verdict(NamedTuple):
    """评查结论: the answer of one rule about one case on one day. A tuple, because every rule gives one about every case."""

    shows: bool
    zh: str
    en: str
    since: date | None = None
    """The first day on which the sign shows; None when it does not."""
    changes_on: date | None = None
    """The next day on which the answer changes without a new fact; None when only a fact can change it."""
    counted: tuple[Cited, ...] = ()
    ignored: tuple[Cited, ...] = ()
    arithmetic: tuple[str, ...] = ()
    start: date | None = None
    """The day from which the rule's time limit runs; None when it has none."""
    due: date | None = None
    """The last day of that limit; None when it has none, or while it stands still."""
    undecided: UnknownYear | None = None
    """What is not known and would have to be, to say anything: then nothing is found, and nothing is taken back."""


def evidence(noted: Noted[Fact], zh: str = "", en: str = "") -> Cited:
    """How a verdict names a fact."""
    return Cited(noted.id, noted.type, noted.on, zh, en)


def quiet(zh: str, en: str) -> Verdict:
    """The rule finds nothing, and only a new fact can change that."""
    return Verdict(False, zh, en)


def undecided(unknown: UnknownYear) -> Verdict:
    """Nobody can say: the sum needs a year of which nobody has told us on which days people work."""
    return Verdict(False, unknown.zh, unknown.en, undecided=unknown)


CLOSED = quiet("案件已办结", "the case is closed")
OPEN = quiet("案件未办结", "the case is not closed")
IMPORTED = quiet("台账导入的历史，台账不记载此项", "history that a ledger claims; a ledger has no column for this")


def shown(
    zh: str,
    en: str,
    since: date,
    counted: Iterable[Cited],
    arithmetic: Iterable[str] = (),
    ignored: Iterable[Cited] = (),
) -> Verdict:
    """A sign that shows, and that only a new fact can end."""
    return Verdict(True, zh, en, since, None, tuple(counted), tuple(ignored), tuple(arithmetic))


@dataclass(frozen=True)
class Owed:
    """欠办事项: one thing of several that is to be done by a day."""

    noted: Noted[Fact]
    deadline: Deadline
    zh: str
    en: str


def owing(owed: Sequence[Owed], today: date, zh: str, en: str, done: Verdict) -> Verdict:
    """Of several things to be done, the sign shows since the first is late. `zh` and `en` take how many are, and which."""
    if not owed:
        return done
    late = [one for one in owed if overdue(one.deadline, today)]
    turns = [one.deadline.due + DAY for one in owed if one.deadline.due is not None]
    coming = min((day for day in turns if day > today), default=None)
    named = late or owed
    said = {
        "n": len(named),
        "zh": "、".join(one.zh for one in named),
        "en": ", ".join(one.en for one in named),
    }
    return Verdict(
        bool(late),
        zh.format(**said) if late else "尚在期限内：{zh}".format(**said),
        en.format(**said) if late else "still in time: {en}".format(**said),
        since=min((day for day in turns if day <= today), default=None),
        changes_on=coming,
        counted=tuple(evidence(one.noted, one.zh, one.en) for one in named),
        arithmetic=tuple(line for one in named for line in one.deadline.arithmetic),
    )


def after(
    deadline: Deadline,
    today: date,
    late: Callable[[], Words],
    in_time: Callable[[], Words],
    counted: Iterable[Cited],
    ignored: Iterable[Cited] = (),
) -> Verdict:
    """A sign that shows from the day after a deadline. What is said when is asked for it then: most sentences are never said."""
    shows = overdue(deadline, today)
    turns = deadline.due + DAY if deadline.due else None
    return Verdict(
        shows,
        *(late() if shows else in_time()),
        since=turns if shows else None,
        changes_on=None if shows else turns,
        counted=tuple(counted),
        ignored=tuple(ignored),
        arithmetic=deadline.arithmetic,
        start=deadline.start,
        due=deadline.due,
    )


def begun(noted: Noted[Fact]) -> Words:
    """How a sentence names the fact from which days are counted."""
    match noted.fact:
        case CaseDispatched(kind=kind):
            return kind.label, "dispatch"
        case CaseAccepted():
            return "受理", "acceptance"
        case CaseRelapsed():
            return "反弹重办", "the relapse"
        case CaseUnmerged():
            return "撤销并案", "the undoing of its merge"
        case _:
            return "登记", "registration"
