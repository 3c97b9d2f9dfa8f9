"""督查: what follows from a verdict. A process manager: its commands come from facts and from the clock. Pure.

It finds, tells and records. A sanction is always a named human's decision.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from services.supervision.dossier import Dossier, evolve
from services.supervision.rules import STALLING, Verdict, assess
from shared.deadlines import compute
from shared.decider import Command, Decider, NoSuchCase, Scope
from shared.events import Asked, Fact
from shared.events.intake import CaseDispatched
from shared.events.supervision import (
    Addressee,
    CaseStalled,
    FindingRaised,
    FindingResolved,
    NoticeClosed,
    NoticeIssued,
    StallCleared,
    SweepCompleted,
    SweepSkipped,
)
from shared.policy import Policy
from shared.standard import Standard
from shared.terms import NoticeLevel, Role
from shared.workdays import Calendar, business_date, start_of

GRACE = timedelta(days=1)
"""How long a verdict waits for earlier history that was announced and is still being laid down."""

SWEEPS = "sweeps"
"""The history under which the sweeps themselves are recorded."""


class Assess(Command):
    """评查: judge the case as of a moment, by the policy in force."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM, Role.SUPERVISOR})

    as_of: datetime


class RecordSweep(Command):
    """巡查记录: one pass over what was due is finished."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})

    as_of: datetime
    policy: str
    cases: int
    due: int
    decided: int
    skipped: tuple[SweepSkipped, ...]
    positions: dict[str, int]


def waits_until(dossier: Dossier) -> datetime | None:
    """Until when no verdict would be fair, because announced history is still missing."""
    if dossier.registered is None or not dossier.history_missing:
        return None
    return dossier.registered[0].recorded + GRACE


def decide(standard: Standard, dossier: Dossier, command: Command, asked: Asked) -> list[Fact]:  # noqa: ARG001
    """What a command means here and now. `[]` means: already so."""
    match command:
        case RecordSweep():
            return [SweepCompleted(**dict(command))]
        case Assess():
            if dossier.registered is None:
                raise NoSuchCase
            waits = waits_until(dossier)
            if waits is not None and command.as_of < waits:
                return []
            today = business_date(command.as_of)
            policy = standard.policy_on(today)
            verdicts = assess(dossier, policy, standard.calendar, today)
            return conclude(dossier, policy, standard.calendar, verdicts, command.as_of)
        case _:
            raise TypeError(command)


def conclude(
    dossier: Dossier, policy: Policy, calendar: Calendar, verdicts: dict[str, Verdict], as_of: datetime
) -> list[Fact]:
    """The facts that follow from verdicts: findings raised and resolved, the stall, and the notice ladder."""
    facts: list[Fact] = []
    findings = dict(dossier.findings)
    raised = dossier.raised
    for rule, verdict in verdicts.items():
        if verdict.shows and rule not in findings:
            raised += 1
            findings[rule] = _finding(rule, f"finding-{raised}", verdict, policy, as_of)
            facts.append(findings[rule])
        elif not verdict.shows and rule in findings:
            gone = findings.pop(rule)
            facts.append(
                FindingResolved(
                    finding_id=gone.finding_id, rule=rule, as_of=as_of, sentence_zh=verdict.zh, sentence_en=verdict.en
                )
            )
    stalling = [finding for rule, finding in findings.items() if rule in STALLING]
    if stalling and dossier.stalled is None:
        facts.append(
            CaseStalled(
                since=min(finding.since for finding in stalling),
                rules=tuple(finding.rule for finding in stalling),
                sentence_zh="；".join(finding.sentence_zh for finding in stalling),
                sentence_en="; ".join(finding.sentence_en for finding in stalling),
                policy=policy.version,
            )
        )
    elif not stalling and dossier.stalled is not None:
        facts.append(StallCleared(as_of=as_of))
    notice = _notice(dossier, policy, calendar, list(findings.values()), as_of)
    return facts if notice is None else [*facts, notice]


def _finding(rule: str, finding_id: str, verdict: Verdict, policy: Policy, as_of: datetime) -> FindingRaised:
    settings = policy.rules.by_id()[rule]
    return FindingRaised(
        finding_id=finding_id,
        rule=rule,
        name=settings.name,
        kind=settings.kind,
        basis=settings.basis,
        policy=policy.version,
        since=verdict.since or business_date(as_of),
        as_of=as_of,
        sentence_zh=verdict.zh,
        sentence_en=verdict.en,
        counted=verdict.counted,
        ignored=verdict.ignored,
        arithmetic=verdict.arithmetic,
    )


def _notice(
    dossier: Dossier, policy: Policy, calendar: Calendar, findings: list[FindingRaised], as_of: datetime
) -> Fact | None:
    """提醒 → 督办 → 追责建议: a first notice for the first finding, the next rung when one goes unheeded."""
    live = dossier.notice
    if not findings:
        return None if live is None else NoticeClosed(notice_id=live.notice_id, as_of=as_of)
    today = business_date(as_of)
    if live is None:
        level = NoticeLevel.REMINDER
    elif live.due_on is None or today <= live.due_on:
        return None
    else:
        level = list(NoticeLevel)[list(NoticeLevel).index(live.level) + 1]
    answer = policy.notices.ladder[level].limit
    return NoticeIssued(
        notice_id=f"notice-{dossier.notices + 1}",
        level=level,
        addressee=addressee(dossier, policy),
        findings=tuple(finding.finding_id for finding in findings),
        sentence_zh="；".join(finding.sentence_zh for finding in findings),
        sentence_en="; ".join(finding.sentence_en for finding in findings),
        issued_on=today,
        due_on=compute(today, answer, calendar).due if answer else None,
        follows=live.notice_id if live else None,
        policy=policy.version,
    )


def addressee(dossier: Dossier, policy: Policy) -> Addressee:
    """Who answers: the first, in the policy's order, whom the case has. Never nobody."""
    for role in policy.notices.addressees:
        if role is Role.LEADER and dossier.leader is not None:
            leader = dossier.leader
            return Addressee(
                role=role, name=" ".join(filter(None, (leader.leader.name, leader.leader.post))), unit=leader.unit
            )
        if role is Role.UNIT_HEAD and dossier.unit:
            return Addressee(role=role, name=f"{dossier.unit}主要负责人", unit=dossier.unit)
    return Addressee(role=Role.PETITION_OFFICE, name="交办的信访部门", unit="信访部门")


def next_moment(standard: Standard, dossier: Dossier, now: datetime) -> datetime | None:
    """When the case must be asked again though nothing happens: the next day on which a rule or a notice can change."""
    if dossier.registered is None:
        return None
    waits = waits_until(dossier)
    if waits is not None and now < waits:
        return waits
    today = business_date(now)
    verdicts = assess(dossier, standard.policy_on(today), standard.calendar, today)
    days = [verdict.changes_on for verdict in verdicts.values() if verdict.changes_on is not None]
    if dossier.notice is not None and dossier.notice.due_on is not None:
        days.append(dossier.notice.due_on + timedelta(days=1))
    return start_of(min(days)) if days else None


def scope(dossier: Dossier) -> Scope | None:
    """Where the case belongs; None while nothing is known of it."""
    if dossier.registered is None:
        return None
    units = {dossier.registered[1].unit, dossier.unit, *(fact.unit for _, fact in dossier.all(CaseDispatched))}
    return Scope(dossier.registered[1].region, frozenset(units))


def supervision(standard: Standard) -> Decider[Dossier]:
    """The decider, given the policies and the calendar to judge by."""
    return Decider(initial=Dossier(), evolve=evolve, decide=partial(decide, standard), scope=scope)
