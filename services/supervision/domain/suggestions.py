"""三项建议: to improve work, to improve policy, to pursue responsibility; each is answered in writing by a day. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.domain.desk import WATCHING, Desk, FoundCommand, Rules, not_before
from services.supervision.domain.treatments import grounds
from shared.deadlines import compute
from shared.decider import Day, Name, Rejected, Text
from shared.events.supervision import SuggestionAnswered, SuggestionMade, SupervisionFact
from shared.given import Person
from shared.identity import UNIT_BOUND
from shared.terms import Adoption, Role, SuggestionKind


class MakeSuggestion(FoundCommand):
    """提出建议: of one of the three kinds (信访工作条例 Art 40). To pursue responsibility takes findings that were upheld."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    suggestion_id: Name
    kind: SuggestionKind
    addressed_to: Name
    text: Text
    findings: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    by: Person
    made_on: Day


class AnswerSuggestion(FoundCommand):
    """建议反馈: say whether it is adopted, and why what is not is not. The petition office records what came on paper."""

    roles: ClassVar[frozenset[Role]] = UNIT_BOUND | {Role.PETITION_OFFICE}

    suggestion_id: Name
    answered_on: Day
    adoption: Adoption
    answer: Text
    by: Person


def make_suggestion(desk: Desk, command: MakeSuggestion) -> list[SupervisionFact]:
    policy = desk.standard.policy_on(command.made_on)
    due = compute(command.made_on, policy.suggestions.limit, desk.standard.calendar).due
    fact = SuggestionMade(**dict(command), due_on=due or command.made_on)
    facts = desk.filed(fact, "suggestion_id")
    if facts:
        for name in command.findings:
            desk.finding(name)
        if command.kind is SuggestionKind.ACCOUNTABILITY:
            grounds(desk, command.findings)
    return facts


def answer_suggestion(desk: Desk, command: AnswerSuggestion) -> list[SupervisionFact]:
    facts = desk.filed(SuggestionAnswered(**dict(command)), "suggestion_id")
    if facts:
        made = next((s for s in desk.words.all(SuggestionMade) if s.suggestion_id == command.suggestion_id), None)
        if made is None:
            there = "、".join(s.suggestion_id for s in desk.words.all(SuggestionMade)) or "-"
            raise Rejected(
                "no-such-suggestion",
                f"没有编号为 {command.suggestion_id} 的建议；现有：{there}。",
                f"There is no suggestion {command.suggestion_id}; there are: {there}.",
            )
        if desk.asked.role in UNIT_BOUND and not desk.asked.is_of((made.addressed_to, made.made_on)):
            raise Rejected(
                "not-the-addressee",
                f"该建议是向{made.addressed_to}提出的，由其反馈。",
                f"The suggestion is addressed to {made.addressed_to}, who answers it.",
            )
        not_before(command.answered_on, made.made_on, "提出之日", "it was made")
    return facts


RULES: Rules = {MakeSuggestion: make_suggestion, AnswerSuggestion: answer_suggestion}
