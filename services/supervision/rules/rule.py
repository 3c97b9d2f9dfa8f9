"""督查规则: a rule as a value: its id, the sign of which it looks, the table that it wants in the policy, its function. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from services.supervision.dossier import Dossier
from services.supervision.rules.verdict import Matter, Verdict, quiet, undecided
from shared.events import Fact
from shared.policy import Policy, RuleTable
from shared.terms.term import Term
from shared.workdays import UnknownYear

P = TypeVar("P", bound=RuleTable)

NOTHING = quiet("没有相关记录", "there is no record that it could be seen by")
DISABLED = quiet("现行口径未启用此规则", "the policy in force does not use this rule")


class Family(Term):
    """What a sign is a sign of; its letter begins the sign."""

    CLOCK = "T", "登记与期限"
    IDLING = "I", "挂账空转"
    CLOSING = "C", "虚假办结"
    DATA = "B", "数据异常"
    RIGHTS = "R", "信访人权利"


@dataclass(frozen=True)
class Rule(Generic[P]):
    """督查规则: judges one case. Name, basis, kind and thresholds are the policy's."""

    id: str
    sign: str
    """Which sign of the survey of signs it is: T1 to T11, I1 to I17, C1 to C19, B1 to B11, R1 to R5."""
    table: type[P]
    judge: Callable[[Matter, P], Verdict]
    needs: tuple[type[Fact], ...] = ()
    """Without any of these facts the sign cannot show, and the answer is `absent`: most rules have nothing to do."""
    absent: Verdict = NOTHING
    stalls: bool = False
    """Whether a case that shows it counts as idle: on the books, and nothing happens."""
    aftermath: bool = False
    """Whether it follows from notices and suggestions themselves: no reason for yet another notice."""
    past: bool = False
    """Whether it finds what is done and cannot be undone: it is answered for, as a supervisor judges, and stays on record."""
    of_the_watch: bool = False
    """Whether it judges what supervision itself has left undone: asked once what the units are told has been said."""
    of_words: bool = False
    """Whether it looks at supervision's own words: before any, the sign cannot show, and the answer is `absent`."""
    goes_by: tuple[str, ...] = ()
    """Other rules whose tables it looks at."""

    @property
    def family(self) -> Family:
        """What it is a sign of."""
        return next(family for family in Family if self.sign.startswith(family))

    def can_show(self, dossier: Dossier) -> bool:
        """Whether the case has what the sign needs to show: whoever is closed is not idle."""
        if self.needs and dossier.by_type.keys().isdisjoint(self.needs):
            return False
        return not (self.of_words and not dossier.words.spoken) and not (self.stalls and dossier.closed)

    def table_of(self, policy: Policy) -> P:
        """Its table in a policy. Raises TypeError for a policy that was read without this rule."""
        table = policy.rules[self.id]
        if not isinstance(table, self.table):
            raise TypeError(f"the policy was read without the rule {self.id}")
        return table


@dataclass(frozen=True)
class Questions:
    """问卷: what is asked of every case under a policy, made ready once: most rules have nothing to look at in most cases."""

    policy: Policy
    otherwise: Mapping[str, Verdict]
    """What is answered where a rule is not asked."""
    asked: Sequence[tuple[Rule[Any], RuleTable]]

    @classmethod
    def of(cls, policy: Policy, rules: Iterable[Rule[Any]]) -> Self:
        """From the rules that the policy uses. Raises TypeError for one without which the policy was read."""
        tables = [(rule, rule.table_of(policy)) for rule in rules]
        otherwise = {rule.id: rule.absent if table.enabled else DISABLED for rule, table in tables}
        return cls(policy, otherwise, [(rule, table) for rule, table in tables if table.enabled])

    def answers(self, matter: Matter) -> dict[str, Verdict]:
        """Every rule's answer; undecided where it needs the working days of a year that nobody knows: the others go on."""
        answers, there, silent = {**self.otherwise}, matter.dossier.by_type.keys(), not matter.dossier.words.spoken
        for rule, table in self.asked:
            if (rule.needs and there.isdisjoint(rule.needs)) or (silent and rule.of_words):
                continue
            try:
                answers[rule.id] = rule.judge(matter, table)
            except UnknownYear as unknown:
                answers[rule.id] = undecided(unknown)
        return answers
