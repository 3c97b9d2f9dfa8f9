"""问题的申辩与认定: the unit answers what was found; a named supervisor upholds it or withdraws it, with reasons. Pure.

Nothing heavier may follow from an answer (公务员法 Art 63): it only holds up what would follow without it.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from services.supervision.course import PETITION_OFFICE
from services.supervision.domain.desk import ANSWERING, Desk, FoundCommand, Rules, not_before
from shared.decider import Day, Name, Rejected, Text
from shared.events import Named
from shared.events.supervision import (
    FindingAnswered,
    FindingRaised,
    FindingUpheld,
    FindingWithdrawn,
    SupervisionFact,
)
from shared.given import Person
from shared.identity import UNIT_BOUND
from shared.terms import Role
from shared.workdays import DAY, business_date


class AnswerFinding(FoundCommand):
    """陈述申辩: say what is to be said about a finding, with the facts and papers that show it."""

    roles: ClassVar[frozenset[Role]] = ANSWERING

    finding_id: Name
    answered_on: Day
    answer: Text
    by: Person
    evidence: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


class UpholdFinding(FoundCommand):
    """问题认定: hold that a finding is right, after the unit has answered, or has let its time go by."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR})

    finding_id: Name
    upheld_on: Day
    by: Person
    reasons: Text


class WithdrawFinding(FoundCommand):
    """问题撤销: hold that a finding is not right. It stays on record, and comes back only on new evidence; that a case is idle,
    also when as many days have gone by once more.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SUPERVISOR})

    finding_id: Name
    withdrawn_on: Day
    by: Person
    reasons: Text


def answer_finding(desk: Desk, command: AnswerFinding) -> list[SupervisionFact]:
    finding = desk.finding(command.finding_id)
    fact = FindingAnswered(**dict(command))
    if not desk.once(fact):
        return []
    not_before(command.answered_on, finding.since, "问题存在之日", "the day since which it holds")
    if desk.asked.role in UNIT_BOUND and not desk.asked.is_of(*_handling(desk, finding)):
        raise Rejected(
            "not-its-finding",
            f"问题 {command.finding_id} 针对{finding.unit or desk.dossier.unit}，由其陈述申辩。",
            f"The finding {command.finding_id} is about {finding.unit or desk.dossier.unit}, who may answer it.",
        )
    _undecided(desk, command.finding_id)
    return [fact]


def _handling(desk: Desk, finding: FindingRaised) -> set[Named]:
    """The units that may answer a finding: the one that it is about, who has the case now, and its leader's."""
    handling = {(finding.unit, business_date(finding.as_of))}
    return handling if finding.unit == PETITION_OFFICE else handling | {*desk.handling}


def uphold_finding(desk: Desk, command: UpholdFinding) -> list[SupervisionFact]:
    finding = desk.finding(command.finding_id)
    answers = desk.words.heard(command.finding_id)
    fact = FindingUpheld(**dict(command), answered=bool(answers))
    if not desk.once(fact):
        return []
    _undecided(desk, command.finding_id)
    desk.impartial(command.by)
    not_before(command.upheld_on, finding.since, "问题存在之日", "the day since which it holds")
    for answer in answers:
        not_before(command.upheld_on, answer.answered_on, "单位申辩之日", "the day on which the unit answered")
    hearing = desk.policy.notices.hearing_days
    heard_by = business_date(finding.as_of) + hearing * DAY
    if not answers and command.upheld_on <= heard_by:
        raise Rejected(
            "not-heard",
            f"单位尚未陈述申辩，{heard_by} 之后才能认定（{hearing} 日，公务员法第六十三条）。",
            f"The unit has not answered yet; it may be upheld after {heard_by} ({hearing} days to be heard).",
        )
    return [fact]


def withdraw_finding(desk: Desk, command: WithdrawFinding) -> list[SupervisionFact]:
    """Also of what was upheld, and of what holds no more: who was wronged is cleared, and of what followed from it too."""
    finding = desk.finding(command.finding_id)
    fact = _withdrawn(finding, command)
    if not desk.once(fact):
        return []
    if isinstance(desk.words.decided.get(command.finding_id), FindingWithdrawn):
        _undecided(desk, command.finding_id)
    desk.impartial(command.by)
    not_before(command.withdrawn_on, finding.since, "问题存在之日", "the day since which it holds")
    return [fact, *(_withdrawn(knock_on, command) for knock_on in desk.words.followed(command.finding_id))]


def _withdrawn(finding: FindingRaised, command: WithdrawFinding) -> FindingWithdrawn:
    counted = tuple(evidence.id for evidence in finding.counted)
    return FindingWithdrawn(**{**dict(command), "finding_id": finding.finding_id}, rule=finding.rule, counted=counted)


def _undecided(desk: Desk, name: str) -> None:
    decided = desk.words.decided.get(name)
    if decided is None:
        return
    on = decided.claimed_time()
    zh, en = ("撤销", "withdrawn") if isinstance(decided, FindingWithdrawn) else ("认定", "upheld")
    raise Rejected(
        "already-decided",
        f"问题 {name} 已于 {on} 由{decided.by.name}{zh}。认定有误的，请撤销（withdraw-finding）。",
        f"{decided.by.name} has {en} the finding {name} on {on}. What was wrongly upheld is withdrawn (withdraw-finding).",
    )


RULES: Rules = {
    AnswerFinding: answer_finding,
    UpholdFinding: uphold_finding,
    WithdrawFinding: withdraw_finding,
}
