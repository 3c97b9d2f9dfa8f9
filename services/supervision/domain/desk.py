"""What every rule of supervision stands on: the case, the standard, and who asks when. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import Field

from services.supervision.dossier import Dossier
from services.supervision.words import Words
from shared import filing
from shared.decider import Command, Rejected
from shared.events import Asked, Named, Official
from shared.events.casework import (
    InterestDeclared,
    LeaderAssigned,
    LeaderReplaced,
    ResponsibilityFixed,
    TaskForceFormed,
)
from shared.events.intake import AccusedNamed
from shared.events.supervision import FindingRaised, SupervisionFact
from shared.identity import UNIT_BOUND
from shared.policy import Policy
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import business_date

WATCHING = frozenset({Role.SUPERVISOR, Role.PETITION_OFFICE})
JOINTLY_WATCHING = WATCHING | {Role.JOINT_MEETING}
"""With the joint meeting (联席会议), which opens campaigns, inspects, and decides on treatments."""
"""Who watches: the petition office, and its supervisors."""
ANSWERING = UNIT_BOUND | {Role.PETITION_OFFICE}
"""Who answers: the units, and the petition office for itself and for bodies that have no desk here."""
Region = Annotated[str, Field(pattern=r"^[1-9]\d{5}(\d{3}|\d{6})?$")]
"""GB/T 2260 code of where something belongs that is no case, or a longer one of GB/T 10114."""


class CaseCommand(Command):
    """A command about a case that is watched."""


class FoundCommand(CaseCommand):
    """A command about what was found, in a case or of a unit as a whole, and about what follows from it."""

    also: ClassVar[tuple[str, ...]] = ("book",)


@dataclass(frozen=True)
class Desk:
    """What lies before whoever decides."""

    dossier: Dossier
    standard: Standard
    asked: Asked

    @property
    def words(self) -> Words:
        """What supervision has said about the case."""
        return self.dossier.words

    @property
    def today(self) -> date:
        """The business day in Asia/Shanghai."""
        return business_date(self.asked.now)

    @property
    def policy(self) -> Policy:
        """The policy in force today."""
        return self.standard.policy_on(self.today)

    @property
    def handling(self) -> list[Named]:
        """Who has the case now: the unit that answers for it, and its leader's."""
        dossier = self.dossier
        led = [(dossier.leader.unit, dossier.owning.on)] if dossier.leader and dossier.owning else []
        return [*([dossier.held] if dossier.held else []), *led]

    @cached_property
    def kept_away(self) -> frozenset[str]:
        """Who may not look into the case or decide on its handling: whoever has led or handled it, is accused in it, or has
        declared an interest (信访工作条例 Arts 28, 30).
        """
        dossier = self.dossier
        officials = [assigned.fact.leader for assigned in dossier.all(LeaderAssigned)]
        officials += [replaced.fact.leader for replaced in dossier.all(LeaderReplaced)]
        for formed in dossier.all(TaskForceFormed):
            officials += [formed.fact.head, *formed.fact.members]
        for fixed in dossier.all(ResponsibilityFixed):
            officials += fixed.fact.handlers
        for named in dossier.all(AccusedNamed):
            officials += named.fact.officials
        for declared in dossier.all(InterestDeclared):
            officials.append(declared.fact.official)
        return frozenset(who.id for who in officials)

    def impartial(self, who: Official) -> None:
        """Raise Rejected for somebody who may not decide on what was found of the handling."""
        if who.id in self.kept_away:
            raise Rejected(
                "has-a-part",
                f"{who.name}包办或者办理过本案，或者应当回避，不能由其认定、评判或者决定。",
                f"{who.name} has led or handled this case, or has to keep away from it: somebody else decides.",
            )

    def of_the_case(self, facts: Iterable[str]) -> None:
        """Raise Rejected for an id that no fact of the case has. The book of a unit holds words alone."""
        known = {noted.id for noted in self.dossier.facts}
        if known and (unknown := [name for name in facts if name not in known]):
            raise Rejected(
                "no-such-fact",
                f"本案没有编号为 {unknown[0]} 的事实；请写明是哪一条事实。",
                f"This case has no fact {unknown[0]}: name the one that is meant.",
            )

    def once(self, fact: SupervisionFact) -> list[SupervisionFact]:
        """The fact, unless it has been said."""
        return [] if any(fact == other for _, other in self.words.said) else [fact]

    def filed(self, fact: SupervisionFact, name: str) -> list[SupervisionFact]:
        """The fact, unless it was said; refused when its id, the field of this name, stands for something else."""
        return filing.filed(fact, (other for _, other in self.words.said), name)

    def finding(self, name: str) -> FindingRaised:
        """The finding of this id, as last stated. Raises Rejected."""
        if name not in self.words.known:
            there = "、".join(self.words.known) or "-"
            raise Rejected(
                "no-such-finding",
                f"本案没有编号为 {name} 的问题；现有：{there}。",
                f"This case has no finding {name}; there are: {there}.",
            )
        return self.words.known[name]


Rules = Mapping[type[CaseCommand], Callable[[Desk, Any], Sequence[SupervisionFact]]]
"""Which function decides a command. `[]` means: already so."""


def not_before(on: date, first: date, zh: str, en: str) -> None:
    """Raise Rejected for a day before what it is about."""
    if on < first:
        raise Rejected("before-it-was", f"日期 {on} 早于{zh} {first}。", f"{on} lies before {en}, {first}.")
