"""包案与责任: the one leader who owns the case, and who else has which part in it. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import claimed_day
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from services.casework.domain.offices import check_head, check_not_accused, check_rank
from shared.decider import Day, Name, Note, Rejected
from shared.events.casework import (
    CaseworkFact,
    LeaderAssigned,
    LeaderReplaced,
    LiaisonNamed,
    OwnershipReported,
    ResponsibilityFixed,
    TaskForceFormed,
)
from shared.given import Person
from shared.terms import LeaderRank, Role


class AssignLeader(CaseCommand):
    """领导包案: name the one leader who owns the case. Naming another gives a reason (seed plan D7)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE, Role.JOINT_MEETING})

    leader: Person
    unit: Name
    assigned_on: Day
    reason: Note = ""
    rank: LeaderRank | None = None


class ReportOwnership(CaseCommand):
    """包案情况上报: tell the joint-meeting office who owns the case (seed plan D6)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    reported_on: Day
    to: Name


class FixResponsibility(CaseCommand):
    """责任分工: which unit has the main, which a secondary, which an assisting part; changing it gives a reason (D12, D13)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE, Role.JOINT_MEETING})

    fixed_on: Day
    main: Name
    secondary: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    assisting: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    handlers: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    reason: Note = ""
    first_responsible: Person | None = None
    """第一责任人: the main leader who answers first (seed plans D6, D9)."""
    in_remit: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    """一岗双责: other leaders, each within their own remit."""


class FormTaskForce(CaseCommand):
    """专班: a group for this one case; its head is the head of the responsible unit (seed plan D11)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE})

    formed_on: Day
    head: Person
    head_leads_unit: bool
    """Whether the head of the group is the head of the responsible unit; asked where the directory does not know."""
    members: Annotated[tuple[Person, ...], Field(min_length=1, max_length=100)]


class NameLiaison(CaseCommand):
    """联络员: whom the village or community names to keep contact (seed plan D5)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    named_on: Day
    liaison: Person
    village: Name


def assign_leader(desk: Desk, command: AssignLeader) -> list[CaseworkFact]:
    """One leader per case; another takes over only for a reason (seed plan D7). The same again states a rank."""
    owner = next(reversed(desk.case.leaders), None)
    same = owner is not None and owner.leader.id == command.leader.id
    if owner is not None and same and command.rank in (None, owner.rank):
        return []
    check_not_accused(desk, (command.unit, command.assigned_on))
    _ranked_enough(desk, command)
    check_rank(desk, command.unit, command.leader, command.rank, command.assigned_on)
    if owner is None:
        return [LeaderAssigned(**dict(command))]
    now, since = owner.leader, claimed_day(owner)
    if not same and not command.reason:
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
    if same:
        return [LeaderAssigned(**dict(command))]
    return [
        LeaderReplaced(
            leader=command.leader,
            unit=command.unit,
            replaced_on=command.assigned_on,
            reason=command.reason,
            rank=command.rank,
        )
    ]


def _ranked_enough(desk: Desk, command: AssignLeader) -> None:
    """What was assigned from above is owned by a member of the leading team, or by its head (seed plans D6, D10)."""
    wanted = desk.standard.policy_on(command.assigned_on).leaders.ranks_for_assigned
    if desk.case.above_since is not None and wanted and command.rank not in wanted:
        zh, en = "、".join(rank.label for rank in wanted), ", ".join(wanted)
        raise Rejected(
            "rank-too-low",
            f"上级交办的案件须由{zh}包案，不得由他人代替。请填写 rank 或换人。",
            f"A case assigned from above is owned by one of: {en}; nobody stands in. Give the rank, or name another.",
        )


def report_ownership(desk: Desk, command: ReportOwnership) -> list[CaseworkFact]:
    """There has to be an owner to report."""
    if not desk.case.leaders:
        raise Rejected(
            "no-leader", "尚未确定包案领导，无从上报。", "Nobody owns the case yet: there is nothing to report."
        )
    return once(desk.case, OwnershipReported(leader=desk.case.leaders[-1].leader, **dict(command)))


def fix_responsibility(desk: Desk, command: FixResponsibility) -> list[CaseworkFact]:
    """One main unit, no unit twice; a new division says why."""
    fact, before = ResponsibilityFixed(**dict(command)), desk.case.all(ResponsibilityFixed)
    if fact in before:
        return []
    units = (command.main, *command.secondary, *command.assisting)
    for unit in units:
        check_not_accused(desk, (unit, command.fixed_on))
    if len(set(units)) < len(units):
        raise Rejected(
            "unit-twice",
            "主责、次责、配合单位不能重复，每个单位只有一种责任。",
            "No unit has two parts: main, secondary and assisting units must differ.",
        )
    if command.first_responsible is not None and command.first_responsible in command.in_remit:
        raise Rejected(
            "first-and-in-remit",
            f"{command.first_responsible.name}已是第一责任人，不必再列入 in_remit。",
            f"{command.first_responsible.name} answers first; do not list them in in_remit as well.",
        )
    if before and not command.reason:
        raise Rejected(
            "changing-needs-reason",
            f"责任分工已于 {before[-1].fixed_on} 确定；调整请填写 reason。",
            f"The division was fixed on {before[-1].fixed_on}; changing it takes a reason.",
        )
    return [fact]


def form_task_force(desk: Desk, command: FormTaskForce) -> list[CaseworkFact]:
    """The group is led by the head of the unit: nobody stands in (seed plan D11). Where the directory knows the head, its
    word counts, not the caller's.
    """
    fixed = desk.case.all(ResponsibilityFixed)
    unit = (fixed[-1].main, fixed[-1].fixed_on) if fixed else desk.case.held
    if not check_head(desk, unit, command.head, command.formed_on) and not command.head_leads_unit:
        raise Rejected(
            "head-must-lead-the-unit",
            "化解工作小组组长须由责任单位主要负责人担任。",
            "The head of the group must be the head of the responsible unit.",
        )
    return once(desk.case, TaskForceFormed(**command.model_dump(exclude={"head_leads_unit"})))


def name_liaison(desk: Desk, command: NameLiaison) -> list[CaseworkFact]:
    return once(desk.case, LiaisonNamed(**dict(command)))


RULES: Rules = {
    AssignLeader: assign_leader,
    ReportOwnership: report_ownership,
    FixResponsibility: fix_responsibility,
    FormTaskForce: form_task_force,
    NameLiaison: name_liaison,
}
