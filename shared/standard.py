"""督查依据: which policy is in force on a day, and which days are worked. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from shared.deadlines import Deadline, Limit, Suspension, compute, plain
from shared.events import REGISTRY, Fact
from shared.events.casework import ClockResumed, ClockSuspended
from shared.policy import Policy, PolicyError, RuleTables, in_force, load_policies
from shared.terms import SuspensionGround
from shared.workdays import Calendar, Impossible

HOLIDAYS = "holidays.toml"


@dataclass(frozen=True)
class Standard:
    """督查依据: the policies, and the calendar of working days."""

    policies: tuple[Policy, ...]
    calendar: Calendar
    _by_day: dict[date, Policy] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Answers given before: the same question comes for every case."""

    @classmethod
    def of(
        cls, texts: Mapping[str, str], rules: RuleTables | None = None, *, of_the_past: Collection[str] = ()
    ) -> Self:
        """From the files of a policy folder, by name: every one a policy, but `holidays.toml` a calendar.

        Whoever judges says which rules there are, and which table each wants. Files `of_the_past`, by name, may be older than a
        rule, which then was not asked.

        Raises PolicyError naming the file, and of a policy the line.
        """
        files = {name: text for name, text in texts.items() if name != HOLIDAYS}
        policies = load_policies(files, REGISTRY, rules, of_the_past=of_the_past)
        if not policies:
            raise PolicyError("没有口径文件（*.toml）", "there is no policy file (*.toml)")
        try:
            return cls(policies, Calendar.from_toml(texts.get(HOLIDAYS, "")))
        except Impossible as error:
            raise PolicyError(error.zh, error.en) from error

    def policy_on(self, day: date) -> Policy:
        """The policy in force on a day; before the first one, the first. Raises PolicyError when there is none."""
        found = self._by_day.get(day)
        if found is None:
            first = min((policy.effective_from for policy in self.policies), default=day)
            found = self._by_day[day] = in_force(self.policies, max(day, first))
        return found

    def later_than(self, day: date) -> Sequence[Policy]:
        """The policies that are known to come into force after this day, in their order: mostly none."""
        later = [policy for policy in self.policies if policy.effective_from > day]
        return sorted(later, key=lambda policy: policy.effective_from) if len(later) > 1 else later

    def deadline(self, start: date, limit: Limit, suspensions: Sequence[Suspension] = ()) -> Deadline:
        """The last day on which something is in time. What is asked for again and again is added up once."""
        if not suspensions and limit.unit == "calendar" and limit.roll == "none":
            return plain(start, limit)
        return compute(start, limit, self.calendar, suspensions)

    def handling(
        self, start: date, extension_days: int = 0, extension_note: str = "", suspensions: Sequence[Suspension] = ()
    ) -> Deadline:
        """The limit of Art 34, from acceptance or relapse: by the policy of that day, whatever was published later."""
        limit = self.policy_on(start).limits.handling
        if not extension_days and not suspensions:
            return self.deadline(start, limit)
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


def hearings(facts: Iterable[Fact]) -> tuple[Suspension, ...]:
    """When it stood still for a hearing: of all grounds the one that the limit of the final review leaves out (Art 36)."""
    other = (f for f in facts if not (isinstance(f, ClockSuspended) and f.ground is not SuspensionGround.HEARING))
    return suspensions(other)
