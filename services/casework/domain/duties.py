"""职责: on whom what is missing in a case falls, by name. Answers, never decides. Pure."""

from collections.abc import Callable
from datetime import date, datetime

from services.casework.domain.case import Case
from shared.directory import Directory
from shared.events import Official
from shared.events.casework import ResponsibilityFixed
from shared.terms import Role

OnWhom = Callable[[Role], str]
"""On whom a duty falls that a role has."""


def on_whom(case: Case, directory: Directory, today: date, known: datetime | None = None) -> OnWhom:
    """As the case and the directory of units are known: the owner leader, those who were named to handle it, the head of the
    unit that has it. Where nobody was named, the head, who has to name them; where no head is known, the unit's head unnamed.
    """

    def head() -> str:
        if not case.holder:
            return Role.PETITION_OFFICE.label  # it lies with nobody: it has to be sent on
        named, region = case.held, case.region or ""
        unit = directory.unit(named[0], region, today, known, named_on=named[1])
        there = unit.head_on(today) if unit else None
        name = directory.called_on(named, region, today, known)
        return f"{name}{_called(there)}" if there else f"{name}主要负责人"

    def falls_to(role: Role) -> str:
        divisions = case.all(ResponsibilityFixed)
        match role:
            case Role.LEADER if case.leaders:
                return _called(case.leaders[-1].leader)
            case Role.HANDLER if divisions and divisions[-1].handlers:
                return "、".join(map(_called, divisions[-1].handlers))
            case Role.LEADER | Role.HANDLER | Role.UNIT_HEAD:
                return head()
            case _:
                return role.label

    return falls_to


def _called(who: Official) -> str:
    return " ".join(filter(None, (who.name, who.post)))
