"""处理意见: the reply to the person. Pure."""

from typing import ClassVar

from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import Day, Name
from shared.events.casework import CaseworkFact, OpinionServed
from shared.terms import Outcome, Role, ServedHow


class ServeOpinion(CaseCommand):
    """答复送达: the written reply reached the person (Arts 32, 35)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    outcome: Outcome
    served_on: Day
    how: ServedHow


def serve_opinion(desk: Desk, command: ServeOpinion) -> list[CaseworkFact]:
    return once(desk.case, OpinionServed(**dict(command)))


RULES: Rules = {
    ServeOpinion: serve_opinion,
}
