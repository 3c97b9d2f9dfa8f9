"""回避: whoever has an interest in a case, or is named in it, does not touch it (信访工作条例 Arts 28, 30). Pure."""

from typing import ClassVar

from services.casework.domain.case import Case, claimed_day
from services.casework.domain.desk import CaseCommand, Desk, Rules, once
from services.casework.domain.hands import decided_by
from shared.decider import Day, Rejected, Text
from shared.events.casework import CaseworkFact, InterestDeclared
from shared.events.intake import AccusedNamed
from shared.given import Person
from shared.terms import Role


class DeclareInterest(CaseCommand):
    """申报回避: an official has a direct interest; from then on they give no command about this case."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset(Role) - {Role.AUDITOR, Role.SYSTEM}

    declared_on: Day
    official: Person
    ground: Text


OF_OTHERS = frozenset({Role.PETITION_OFFICE, Role.JOINT_MEETING, Role.SUPERVISOR})
"""Who may say of anybody that they have to keep away."""


def declare_interest(desk: Desk, command: DeclareInterest) -> list[CaseworkFact]:
    """Everybody declares their own interest, the head of a unit that of those who handle the case: nobody keeps whoever watches
    away from it.
    """
    asked, who = desk.asked, command.official
    theirs = who.id == asked.actor or (asked.role == Role.UNIT_HEAD and who.id in desk.case.ever_handled)
    if not theirs and asked.role in DeclareInterest.roles - OF_OTHERS:
        raise Rejected(
            "interest-of-another",
            f"只能申报本人的回避；{who.name}是否应当回避，请由其本人申报，或由信访部门、联席办、督查决定。",
            f"One declares one's own interest; whether {who.name} has to keep away is theirs to say, or the petition office's,"
            " the joint meeting's or a supervisor's.",
        )
    return once(desk.case, InterestDeclared(**dict(command)))


def keep_out(case: Case, fact: CaseworkFact) -> None:
    """Raise Rejected for a fact that puts the case into the hands of somebody who has to keep away by then, or lets them
    decide in it. That they met the person, or took evidence, is recorded all the same: it is found by who watches.
    """
    day = claimed_day(fact)
    declared = {said.official.id for said in case.all(InterestDeclared) if said.declared_on <= day}
    named = {who.id for said in case.told(AccusedNamed) if said.named_on <= day for who in said.officials}
    if theirs := [who.name for who in decided_by(fact) if who.id in declared | named]:
        raise Rejected(
            "names-the-recused",
            f"{'、'.join(theirs)}与本案有利害关系或为被反映人，应当回避（第二十八条、第三十条）。请改由他人。",
            f"{', '.join(theirs)} has an interest in this case, or it is about them, and has to keep away (Arts 28, 30)."
            " Name somebody else.",
        )


RULES: Rules = {DeclareInterest: declare_interest}
