"""调解和解与帮扶: agreements, and help beside the matter itself. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.commitments import new
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed, once
from shared.decider import WHOLE, Day, Name, Rejected, Text
from shared.events.casework import AgreementReached, AidGranted, CaseworkFact, SupportGiven
from shared.given import Person, Promise
from shared.terms import AgreementKind, FundSource, Role, SupportKind


class ReachAgreement(CaseCommand):
    """调解和解: both sides have signed; each term has its day and whoever owes it (Art 33)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    kind: AgreementKind
    signed_on: Day
    mediated_by: Name
    terms: Annotated[tuple[Promise, ...], Field(min_length=1, max_length=100)]


class GrantAid(CaseCommand):
    """救助: money from a fund for somebody in hardship, approved by a named official. In hundredths of a yuan."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE})

    aid_id: Name
    fund: FundSource
    cents: Annotated[int, Field(ge=1, le=10**12), WHOLE]
    granted_on: Day
    approved_by: Person
    ground: Text


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
    return filed(desk.case, AidGranted(**dict(command)), "aid_id")


def give_support(desk: Desk, command: GiveSupport) -> list[CaseworkFact]:
    if not command.wished:
        raise Rejected(
            "not-wished",
            "帮扶和心理疏导只能在信访人自愿时提供。",
            "Help, psychological help above all, is given only to whoever wishes it.",
        )
    return once(desk.case, SupportGiven(**command.model_dump(exclude={"wished"})))


RULES: Rules = {ReachAgreement: reach_agreement, GrantAid: grant_aid, GiveSupport: give_support}
