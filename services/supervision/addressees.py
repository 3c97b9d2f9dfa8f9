"""被督办人: who is told of what was found, and answers for it. Pure."""

from datetime import date, datetime

from services.supervision.course import OFFICE, PETITION_OFFICE
from services.supervision.dossier import Dossier
from shared.directory import Directory, Unit
from shared.events import Official
from shared.events.naming import Named
from shared.events.supervision import Addressee
from shared.policy import Policy
from shared.terms import Role
from shared.workdays import business_date

JOINT_MEETING = Addressee(role=OFFICE, name="信访工作联席会议", unit="信访工作联席会议")
"""Who is told of what the petition office itself has failed to do."""
OF_THE_OFFICE = Addressee(role=Role.PETITION_OFFICE, name="交办的信访部门", unit=PETITION_OFFICE)
"""Who answers where no unit does."""


def addressee(
    dossier: Dossier,
    policy: Policy,
    directory: Directory,
    as_of: datetime,
    *,
    about_office: bool = False,
) -> Addressee:
    """Who answers: the first, in the policy's order, whom the case has. Never nobody.

    An owner leader who is known to have left their post does not: until somebody else owns the case, it is the head of the unit.
    A unit is told under its name of the day, whatever it was called when the case was given to it. Its head is whoever held
    that post on the day, as the directory was known at the moment; unnamed where it knows none. Whoever acts for somebody on
    leave is told as well, not instead: duty is not delegated (seed plan D6).
    What the petition office itself has failed to do goes to the joint meeting (信访工作条例 Art 43).
    """
    if about_office:
        return JOINT_MEETING
    today = business_date(as_of)
    region = dossier.registered.fact.region if dossier.registered else ""
    for role in policy.notices.addressees:
        if role is Role.LEADER and dossier.leader is not None and dossier.owning is not None:
            named = dossier.leader.unit, dossier.owning.on
            unit = directory.unit(named[0], region, today, as_of, named_on=named[1])
            if unit is not None and unit.has_left(dossier.leader.leader.id, today):
                continue
            return _named(role, dossier.leader.leader, directory.called_on(named, region, today, as_of), unit, today)
        if role is Role.UNIT_HEAD and dossier.held is not None and dossier.unit:
            return head_of(dossier.held, region, directory, as_of)
    return OF_THE_OFFICE


def head_of(named: Named, region: str, directory: Directory, as_of: datetime) -> Addressee:
    """The head of the unit that is meant by a name in a region, as of a moment; unnamed where the directory knows none."""
    today = business_date(as_of)
    unit = directory.unit(named[0], region, today, as_of, named_on=named[1])
    name = directory.called_on(named, region, today, as_of)
    head = unit.head_on(today) if unit else None
    if head is not None:
        return _named(Role.UNIT_HEAD, head, name, unit, today)
    return Addressee(role=Role.UNIT_HEAD, name=f"{name}主要负责人", unit=name)


def _named(role: Role, who: Official, unit_name: str, unit: Unit | None, today: date) -> Addressee:
    acting = unit.acting_on(who.id, today) if unit else None
    name = " ".join(filter(None, (who.name, who.post)))
    if acting is not None:
        name = f"{name}（请假，{acting.name}代）"
    return Addressee(role=role, name=name, unit=unit_name, person=who, acting=acting)
