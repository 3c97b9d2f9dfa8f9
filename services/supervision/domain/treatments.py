"""处理措施与表扬: what is proposed about a unit, and which named human of which body decides. Pure.

Listing, criticism, talks and orders to rectify are the joint meeting's; discipline is that of the organs that manage or
supervise officials (信访工作条例 Arts 39, 40; 公务员法 Art 57; 政务处分法 Arts 7, 8). Which body may decide what is policy.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field

from services.supervision.domain.desk import JOINTLY_WATCHING, WATCHING, Desk, FoundCommand, Rules, not_before
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events import Official
from shared.events.supervision import (
    CommendationDecided,
    CommendationProposed,
    FindingUpheld,
    SanctionDecided,
    SanctionProposed,
    SanctionRevoked,
    SupervisionFact,
)
from shared.given import Person
from shared.terms import Body, Role, Treatment


class ProposeSanction(FoundCommand):
    """提请处理: ask the body that may to decide. It rests on findings that a supervisor has upheld.

    It is about a unit, or about an official of that unit: who is admonished or punished is always an official.
    """

    roles: ClassVar[frozenset[Role]] = WATCHING

    proposal_id: Name
    treatment: Treatment
    about: Name
    findings: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    reasons: Text
    by: Person
    proposed_on: Day
    official: Person | None = None


class DecideSanction(FoundCommand):
    """处理决定: what a named human of the body that may has decided; somebody else than who proposed it."""

    roles: ClassVar[frozenset[Role]] = JOINTLY_WATCHING

    proposal_id: Name
    adopted: bool
    body: Body
    by: Person
    reasons: Text
    document: Name
    decided_on: Day


class RevokeSanction(FoundCommand):
    """处理撤销: what a named human of the body that may has taken back: who was wronged is cleared."""

    roles: ClassVar[frozenset[Role]] = JOINTLY_WATCHING

    proposal_id: Name
    body: Body
    by: Person
    reasons: Text
    document: Name
    revoked_on: Day


class ProposeCommendation(FoundCommand):
    """提请表扬: a unit that is quick and thorough, with the facts that show it (seed plans D6, D10)."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    commendation_id: Name
    about: Name
    reasons: Text
    evidence: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    by: Person
    proposed_on: Day


class DecideCommendation(FoundCommand):
    """表扬决定: a named human decides; somebody else than who proposed it."""

    roles: ClassVar[frozenset[Role]] = WATCHING

    commendation_id: Name
    adopted: bool
    by: Person
    reasons: Note
    decided_on: Day


def grounds(desk: Desk, findings: Sequence[str]) -> None:
    """Raise Rejected unless each of these findings was upheld and still stands, and there is one at all."""
    missing = [name for name in findings if not isinstance(desk.words.decided.get(name), FindingUpheld)]
    for name in findings:
        desk.finding(name)
    if missing or not findings:
        names = "、".join(missing) or "findings"
        raise Rejected(
            "not-upheld",
            f"须以督查员认定的问题为依据；{names} 尚未认定，或已撤销。请先听取申辩并认定（uphold-finding）。",
            f"It takes findings that were upheld; {names} is not, or was withdrawn. Hear the unit and uphold it first.",
        )


def propose_sanction(desk: Desk, command: ProposeSanction) -> list[SupervisionFact]:
    """One matter draws one open proposal of a kind."""
    fact = SanctionProposed(**dict(command))
    facts = desk.filed(fact, "proposal_id")
    if not facts:
        return []
    if command.treatment not in desk.policy.treatments:
        raise Rejected(
            "no-such-treatment",
            f"现行口径没有规定谁可以决定{command.treatment.label}，请先在口径 treatments 中写明。",
            f"The policy in force does not say who decides on {command.treatment}: add it under treatments.",
        )
    if command.treatment.of_a_person and command.official is None:
        raise Rejected(
            "whom-it-is-about",
            f"{command.treatment.label}只能对个人作出：about 写其单位，official 写本人。",
            f"{command.treatment} is of an official, never of a unit: name the unit as about, and who it is as official.",
        )
    grounds(desk, command.findings)
    for name in command.findings:
        not_before(command.proposed_on, desk.finding(name).since, "问题存在之日", "the day since which it holds")
    decided = {fact.proposal_id for fact in desk.words.all(SanctionDecided)}
    for other in desk.words.all(SanctionProposed):
        if other.proposal_id not in decided and _whose(other) == _whose(fact):
            raise Rejected(
                "already-proposed",
                f"对{command.about}的{command.treatment.label}已由 {other.proposal_id} 提请，尚待决定。",
                f"{command.treatment} for {command.about} is proposed already, by {other.proposal_id}.",
            )
    return facts


def decide_sanction(desk: Desk, command: DecideSanction) -> list[SupervisionFact]:
    proposed = next((p for p in desk.words.all(SanctionProposed) if p.proposal_id == command.proposal_id), None)
    if proposed is None:
        raise _no_proposal(command.proposal_id)
    fact = SanctionDecided(**dict(command), **_whose(proposed))
    facts = desk.filed(fact, "proposal_id")
    if facts:
        _of_the_body(desk, proposed.treatment, command.body, command.decided_on)
        _another(command.by, proposed.by)
        desk.impartial(command.by)
        not_before(command.decided_on, proposed.proposed_on, "提请之日", "it was proposed")
        if command.adopted:
            grounds(desk, proposed.findings)
    return facts


def revoke_sanction(desk: Desk, command: RevokeSanction) -> list[SupervisionFact]:
    """By the body that may decide, for whatever reason it gives. What was decided against needs no taking back."""
    decided = next((d for d in desk.words.all(SanctionDecided) if d.proposal_id == command.proposal_id), None)
    if decided is None or not decided.adopted:
        raise Rejected(
            "no-such-decision",
            f"没有已作出的处理决定 {command.proposal_id}，无可撤销。",
            f"No treatment was decided on {command.proposal_id}: there is nothing to revoke.",
        )
    facts = desk.filed(SanctionRevoked(**dict(command), **_whose(decided)), "proposal_id")
    if facts:
        _of_the_body(desk, decided.treatment, command.body, command.revoked_on)
        desk.impartial(command.by)
        not_before(command.revoked_on, decided.decided_on, "决定之日", "it was decided")
    return facts


def _whose(fact: SanctionProposed | SanctionDecided) -> dict[str, Any]:
    """Which treatment it is, and of whom."""
    return fact.model_dump(include={"treatment", "about", "official"})


def _of_the_body(desk: Desk, treatment: Treatment, body: Body, on: date) -> None:
    """Raise Rejected unless this body may decide on a treatment, by the policy of the day."""
    rule = desk.standard.policy_on(on).treatments.get(treatment)
    bodies = rule.bodies if rule else ()
    if body not in bodies:
        labels = "、".join(body.label for body in bodies) or "-"
        raise Rejected(
            "not-that-body",
            f"{treatment.label}由{labels}决定，不由{body.label}决定。",
            f"{treatment} is decided by: {', '.join(bodies) or '-'}; not by {body}.",
        )


def propose_commendation(desk: Desk, command: ProposeCommendation) -> list[SupervisionFact]:
    """For facts of the case, each once: what was done once is praised once, unless that was declined."""
    fact = CommendationProposed(**dict(command))
    facts = desk.filed(fact, "commendation_id")
    if not facts:
        return []
    desk.of_the_case(command.evidence)
    declined = {fact.commendation_id for fact in desk.words.all(CommendationDecided) if not fact.adopted}
    for other in desk.words.all(CommendationProposed):
        if other.commendation_id in declined or other.about != fact.about:
            continue
        if again := [name for name in fact.evidence if name in other.evidence]:
            raise Rejected(
                "already-proposed",
                f"{again[0]} 已由 {other.commendation_id} 提请表扬{other.about}，一事不重复表扬。",
                f"{other.commendation_id} proposes {other.about} for {again[0]} already: one deed is praised once.",
            )
    return facts


def decide_commendation(desk: Desk, command: DecideCommendation) -> list[SupervisionFact]:
    proposed = next(
        (p for p in desk.words.all(CommendationProposed) if p.commendation_id == command.commendation_id), None
    )
    if proposed is None:
        raise _no_proposal(command.commendation_id)
    facts = desk.filed(CommendationDecided(**dict(command), about=proposed.about), "commendation_id")
    if facts:
        _another(command.by, proposed.by)
        desk.impartial(command.by)
        not_before(command.decided_on, proposed.proposed_on, "提请之日", "it was proposed")
    return facts


def _no_proposal(name: str) -> Rejected:
    return Rejected("no-such-proposal", f"没有编号为 {name} 的提请。", f"There is no proposal {name}.")


def _another(who: Official, proposer: Official) -> None:
    if who.id == proposer.id:
        raise Rejected(
            "own-proposal",
            f"{who.name}是提请人，应由他人决定。",
            f"{who.name} has proposed it: somebody else decides.",
        )


RULES: Rules = {
    ProposeSanction: propose_sanction,
    DecideSanction: decide_sanction,
    RevokeSanction: revoke_sanction,
    ProposeCommendation: propose_commendation,
    DecideCommendation: decide_commendation,
}
