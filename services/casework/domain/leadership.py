"""包案: the one leader who owns the case. Pure."""

from typing import ClassVar

from services.casework.domain.case import claimed_day
from services.casework.domain.desk import CaseCommand, Desk, Rules
from shared.decider import Day, Name, Note, Rejected
from shared.events import Official
from shared.events.casework import CaseworkFact, LeaderAssigned, LeaderReplaced
from shared.terms import Role


class AssignLeader(CaseCommand):
    """领导包案: name the one leader who owns the case. Naming another gives a reason (seed plan D7)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE})

    leader: Official
    unit: Name
    assigned_on: Day
    reason: Note = ""


def assign_leader(desk: Desk, command: AssignLeader) -> list[CaseworkFact]:
    """One leader per case; another takes over only for a reason (seed plan D7)."""
    case = desk.case
    if not case.leaders:
        return [LeaderAssigned(**dict(command))]
    now, since = case.leaders[-1].leader, claimed_day(case.leaders[-1])
    if now.id == command.leader.id:
        return []
    if not command.reason:
        raise Rejected(
            "replacing-needs-reason",
            f"该案已由{now.name}包案，一案不得两人包。更换包案领导请填写 reason。",
            f"{now.name} owns this case and no two leaders own one case. To replace the leader, give a reason.",
        )
    if command.assigned_on < since:
        raise Rejected(
            "replaced-before-assigned",
            f"{now.name}自 {since} 起包案，更换日期 {command.assigned_on} 不能早于该日。",
            f"{now.name} has owned the case since {since}; nobody can take over before that, on {command.assigned_on}.",
        )
    return [
        LeaderReplaced(leader=command.leader, unit=command.unit, replaced_on=command.assigned_on, reason=command.reason)
    ]


RULES: Rules = {
    AssignLeader: assign_leader,
}
