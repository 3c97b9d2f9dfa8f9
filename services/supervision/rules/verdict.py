"""What a rule is asked, and what it answers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.supervision.dossier import Dossier, Noted
from shared.deadlines import Deadline, explain, overdue
from shared.events import Fact
from shared.events.casework import CaseAccepted, CaseRelapsed
from shared.events.intake import CaseDispatched
from shared.events.supervision import Evidence
from shared.policy import Policy
from shared.standard import Standard
from shared.workdays import DAY

Words = tuple[str, str]
"""The same in Chinese and in English."""


@dataclass(frozen=True)
class Matter:
    """案情: a registered case as of a day, and what it is judged by. Nothing that is claimed for a later day is in it."""

    dossier: Dossier
    standard: Standard
    today: date

    @property
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

    def days_since(self, noted: Noted[Fact]) -> int:
        """Calendar days from a fact to the day of the verdict."""
        return (self.today - noted.on).days


@dataclass(frozen=True)
class Verdict:
    """评查结论: the answer of one rule about one case on one day."""

    shows: bool
    zh: str
    en: str
    since: date | None = None
    """The first day on which the sign shows; None when it does not."""
    changes_on: date | None = None
    """The next day on which the answer changes without a new fact; None when only a fact can change it."""
    counted: tuple[Evidence, ...] = ()
    ignored: tuple[Evidence, ...] = ()
    arithmetic: tuple[str, ...] = ()
    start: date | None = None
    """The day from which the rule's time limit runs; None when it has none."""
    due: date | None = None
    """The last day of that limit; None when it has none, or while it stands still."""


def evidence(noted: Noted[Fact], zh: str = "", en: str = "") -> Evidence:
    """How a verdict names a fact."""
    return Evidence(id=noted.id, type=noted.type, on=noted.on, why_zh=zh, why_en=en)


def quiet(zh: str, en: str) -> Verdict:
    """The rule finds nothing, and only a new fact can change that."""
    return Verdict(False, zh, en)


CLOSED = quiet("案件已办结", "the case is closed")


def after(
    deadline: Deadline,
    today: date,
    late: Words,
    in_time: Words,
    counted: Iterable[Evidence],
    ignored: Iterable[Evidence] = (),
) -> Verdict:
    """A sign that shows from the day after a deadline."""
    shows = overdue(deadline, today)
    turns = deadline.due + DAY if deadline.due else None
    return Verdict(
        shows,
        *(late if shows else in_time),
        since=turns if shows else None,
        changes_on=None if shows else turns,
        counted=tuple(counted),
        ignored=tuple(ignored),
        arithmetic=tuple(explain(deadline).split("\n")),
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
        case _:
            return "登记", "registration"
