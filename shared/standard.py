"""督查依据: which policy is in force on a day, and which days are worked. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from shared.deadlines import Deadline, Suspension, compute
from shared.events import REGISTRY, Fact
from shared.events.casework import ClockResumed, ClockSuspended
from shared.policy import Policy, PolicyError, in_force, load_policies
from shared.workdays import Calendar

HOLIDAYS = "holidays.toml"


@dataclass(frozen=True)
class Standard:
    """督查依据: the policies, and the calendar of working days."""

    policies: tuple[Policy, ...]
    calendar: Calendar

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Self:
        """From the files of a policy folder, by name: every one a policy, but `holidays.toml` a calendar.

        Raises PolicyError naming file and line.
        """
        policies = load_policies({name: text for name, text in texts.items() if name != HOLIDAYS}, REGISTRY)
        if not policies:
            raise PolicyError("没有口径文件（*.toml）", "there is no policy file (*.toml)")
        return cls(policies, Calendar.from_toml(texts.get(HOLIDAYS, "")))

    def policy_on(self, day: date) -> Policy:
        """The policy in force on a day; before the first one, the first. Raises PolicyError when there is none."""
        first = min((policy.effective_from for policy in self.policies), default=day)
        return in_force(self.policies, max(day, first))

    def next_policy_from(self, day: date) -> date | None:
        """The first day after this one on which another policy comes into force; None when no later one is known."""
        return min((policy.effective_from for policy in self.policies if policy.effective_from > day), default=None)

    def handling(
        self, start: date, extension_days: int = 0, extension_note: str = "", suspensions: Iterable[Suspension] = ()
    ) -> Deadline:
        """The limit of Art 34, from acceptance or relapse: by the policy of that day, whatever was published later."""
        limit = self.policy_on(start).limits.handling
        return compute(start, limit, self.calendar, suspensions, extension_days, extension_note)


def suspensions(facts: Iterable[Fact]) -> tuple[Suspension, ...]:
    """When the clock of Art 34 stood still, by facts in the order of their days. A resumption of nothing says nothing."""
    found: list[Suspension] = []
    begun: ClockSuspended | None = None
    for fact in facts:
        match fact:
            case ClockSuspended() if begun is None:
                begun = fact
            case ClockResumed() if begun is not None:
                found.append(Suspension(begun.suspended_on, fact.resumed_on, begun.ground.label))
                begun = None
    return (*found, *([Suspension(begun.suspended_on, None, begun.ground.label)] if begun else []))
