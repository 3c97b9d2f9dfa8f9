"""督办阶梯: who is told of what, and what follows when it goes unheeded. Pure."""

from collections.abc import Callable
from datetime import date, datetime

from services.supervision.dossier import Dossier
from shared.deadlines import compute
from shared.directory import Directory, Unit
from shared.events import Fact, Official
from shared.events.supervision import Addressee, FindingRaised, NoticeClosed, NoticeIssued
from shared.policy import Policy
from shared.terms import NoticeLevel, Role
from shared.workdays import Calendar, business_date


def notices(
    dossier: Dossier,
    findings: list[FindingRaised],
    policy: Policy,
    calendar: Calendar,
    as_of: datetime,
    directory: Callable[[], Directory],
) -> list[Fact]:
    """提醒 → 督办 → 追责建议: the next rung when a notice goes unheeded. At most one notice is live.

    A notice is closed when nothing that it names is found any more; whatever else is found begins at the first rung, so
    that nobody is pressed about something of which they were never told.
    """
    facts: list[Fact] = []
    today = business_date(as_of)
    live = dossier.notice
    if live is not None and not {finding.finding_id for finding in findings} & {*live.findings}:
        facts.append(NoticeClosed(notice_id=live.notice_id, as_of=as_of))
        live = None
    if not findings or (live is not None and (live.due_on is None or today <= live.due_on)):
        return facts
    level = NoticeLevel.REMINDER if live is None else _above(live.level)
    if level is None:
        return facts
    answer = policy.notices.ladder[level].limit
    issued = NoticeIssued(
        notice_id=f"notice-{dossier.notices + 1}",
        level=level,
        addressee=addressee(dossier.until(today), policy, directory(), as_of),
        findings=tuple(finding.finding_id for finding in findings),
        sentence_zh="；".join(finding.sentence_zh for finding in findings),
        sentence_en="; ".join(finding.sentence_en for finding in findings),
        issued_on=today,
        due_on=compute(today, answer, calendar).due if answer else None,
        follows=live.notice_id if live else None,
        policy=policy.version,
    )
    return [*facts, issued]


def _above(level: NoticeLevel) -> NoticeLevel | None:
    """The next rung; None on the last, above which only named humans decide."""
    rungs = list(NoticeLevel)
    return next(iter(rungs[rungs.index(level) + 1 :]), None)


def addressee(dossier: Dossier, policy: Policy, directory: Directory, as_of: datetime) -> Addressee:
    """Who answers: the first, in the policy's order, whom the case has. Never nobody.

    The head of a unit is whoever held that post on the day, as the directory was known at the moment; unnamed where it
    knows none. Whoever acts for somebody on leave is told as well, not instead: duty is not delegated (seed plan D6).
    """
    today = business_date(as_of)
    region = dossier.registered.fact.region if dossier.registered else ""
    for role in policy.notices.addressees:
        if role is Role.LEADER and dossier.leader is not None:
            unit = directory.unit(dossier.leader.unit, region, today, as_of)
            return _named(role, dossier.leader.leader, dossier.leader.unit, unit, today)
        if role is Role.UNIT_HEAD and dossier.unit:
            unit = directory.unit(dossier.unit, region, today, as_of)
            head = unit.head_on(today) if unit else None
            if unit is not None and head is not None:
                return _named(role, head, unit.name_on(today), unit, today)
            return Addressee(role=role, name=f"{dossier.unit}主要负责人", unit=dossier.unit)
    return Addressee(role=Role.PETITION_OFFICE, name="交办的信访部门", unit="信访部门")


def _named(role: Role, who: Official, unit_name: str, unit: Unit | None, today: date) -> Addressee:
    acting = unit.acting_on(who.id, today) if unit else None
    name = " ".join(filter(None, (who.name, who.post)))
    if acting is not None:
        name = f"{name}（请假，{acting.name}代）"
    return Addressee(role=role, name=name, unit=unit_name, person=who, acting=acting)
