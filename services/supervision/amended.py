"""口径变动: what going by another policy can change, so that only that is asked again. Pure."""

from dataclasses import dataclass
from datetime import date

from services.supervision.dossier import Dossier
from services.supervision.rules import AFTERMATH, OF_THE_WATCH, RULES, UNIT_RULES
from shared.policy import Policy, RuleTable
from shared.standard import Standard

NOT_JUDGED_BY = frozenset(
    {
        *("based_on", "version", "title", "effective_from", "author", "basis", "reason"),
        *("petitions", "classes", "focus", "backlog", "jurisdiction", "leaders", "going_down", "cadence"),
        *("return_visits", "opinion", "aid", "evaluation", "checklists", "suggestions", "treatments", "scores"),
    }
)
"""What a case is handled, counted and answered for by: no verdict, and nothing that follows from one, looks there."""
JUDGED_BY = Policy.model_fields.keys() - NOT_JUDGED_BY - {"rules"}
"""What every verdict may look at, beside the tables of the rules."""
SAID = frozenset({"name", "basis", "kind"})
"""What a table only gives to the sentence: no finding is told again because it is called otherwise."""

OF_UNITS = frozenset(rule.id for rule in UNIT_RULES) | AFTERMATH | OF_THE_WATCH
"""What is asked of units: their rules, and what follows from supervision's own words."""


@dataclass(frozen=True)
class Amendment:
    """What differs between what verdicts go by: the tables of some rules, or something by which every case is judged."""

    rules: frozenset[str] = frozenset()
    """Whose answers can differ."""
    everything: bool = False

    def __or__(self, other: "Amendment") -> "Amendment":
        return Amendment(self.rules | other.rules, self.everything or other.everything)

    def concerns(self, dossier: Dossier) -> bool:
        """Whether it can change an answer about this case."""
        return self.everything or any(rule.id in self.rules and rule.can_show(dossier) for rule in RULES.values())

    @property
    def concerns_units(self) -> bool:
        """Whether it can change an answer about a unit."""
        return self.everything or not OF_UNITS.isdisjoint(self.rules)

    @property
    def having(self) -> frozenset[str] | None:
        """Facts of which types a closed case has that it can concern; None when it can concern any."""
        rules = [rule for rule in RULES.values() if rule.id in self.rules and not (rule.stalls and not rule.needs)]
        if self.everything or not all(rule.needs for rule in rules):
            return None
        return frozenset(kind.__name__ for rule in rules for kind in rule.needs)

    @property
    def concerns_open(self) -> bool:
        """Whether it can concern any open case."""
        return self.everything or any(
            RULES[rule].stalls and not RULES[rule].needs for rule in self.rules & RULES.keys()
        )


EVERYTHING = Amendment(everything=True)

_known: dict[tuple[int, int], tuple[Policy, Policy, Amendment]] = {}
KEPT = 64
"""How many pairs of policies are kept compared: the same question comes for every case."""


def between(before: Policy, after: Policy) -> Amendment:
    """What differs between two policies."""
    found = _known.get((id(before), id(after)))
    if found is None or found[0] is not before or found[1] is not after:
        if len(_known) >= KEPT:
            _known.clear()
        found = _known[id(before), id(after)] = before, after, _compared(before, after)
    return found[2]


def _compared(before: Policy, after: Policy) -> Amendment:
    tables = [
        (rule, before.rules.get(rule), after.rules.get(rule)) for rule in before.rules.keys() | after.rules.keys()
    ]
    changed = {rule for rule, old, new in tables if _judges_by(old) != _judges_by(new)}
    led = {rule.id for rule in RULES.values() if changed.intersection(rule.goes_by)}
    whose = any(old is None or new is None or old.about != new.about for _, old, new in tables)
    rest = any(getattr(before, name) != getattr(after, name) for name in JUDGED_BY)
    return Amendment(frozenset(changed | led), everything=whose or rest)


def _judges_by(table: RuleTable | None) -> object:
    return table and table.model_dump(exclude={*SAID})


def amended(before: Standard, after: Standard) -> Amendment:
    """What differs between two standards, on whatever day: what has happened may be judged by the policy of its own day."""
    first_days = {policy.effective_from for policy in (*before.policies, *after.policies)}
    found = Amendment(everything=before.calendar != after.calendar)
    for day in (date.min, *sorted(first_days)):
        found |= between(before.policy_on(day), after.policy_on(day))
    return found


def amended_on(standard: Standard, dossier: Dossier, today: date) -> date | None:
    """The first later day on which a policy comes into force that can change an answer about this case; None for none."""
    before = standard.policy_on(today)
    for policy in standard.later_than(today):
        if between(before, policy).concerns(dossier.until(policy.effective_from)):
            return policy.effective_from
        before = policy
    return None


def amended_for_units_on(standard: Standard, today: date) -> date | None:
    """The same, for an answer about a unit."""
    before = standard.policy_on(today)
    for policy in standard.later_than(today):
        if between(before, policy).concerns_units:
            return policy.effective_from
        before = policy
    return None
