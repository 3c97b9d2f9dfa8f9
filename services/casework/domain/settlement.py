"""调解和解与帮扶: agreements, and help beside the matter itself. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import Case
from services.casework.domain.commitments import new
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed, once
from shared.decider import WHOLE, Day, Name, Note, Rejected, Text
from shared.events.casework import AgreementReached, AidGranted, AidReturned, CaseworkFact, SupportGiven
from shared.given import Person, Promise
from shared.terms import AgreementKind, FundSource, Role, SupportKind

Cents = Annotated[int, Field(ge=1, le=10**12, description="金额，以分计，1 元为 100 / in hundredths of a yuan"), WHOLE]
"""分: hundredths of a yuan. Amounts are given in them, and told in yuan."""


class ReachAgreement(CaseCommand):
    """调解和解: both sides have signed; each term has its day and whoever owes it (Art 33). Also after the end of the road."""

    when_ended: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    kind: AgreementKind
    signed_on: Day
    mediated_by: Name
    terms: Annotated[tuple[Promise, ...], Field(min_length=1, max_length=100)]


class GrantAid(CaseCommand):
    """救助: money from a fund for somebody in hardship, approved by a named official. In hundredths of a yuan.

    One of the three funds of the region pays it at once; refused when it does not hold as much.
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE})

    aid_id: Name
    fund: FundSource
    cents: Cents
    granted_on: Day
    approved_by: Person
    ground: Text
    comparable: Note = ""
    """不引发攀比: what others in like hardship got, or why nothing compares; asked for from a sum on that the policy names."""


class ReturnAid(CaseCommand):
    """救助退回: aid comes back, in part or whole, and the fund has it again. In hundredths of a yuan, as it was granted.

    The grant stays on record.
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = GrantAid.roles

    return_id: Name
    aid_id: Name
    cents: Cents
    returned_on: Day
    reason: Text


class GiveSupport(CaseCommand):
    """帮扶: work, care, legal or psychological help, also after closing. Only what the person wished for."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    kind: SupportKind
    given_on: Day
    unit: Name
    note: Text
    wished: bool
    """自愿: whether the person wished it. Nobody is helped against their will."""


def reach_agreement(desk: Desk, command: ReachAgreement) -> list[CaseworkFact]:
    fact = AgreementReached(**dict(command))
    facts = filed(desk.case, fact, "number")
    if facts:
        new(desk.case, command.terms, fact)
    return facts


def grant_aid(desk: Desk, command: GrantAid) -> list[CaseworkFact]:
    """Care that gives nobody cause for comparison: a large sum says what others in like hardship got (seed plan D6)."""
    most = desk.standard.policy_on(command.granted_on).aid.compare_from_cents
    if most is not None and command.cents >= most and not command.comparable.strip():
        raise Rejected(
            "aid-not-compared",
            f"救助 {yuan(command.cents)} 元，达到 {yuan(most)} 元的须在 comparable 写明同类困难的救助情况，避免引发攀比。",
            f"Aid of {yuan(command.cents)} yuan: from {yuan(most)} on, comparable says what others in like hardship got.",
        )
    return filed(desk.case, AidGranted(**dict(command)), "aid_id")


def return_aid(desk: Desk, command: ReturnAid) -> list[CaseworkFact]:
    """No more comes back than was granted, and not before it was."""
    facts, aid = filed(desk.case, AidReturned(**dict(command)), "return_id"), granted(desk.case, command.aid_id)
    if not facts:
        return []
    if aid is None:
        raise Rejected(
            "no-such-aid", f"本案没有编号为 {command.aid_id} 的救助。", f"This case has no aid {command.aid_id}."
        )
    back = sum(fact.cents for fact in desk.case.all(AidReturned) if fact.aid_id == command.aid_id)
    if back + command.cents > aid.cents:
        raise Rejected(
            "more-than-granted",
            f"救助 {aid.aid_id} 共 {yuan(aid.cents)} 元，已退回 {yuan(back)} 元，不能再退回 {yuan(command.cents)} 元。",
            f"Aid {aid.aid_id} was {yuan(aid.cents)} yuan, {yuan(back)} have come back; {yuan(command.cents)} more cannot.",
        )
    if command.returned_on < aid.granted_on:
        raise Rejected(
            "returned-before-granted",
            f"退回日 {command.returned_on} 早于发放日 {aid.granted_on}。",
            f"The return, {command.returned_on}, lies before the grant, {aid.granted_on}.",
        )
    return facts


def granted(case: Case, aid_id: str) -> AidGranted | None:
    """The aid of this id."""
    return next((aid for aid in case.all(AidGranted) if aid.aid_id == aid_id), None)


def yuan(cents: int) -> str:
    """元, as people write it: 1,234.50."""
    return f"{cents // 100:,}.{cents % 100:02}"


def give_support(desk: Desk, command: GiveSupport) -> list[CaseworkFact]:
    if not command.wished:
        raise Rejected(
            "not-wished",
            "帮扶和心理疏导只能在信访人自愿时提供。",
            "Help, psychological help above all, is given only to whoever wishes it.",
        )
    return once(desk.case, SupportGiven(**command.model_dump(exclude={"wished"})))


RULES: Rules = {
    ReachAgreement: reach_agreement,
    GrantAid: grant_aid,
    ReturnAid: return_aid,
    GiveSupport: give_support,
}
